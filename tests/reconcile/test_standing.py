"""A goal stands as the figures say: nothing is invented, and what is not known is called so."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.goals import Goal, Pace, Standing
from syncer.model.measures import Flag, Grain
from syncer.reconcile.goals import goals
from syncer.reconcile.pacing import LATELY
from syncer.reconcile.periods import EVER, needed
from syncer.reconcile.series import Figures, gathered
from syncer.reconcile.standing import stand
from tests.reconcile.made_figures import by_day, daily, days, row
from tests.reconcile.made_goals import MEASURES, any_goal, goal

SET = date(2026, 9, 1)
OCT, NOV = date(2026, 10, 1), date(2026, 11, 1)
NOW = date(2026, 11, 20)
EVENTS = "key events >= 500 by 2026-12-31"
D = Decimal


def standing(line: str, figures: Figures, as_of: date = NOW, begins: date = SET) -> Standing:
    """How a line stands."""
    return stand(goal(line), figures, begins=begins, as_of=as_of)


@pytest.mark.parametrize(
    ("line", "begins", "metrics", "grain", "first", "last"),
    [
        (EVENTS, SET, ("keyEvents",), Grain.DAY, SET, NOW),
        (EVENTS + " from 2026-10-05", SET, ("keyEvents",), Grain.DAY, date(2026, 10, 5), NOW),
        ("key events >= 5 by 2026-10-31", SET, ("keyEvents",), Grain.DAY, SET, date(2026, 10, 31)),
        ("engagement rate >= 5 %", SET, ("engagedSessions", "sessions"), Grain.DAY, SET, NOW),
        ("sessions >= 5 per month", date(2026, 9, 17), ("sessions",), Grain.DAY, SET, NOW),
        ("users >= 5 per month", date(2026, 9, 17), ("activeUsers",), Grain.MONTH, SET, NOW),
        (
            "sessions +5 % vs last year per month",
            date(2026, 9, 17),
            ("sessions",),
            Grain.DAY,
            date(2025, 9, 1),
            NOW,
        ),
        (
            "sessions >= 5 per month from 2027-02-01",
            SET,
            ("sessions",),
            Grain.DAY,
            date(2027, 2, 1),
            date(2027, 2, 1),
        ),
    ],
)
def test_what_is_asked_is_what_a_goal_needs(
    line: str, begins: date, metrics: tuple[str, ...], grain: Grain, first: date, last: date
) -> None:
    """Its metrics, by month where days do not add up, from its first day on; growth a year more."""
    need = needed(goal(line), begins, NOW)

    assert (metrics, grain) == (need.metrics, need.grain)
    assert (first, last) == (need.first, need.last)


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (EVENTS, date(2026, 1, 1)),
        ("key events >= 5 by 2027-03-31", date(2027, 1, 1)),
        ("engagement rate >= 5 %", date(2026, 1, 1)),
        ("sessions >= 5 per month", NOV),
        ("sessions +5 % vs last year per month", date(2025, 11, 1)),
        (EVENTS + " from 2026-10-05", date(2026, 10, 5)),
    ],
)
def test_a_goal_that_stood_ever_since_begins_with_its_month_or_year(line: str, first: date) -> None:
    """Where nobody knows when it was set, its month or year is what counts."""
    need = needed(goal(line), EVER, NOW)
    figures = daily(date(2025, 1, 1), NOW, keyEvents=1, sessions=2, engagedSessions=1)
    found = standing(line, figures, NOW, EVER)

    assert first == need.first
    assert need.first in (found.since, found.since.replace(year=2025))


def test_a_running_goal_is_told_in_full() -> None:
    """Value, share, what is expected at the end, on what that rests, and as of when."""
    found = standing(EVENTS, daily(SET, NOW, keyEvents=3))

    assert (SET, date(2026, 12, 31), NOW) == (found.since, found.until, found.as_of)
    assert (D(243), D(500), D("0.486")) == (found.value, found.target, found.share)
    assert (D(366), Pace.BEHIND) == (found.projection, found.pace)
    assert "at the rate of the last 28 days" == found.basis


@pytest.mark.parametrize(
    ("expected", "pace"),
    [
        ("109.99", Pace.ON_TRACK),
        ("110", Pace.AHEAD),
        ("95", Pace.ON_TRACK),
        ("94.99", Pace.BEHIND),
        ("1", Pace.BEHIND),
    ],
)
def test_pace_is_what_is_expected_against_the_target(expected: str, pace: Pace) -> None:
    """Ahead from 110 % on, on track from 95 % on, below that behind."""
    half = daily(NOV, date(2026, 11, 15), sessions=D(expected) / 30)

    assert pace is standing("sessions >= 100 per month", half, date(2026, 11, 15), NOV).pace


@pytest.mark.parametrize(
    ("bounces", "pace", "over"),
    [
        (363, Pace.AHEAD, Pace.MET),
        (364, Pace.ON_TRACK, Pace.MET),
        (400, Pace.ON_TRACK, Pace.MET),
        (421, Pace.ON_TRACK, Pace.MISSED),
        (422, Pace.BEHIND, Pace.MISSED),
        (0, Pace.AHEAD, Pace.MET),
    ],
)
def test_what_is_not_to_be_exceeded_is_mirrored(bounces: int, pace: Pace, over: Pace) -> None:
    """The lower the better, with the same thresholds; a running rate is never met for good."""
    line = "bounce rate <= 40 % per month"
    figures = daily(NOV, date(2026, 11, 30), bounces=bounces, sessions=1000)

    assert pace is standing(line, figures, NOW, NOV).pace
    assert over is standing(line, figures, date(2026, 11, 30), NOV).pace


def test_a_rate_is_taken_of_the_sums() -> None:
    """A day with few visits counts little: rates of days are never averaged."""
    rows = [
        *(row("engagedSessions", day, n) for day, n in ((NOV, 1), (NOW, 1))),
        *(row("sessions", day, n) for day, n in ((NOV, 1), (NOW, 99))),
    ]
    covered = {(m, Grain.DAY): (SET, NOW) for m in ("engagedSessions", "sessions")}
    found = standing("engagement rate >= 2.1 %", gathered(rows, covered))

    assert (D("0.02"), D("0.02"), None) == (found.value, found.projection, found.until)
    assert (Pace.ON_TRACK, "if it stays as it is") == (found.pace, found.basis)


def test_a_rate_of_nothing_is_not_known() -> None:
    """Without a visit there is nothing to divide by."""
    figures = daily(SET, NOW, engagedSessions=0, sessions=0)
    found = standing("engagement rate >= 55 %", figures)

    assert (Pace.UNKNOWN, None) == (found.pace, found.value)
    assert "there is nothing yet to take a rate of" == found.basis


def test_a_count_is_met_for_good() -> None:
    """Once the number is reached it cannot be lost again, whatever the days ahead bring."""
    found = standing(EVENTS, by_day("keyEvents", {SET: 500}, (SET, NOW)))

    assert (Pace.MET, D(1)) == (found.pace, found.share)


@pytest.mark.parametrize(("a_day", "pace"), [("9.9", Pace.MISSED), (10, Pace.MET)])
def test_a_period_is_over_with_its_last_day(a_day: object, pace: Pace) -> None:
    """On the morning after the last day a goal is met or missed, and stays so."""
    figures = daily(NOV, date(2026, 12, 20), keyEvents=a_day)
    line = "key events >= 300 by 2026-11-30"
    before, after, later = (
        standing(line, figures, day, NOV)
        for day in (date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 20))
    )

    assert before.pace not in (Pace.MET, Pace.MISSED)
    assert (pace, "") == (after.pace, after.basis)
    assert after.value == after.projection
    assert after == later


def test_before_its_first_day_a_goal_waits() -> None:
    """Neither the figures before it nor the lack of them say anything."""
    line = "key events >= 5 per month from 2026-12-01"

    for figures in (Figures(), daily(SET, NOW, keyEvents=3)):
        found = standing(line, figures)
        assert (Pace.WAITING, None) == (found.pace, found.value)
        assert (date(2026, 12, 1), date(2026, 12, 31)) == (found.since, found.until)


def test_the_first_of_a_month_tells_of_the_month_before() -> None:
    """Yesterday is then the last day of a month, which is over."""
    figures = daily(OCT, NOV, sessions=1)
    found = standing("sessions >= 31 per month", figures, date(2026, 10, 31))

    assert (OCT, Pace.MET, D(31)) == (found.since, found.pace, found.value)


def test_a_young_goal_is_projected_from_the_days_it_has() -> None:
    """Fewer than 28 days count as they are, and that is said."""
    figures = daily(SET, NOW, keyEvents=1)
    line = "key events >= 50 from 2026-11-18 by 2026-11-30"

    assert "at the rate of the last 3 days" == standing(line, figures).basis
    assert "at the rate of the last day" == standing(line, figures, date(2026, 11, 18)).basis
    assert D(13) == standing(line, figures).projection


def test_what_lies_far_back_does_not_count_for_the_outlook() -> None:
    """A campaign that ended 28 days ago is in the value and not in what is expected."""
    end = NOW - timedelta(days=LATELY)
    figures = by_day("keyEvents", {end: 100}, (SET, NOW))

    assert D(100) == standing(EVENTS, figures).projection
    assert D(100) == standing(EVENTS, figures).value


def test_a_young_month_is_projected_from_the_month_before() -> None:
    """On the second of a month the last four weeks tell more than one day."""
    figures = daily(OCT, date(2026, 11, 1), sessions=2)
    found = standing("sessions >= 60 per month", figures, NOV)

    assert (D(2), D(60), Pace.ON_TRACK) == (found.value, found.projection, found.pace)
    assert "at the rate of the last 28 days" == found.basis


def test_a_young_month_is_projected_from_the_days_that_are_known() -> None:
    """Days of the month before that nobody asked for are no days of nothing."""
    figures = daily(date(2026, 10, 20), date(2026, 11, 2), sessions=2)
    found = standing("sessions >= 60 per month", figures, date(2026, 11, 2))

    assert (D(60), "at the rate of the last 14 days") == (found.projection, found.basis)


def test_a_day_without_a_figure_counts_nothing_where_it_was_asked_for() -> None:
    """The vendor leaves out days without traffic; days that nobody asked for are not known."""
    known = by_day("keyEvents", {NOW: 5}, (SET, NOW))
    later = by_day("keyEvents", {NOW: 5}, (SET + timedelta(days=1), NOW))

    assert D(5) == standing(EVENTS, known).value
    assert (Pace.UNKNOWN, None) == ((found := standing(EVENTS, later)).pace, found.value)
    assert "figures are known from 2026-09-02 on only" == found.basis


def test_without_any_answer_nothing_is_known() -> None:
    """Before the first read a goal is neither behind nor met, also where half is missing."""
    half = daily(SET, NOW, engagedSessions=5)

    assert "no figures have been read yet" == standing(EVENTS, Figures()).basis
    assert "no figures have been read yet" == standing("engagement rate >= 5 %", half).basis


def test_stale_figures_are_told_as_of_their_day() -> None:
    """Where the vendor was down, the days that nobody could ask for are no days of nothing."""
    read = date(2026, 11, 10)
    found = standing(EVENTS, daily(SET, read, keyEvents=3))

    assert (read, D(213)) == (found.as_of, found.value)
    assert found == standing(EVENTS, daily(SET, read, keyEvents=3), read)


def test_a_month_of_which_nothing_was_read_is_not_known_yet() -> None:
    """A goal that began in a month is not judged by the one before."""
    figures = daily(SET, date(2026, 10, 31), sessions=3)
    found = standing("sessions >= 5 per month", figures, NOW, NOV)

    assert (Pace.UNKNOWN, NOV) == (found.pace, found.since)


def test_figures_that_may_not_be_seen_are_not_guessed() -> None:
    """One restricted day makes the sum unknown, and is flagged."""
    figures = by_day("totalRevenue", {OCT: 5, NOV: None}, (SET, NOW))
    found = standing("revenue >= 50 EUR by 2026-12-31", figures)

    assert (Pace.UNKNOWN, None) == (found.pace, found.value)
    assert {Flag.RESTRICTED} == found.flags
    assert "our account may not see these figures" == found.basis


def test_a_restricted_day_before_a_month_spoils_only_the_outlook_behind_it() -> None:
    """What is expected then rests on the days of the month alone."""
    values = {date(2026, 10, 31): None, NOV: 2}
    found = standing("sessions >= 60 per month", by_day("sessions", values, (SET, NOV)), NOV)

    assert (D(60), "at the rate of the last day") == (found.projection, found.basis)
    assert frozenset() == found.flags


def test_flags_are_those_of_all_figures_in_it() -> None:
    """Of the days that count, also last year's, and of no others."""
    rows = [
        row("sessions", date(2025, 11, 3), 10, flags=[Flag.SAMPLED]),
        row("sessions", NOV, 1, flags=[Flag.THRESHOLDED]),
        row("sessions", NOW, 1, flags=[Flag.OTHER]),
        row("sessions", OCT, 1, flags=[Flag.TRUNCATED]),
    ]
    figures = gathered(rows, {("sessions", Grain.DAY): (date(2025, 11, 1), NOW)})
    found = standing("sessions +10 % vs last year per month", figures)

    assert {Flag.SAMPLED, Flag.THRESHOLDED, Flag.OTHER} == found.flags


