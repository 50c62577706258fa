"""Figures are kept as long as is said, and as long as a goal speaks of them."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from syncer.model.configuration import Configuration, Keep
from syncer.model.report import CycleResult
from tests.engine.measured import MeasuredTown

KEPT = timedelta(days=400)


@dataclass
class ShortTown(MeasuredTown):
    """A town that keeps figures for 400 days."""

    def config(self) -> Configuration:
        """The configuration of this town."""
        return replace(super().config(), keep=Keep(KEPT))


def started(folder: Path) -> ShortTown:
    """A project of 500 days, counted every day, and measured from its first day on."""
    town = ShortTown(folder)
    begun, end = town.today() - timedelta(days=500), town.today() + timedelta(days=30)
    town.project(f"- sessions >= 90000 by {end.isoformat()}", start=begun.isoformat())
    town.count("visits", 100, 520)
    for _ in range(2):
        assert town.run().result is CycleResult.DONE
    return town


def oldest(town: ShortTown) -> int:
    """How many days ago the oldest figure was."""
    return (town.today() - next(iter(town.store.figures("acme"))).day).days


def goal(town: ShortTown, text: str | None) -> None:
    """The account manager writes another goal, and it is measured."""
    town.edit("two", "Site", "anna", goals=text)
    for _ in range(2):
        town.run()


def test_what_a_goal_needs_is_kept(tmp_path: Path) -> None:
    """However old: its value would be wrong without."""
    town = started(tmp_path)

    assert 500 == oldest(town)
    assert {"50000"} == set(town.shown("Site", "results_value").values())


def test_what_nobody_needs_goes_after_a_time(tmp_path: Path) -> None:
    """Whole months, once no goal begins in them; a cycle after that writes nothing."""
    town = started(tmp_path)
    since = (town.today() - timedelta(days=20)).isoformat()
    goal(town, f"- sessions >= 90000 from {since}")

    assert 400 <= oldest(town) <= 431
    assert 1 == (town.today() - timedelta(days=oldest(town))).day
    before = list(town.store.figures("acme"))
    town.run()
    assert before == list(town.store.figures("acme"))


def test_what_is_forgotten_is_asked_for_again(tmp_path: Path) -> None:
    """A goal that is written later and begins in those days is judged by all of them."""
    town = started(tmp_path)
    begun = (town.today() - timedelta(days=500)).isoformat()
    goal(town, f"- sessions >= 90000 from {(town.today() - timedelta(days=20)).isoformat()}")
    assert oldest(town) < 500

    goal(town, f"- sessions >= 90000 from {begun}")

    assert 500 == oldest(town)
    assert {"50000"} == set(town.shown("Site", "results_value").values())
