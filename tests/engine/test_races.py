"""Answers that never came while people went on editing; writes that rest while values move on."""

from pathlib import Path

import pytest

from syncer.adapterkit.errors import LookFirst, SkipRecord, WaitAndRetry
from syncer.model.report import CycleResult
from tests.engine.town import Town


def no_fault(_moment: str, _call: str) -> None:
    """Nothing goes wrong."""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step, and a new task in the first whose create is never answered."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.worlds["one"].create("maya", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    return town


def lose(town: Town, call: str) -> None:
    """Let the answers of these calls to the second system get lost after their effect."""

    def fault(moment: str, name: str) -> None:
        if (moment, name) == ("after", call):
            raise LookFirst("the connection dropped")

    town.worlds["two"].fault = fault


def test_a_lost_create_that_was_edited_meanwhile_is_judged(town: Town) -> None:
    """Found again, the twin shows a non-owner's edit: it is proposed and put back."""
    lose(town, "create")
    town.run()
    town.worlds["two"].fault = no_fault
    town.later(minutes=5)
    town.edit("two", "Build", "anna", due="2026-12-24")

    for _ in range(3):
        town.later(minutes=5)
        town.run()

    (proposal,) = town.store.proposals("acme")
    assert (proposal.proposer, str(proposal.value)) == ("anna", "2026-12-24")
    assert set(town.shown("Build", "due").values()) == {"2026-11-30"}


def test_a_lost_create_that_cannot_be_looked_up_yet_is_not_repeated(town: Town) -> None:
    """While the search fails nothing new is made, also where the first one was renamed."""
    lose(town, "create")
    town.run()
    town.later(minutes=5)
    thing = town.find("two", "Build")
    town.worlds["two"].change("tom", thing.id, {"title": "Something else entirely"})

    def fault(moment: str, name: str) -> None:
        if (moment, name) == ("before", "find"):
            raise WaitAndRetry("too busy to search")

    town.worlds["two"].fault = fault
    town.run()
    town.worlds["two"].fault = no_fault
    town.later(minutes=5)
    town.run()
    town.run()

    assert len(town.worlds["two"].things) == 2
    assert set(town.shown("Something else entirely", "due")) == {"one", "two"}


def test_a_lost_update_that_was_edited_meanwhile_is_judged(town: Town) -> None:
    """The person's value is proposed, and our own write is nobody's edit."""
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-10")
    lose(town, "update")
    town.run()
    town.worlds["two"].fault = no_fault
    town.later(minutes=1)
    town.edit("two", "Build", "anna", due="2026-12-24")

    for _ in range(2):
        town.later(minutes=5)
        town.run()

    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    proposals = town.store.proposals("acme", open_only=False)
    assert [(p.proposer, str(p.value)) for p in proposals] == [("anna", "2026-12-24")]
    editors = {e.editor for e in town.store.journal("acme") if e.kind == "edit"}
    assert editors <= {"tom", "anna", "maya"}


def test_a_parked_write_does_not_keep_a_newer_value_waiting(town: Town) -> None:
    """What was refused rests; another value of the same thing is tried at once."""
    town.run()
    town.later(minutes=5)

    def refuse(moment: str, name: str) -> None:
        if (moment, name) == ("before", "update"):
            raise SkipRecord("no such day here")

    town.worlds["two"].fault = refuse
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.run()
    town.worlds["two"].fault = no_fault
    town.later(minutes=1)
    town.edit("one", "Build", "tom", due="2026-12-11")

    assert town.run().result is CycleResult.DONE
    assert set(town.shown("Build", "due").values()) == {"2026-12-11"}
    assert town.store.parked("acme") == []


def test_what_is_not_wanted_any_more_is_parked_no_longer(town: Town) -> None:
    """The owner takes the refused value back: nothing is left to try."""
    town.run()
    town.later(minutes=5)

    def refuse(moment: str, name: str) -> None:
        if (moment, name) == ("before", "update"):
            raise SkipRecord("no such day here")

    town.worlds["two"].fault = refuse
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.run()
    town.later(minutes=1)
    town.edit("one", "Build", "tom", due="2026-11-30")
    town.run()
    town.later(minutes=30)

    assert town.run().result is CycleResult.DONE
    assert town.store.parked("acme") == []
    assert town.store.pending("acme") == []