def test_growth_is_measured_against_the_whole_month_last_year() -> None:
    """Ten percent more than all of last November, also while this one runs."""
    figures = daily(date(2025, 11, 1), NOW, sessions=1)
    found = standing("sessions +10 % vs last year per month", figures)

    assert (D(20), D(33), D(30)) == (found.value, found.target, found.projection)
    assert Pace.BEHIND is found.pace


@pytest.mark.parametrize("first", [date(2025, 11, 1), date(2025, 12, 1)])
def test_growth_needs_figures_of_last_year(first: date) -> None:
    """Where there was nothing, or nobody knows, more than that means nothing."""
    figures = by_day("sessions", {NOV: 5}, (first, NOW))
    found = standing("sessions +10 % vs last year per month", figures)

    assert (Pace.UNKNOWN, D(5), None) == (found.pace, found.value, found.target)
    assert "there are no figures of 2025-11 to compare with" == found.basis


def test_more_than_a_loss_means_nothing() -> None:
    """A month of refunds last year is nothing to grow from."""
    figures = by_day("totalRevenue", {date(2025, 11, 3): -9, NOV: 5}, (date(2025, 11, 1), NOW))
    found = standing("revenue +10 % vs last year per month", figures)

    assert (Pace.UNKNOWN, None) == (found.pace, found.target)


