"""The days that a goal is judged by, and what has to be known for that."""

import calendar
from datetime import date
from typing import Final

from msgspec import Struct

from syncer.model.goals import Goal
from syncer.model.measures import Grain, Measure

EVER: Final = date.min
"""The first day of a goal of which nobody knows since when it stands."""


class Period(Struct, frozen=True):
    """Whole days, both included; ``until`` None is open-ended."""

    since: date
    until: date | None


class Need(Struct, frozen=True):
    """What a goal needs to be known.

    Args:
        metrics: the vendor's names.
        grain: by month where days cannot be added up.
        first: the first day of use; of growth in the year before.
        last: the last one that can be had by today, never before ``first``.
    """

    metrics: tuple[str, ...]
    grain: Grain
    first: date
    last: date


def needed(goal: Goal, begins: date, today: date) -> Need:
    """What to ask for, so that a goal can be judged in every period since it began.

    Args:
        begins: its first day: as it is written, else the project's start, else the day on which
            it was set. Of a monthly goal the whole month counts, unless ``from`` is written.
            :data:`EVER` is this month of a monthly goal, else the year it is to be reached in.
    """
    first = period(goal, begins, today if begins == EVER else min(begins, today)).since
    if goal.growth is not None:
        first = year_before(first)
    last = min(today, goal.until) if goal.until else today
    return Need(metrics_of(goal.measure), grain_of(goal.measure), first, max(first, last))


def metrics_of(measure: Measure) -> tuple[str, ...]:
    """The metrics that a measure is made of, what is divided first."""
    return (measure.metric, measure.per) if measure.per else (measure.metric,)


def grain_of(measure: Measure) -> Grain:
    """How much of time one figure of it must cover."""
    return Grain.DAY if measure.adds_up else Grain.MONTH


def period(goal: Goal, begins: date, day: date) -> Period:
    """The period of a goal that holds a day, else the nearest one."""
    if not goal.monthly:
        since = goal.since or _known(goal, begins, day)
        return Period(min(since, goal.until) if goal.until else since, goal.until)
    first = goal.since or begins.replace(day=1)
    last = goal.until or date.max
    within = min(max(day, first), last)
    return Period(max(within.replace(day=1), min(first, last)), min(month_end(within), last))


def _known(goal: Goal, begins: date, day: date) -> date:
    return date((goal.until or day).year, 1, 1) if begins == EVER else begins


def month_end(day: date) -> date:
    """The last day of the month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def next_month(day: date) -> date:
    """The first day of the month after."""
    years, month = divmod(day.month, 12)
    return date(day.year + years, month + 1, 1)


def year_before(day: date) -> date:
    """The first day of the same month in the year before."""
    return date(max(day.year - 1, 1), day.month, 1)
