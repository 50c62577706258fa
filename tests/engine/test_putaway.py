"""A section that stands for archived: who moves a thing there has archived it."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.model.configuration import HeadsUp
from tests.engine.town import Town, mapping


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step; in the second a list called Archived stands for that."""
    task = mapping().entities["task"]
    away = replace(task, archive={"field": "list", "option": "Archived"})
    town = Town(tmp_path, mappings={"two": mapping(task=away)}, heads_up=HeadsUp.CLI_ONLY)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    one.create("tom", "item", {"title": "Build", "list": {"name": "Doing"}}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(hours=3)
    return town


def states(town: Town) -> tuple[str, list[str]]:
    """Whether the first system's item is there, and in which list the second's is."""
    return town.find("one", "Build").existence, [town.shown("Build", "list")["two"]]


def test_an_owner_puts_away(town: Town) -> None:
    """A producer moves it to that list: it is archived everywhere, and then nothing more."""
    town.edit("two", "Build", "tom", list={"name": "Archived"})

    town.run()
    before = town.writes()
    town.later(minutes=10)
    town.run()

    assert ("archived", ["Archived"]) == states(town)
    assert before == town.writes()
    assert [] == list(town.store.holds("acme"))


def test_a_non_owner_puts_away(town: Town) -> None:
    """An account manager moves it there: proposed, and put back where it was."""
    town.edit("two", "Build", "anna", list={"name": "Archived"})

    town.run()

    (proposal,) = town.store.proposals("acme")
    assert ("anna", "existence", "archived") == (proposal.proposer, proposal.field, proposal.value)
    assert ("present", ["Doing"]) == states(town)
    town.later(minutes=10)
    assert () == town.run().plan.actions  # type: ignore[union-attr]


def test_archived_elsewhere(town: Town) -> None:
    """Archived in the other system it moves to that list, and stays there quietly."""
    world = town.worlds["one"]
    world.exist("tom", town.find("one", "Build").id, "archived")

    town.run()
    before = town.writes()
    town.later(minutes=10)
    town.run()

    assert ("archived", ["Archived"]) == states(town)
    assert before == town.writes()
