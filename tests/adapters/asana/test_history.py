"""Who changed what in a task, from its stories, in our raw forms."""

from datetime import timedelta
from typing import Any

import pytest

from syncer.adapterkit.contract import HistoryRequest
from syncer.model.remote import Change
from syncer.model.values import MISSING
from tests.adapters.asana.bench import Bench


def only(changes: list[Change]) -> Change:
    [change] = changes
    return change


def test_a_deadline_and_who_moved_it(bench: Bench) -> None:
    """Maya's and then Anna's date are two changes, each with its editor, old and new."""
    task = bench.make("tom", due_on="2026-12-01")
    since = bench.pull().records[task].as_of - timedelta(seconds=1)
    bench.edit("maya", task, due_on="2026-12-08")
    bench.edit("anna", task, due_at="2026-12-09T15:00:00Z")
    told = bench.history(task, "due", since=since)[-2:]
    assert [(c.old, c.new, c.by) for c in told] == [
        ("2026-12-01", "2026-12-08", bench.id_of("maya")),
        ("2026-12-08", "2026-12-09T15:00:00.000Z", bench.id_of("anna")),
    ]


def test_the_day_of_a_timed_task_is_not_the_readers(bench: Bench) -> None:
    """``due_on`` of a timed task is local to whoever asks; the instant is what counts."""
    bench.sandbox.tuning.zones[bench.id_of("syncer")] = "Pacific/Kiritimati"
    task = bench.make(due_at="2026-12-01T20:00:00Z")
    assert bench.pull().records[task].fields["due"] == "2026-12-01T20:00:00.000Z"
    assert only(bench.history(task, "due")).new == "2026-12-01T20:00:00.000Z"


def test_a_start_comes_with_its_due_date(bench: Bench) -> None:
    """One story tells both dates; each field gets its own change."""
    task = bench.make(due_on="2026-12-10")
    bench.edit("maya", task, due_on="2026-12-11", start_on="2026-12-01")
    told = {c.field: (c.old, c.new) for c in bench.history(task, "due", "start")[-2:]}
    assert told == {"due": ("2026-12-10", "2026-12-11"), "start": (None, "2026-12-01")}
    bench.edit("tom", task, due_on="2026-12-11", start_on="2026-12-02")
    assert only(bench.history(task, "due", "start")[-1:]).field == "start"


def custom_values(bench: Bench) -> list[tuple[str, Any, Any]]:
    return [
        (bench.custom("Hours"), 2.5, "2.5"),
        (bench.custom("Strategy"), "Words", "Words"),
        (bench.custom("Priority"), bench.option("High"), bench.option("High")),
        (bench.custom("Price"), 1500, {"amount": "1500", "currency": "EUR"}),
    ]


def test_custom_fields_of_every_kind(bench: Bench) -> None:
    """Text, number, choice and money are told in the very form that records have them in."""
    task = bench.make()
    for field, sent, raw in custom_values(bench):
        bench.edit("anna", task, custom_fields={field.removeprefix("cf:"): sent})
        told = only(bench.history(task, field))
        assert (told.old, told.new, told.by) == (None, raw, bench.id_of("anna"))
        assert bench.pull().records[task].fields[field] == raw


@pytest.mark.parametrize("kind", ["multi_enum", "date", "people"])
def test_custom_sets_and_dates(bench: Bench, kind: str) -> None:
    """Sets of choices or people, and dates with or without a time, are told whole."""
    data: dict[str, Any] = {"workspace": "1100000000000001", "name": kind, "resource_subtype": kind}
    data |= {"enum_options": [{"name": "A"}, {"name": "B"}]} if kind == "multi_enum" else {}
    field = bench.call("maya", "POST", "/custom_fields", data)
    place = f"/projects/{bench.project()}/addCustomFieldSetting"
    bench.call("maya", "POST", place, {"custom_field": field["gid"]})
    options = [option["gid"] for option in field.get("enum_options", [])]
    people = sorted([bench.id_of("maya"), bench.id_of("tom")])
    sent, raw = {
        "multi_enum": (options, options),
        "date": ({"date_time": "2026-12-01T10:00:00Z"}, "2026-12-01T10:00:00.000Z"),
        "people": (people, people),
    }[kind]
    task = bench.make()
    bench.edit("maya", task, custom_fields={field["gid"]: sent})
    id = f"cf:{field['gid']}"
    assert (only(bench.history(task, id)).old, only(bench.history(task, id)).new) == (None, raw)
    assert bench.pull().records[task].fields[id] == raw


def test_assignment_names_the_new_one_only(bench: Bench) -> None:
    """Whose the task was before is not told, and not guessed."""
    task = bench.make()
    bench.edit("maya", task, assignee=bench.id_of("tom"))
    bench.edit("tom", task, assignee=None)
    told = bench.history(task, "assignee")
    assert [(c.old, c.new) for c in told] == [(MISSING, bench.id_of("tom")), (MISSING, None)]