def test_growth_of_a_rate_is_of_the_rate() -> None:
    """A rate of 20 % that is to grow by a tenth is to be 22 %."""
    then = daily(date(2025, 11, 1), date(2025, 11, 30), engagedSessions=2, sessions=10)
    now = daily(NOV, NOW, engagedSessions=3, sessions=10)
    rows = [
        row(metric, day, value)
        for figures in (then, now)
        for (metric, _), series in figures.series.items()
        for day, value in series.values.items()
    ]
    covered = {of: (date(2025, 11, 1), NOW) for of in now.series}
    found = standing("engagement rate +10 % vs last year per month", gathered(rows, covered))

    assert (D("0.3"), D("0.22"), Pace.AHEAD) == (found.value, found.target, found.pace)


def test_what_does_not_add_up_is_taken_by_the_month() -> None:
    """Visitors of a month are one figure; what is expected is at most in proportion."""
    rows = [row("activeUsers", month, n, grain=Grain.MONTH) for month, n in ((OCT, 90), (NOV, 40))]
    figures = gathered(rows, {("activeUsers", Grain.MONTH): (OCT, NOW)})
    found = standing("users >= 100 per month", figures)
    over = standing("users >= 90 per month", figures, date(2026, 10, 31))

    assert (D(40), D(60), Pace.BEHIND) == (found.value, found.projection, found.pace)
    assert found.basis.endswith("at most: the same people come again")
    assert (D(90), Pace.MET) == (over.value, over.pace)


