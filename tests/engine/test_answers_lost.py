"""What vendors tell badly: answers that are lost or empty, feeds that end early, cursors that expire."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.memory.options import Quirks
from syncer.adapterkit.errors import LookFirst
from syncer.model.mapping import Direction
from syncer.model.records import JournalEntry
from syncer.model.report import CycleResult
from syncer.model.rules import Rule, Shared
from tests.engine.town import HERE, Town, line, mapping, ownership


def begun(folder: Path, **options: Any) -> Town:
    """A task that is in step in two tools."""
    town = Town(folder, **options)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("tom", "item", {"title": "Sketch"}, project.id)
    town.run()
    town.later(minutes=7)
    town.run()
    town.later(minutes=7)
    return town


def edits(town: Town, field: str) -> list[JournalEntry]:
    """The edits of a field that the journal knows."""
    lines = town.store.journal("acme", field=field, limit=1000)
    return [entry for entry in lines if entry.kind == "edit"]


def lose_answers(town: Town, system: str, call_lost: str = "update") -> None:
    """One cycle in which the writes to a system land and their answers do not."""
    world = town.worlds[system]

    def fault(when: str, call: str) -> None:
        if (when, call) == ("after", call_lost):
            raise LookFirst("no answer")

    world.fault = fault
    town.run()
    world.fault = lambda _when, _call: None
    town.later(minutes=7)


def test_a_rewritten_value_whose_answer_was_lost_is_nobodys_edit(tmp_path: Path) -> None:
    """A vendor that changes what it is sent, and does not answer, spoils it in no other tool."""
    town = begun(tmp_path, quirks={"two": Quirks(capitals=True)})
    town.edit("one", "Sketch", "anna", notes="softly")
    lose_answers(town, "two")
    town.run()
    town.run(full=True)

    assert town.shown("Sketch", "notes") == {"one": "softly", "two": "SOFTLY"}
    assert [entry.editor for entry in edits(town, "notes")] == ["anna"]


def test_an_answer_without_values_is_no_edit_either(tmp_path: Path) -> None:
    """The same where the answer comes and does not say what the vendor made of the value."""
    town = begun(tmp_path, quirks={"two": Quirks(capitals=True)})
    town.edit("one", "Sketch", "anna", notes="softly")
    town.worlds["two"].lapses.answer = lambda outcome: replace(outcome, got={})
    town.run()
    town.worlds["two"].lapses.over()
    town.later(minutes=7)
    town.run()

    assert town.shown("Sketch", "notes") == {"one": "softly", "two": "SOFTLY"}
    assert [entry.editor for entry in edits(town, "notes")] == ["anna"]


def test_new_labels_whose_answer_was_lost_are_ours_on_a_persons_account(tmp_path: Path) -> None:
    """Labels that a write made are known for ours, also where the service uses Maya's token."""
    town = begun(tmp_path, users={"two": "maya"})
    town.edit("one", "Sketch", "anna", labels=[{"name": "red"}, {"name": "blue"}])
    lose_answers(town, "two")
    town.run()

    assert set(town.shown("Sketch", "labels")["two"]) == {"red", "blue"}
    assert [entry.editor for entry in edits(town, "labels")] == ["anna"]


def test_a_feed_that_ends_early_blames_nobody(tmp_path: Path) -> None:
    """Who edited stands on the last page: without it the edit waits for the next cycle."""
    town = begun(tmp_path, options={"one": {"page": 1}})
    town.edit("one", "Sketch", "anna", notes="softly")
    town.worlds["one"].lapses.cut = 2
    report = town.run(full=True)
    town.worlds["one"].lapses.over()

    assert report.result is CycleResult.FAILED
    assert "ended before its last page" in report.down["one"]
    town.run()
    assert [entry.editor for entry in edits(town, "notes")] == ["anna"]


