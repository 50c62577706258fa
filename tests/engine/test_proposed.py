"""Things that are only proposed: their maker and their owner decide by what they do with them."""

from pathlib import Path

import pytest

from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.records import ProposalStatus
from syncer.model.rules import ANYONE, Policy, Rule, Source
from tests.engine.town import Town, ownership

EXISTS = Rule("task", EXISTENCE, Source("o.yaml", 1), ("producer",), {ANYONE: Policy.PROPOSE})
"""Whoever else makes a task proposes it."""


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step, and a task that an account manager made in one of them."""
    town = Town(tmp_path, rules=ownership(task__existence=EXISTS))
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.worlds["one"].create("anna", "item", {"title": "Party"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    return town


def proposals(town: Town) -> list[tuple[str, int, ProposalStatus]]:
    """Who proposed the task, in which version, and what became of it."""
    found = town.store.proposals("acme", open_only=False)
    return [(p.proposer, p.version, p.status) for p in found]


def in_two(town: Town) -> list[str]:
    """The titles that the other system shows."""
    things = town.worlds["two"].things.values()
    return sorted(str(t.fields["title"]) for t in things if t.object == "item")


def test_it_waits_where_it_was_made(town: Town) -> None:
    """Nothing is made of it elsewhere until an owner agrees."""
    assert proposals(town) == [("anna", 1, ProposalStatus.OPEN)]
    assert in_two(town) == ["Build"]


def test_its_maker_withdraws_it_by_archiving_it(town: Town) -> None:
    """No second version that would propose to archive what nobody accepted."""
    town.worlds["one"].archive("anna", town.find("one", "Party").id)

    town.run()

    assert proposals(town) == [("anna", 1, ProposalStatus.WITHDRAWN)]
    assert in_two(town) == ["Build"]
    assert town.run(full=True).plan.actions == ()  # type: ignore[union-attr]


def test_an_owner_declines_it_by_archiving_it(town: Town) -> None:
    """The thing itself told them of it, so this is their answer."""
    town.worlds["one"].archive("tom", town.find("one", "Party").id)

    town.run()

    assert proposals(town) == [("anna", 1, ProposalStatus.COUNTERED)]
    assert town.find("one", "Party").existence == ARCHIVED
    assert in_two(town) == ["Build"]


def test_an_owner_accepts_it_by_bringing_it_back(town: Town) -> None:
    """Archived by its maker, wanted by an owner: it is there, everywhere."""
    thing = town.find("one", "Party")
    town.worlds["one"].archive("anna", thing.id)
    town.run()
    town.later(minutes=5)
    town.worlds["one"].exist("tom", thing.id, PRESENT)

    town.run()

    assert in_two(town) == ["Build", "Party"]


def test_an_owner_accepts_it_by_making_the_same_elsewhere(town: Town) -> None:
    """The twin joins, and the proposal has its answer."""
    project = town.find("two", "Relaunch")
    town.worlds["two"].create("maya", "item", {"title": "party"}, project.id)

    town.run()

    assert proposals(town) == [("anna", 1, ProposalStatus.ACCEPTED)]
    assert [title.casefold() for title in in_two(town)] == ["build", "party"]


def test_another_non_owner_who_makes_it_too_settles_nothing(town: Town) -> None:
    """Two who may not are not one who may."""
    project = town.find("two", "Relaunch")
    town.worlds["two"].create("ben", "item", {"title": "Party"}, project.id)

    town.run()

    assert {(who, status) for who, _, status in proposals(town)} == {
        ("anna", ProposalStatus.OPEN),
        ("ben", ProposalStatus.OPEN),
    }
