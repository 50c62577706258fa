"""When everything is compared, and what is not compared again."""

from pathlib import Path

import pytest

from syncer.adapterkit.errors import SkipRecord
from syncer.model.report import CycleReport, CycleResult
from tests.engine.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    town.later(minutes=7)
    town.run()
    town.later(minutes=7)
    town.run()
    return town


def compared(report: CycleReport) -> set[str]:
    """The systems of which everything was read."""
    return {name for name, count in report.pulled.items() if count}


def test_everything_is_compared_once_a_day(town: Town) -> None:
    """A day after the last time it is due; the next cycle polls again."""
    assert not town.run().full
    town.later(hours=24)
    report = town.run()
    assert (report.full, report.healed) == (True, 0)
    assert compared(report) == {"one", "two"}
    town.later(minutes=5)
    later = town.run()
    assert not later.full
    assert compared(later) == set()


def test_a_system_that_is_down_owes_its_full_compare_alone(town: Town) -> None:
    """The others are not compared again at every cycle until it is back; it is, once."""
    town.later(hours=24)
    town.worlds["two"].revoked.add("syncer")
    report = town.run()
    assert report.result is CycleResult.FAILED
    assert compared(report) == {"one"}
    for _ in range(3):
        town.later(minutes=5)
        assert compared(town.run()) == set()
    town.worlds["two"].revoked.clear()
    town.later(minutes=5)
    back = town.run()
    assert back.full
    assert compared(back) == {"two"}
    assert town.store.client("acme").last_full_at is not None
    town.later(minutes=5)
    assert not town.run().full


def test_a_record_that_fails_does_not_make_every_cycle_a_full_one(town: Town) -> None:
    """A write that is refused for days is parked; what was compared has been compared."""

    def refuse(moment: str, name: str) -> None:
        if (moment, name) == ("before", "update"):
            raise SkipRecord("no such day here")

    town.worlds["two"].fault = refuse
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.later(hours=24)
    report = town.run()
    assert (report.result, report.full) == (CycleResult.FAILED, True)
    town.later(minutes=5)
    assert not town.run().full
