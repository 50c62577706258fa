"""Writing tasks: one request where Asana allows it, and only what was asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from syncer.model.remote import Op, Raw, Result, Write
from tests.adapters.asana.bench import WORKSPACE, Bench


def writes(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("GET")]


def full(bench: Bench) -> dict[str, Any]:
    return {
        "name": "Everything",
        "notes": "# Head\n\n**bold**",
        "due": "2026-12-10T15:00:00.000Z",
        "start": "2026-12-01",
        "assignee": bench.id_of("anna"),
        "completed": True,
        "section": bench.section("Doing"),
        "tags": sorted(bench.stored(bench.task("Wireframes"))["tags"]),
        bench.custom("Hours"): "1.25",
        bench.custom("Priority"): bench.option("High"),
    }


def test_a_create_is_one_request(bench: Bench) -> None:
    """Dates, person, section, tags, custom fields and text all go in the one POST."""
    known, fields = bench.catalogue(), full(bench)
    start = bench.mark()
    write = Write("i", Op.CREATE, "task", container=bench.project(), fields=fields)
    [outcome] = bench.service.push([write], known)
    assert bench.sent(start) == ["POST /tasks"]
    assert dict(outcome.got) == fields
    assert outcome.url is not None


def test_an_update_is_one_put(bench: Bench) -> None:
    """Native and custom fields are changed in one PUT, and nothing is read first."""
    task, known = bench.make(), bench.catalogue()
    fields: dict[str, Raw] = {
        "name": "B",
        "due": "2026-12-01",
        bench.custom("Hours"): "2",
        "completed": True,
    }
    start = bench.mark()
    [outcome] = bench.service.push([Write("i", Op.UPDATE, "task", id=task, fields=fields)], known)
    assert bench.sent(start) == [f"PUT /tasks/{task}"]
    assert dict(outcome.got) == fields


def test_one_bad_field_does_not_spoil_the_others(bench: Bench) -> None:
    """Asana refuses a whole request for one field; the others are written all the same."""
    fields = full(bench) | {"assignee": "999", bench.custom("Priority"): "998"}
    outcome = bench.push(Op.CREATE, fields=fields)
    assert outcome.result is Result.DONE
    assert outcome.refused.keys() == {"assignee", bench.custom("Priority")}
    assert "Not a user in Organization" in outcome.refused["assignee"]
    rest = {id: raw for id, raw in fields.items() if id not in outcome.refused}
    assert dict(outcome.got) == rest
    assert len([t for t in bench.sandbox.store.all("task") if t["name"] == "Everything"]) == 1


def test_a_custom_field_that_the_project_lacks(bench: Bench) -> None:
    """It is refused by name before anything is sent; the title is written."""
    task = bench.make()
    gid = bench.custom("Hours").removeprefix("cf:")
    known = bench.catalogue()
    for project in known.containers:
        path = f"/projects/{project}/removeCustomFieldSetting"
        bench.call("maya", "POST", path, {"custom_field": gid})
    fresh = bench.update(task, {f"cf:{gid}": "1", "name": "B"})
    assert fresh.refused == {f"cf:{gid}": f"task has no field cf:{gid} here"}
    fields: dict[str, Raw] = {f"cf:{gid}": "1", "name": "C", "completed": True}
    [stale] = bench.service.push([Write("i", Op.UPDATE, "task", id=task, fields=fields)], known)
    assert "is not on given object" in stale.refused[f"cf:{gid}"]
    assert dict(stale.got) == {"name": "C", "completed": True}


def test_a_start_needs_a_due_date(bench: Bench) -> None:
    """A start alone goes with the due date that is there; without one it is refused plainly."""
    task = bench.make(due_on="2026-12-10")
    assert bench.update(task, {"start": "2026-12-01"}).got == {"start": "2026-12-01"}
    assert bench.update(task, {"start": None}).got == {"start": None}
    assert bench.stored(task)["due_on"] == "2026-12-10"
    bare = bench.make()
    refused = bench.update(bare, {"start": "2026-12-01", "name": "B"})
    assert refused.refused == {"start": "Asana keeps a start only together with a due date"}
    timed = bench.update(task, {"start": "2026-12-01T10:00:00.000Z"})
    assert timed.refused == {"start": "Asana keeps a start time only together with a due time"}


def test_a_start_after_the_due_date_leaves_the_due_date(bench: Bench) -> None:
    """Of two dates that cannot stand together the due date is written, the start refused."""
    task = bench.make()
    outcome = bench.update(task, {"due": "2026-12-01", "start": "2026-12-05"})
    assert outcome.got == {"due": "2026-12-01"}
    assert outcome.refused.keys() == {"start"}


def test_due_dates_change_their_kind(bench: Bench) -> None:
    """A day becomes a time and a day again, and nothing of the other stays behind."""
    task = bench.make(due_on="2026-12-10")
    for due in ("2026-12-10T15:00:00.000Z", "2026-12-11", None, "2026-12-10T15:00:00.000Z"):
        assert bench.update(task, {"due": due}).got == {"due": due}


def test_notes_that_somebody_wrote_meanwhile_stay(bench: Bench) -> None:
    """Asana keeps no old notes: they are read right before, and left if they are not the ones."""
    task = bench.make(notes="Old")
    bench.edit("anna", task, notes="Anna's")
    outcome = bench.update(task, {"notes": "Ours", "name": "B"}, {"notes": "Old", "name": "New"})
    assert outcome.stale == {"notes": "Anna's"}
    assert outcome.got == {"name": "B"}
    assert bench.stored(task)["notes"] == "Anna's"


def test_tags_of_others_survive(bench: Bench) -> None:
    """Only the difference to what we knew is added and taken out."""
    one, two = sorted(bench.stored(bench.task("Wireframes"))["tags"])
    task = bench.make(tags=[one])
    bench.call("anna", "POST", f"/tasks/{task}/addTag", {"tag": two})
    outcome = bench.update(task, {"tags": [{"name": "Fresh"}]}, {"tags": [one]})
    fresh = next(t["gid"] for t in bench.sandbox.store.all("tag") if t["name"] == "Fresh")
    assert outcome.got == {"tags": sorted([two, fresh])}
    outcome = bench.update(task, {"tags": None}, {"tags": sorted([two, fresh])})
    assert outcome.got == {"tags": None}


def test_followers_are_added_and_removed(bench: Bench) -> None:
    """Followers commute like tags."""
    task = bench.make()
    anna, tom, maya = (bench.id_of(name) for name in ("anna", "tom", "maya"))
    outcome = bench.update(task, {"followers": sorted([anna, tom])}, {"followers": [maya]})
    assert outcome.got == {"followers": sorted([anna, tom])}


def test_sets_in_custom_fields_are_merged(bench: Bench) -> None:
    """Such a field can only be replaced whole: what others added since is put back in."""
    data = {"workspace": WORKSPACE, "name": "Crew", "resource_subtype": "people"}
    field = bench.call("maya", "POST", "/custom_fields", data)["gid"]
    place = f"/projects/{bench.project()}/addCustomFieldSetting"
    bench.call("maya", "POST", place, {"custom_field": field})
    anna, tom = bench.id_of("anna"), bench.id_of("tom")
    task = bench.make(custom_fields={field: [anna]})
    outcome = bench.update(task, {f"cf:{field}": [tom]}, {f"cf:{field}": None})
    assert outcome.got == {f"cf:{field}": sorted([anna, tom])}


def test_options_are_found_switched_on_again_or_made(bench: Bench) -> None:
    """A choice by name is the one there is, whatever its case; a disabled one comes back."""
    task, id = bench.make(), bench.custom("Priority")
    assert bench.update(task, {id: {"name": "high"}}).got == {id: bench.option("High")}
    bench.call("maya", "PUT", f"/enum_options/{bench.option('Low')}", {"enabled": False})
    assert bench.update(task, {id: {"name": "Low"}}).got == {id: bench.option("Low")}
    assert bench.update(task, {id: {"name": "Urgent"}}).got == {id: bench.option("Urgent")}


def test_money_in_another_currency_is_refused(bench: Bench) -> None:
    """A field holds one currency; another is not written as if it were that one."""
    task, id = bench.make(), bench.custom("Price")
    outcome = bench.update(task, {id: {"amount": "5", "currency": "USD"}})
    assert outcome.refused == {id: "Price holds EUR, not USD"}
    assert bench.update(task, {id: {"amount": "5.5", "currency": "EUR"}}).refused == {}


def test_texts_longer_than_the_field_are_refused(bench: Bench) -> None:
    """A custom text field holds 1024 characters; nothing is cut off silently."""
    task, id = bench.make(), bench.custom("Strategy")
    assert bench.update(task, {id: "x" * 1024}).refused == {}
    assert bench.update(task, {id: "x" * 1025}).refused == {
        id: "Strategy holds 1024 characters, not 1025"
    }


def test_a_task_moves_to_another_project(bench: Bench) -> None:
    """Writing the project adds the task there, takes it out here, and enters the section."""
    task, other = bench.make(), bench.project("Spring campaign")
    fields: dict[str, Raw] = {"project": other, "section": {"name": "Doing"}}
    outcome = bench.update(task, fields, {"project": bench.project()})
    assert outcome.got == {"project": other, "section": bench.section("Doing", other)}
    assert bench.stored(task)["memberships"] == {other: bench.section("Doing", other)}


def test_a_task_is_hung_under_another(bench: Bench) -> None:
    """The parent is set and taken away again."""
    parent, child = bench.make(name="P"), bench.make(name="C")
    assert bench.update(child, {"parent": parent}).got == {"parent": parent}
    assert bench.update(child, {"parent": None}).got == {"parent": None}


def test_a_subtask_is_made_under_its_parent(bench: Bench) -> None:
    """Only what a task of the project alone can hold takes a new subtask into the project."""
    parent = bench.make(name="P")
    plain = bench.push(Op.CREATE, fields={"name": "S", "parent": parent, "due": "2026-12-01"})
    assert dict(plain.got) == {"name": "S", "parent": parent, "due": "2026-12-01"}
    assert plain.container == bench.project()
    assert bench.stored(str(plain.id))["memberships"] == {}
    fields = {"name": "S2", "parent": parent, "section": bench.section("Doing")}
    fields |= {bench.custom("Hours"): "2"}
    whole = bench.push(Op.CREATE, fields=fields)
    assert (dict(whole.got), whole.refused) == (fields, {})


def test_archiving_needs_a_section(bench: Bench) -> None:
    """Asana archives no tasks: without a section named by the mapping it is refused."""
    task = bench.make()
    refused = bench.push(Op.ARCHIVE, id=task, archive={"how": "closed"})
    assert refused.result is Result.REFUSED
    assert "archive: {section: NAME}" in refused.reason
    how = {"field": "section", "option": "Archived"}
    assert bench.push(Op.ARCHIVE, id=task, archive=how).result is Result.DONE
    assert bench.stored(task)["memberships"] == {bench.project(): bench.section("Archived")}
    assert bench.push(Op.RESTORE, id=task, archive=how).result is Result.DONE
    assert bench.stored(task)["memberships"] == {bench.project(): bench.section("To do")}
    assert bench.push(Op.ARCHIVE, id=task, archive=how).result is Result.DONE
    back = bench.push(Op.RESTORE, id=task, archive=how, fields={"section": bench.section("Doing")})
    assert back.got == {"section": bench.section("Doing")}
    bench.call("maya", "DELETE", f"/tasks/{task}")
    assert bench.push(Op.ARCHIVE, id=task, archive=how).result is Result.DONE


def test_read_only_and_unknown_fields_are_refused(bench: Bench) -> None:
    """What cannot be written says so and harms nothing."""
    outcome = bench.update(bench.make(), {"resource_subtype": "milestone", "nonsense": 1})
    assert outcome.refused == {
        "resource_subtype": "resource_subtype is read-only",
        "nonsense": "task has no field nonsense here",
    }


def test_templates_are_refused(bench: Bench) -> None:
    """A template is not left out silently."""
    outcome = bench.push(Op.CREATE, fields={"name": "T"}, template="Master")
    assert outcome.result is Result.REFUSED
    assert "template" in outcome.reason


@pytest.mark.parametrize("drop", ["before", "after"])
def test_what_fails_after_a_create_does_not_undo_it(bench: Bench, drop: str) -> None:
    """The new task is reported; what could not be written after it is to be looked at again."""
    parent = bench.make(name="P")
    bench.running.fault({"drop": drop}, times=9, path="/addProject$")
    outcome = bench.push(
        Op.CREATE, fields={"name": "S", "parent": parent, "section": bench.section("Doing")}
    )
    assert outcome.result is Result.DONE
    assert outcome.stale == {"section": None}
    assert outcome.reason


def test_a_lost_task_is_told_from_its_doubles(bench: Bench) -> None:
    """Of our own new tasks of one name, the one with all that was sent is the lost one."""
    known = bench.catalogue()
    fields = {"name": "Call", "due": "2026-12-01"}
    place, since = bench.project(), datetime.now(UTC)
    write = Write("i", Op.CREATE, "task", container=place, fields=fields, since=since)
    bench.push(Op.CREATE, fields={"name": "Call"})
    bench.make("anna", name="Call", due_on="2026-12-01")
    bench.running.fault({"drop": "after"}, method="POST", path="/tasks$")
    [outcome] = bench.service.push([write], known)
    assert outcome.result is Result.UNKNOWN
    [found] = bench.service.find(write, known)
    assert found.fields["due"] == "2026-12-01"
    assert found.created_by == bench.id_of("syncer")


def test_a_lost_subtask_is_found_under_its_parent(bench: Bench) -> None:
    """A subtask is in no listing of the project; it is looked for where it would hang."""
    parent, known = bench.make(name="P"), bench.catalogue()
    fields = {"name": "S", "parent": parent}
    write = Write(
        "i", Op.CREATE, "task", container=bench.project(), fields=fields, since=datetime.now(UTC)
    )
    bench.running.fault({"drop": "after"}, method="POST", path="/tasks$")
    [outcome] = bench.service.push([write], known)
    assert outcome.result is Result.UNKNOWN
    assert [r.fields["parent"] for r in bench.service.find(write, known)] == [parent]


def test_new_sections_are_made_once_by_many_at_once(bench: Bench) -> None:
    """Writes side by side that ask for one new section make one."""
    from concurrent.futures import ThreadPoolExecutor

    known, adapter = bench.catalogue(), bench.service

    def make(number: int) -> Any:
        fields: dict[str, Raw] = {"name": f"T{number}", "section": {"name": "Brand new"}}
        write = Write(str(number), Op.CREATE, "task", container=bench.project(), fields=fields)
        return next(iter(adapter.push([write], known))).got["section"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(8)))) == 1
    sections = bench.sandbox.store.sections(bench.project())
    assert [s["name"] for s in sections].count("Brand new") == 1


def test_reading_back_a_link_is_no_edit(bench: Bench) -> None:
    """Asana makes links of addresses by itself; what was written still reads the same."""
    text = "See https://honeyandrye.example/a_b, or [here](https://x.example/?q=1&r=2)."
    outcome = bench.update(bench.make(), {"notes": text})
    assert outcome.got == {"notes": text}
    assert "<a href" in bench.stored(str(outcome.id))["html_notes"]
