"""Killed at any boundary and run again: the same end, nothing twice, nothing missing."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syncer.engine.context import NO_ORDERS, Orders
from syncer.model.decisions import Editor
from syncer.model.report import CycleResult
from syncer.model.undoing import Undo
from syncer.reconcile.undoing import chosen
from tests.engine.measured import MeasuredTown
from tests.engine.town import Town

DAY = timedelta(days=1)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the service may catch it."""


EVERYWHERE = bool(os.environ.get("KILL_EVERYWHERE"))
"""Kill at every boundary; else at a sample of them that is always the same."""


def moments(count: int) -> range:
    """The boundaries at which to die; the last, and every fourth before it."""
    return range(1, count + 1) if EVERYWHERE else range(1 + (count - 1) % 4, count + 1, 4)


def scene(folder: Path) -> Town:
    """A town with first contact, creations and matches ahead of it."""
    folder.mkdir()
    town = Town(folder, systems=("one", "two", "three"))
    one, two = town.worlds["one"], town.worlds["two"]
    project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
    other = two.create("anna", "project", {"name": "Relaunch", "strategy": "Be bold"})
    for title in ("Sketch", "Build"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    two.create("anna", "item", {"title": "sketch", "notes": "soft"}, other.id)
    two.create("anna", "item", {"title": "Only here"}, other.id)
    town.later(minutes=5)
    return town


def edits(town: Town) -> None:
    """People act after first contact."""
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.edit("two", "Build", "anna", due="2026-12-12")
    town.edit("three", "Sketch", "maya", people=["u-tom"])


def content(town: Town) -> Any:
    """Everything that people can see, without ids and times."""
    found = {}
    for name, world in town.worlds.items():
        rows = []
        for thing in world.things.values():
            choices = {o.id: o.name for o in world.choices(thing.object, "list", thing.container)}
            values = {
                k: choices.get(v, v) if isinstance(v, str) else v
                for k, v in thing.fields.items()
                if k not in ("project", "parent")
            }
            rows.append((thing.object, thing.existence, sorted(values.items(), key=str)))
        found[name] = sorted(rows, key=str)
    proposals = sorted(
        (p.field, p.proposer, str(p.value), str(p.status))
        for p in town.store.proposals("acme", open_only=False)
    )
    return found, proposals


def boundaries(town: Town, kill_at: int | None, orders: Orders = NO_ORDERS) -> list[str]:
    """Run one cycle; die at one of its boundaries (writes and commits), all of which are named."""
    names: list[str] = []

    def boundary(name: str) -> None:
        names.append(name)
        if len(names) == kill_at:
            raise Killed

    town.store.boundary = boundary
    try:
        with town.service() as service:
            service.boundary = boundary
            next(iter(service.run("acme", orders)))
    except Killed:
        town.later(minutes=1)
    finally:
        town.store.boundary = lambda _name: None
    return names


@pytest.fixture(scope="module")
def unkilled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, int, int]:
    """The end state of a run that nobody kills, and its boundaries."""
    town = scene(tmp_path_factory.mktemp("kill") / "whole")
    first = len(boundaries(town, None))
    edits(town)
    second = len(boundaries(town, None))
    town.run()
    return content(town), first, second


def test_killed_anywhere_in_first_contact_ends_the_same(
    tmp_path: Path, unkilled: tuple[Any, int, int]
) -> None:
    """Whatever boundary of the first cycle it dies at, the next runs end in the same content."""
    wanted, count, _ = unkilled
    for at in moments(count):
        town = scene(tmp_path / f"first{at}")
        boundaries(town, at)
        assert town.run().result is CycleResult.DONE
        edits(town)
        town.run()
        town.run()
        assert content(town) == wanted, f"killed at boundary {at} of {count}"
        town.store.close()


def test_killed_anywhere_in_a_later_cycle_ends_the_same(
    tmp_path: Path, unkilled: tuple[Any, int, int]
) -> None:
    """The same for a cycle with edits, a hold and a put-back."""
    wanted, _, count = unkilled
    for at in moments(count):
        town = scene(tmp_path / f"later{at}")
        town.run()
        edits(town)
        boundaries(town, at)
        town.run()
        town.run()
        assert content(town) == wanted, f"killed at boundary {at} of {count}"
        town.store.close()


def undoing(town: Town, cycle: str) -> Orders:
    """Maya takes a cycle back."""
    found = chosen(town.store.changes("acme", cycle=cycle))
    maya = Editor("maya", shown="Maya")
    return Orders(undo=Undo(maya, found.wishes, found.made, found.away, f"undo {cycle}"))


def regretted(folder: Path) -> tuple[Town, str]:
    """A town after a cycle with edits, a made twin and an archived one, and that cycle's id."""
    folder.mkdir()
    town = Town(folder)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    for title in ("Build", "Only here"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-10")
    one.create("maya", "item", {"title": "Oops"}, project.id)
    town.worlds["two"].archive("maya", town.find("two", "Only here").id)
    cycle = town.run().cycle
    town.later(minutes=5)
    return town, cycle


def test_killed_anywhere_in_an_undoing_and_typed_again_it_ends_the_same(tmp_path: Path) -> None:
    """Whatever boundary it dies at, cycles go on, and the same command ends what was begun."""
    town, cycle = regretted(tmp_path / "whole")
    count = len(boundaries(town, None, undoing(town, cycle)))
    town.run()
    wanted = content(town)
    assert count > 10
    for at in moments(count):
        town, cycle = regretted(tmp_path / f"undo{at}")
        boundaries(town, at, undoing(town, cycle))
        town.run()
        town.later(minutes=5)
        boundaries(town, None, undoing(town, cycle))
        town.run()
        assert content(town) == wanted, f"killed at boundary {at} of {count}"
        town.store.close()


def counting(folder: Path) -> MeasuredTown:
    """A town in which the next cycle counts for the first time, and puts an edit back."""
    folder.mkdir()
    town = MeasuredTown(folder)
    day = town.today()
    town.project("visits per day\nsessions >= 5000 by 2099-01-01", start=str(day - 20 * DAY))
    town.count("visits", 100, 30)
    town.run()
    town.edit("two", "Site", "anna", results_value="9000", strategy="Hers")
    return town


def counted(town: MeasuredTown) -> Any:
    """What people see, and every figure."""
    figures = [
        (f.report, f.day - town.today(), f.metric, f.value) for f in town.store.figures("acme")
    ]
    return content(town), figures


def test_killed_anywhere_while_results_are_counted_ends_the_same(tmp_path: Path) -> None:
    """No figure twice, none missing, and the tools tell the same results."""
    town = counting(tmp_path / "whole")
    count = len(boundaries(town, None))
    town.run()
    wanted = counted(town)
    assert town.shown("Site", "results_value") == {"one": "2000", "two": "2000"}

    for at in moments(count):
        town = counting(tmp_path / f"counting{at}")
        boundaries(town, at)
        town.run()
        town.run()
        assert counted(town) == wanted, f"killed at boundary {at} of {count}"
        assert town.run().written == 0
        town.store.close()
