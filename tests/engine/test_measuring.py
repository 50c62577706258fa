"""Measuring: what a source is asked, how figures are kept, and what becomes of results."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import asdict

from syncer.adapterkit.errors import AskPerson, WaitAndRetry
from syncer.model.configuration import HeadsUp
from syncer.model.measures import GOALS_REPORT, ReportLine
from syncer.model.report import CycleResult
from tests.engine.measured import SITE, MeasuredTown

GOAL = "- sessions >= 9000 by {}"


def a_town(folder: Path, days: int = 60, **more: object) -> MeasuredTown:
    """A project that began 30 days ago and ends in 30, counted every day since long before."""
    town = MeasuredTown(folder, **more)  # type: ignore[arg-type]
    begun = town.today() - timedelta(days=30)
    end = town.today() + timedelta(days=30)
    town.project(GOAL.format(end.isoformat()), start=begun.isoformat())
    town.count("visits", 100, days)
    return town


def settled(town: MeasuredTown) -> None:
    """First contact, and the cycle in which its goals are measured."""
    assert town.run().result is CycleResult.DONE
    assert town.run().result is CycleResult.DONE


def spans(town: MeasuredTown) -> list[int]:
    """Days before today at which each report asked so far began."""
    return [(town.today() - ask.since).days for asks in town.book.asked for ask in asks]


def test_results_reach_every_tool_and_belong_to_what_counts(tmp_path: Path) -> None:
    """So far, share and pace of the first goal stand in both systems, agreed by analytics."""
    town = a_town(tmp_path)

    settled(town)

    assert town.shown("Site", "results_value") == {"one": "3000", "two": "3000"}
    assert town.shown("Site", "results_share") == {"one": "33", "two": "33"}
    (id,) = town.store.record_ids("acme", "project")
    agreed = town.store.records([id])[id].agreed["results_value"]
    assert (agreed.role, agreed.connection) == ("analytics", "analytics")


def test_a_cycle_with_nothing_new_writes_nothing(tmp_path: Path) -> None:
    """Asking again is all that an idle cycle does: one call."""
    town = a_town(tmp_path)
    settled(town)
    before, calls = town.writes(), len(town.book.asked)

    report = town.run()

    assert (report.written, town.writes()) == (0, before)
    assert len(town.book.asked) == calls + 1


def test_a_goal_is_read_from_its_first_day_once(tmp_path: Path) -> None:
    """The first time from the project's start, then the last days, once a day two weeks."""
    town = a_town(tmp_path)
    settled(town)
    assert spans(town) == [30]

    town.run()
    assert spans(town)[1:] == [3]

    town.later(days=1)
    town.run()
    assert spans(town)[-1] == 14
    town.run()
    assert spans(town)[-1] == 3


def test_nothing_is_lost_while_the_service_did_not_run(tmp_path: Path) -> None:
    """After a month's pause every day of it is read."""
    town = a_town(tmp_path)
    settled(town)

    town.later(days=40)
    town.run()

    assert (town.today() - town.book.asked[-1][0].since).days == 40


def test_a_figure_that_settles_late_takes_the_place_of_the_first_one(tmp_path: Path) -> None:
    """Nothing doubles; what moved within the window is right, and what is older stands."""
    town = a_town(tmp_path)
    settled(town)
    town.count("visits", 500, 1, ago=2)
    town.count("visits", 7000, 1, ago=25)

    town.run()

    found = list(town.store.figures("acme", report=GOALS_REPORT))
    assert len(found) == len({(f.day, f.metric) for f in found}) == 30
    assert sum(f.value or 0 for f in found) == 3500
    assert town.shown("Site", "results_value")["one"] == "3500"


def test_what_moves_beyond_the_rounding_alone_is_not_written(tmp_path: Path) -> None:
    """Three digits count: 3,000 and 3,001 are the same to people."""
    town = a_town(tmp_path)
    settled(town)
    before = town.writes()
    town.count("visits", 1, 1, ago=2)

    town.run()

    assert town.writes() == before
    assert sum(f.value or 0 for f in town.store.figures("acme", report=GOALS_REPORT)) == 3001


