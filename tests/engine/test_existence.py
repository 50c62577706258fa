"""Things that are tidied away, deleted, brought back: links that end and begin again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syncer.model.entities import EXISTENCE, PRESENT
from syncer.model.rules import ANYONE, Policy, Rule, Source
from tests.engine.town import Town, ownership


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    return town


def undelete(town: Town, system: str, thing: Any, by: str) -> None:
    """A person brings a deleted thing back, as out of a vendor's bin."""
    world = town.worlds[system]
    thing.existence = PRESENT
    world._note(thing, EXISTENCE, world.users[by].id, "deleted", PRESENT)


def test_what_was_tidied_away_stays_away(town: Town) -> None:
    """A full compare does not bring a done and archived thing back."""
    town.edit("one", "Build", "tom", list={"name": "Done"})
    town.run()
    town.later(minutes=5)
    town.worlds["two"].archive("anna", town.find("two", "Build").id)
    town.run()
    town.later(minutes=5)

    assert town.run(full=True).plan.actions == ()  # type: ignore[union-attr]
    assert town.find("two", "Build").existence == "archived"
    town.worlds["two"].exist("anna", town.find("two", "Build").id, PRESENT)
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.later(minutes=5)
    town.run()
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}


def test_an_owner_takes_a_thing_out_of_the_bin(town: Town) -> None:
    """Deleted by the owner it is archived everywhere; brought back by them it is back."""
    thing = town.find("two", "Build")
    town.worlds["two"].delete("tom", thing.id)
    town.run()
    assert town.find("one", "Build").existence == "archived"
    town.later(minutes=5)

    undelete(town, "two", thing, "tom")
    town.run()

    assert [town.find(name, "Build").existence for name in town.systems] == [PRESENT, PRESENT]


def test_a_non_owner_takes_their_deletion_back(town: Town) -> None:
    """The proposal to delete is withdrawn, and the twins are in step again."""
    thing = town.find("two", "Build")
    town.worlds["two"].delete("anna", thing.id)
    town.run()
    assert len(town.store.proposals("acme")) == 1
    town.later(minutes=5)

    undelete(town, "two", thing, "anna")
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.run()

    assert town.store.proposals("acme") == []
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}


def test_nothing_is_written_to_what_was_deleted(town: Town) -> None:
    """The others are archived; the deleted one is left alone, as a vendor knows it no more."""
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.worlds["two"].delete("tom", town.find("two", "Build").id)
    calls = len(town.worlds["two"].calls)

    town.run()

    assert town.find("one", "Build").existence == "archived"
    assert {"archive", "update"}.isdisjoint(town.worlds["two"].calls[calls:])


def test_an_edit_right_before_a_deletion_is_in_the_journal(town: Town) -> None:
    """Both were told in one poll, and the field had never been seen on that twin."""
    town.edit("two", "Build", "tom", estimate="3")
    town.worlds["two"].delete("anna", town.find("two", "Build").id)

    town.run()

    edits = [e for e in town.store.journal("acme") if e.kind == "edit"]
    assert ("estimate", "tom") in {(e.field, e.editor) for e in edits}


def test_an_edit_of_what_is_tidied_away_is_in_the_journal(town: Town) -> None:
    """Both were told in one poll."""
    town.edit("one", "Build", "tom", list={"name": "Done"})
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "ben", priority={"name": "Low"})
    town.worlds["two"].archive("anna", town.find("two", "Build").id)
    town.run()

    edits = {(e.field, e.editor, e.outcome) for e in town.store.journal("acme")}
    assert {("priority", "ben", "left"), ("existence", "anna", "tidied away")} <= edits


def test_archiving_and_bringing_back_between_two_polls_is_in_the_journal(town: Town) -> None:
    """The end is as the beginning was; who did what is still told, and nothing is written."""
    thing = town.find("two", "Build")
    town.worlds["two"].archive("anna", thing.id)
    town.later(minutes=1)
    town.worlds["two"].exist("ben", thing.id, PRESENT)
    town.later(minutes=5)

    assert town.run().plan.actions == ()  # type: ignore[union-attr]

    edits = [e for e in town.store.journal("acme") if e.field == EXISTENCE and e.kind == "edit"]
    assert {(e.editor, e.new) for e in edits} == {("anna", "archived"), ("ben", PRESENT)}
    assert town.store.proposals("acme") == []


def test_an_owners_archiving_stands_though_another_brought_it_back_at_once(town: Town) -> None:
    """Both in one poll: the owner's word counts, the other's is journalled as overruled."""
    thing = town.find("two", "Build")
    town.worlds["two"].archive("tom", thing.id)
    town.later(minutes=1)
    town.worlds["two"].exist("anna", thing.id, PRESENT)
    town.later(minutes=5)

    town.run()

    assert {town.find(name, "Build").existence for name in town.systems} == {"archived"}
    told = {(e.editor, e.outcome) for e in town.store.journal("acme") if e.field == EXISTENCE}
    assert {("tom", "taken"), ("anna", "overruled")} <= told


def test_our_own_archiving_is_nobodys_edit(town: Town) -> None:
    """What we put away and brought back ourselves is not journalled as an edit."""
    thing = town.find("two", "Build")
    town.worlds["two"].archive("tom", thing.id)
    town.run()
    town.later(minutes=5)
    town.worlds["two"].exist("tom", thing.id, PRESENT)
    town.run()
    town.later(minutes=5)
    town.run(full=True)

    edits = [e for e in town.store.journal("acme") if e.field == EXISTENCE and e.kind == "edit"]
    assert {e.editor for e in edits} == {"tom"}
    assert len(edits) == 2


def test_an_edit_that_settles_when_its_thing_is_deleted_counts(tmp_path: Path) -> None:
    """What was told of it is remembered: a deleted thing has no history to ask."""
    source = Source("o.yaml", 1)
    settle = timedelta(minutes=20)
    rule = Rule("task", "deadline", source, ("producer",), {ANYONE: Policy.PROPOSE}, settle=settle)
    town = Town(tmp_path, rules=ownership(task__deadline=rule))
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-10")
    town.later(minutes=5)
    town.run()
    town.worlds["two"].delete("anna", town.find("two", "Build").id)
    town.later(minutes=5)

    town.run()

    assert town.find("one", "Build").fields["due"] == "2026-12-10"
    edits = {(e.field, e.editor, e.outcome) for e in town.store.journal("acme")}
    assert ("deadline", "maya", "taken") in edits