def test_money_is_in_the_currency_of_the_property() -> None:
    """A goal that names none is in the property's; nothing is converted."""
    figures = daily(SET, NOW, currency="EUR", totalRevenue="10.10")
    plain, same, other = (
        standing(f"revenue >= 5000 {unit} by 2026-12-31", figures) for unit in ("", "EUR", "USD")
    )

    assert ("EUR", D("818.10")) == (plain.currency, plain.value) == (same.currency, same.value)
    assert (Pace.UNKNOWN, None) == (other.pace, other.value)
    assert "the figures are in EUR, the goal is in USD" == other.basis


def test_money_in_two_currencies_is_not_added_up() -> None:
    """A property whose currency was changed has no sum over both."""
    rows = [
        row("totalRevenue", OCT, 5, currency="EUR"),
        row("totalRevenue", NOV, 5, currency="USD"),
    ]
    figures = gathered(rows, {("totalRevenue", Grain.DAY): (SET, NOW)}, "USD")
    line = "revenue >= 5000 USD by 2026-12-31"

    assert "the figures are in EUR and USD" == standing(line, figures).basis
    assert D(5) == standing(line + " from 2026-11-01", figures).value


def test_money_of_a_property_that_sold_nothing_has_its_currency() -> None:
    """Nothing at all is still nothing in euros, not in dollars."""
    figures = by_day("totalRevenue", {}, (SET, NOW))

    assert D(0) == standing("revenue >= 5 EUR by 2026-12-31", figures).value
    assert None is standing("revenue >= 5 USD by 2026-12-31", figures).value


