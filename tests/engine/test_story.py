"""The main job on memory systems: twins, owners, proposals, quiet."""

from pathlib import Path

import pytest

from syncer.model.report import CycleResult
from tests.engine.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems: a project and three tasks in the first, one of them in the second too."""
    town = Town(tmp_path)
    one, two = town.worlds["one"], town.worlds["two"]
    project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
    other = two.create("anna", "project", {"name": "Relaunch", "strategy": "Be bold"})
    for title in ("Sketch", "Build", "Launch"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    two.create("anna", "item", {"title": "  sketch ", "notes": "soft"}, other.id)
    town.later(minutes=5)
    return town


def test_first_contact_makes_and_matches_twins(town: Town) -> None:
    """Every thing has one twin in every system, matched where the keys are the same."""
    report = town.run()

    assert report.result is CycleResult.DONE, report
    assert {len(world.things) for world in town.worlds.values()} == {4}
    assert town.shown("Relaunch", "deadline") == {"one": "2026-12-01", "two": "2026-12-01"}
    assert town.shown("Relaunch", "strategy") == {"one": "Be bold", "two": "Be bold"}
    assert town.shown("Launch", "due") == {"one": "2026-11-30", "two": "2026-11-30"}


def test_a_second_run_is_quiet(town: Town) -> None:
    """With nothing to do, nothing is written to any system."""
    town.run()
    before = town.writes()

    report = town.run()

    assert report.plan is not None
    assert (report.plan.actions, town.writes()) == ((), before)


def test_an_owners_edit_is_everywhere(town: Town) -> None:
    """A producer's deadline spreads to every system."""
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-24")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-24", "two": "2026-12-24"}


def test_a_non_owners_edit_is_held_and_put_back(town: Town) -> None:
    """An account manager's deadline is proposed; the producer's stays everywhere."""
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "anna", due="2026-12-24")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    (proposal,) = town.store.proposals("acme")
    assert (proposal.proposer, str(proposal.value)) == ("anna", "2026-12-24")
    before = town.writes()
    town.run()
    assert town.writes() == before


def test_an_owner_accepts_by_making_the_edit(town: Town) -> None:
    """Setting the proposed value anywhere accepts it."""
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "anna", due="2026-12-24")
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "tom", due="2026-12-24")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-24", "two": "2026-12-24"}
    assert town.store.proposals("acme") == []
    (ended,) = town.store.proposals("acme", open_only=False)
    assert str(ended.status) == "accepted"


def test_two_edits_between_cycles_are_told_apart(town: Town) -> None:
    """Tom sets D2, then Anna D3 in the same tool: D2 is agreed, D3 is proposed."""
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-02")
    town.later(minutes=1)
    town.edit("one", "Build", "anna", due="2026-12-03")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-02", "two": "2026-12-02"}
    (proposal,) = town.store.proposals("acme")
    assert str(proposal.value) == "2026-12-03"