def test_an_edit_where_a_field_is_only_written_is_in_the_journal(tmp_path: Path) -> None:
    """A value that will be written over is kept in the journal, with whose it was."""
    usual = mapping().entities["task"]
    pushed = {**usual.fields, "estimate": line("estimate", "estimate", direction=Direction.PUSH)}
    there = mapping(task=replace(usual, fields=pushed))
    town = begun(tmp_path, mappings={"two": there})
    town.edit("two", "Sketch", "tom", estimate="8")
    town.run()

    assert town.shown("Sketch", "estimate") == {"one": None, "two": None}
    assert [(e.editor, e.new, e.outcome) for e in edits(town, "estimate")] == [
        ("tom", "8", "overruled")
    ]


def test_our_own_write_stays_ours_while_an_edit_settles(tmp_path: Path) -> None:
    """History that is asked for later, for an edit that rested, tells of our write too."""
    rule = Rule("task", "deadline", HERE, ("producer",), {}, settle=timedelta(minutes=20))
    town = begun(tmp_path, rules=ownership(task__deadline=rule))
    town.edit("one", "Sketch", "tom", due="2027-01-10")
    town.later(minutes=30)
    town.run()
    town.later(minutes=1)
    town.edit("two", "Sketch", "tom", due="2027-01-11")
    for _ in range(3):
        town.later(minutes=10)
        town.run()

    assert [entry.editor for entry in edits(town, "deadline")] == ["tom", "tom"]
    assert set(town.shown("Sketch", "due").values()) == {"2027-01-11"}


def test_what_people_filled_in_before_we_looked_again_is_an_edit(tmp_path: Path) -> None:
    """A new twin was empty when we made it: what is there later has an author, cursor or not."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("tom", "item", {"title": "Sketch"}, project.id)
    town.run()
    town.later(minutes=7)
    town.edit("two", "Sketch", "anna", people=["u-ben"])
    town.worlds["two"].lapses.forgotten = len(town.worlds["two"].history)
    town.run()

    assert [(e.editor, e.outcome) for e in edits(town, "assignees")] == [("anna", "proposed")]


def test_a_new_twin_that_the_vendor_words_its_own_way_has_no_editor(tmp_path: Path) -> None:
    """The answer to its create was lost, and a shared title is not what we sent."""
    town = begun(tmp_path, quirks={"two": Quirks(capitals=True)})
    project = town.find("one", "Relaunch")
    town.worlds["one"].create("tom", "item", {"title": "Sketch more"}, project.id)
    lose_answers(town, "two", "create")
    town.run()

    assert [entry.editor for entry in edits(town, "title")] == []
    assert town.find("one", "Sketch more").fields["title"] == "Sketch more"


@pytest.mark.parametrize("shared", [Shared.LATEST, None])
def test_what_is_put_back_while_it_settles_is_in_the_journal(
    tmp_path: Path, shared: Shared | None
) -> None:
    """Two edits after each other that come to nothing, told in two polls, each with its author."""
    settle = timedelta(minutes=20)
    rule = Rule("task", "deadline", HERE, () if shared else ("producer",), shared=shared)
    town = begun(tmp_path, rules=ownership(task__deadline=replace(rule, settle=settle)))
    for who, due, after in (("tom", 10, 30), ("anna", 11, 5), ("tom", 10, 30)):
        town.edit("two", "Sketch", who, due=f"2027-01-{due}")
        for minutes in (1, after):
            town.later(minutes=minutes)
            town.run()

    assert [entry.editor for entry in edits(town, "deadline")] == ["tom", "anna", "tom"]


def test_an_edit_on_our_account_after_a_lost_create_is_an_edit(tmp_path: Path) -> None:
    """What is there when we look is not all ours: its history says what came after our write."""
    town = begun(tmp_path, users={"two": "maya"})
    project = town.find("one", "Relaunch")
    town.worlds["one"].create("tom", "item", {"title": "Sketch more"}, project.id)
    lose_answers(town, "two", "create")
    town.edit("two", "Sketch more", "maya", title="Sketch less")
    town.run()

    assert [entry.editor for entry in edits(town, "title")] == ["maya"]
    assert town.find("one", "Sketch less").marker == ""