@pytest.mark.parametrize("heads_up", HeadsUp)
def test_a_persons_edit_of_results_is_put_back(tmp_path: Path, heads_up: HeadsUp) -> None:
    """What was counted is nobody's to write: also where other edits are left standing."""
    town = a_town(tmp_path, heads_up=heads_up)
    settled(town)

    town.edit("two", "Site", "anna", results_value="9000")
    town.run()

    assert town.shown("Site", "results_value") == {"one": "3000", "two": "3000"}
    (edit,) = [e for e in town.store.journal("acme", field="results_value") if e.editor == "anna"]
    assert edit.outcome == "reverted"


def test_an_edit_of_results_loses_against_news_of_the_same_cycle(tmp_path: Path) -> None:
    """Counted and edited at once: what was counted stands, the edit is in the journal."""
    town = a_town(tmp_path)
    settled(town)
    town.edit("two", "Site", "anna", results_value="9000")
    town.count("visits", 500, 1, ago=2)

    town.run()

    assert town.shown("Site", "results_value") == {"one": "3500", "two": "3500"}
    assert any(e.editor == "anna" for e in town.store.journal("acme", field="results_value"))


def test_a_wrong_line_is_told_and_the_others_count(tmp_path: Path) -> None:
    """The report of a cycle names project, line and what is wrong."""
    town = MeasuredTown(tmp_path)
    begun = (town.today() - timedelta(days=10)).isoformat()
    town.project("sessions >= 2000 by 2099-01-01\nsesions >= lots", start=begun)
    town.count("visits", 100, 20)
    town.run()

    report = town.run()

    (problem,) = report.problems
    assert 'project "Site": goals, line 2 ("sesions >= lots")' in problem
    assert town.shown("Site", "results_value")["one"] == "1000"


def test_a_goal_that_is_said_in_other_words_does_not_begin_anew(tmp_path: Path) -> None:
    """Without a first day it counts since it was set; how it is written makes no difference."""
    town = MeasuredTown(tmp_path)
    town.project("sessions >= 9000 by 2099-01-01")
    town.run()
    town.later(days=10)
    town.count("visits", 100, 30)
    town.run()
    assert town.shown("Site", "results_value")["two"] == "1000"

    town.edit("one", "Site", "anna", goals="- Sessions at least 9,000 by 2099-01-01.")
    town.run()
    town.run()

    assert town.shown("Site", "results_value")["two"] == "1000"


def test_goals_that_are_taken_away_take_their_results_along(tmp_path: Path) -> None:
    """Results of goals that nobody has any more would mislead."""
    town = a_town(tmp_path)
    settled(town)

    town.edit("one", "Site", "anna", goals="")
    town.run()
    town.run()

    assert town.shown("Site", "results_value") == {"one": None, "two": None}


def test_a_source_that_is_down_stops_nothing_else(tmp_path: Path) -> None:
    """Tools are in step, results stand, the source rests longer each time and is then read."""
    town = a_town(tmp_path)
    settled(town)

    def down(_call: str) -> None:
        raise WaitAndRetry("the vendor is down")

    town.book.fault = down
    town.edit("one", "Site", "anna", strategy="New")
    report = town.run()

    assert report.result is CycleResult.FAILED
    assert "the vendor is down" in report.down["analytics"]
    assert town.shown("Site", "strategy") == {"one": "New", "two": "New"}
    assert town.shown("Site", "results_value")["one"] == "3000"
    (parked,) = town.store.parked("acme")
    assert parked.next_try - town.store.cycles("acme", 1)[0].started_at == timedelta(minutes=5)
    asked = len(town.book.asked)
    assert town.run().result is CycleResult.DONE
    assert len(town.book.asked) == asked

    town.book.fault = lambda _call: None
    town.later(minutes=6)
    assert town.run().result is CycleResult.DONE
    assert not town.store.parked("acme")


def test_what_is_not_wanted_any_more_is_not_kept_parked(tmp_path: Path) -> None:
    """A report that failed and that no goal needs now is not listed for ever."""
    town = a_town(tmp_path)
    town.book.refused.add("visits")
    town.run()
    town.run()
    assert ["report goals" in one.reason for one in town.store.parked("acme")] == [True]

    town.edit("one", "Site", "anna", goals="")
    town.run()
    town.run()

    assert not town.store.parked("acme")


