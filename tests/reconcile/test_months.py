"""A month is judged by the goals that stood then, whatever was written since."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.goals import Pace
from syncer.reconcile.goal_words import canonical
from syncer.reconcile.months import History, months, set_on, stood
from syncer.reconcile.series import Figures
from tests.reconcile.made_figures import daily
from tests.reconcile.made_goals import MEASURES, any_goal, goal

BERLIN = ZoneInfo("Europe/Berlin")
JUL, NOW = date(2026, 7, 1), date(2026, 11, 20)
LOW, HIGH = "sessions >= 310 per month", "sessions >= 620 per month"
FIGURES = daily(date(2026, 1, 1), NOW, sessions=10)

Judged = list[tuple[str, str, Pace]]


def moment(month: int, day: int, hour: int = 12) -> datetime:
    """A point in time of the year 2026, UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def judged(
    history: History, as_of: date = NOW, start: date | None = None, figures: Figures = FIGURES
) -> Judged:
    """Month, line and pace of every standing."""
    found = months(stood(history, MEASURES, BERLIN), figures, as_of=as_of, start=start)
    return [(f"{one.since:%b}", canonical(one.goal), one.pace) for one in found]


def test_each_month_has_its_own_goal() -> None:
    """A goal that was raised in October does not make September missed."""
    found = judged([(moment(8, 17), LOW), (moment(10, 31), HIGH)])

    assert [
        ("Aug", LOW, Pace.MET),
        ("Sep", LOW, Pace.MISSED),
        ("Oct", HIGH, Pace.MISSED),
        ("Nov", HIGH, Pace.BEHIND),
    ] == found


def test_the_end_of_a_month_is_that_of_the_days_that_are_counted() -> None:
    """Half past eleven at night in Berlin is October, whatever the clock of the server says."""
    before = judged([(moment(9, 1), LOW), (moment(10, 31, 22), HIGH)], date(2026, 10, 31))
    after = judged([(moment(9, 1), LOW), (moment(10, 31, 23), HIGH)], date(2026, 10, 31))

    assert [HIGH, LOW] == [before[-1][1], after[-1][1]]


def test_the_running_month_is_judged_by_what_stands_now() -> None:
    """Also if it was written today, of which no figure counts yet."""
    found = judged([(moment(10, 1), LOW), (moment(11, 21), HIGH)])

    assert [("Oct", LOW, Pace.MET), ("Nov", HIGH, Pace.BEHIND)] == found


def test_on_the_first_of_a_month_the_last_one_keeps_its_goal() -> None:
    """What is written on the first is for the month that begins, not for the one that ended."""
    history = [(moment(10, 1), LOW), (moment(11, 1), HIGH)]

    assert [("Oct", LOW, Pace.MET)] == judged(history, date(2026, 10, 31))


def test_a_goal_that_was_taken_out_judges_no_later_month() -> None:
    """Emptied fields and lines that were crossed out count from then on."""
    history = [(moment(8, 1), LOW), (moment(9, 10), None), (moment(11, 5), f"~~{LOW}~~")]

    assert [("Aug", LOW, Pace.MET)] == judged(history)


def test_lines_of_other_times_stand_side_by_side() -> None:
    """Each monthly line is told for each of its months, in the order of the text."""
    text = f"{LOW} until 2026-10-31\nkey events >= 5 by 2026-12-31\n{HIGH} from 2026-10-01"
    found = judged([(moment(8, 1), text)])

    assert ["Aug", "Sep", "Oct", "Oct", "Nov"] == [month for month, _, _ in found]
    assert [f"{LOW} until 2026-10-31"] * 3 == [line for _, line, _ in found][:3]


def test_a_goal_of_which_nobody_knows_when_it_was_set_stood_ever_since() -> None:
    """Then the months begin with the figures."""
    assert ["Jan", "Feb"] == [month for month, _, _ in judged([(None, LOW)])][:2]


def test_months_before_the_project_are_not_judged() -> None:
    """What was counted before its first month is not its doing."""
    found = judged([(None, LOW)], start=date(2026, 9, 14))

    assert ["Sep", "Oct", "Nov"] == [month for month, _, _ in found]


@pytest.mark.parametrize(("history", "figures"), [([], FIGURES), ([(None, LOW)], Figures())])
def test_without_goals_or_figures_there_are_no_months(history: History, figures: Figures) -> None:
    """Nothing is told of what nobody set or counted."""
    assert [] == judged(history, figures=figures)


def test_a_goal_is_set_on_the_day_since_when_it_stands() -> None:
    """Another line, or the same in other words, does not set it anew; leaving it out does."""
    past = stood(
        [
            (moment(7, 1), LOW),
            (moment(8, 1), None),
            (moment(9, 1), f"{HIGH}\n{LOW}"),
            (moment(10, 1), "- Sessions ≥ 310 monthly."),
        ],
        MEASURES,
        BERLIN,
    )

    assert date(2026, 9, 1) == set_on(goal(LOW), past)
    assert None is set_on(goal(HIGH), past)


TEXTS = st.lists(any_goal(), max_size=3).map(lambda found: "\n".join(one.line for one in found))


@given(
    history=st.lists(
        st.tuples(st.datetimes(datetime(2026, 6, 1), datetime(2026, 11, 2)), TEXTS), max_size=4
    ),
    later=TEXTS,
)
def test_what_is_written_later_changes_no_month_that_is_over(
    history: list[tuple[datetime, str]], later: str
) -> None:
    """Goals cannot be moved to where they are met, once their month has ended."""
    past = [(at.replace(tzinfo=UTC), text) for at, text in sorted(history)]
    end = date(2026, 10, 31)
    before, after = (
        [one for one in months(stood(h, MEASURES, BERLIN), FIGURES, as_of=NOW) if one.since <= end]
        for h in (past, [*past, (moment(11, 2), later)])
    )

    assert before == after
