"""What is held for long is not forgotten; what joins late overrides nothing and loses nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.model.rules import ANYONE, Policy, Rule, Source
from tests.engine.town import Town, ownership


def started(town: Town) -> Town:
    """A project and a task in every system."""
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build"}, project.id)
    town.later(minutes=7)
    town.run()
    town.later(minutes=7)
    return town


def test_a_long_settle_keeps_the_editor(tmp_path: Path) -> None:
    """An edit that settles for longer than clocks may differ is still that person's."""
    rule = Rule(
        "task",
        "deadline",
        Source("o.yaml", 1),
        ("producer",),
        {ANYONE: Policy.PROPOSE},
        settle=timedelta(minutes=20),
    )
    town = started(Town(tmp_path, rules=ownership(task__deadline=rule)))
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.later(minutes=10)
    town.run()
    town.later(minutes=20)
    town.run()

    (proposal,) = town.store.proposals("acme")
    assert (proposal.proposer, str(proposal.value)) == ("anna", "2026-12-24")
    assert set(town.shown("Build", "due").values()) == {None}


def test_an_unreadable_edit_is_judged_once_it_can_be_read(tmp_path: Path) -> None:
    """A day later the list has a name that the mapping knows: the edit is its maker's still."""
    town = started(Town(tmp_path))
    town.edit("two", "Build", "anna", list={"name": "Stuck"})
    town.later(minutes=10)
    town.run()
    assert [hold.kind for hold in town.store.holds("acme")] == ["unreadable"]
    town.later(minutes=30)
    options = town.worlds["two"].choices("item", "list", town.find("two", "Build").container)
    options[-1] = replace(options[-1], name="Doing it")
    town.edit("one", "Build", "tom", notes="look again")
    town.run()
    options[-1] = replace(options[-1], name="Doing")
    del options[1]
    town.later(hours=2)
    town.edit("one", "Build", "tom", notes="and again")
    town.run()

    (proposal,) = town.store.proposals("acme")
    assert (proposal.proposer, proposal.value) == ("anna", "doing")


def test_an_option_renamed_beyond_the_mapping_is_listed(tmp_path: Path) -> None:
    """Nobody edited anything, and yet the value cannot be read: that is said, not hidden."""
    town = started(Town(tmp_path))
    options = town.worlds["two"].choices("item", "list", town.find("two", "Build").container)
    options[0] = replace(options[0], name="Some day")
    town.later(hours=2)
    town.edit("one", "Build", "tom", list={"name": "Doing"})
    town.run()

    (hold,) = town.store.holds("acme")
    assert (hold.kind, hold.field, hold.connection) == ("unreadable", "status", "two")


@pytest.mark.parametrize("names", [("one", "two", "three"), ("three", "two", "one")])
def test_twins_that_join_at_once_and_differ_erase_nothing(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """Nothing was agreed, two newcomers differ: the owner's home wins, the other is journalled."""
    town = Town(tmp_path, systems=names)
    home, other = town.worlds["one"], town.worlds["two"]
    third = town.worlds["three"]
    for world in (home, other, third):
        world.create("tom", "project", {"name": "Relaunch"})
    town.run()
    town.later(minutes=5)
    inside = {name: town.find(name, "Relaunch").id for name in names}
    for name in ("one", "two"):
        town.worlds[name].revoked.add("syncer")
    third.create("tom", "item", {"title": "Build"}, inside["three"])
    town.run()
    town.later(minutes=5)
    home.create(
        "tom", "item", {"title": "Build", "due": "2026-12-01", "estimate": "3"}, inside["one"]
    )
    other.create("ben", "item", {"title": "Build", "due": "2026-12-02"}, inside["two"])
    for name in ("one", "two"):
        town.worlds[name].revoked.clear()
    for _ in range(3):
        town.later(minutes=10)
        town.run()

    assert set(town.shown("Build", "due").values()) == {"2026-12-01"}
    assert set(town.shown("Build", "estimate").values()) == {"3"}
    lost = [(e.kind, e.new) for e in town.store.journal("acme") if e.outcome == "overruled"]
    assert lost == [("first_contact", "2026-12-02")]


def test_a_late_joiners_other_value_is_journalled(tmp_path: Path) -> None:
    """An agreed value is never overridden, and the value it replaces can be looked up."""
    town = Town(tmp_path)
    for world in town.worlds.values():
        world.create("tom", "project", {"name": "Relaunch"})
    town.run()
    town.later(minutes=5)
    inside = {name: town.find(name, "Relaunch").id for name in town.systems}
    town.worlds["two"].revoked.add("syncer")
    town.worlds["one"].create("tom", "item", {"title": "Build", "due": "2026-12-01"}, inside["one"])
    town.run()
    town.later(minutes=5)
    town.worlds["two"].create(
        "anna", "item", {"title": "Build", "due": "2026-12-02", "notes": "mine"}, inside["two"]
    )
    town.worlds["two"].revoked.clear()
    for _ in range(3):
        town.later(minutes=10)
        town.run()

    assert set(town.shown("Build", "due").values()) == {"2026-12-01"}
    assert set(town.shown("Build", "notes").values()) == {"mine"}
    lost = [(e.kind, e.new) for e in town.store.journal("acme") if e.outcome == "overruled"]
    assert lost == [("first_contact", "2026-12-02")]


@pytest.mark.parametrize(("by", "settled"), [("tom", True), ("anna", False)])
def test_an_owner_settles_what_first_contact_could_not(
    tmp_path: Path, by: str, settled: bool
) -> None:
    """Twins differ and nobody's home is among them: an owner's edit decides, no other does."""
    town = Town(tmp_path, systems=("three", "four"))
    for name, day in (("three", "2026-12-01"), ("four", "2026-12-02")):
        world = town.worlds[name]
        project = world.create("tom", "project", {"name": "Relaunch"})
        world.create("tom", "item", {"title": "Build", "due": day}, project.id)
    town.later(minutes=7)
    town.run()
    assert {hold.kind for hold in town.store.holds("acme")} == {"contact"}
    town.later(minutes=7)
    town.edit("four", "Build", by, due="2026-12-09")
    town.run()

    assert (set(town.shown("Build", "due").values()) == {"2026-12-09"}) is settled
    assert (town.store.holds("acme") == []) is settled
    (edit,) = [e for e in town.store.journal("acme") if e.kind == "edit"]
    assert (edit.editor, edit.field, edit.outcome == "held") == (by, "deadline", not settled)


def test_what_waited_and_what_came_after_are_both_heard(tmp_path: Path) -> None:
    """A newer edit is told by the feed alone; the one that was settling is still in the journal."""
    who = {ANYONE: Policy.PROPOSE}
    slow = timedelta(minutes=20)
    rule = Rule("task", "deadline", Source("o.yaml", 1), ("producer",), who, settle=slow)
    town = started(Town(tmp_path, rules=ownership(task__deadline=rule)))
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.later(minutes=10)
    town.run()
    town.edit("two", "Build", "tom", due="2026-12-28")
    town.later(minutes=30)
    town.run()

    edits = [e for e in town.store.journal("acme") if e.kind == "edit"]
    assert {(e.editor, e.outcome) for e in edits} == {("tom", "taken"), ("anna", "overwritten")}
    assert set(town.shown("Build", "due").values()) == {"2026-12-28"}