def test_completion_title_and_section(bench: Bench) -> None:
    """The check mark, the name and the section of this project have both values."""
    task = bench.make(name="A")
    bench.edit("maya", task, name="B", completed=True)
    bench.edit("maya", task, completed=False)
    bench.call("tom", "POST", f"/sections/{bench.section('Doing')}/addTask", {"task": task})
    told = bench.history(task, "name", "completed", "section")
    assert sorted((c.field, c.old, c.new) for c in told if c.field != "section") == [
        ("completed", False, True),
        ("completed", True, False),
        ("name", "A", "B"),
    ]
    move = only([c for c in told if c.field == "section"])
    assert (move.old, move.new) == (bench.section("To do"), bench.section("Doing"))


def test_sections_of_another_project_are_not_ours(bench: Bench) -> None:
    """A move in another project that the task is in too is no change of this section."""
    task, other = bench.make(), bench.project("Spring campaign")
    bench.call("maya", "POST", f"/tasks/{task}/addProject", {"project": other})
    bench.call("maya", "POST", f"/sections/{bench.section('Done', other)}/addTask", {"task": task})
    assert bench.history(task, "section") == []


def test_tags_are_told_as_whole_sets(bench: Bench) -> None:
    """Stories name one tag each; the sets are found by walking back from what is there now."""
    task = bench.make()
    one, two = bench.stored(bench.task("Wireframes"))["tags"]
    for action, tag in [("addTag", one), ("addTag", two), ("removeTag", one)]:
        bench.call("maya", "POST", f"/tasks/{task}/{action}", {"tag": tag})
    told = [(c.old, c.new) for c in bench.history(task, "tags")]
    assert told == [(None, [one]), ([one], [one, two]), ([one, two], [two])]


def test_notes_have_an_editor_and_no_values(bench: Bench) -> None:
    """Asana tells who wrote the notes, not what they said before."""
    task = bench.make()
    bench.edit("anna", task, notes="New words")
    told = only(bench.history(task, "notes"))
    assert (told.by, told.old, told.new) == (bench.id_of("anna"), MISSING, MISSING)


def test_reminders_are_no_edits(bench: Bench) -> None:
    """A story in somebody's name that reports a date is not a change of it."""
    task = bench.make(due_on="2026-12-01")
    before = bench.history(task, "due")
    store = bench.sandbox.store
    store.tell(bench.id_of("tom"), bench.stored(task), "due_today", text="is due")
    store.tell(bench.id_of("tom"), bench.stored(task), "brand_new_kind", new_name="?")
    assert bench.history(task, "due", "name", "notes") == before


def test_nobodys_changes_are_the_systems(bench: Bench) -> None:
    """What a rule did has no user: it is an automation's, and never a person's."""
    task = bench.make(name="A")
    values = {"old_name": "A", "new_name": "B", "text": "renamed"}
    bench.sandbox.store.tell(None, bench.stored(task), "name_changed", **values)
    told = only(bench.history(task, "name"))
    assert (told.by, told.automation) == (None, "Asana")


def test_edits_merged_into_one_story_are_a_new_entry(bench: Bench) -> None:
    """Asana writes quick edits into one story; its key says so, and nothing is overlooked."""
    bench.sandbox.tuning.merge = timedelta(seconds=30)
    task = bench.make(name="A")
    bench.edit("maya", task, name="B")
    first = only(bench.history(task, "name"))
    bench.edit("maya", task, name="C")
    second = only(bench.history(task, "name"))
    assert (second.old, second.new, second.at) == ("A", "C", first.at)
    assert second.key != first.key


def test_history_is_one_request_and_only_what_is_later(bench: Bench) -> None:
    """A task's whole history costs a request; what is older than asked for stays out."""
    task = bench.make(name="A")
    bench.edit("maya", task, name="B")
    since = only(bench.history(task, "name")).at
    bench.edit("tom", task, name="C")
    known = bench.catalogue()
    start = bench.mark()
    ask = HistoryRequest("task", task, frozenset({"name", "due"}), since, bench.project())
    told = list(bench.service.history([ask], known))
    assert [c.new for c in told] == ["C"]
    assert bench.sent(start) == [f"GET /tasks/{task}/stories"]


def test_a_task_that_is_gone_has_no_history(bench: Bench) -> None:
    """Asking for the history of a deleted task, or of a project, is no error."""
    task = bench.make()
    bench.call("maya", "DELETE", f"/tasks/{task}")
    assert bench.history(task, "name") == []
    ask = HistoryRequest("project", bench.project(), frozenset({"due"}))
    assert list(bench.service.history([ask], bench.catalogue())) == []