def test_money_per_something_is_money() -> None:
    """What a key event costs is an amount, not to be exceeded."""
    figures = daily(SET, NOW, advertiserAdCost=90, keyEvents=3)
    found = standing("cost per key event <= 40 EUR", figures)

    assert (D(30), "EUR", Pace.AHEAD) == (found.value, found.currency, found.pace)


def test_without_a_last_day_there_is_no_pace() -> None:
    """How far it has come is told all the same, and reaching it is enough."""
    figures = daily(SET, NOW, keyEvents=3)
    found = standing("key events >= 500", figures)

    assert (Pace.UNKNOWN, D(243), None) == (found.pace, found.value, found.projection)
    assert "no last day is set, so there is no pace" == found.basis
    assert Pace.MET is standing("key events >= 243", figures).pace


def test_a_goal_set_after_its_last_day_is_over() -> None:
    """It is judged by that day alone, and never crashes."""
    line = "key events >= 5 by 2026-08-15"
    figures = daily(date(2026, 8, 1), NOW, keyEvents=3)

    assert (Pace.MISSED, D(3)) == ((found := standing(line, figures)).pace, found.value)


@given(
    values=st.dictionaries(
        st.dates(NOV, NOW), st.decimals(-(10**12), 10**12, places=9), max_size=20
    ),
    seed=st.randoms(use_true_random=False),
)
def test_sums_are_exact_and_have_no_order(values: dict[date, Decimal], seed: random.Random) -> None:
    """The figures in any order, and split into parts, give the very same standing."""
    whole = [row("sessions", day, value) for day, value in values.items()]
    parts = [row("sessions", day, half) for day, v in values.items() for half in (v - 1, 1)]
    seed.shuffle(parts)
    covered = {("sessions", Grain.DAY): (NOV, NOW)}
    line = "sessions >= 1000 per month"
    one, other = (standing(line, gathered(r, covered), NOW, NOV) for r in (whole, parts))

    assert one == other
    cents = sum(int(value.scaleb(9)) for value in values.values())
    assert one.value is not None
    assert cents == int(one.value.scaleb(9))


COUNTS = st.lists(st.integers(0, 60), min_size=30, max_size=30)


@given(now=COUNTS, more=COUNTS, at=st.integers(0, 29), later=st.integers(0, 29))
def test_a_goal_that_is_met_never_falls_behind(
    now: list[int], more: list[int], at: int, later: int
) -> None:
    """While figures only grow, by late values or more days, met stays met."""
    month = days(NOV, date(2026, 11, 30))
    grown = [a + b for a, b in zip(now, more, strict=True)]
    line = "key events >= 400 by 2026-11-30"
    before = by_day("keyEvents", dict(zip(month, now, strict=True)), (NOV, month[-1]))
    after = by_day("keyEvents", dict(zip(month, grown, strict=True)), (NOV, month[-1]))
    first = standing(line, before, month[at], NOV)
    second = standing(line, after, month[max(at, later)], NOV)

    assert (first.share or 0) >= 1 if first.pace is Pace.MET else (first.share or 0) < 1
    if first.pace is Pace.MET:
        assert Pace.MET is second.pace


@given(
    one=any_goal(),
    begins=st.dates(date(2019, 1, 1), date(2036, 12, 31)),
    day=st.dates(date(2019, 1, 1), date(2036, 12, 31)),
    a_day=st.integers(0, 5000),
)
def test_any_goal_stands_somehow_on_any_day(one: Goal, begins: date, day: date, a_day: int) -> None:
    """With the days it asked for every goal has a number, except where there is nothing to say."""
    (read,) = goals(one.line, MEASURES).goals
    need = needed(read, begins, day)
    covered = {(metric, need.grain): (need.first, max(need.first, day)) for metric in need.metrics}
    rows = [row(m, need.first, a_day, grain=need.grain, currency="EUR") for m in need.metrics]
    found = stand(read, gathered(rows, covered, "EUR"), begins=begins, as_of=day)

    assert found.until is None or found.since <= found.until
    assert (found.value is None) <= (found.pace in (Pace.WAITING, Pace.UNKNOWN))
    assert (found.pace is Pace.UNKNOWN) == (found.basis != "" and found.projection is None)
    if found.pace is Pace.WAITING:
        assert day < found.since
    if found.pace in (Pace.MISSED, Pace.MET) and found.share is not None and not one.at_most:
        assert (found.pace is Pace.MET) == (found.share >= 1)