def test_a_quota_in_reserve_is_left_alone_for_as_long_as_the_vendor_says(tmp_path: Path) -> None:
    """Not five minutes, not a day: an hour, if that is when it is full again."""
    town = a_town(tmp_path)
    settled(town)

    def spent(_call: str) -> None:
        raise WaitAndRetry("tokens per hour: 9 % left", seconds=3600)

    town.book.fault = spent
    town.run()

    (parked,) = town.store.parked("acme")
    assert parked.next_try - town.store.cycles("acme", 1)[0].started_at == timedelta(hours=1)
    assert "tokens per hour" in parked.reason


def test_a_property_that_is_not_there_is_told_to_a_person(tmp_path: Path) -> None:
    """What is wrong, and it is not asked every cycle."""
    town = a_town(tmp_path)

    def refused(call: str) -> None:
        if call == "describe":
            raise AskPerson("there is no property 4100")

    town.book.fault = refused
    report = town.run()

    assert "there is no property 4100" in report.down["analytics"]
    assert town.run().result is CycleResult.DONE


def test_days_that_come_back_empty_are_believed_the_second_time(tmp_path: Path) -> None:
    """An answer without rows is also what a vendor in trouble gives."""
    town = a_town(tmp_path)
    settled(town)
    town.book.counts.clear()

    town.run()
    assert sum(f.value or 0 for f in town.store.figures("acme")) == 3000

    town.run()
    assert sum(f.value or 0 for f in town.store.figures("acme")) == 2700


def test_what_our_account_may_not_see_is_never_zero(tmp_path: Path) -> None:
    """The figure is there without a value, and the result is unknown."""
    town = MeasuredTown(tmp_path)
    begun = (town.today() - timedelta(days=10)).isoformat()
    town.project("revenue >= 2000 EUR by 2099-01-01", start=begun)
    town.count("income", 100, 20)
    town.book.restricted.add("income")
    settled(town)

    assert {f.value for f in town.store.figures("acme")} == {None}
    assert town.shown("Site", "results_value")["one"] is None


def test_a_project_with_its_own_slice_is_measured_by_it(tmp_path: Path) -> None:
    """A project's campaign counts for it alone; the others are measured by all of it."""
    town = MeasuredTown(tmp_path, projects={"site": {"campaign": ("launch",)}})
    begun = (town.today() - timedelta(days=10)).isoformat()
    for title in ("Site", "Other"):
        town.project("sessions >= 2000 by 2099-01-01", title, start=begun)
    town.count("visits", 100, 20)
    town.count("visits", 30, 20, campaign="launch")
    settled(town)

    assert town.shown("Site", "results_value")["two"] == "300"
    assert town.shown("Other", "results_value")["two"] == "1300"


def test_a_project_that_nobody_knows_is_told(tmp_path: Path) -> None:
    """A slip of the pen in the scope would otherwise measure nothing, silently."""
    town = a_town(tmp_path, projects={"Sight": {"campaign": ("launch",)}})
    town.run()

    (problem,) = town.run().problems

    assert 'no project is called "Sight"' in problem


def test_reports_that_the_mapping_names_are_kept_by_dimension(tmp_path: Path) -> None:
    """All reports of a property go out in one call."""
    town = a_town(tmp_path)
    lines = (ReportLine("channels", ("visits",), ("channel",)),)
    town.counting = type(town.counting)(**{**asdict(town.counting), "reports": lines})
    town.count("visits", 7, 3, channel="Email")
    settled(town)

    found = [
        f
        for f in town.store.figures("acme", report="channels")
        if f.dimensions["channel"] == "Email"
    ]

    assert [f.value for f in found] == [Decimal(7)] * 3
    assert [len(asks) for asks in town.book.asked] == [1, 2]


def test_the_plan_is_the_run(tmp_path: Path) -> None:
    """What a plan says of results is what a run writes."""
    town = a_town(tmp_path)
    town.run()

    planned = town.plan().plan
    carried = town.run().plan

    assert planned is not None
    assert carried is not None
    told = [[(w.field, w.new) for a in p.actions for w in a.writes] for p in (planned, carried)]
    assert told[0] == told[1]
    assert any(field == "results_value" for field, _ in told[0])
    assert SITE
