"""What tests of goals and results measure: a mapping's words, and goals of any kind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.goals import Fault, Goal
from syncer.model.measures import Measure
from syncer.reconcile.goal_measures import filled
from syncer.reconcile.goal_words import canonical
from syncer.reconcile.goals import goals
from syncer.reconcile.periods import month_end

MEASURES: Final[Mapping[str, Measure]] = {
    one.name: one
    for one in (
        Measure("sessions", "sessions"),
        Measure("engaged sessions", "engagedSessions"),
        Measure("engagement rate", "engagedSessions", per="sessions"),
        Measure("bounce rate", "bounces", per="sessions"),
        Measure("key events", "keyEvents"),
        Measure("key event *", "keyEvents:*"),
        Measure("revenue", "totalRevenue", money=True),
        Measure("cost per key event", "advertiserAdCost", per="keyEvents", money=True),
        Measure("users", "activeUsers", adds_up=False),
        Measure("page views", "screenPageViews"),
    )
}


def goal(line: str) -> Goal:
    """The goal that a line is. The test fails where it is none."""
    found = goals(line, MEASURES)
    assert not found.faults, [str(fault) for fault in found.faults]
    (only,) = found.goals
    return only


def fault(line: str) -> Fault:
    """What is wrong with a line. The test fails where nothing is."""
    found = goals(line, MEASURES)
    assert not found.goals, [canonical(one) for one in found.goals]
    (only,) = found.faults
    return only


def _numbers(most: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal("0.01"), most, places=2)


@st.composite
def any_goal(draw: st.DrawFn) -> Goal:
    """Goals of every kind that go together, as they are read from their own line."""
    measure = draw(st.sampled_from(sorted(MEASURES.values(), key=lambda one: one.name)))
    measure = filled(measure, draw(st.from_regex(r"[a-z][a-z0-9_]{0,8}[a-z0-9]", fullmatch=True)))
    monthly = not measure.adds_up or draw(st.booleans())
    grows = monthly and draw(st.booleans())
    days = draw(st.tuples(st.none() | _DAYS, st.none() | _DAYS))
    since, until = sorted(days, key=str) if None not in days else days
    if not measure.adds_up:
        since = since and since.replace(day=1)
        until = until and month_end(until)
    rate = measure.per is not None and not measure.money
    number = draw(_numbers(999)).scaleb(-2) if rate or grows else draw(_numbers(10**9))
    made = Goal(
        line="",
        number=1,
        measure=measure,
        target=None if grows else number,
        at_most=measure.per is not None and not grows and draw(st.booleans()),
        unit=draw(st.sampled_from(["", "EUR", "USD"])) if measure.money and not grows else "",
        growth=number if grows else None,
        monthly=monthly,
        since=since,
        until=until,
    )
    return replace(made, line=canonical(made))


_DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
