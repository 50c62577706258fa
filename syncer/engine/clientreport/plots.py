"""What a goal's plot shows: points over time, made of the figures it is judged by."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from syncer.engine.clientreport.days import each_day, within
from syncer.model.client_report import Mark, Plot, Point, Shape, Span
from syncer.model.goals import Standing
from syncer.reconcile.periods import next_month
from syncer.reconcile.series import Figures
from syncer.reconcile.standing import counted

WEEK: Final = timedelta(days=6)
"""A rate of one day says little: each point of its line is of seven days."""

NEAR: Final = timedelta(days=185)
"""A launch so long after the last month is shown among the months."""

MOST_DAYS: Final = 1100
"""Longer lines show their last days."""


def shown(plot: Plot) -> Plot | None:
    """A plot in which there is something to see; None where its time has nothing in it."""
    return plot if any(point.value is not None for point in plot.values) else None


def goal_plot(
    now: Standing,
    earlier: Sequence[Standing],
    figures: Figures,
    unit: str,
    marks: tuple[Mark, ...],
    clip: Span | None,
) -> Plot | None:
    """Bars for months, a line for a rate, else what was added up; None without figures."""
    if now.value is None and not earlier:
        return None
    if now.goal.monthly and (earlier or not now.goal.measure.adds_up):
        return shown(_bars([*earlier, now], unit, marks, clip))
    if now.value is None or not now.goal.measure.adds_up:
        return None
    if now.goal.measure.per:
        return shown(_line(now, figures, unit, marks, clip))
    return shown(_sum(now, figures, unit, marks, clip))


def _bars(
    months: Sequence[Standing], unit: str, marks: tuple[Mark, ...], clip: Span | None
) -> Plot:
    last = months[-1]
    values = _months([Point(one.since, one.value) for one in months], clip)
    values += _until_launch(values, marks)
    running = last.until is not None and last.as_of < last.until
    ahead = last.projection if running and not last.goal.measure.per else None
    return Plot(
        Shape.MONTHS,
        values,
        unit,
        _months([Point(one.since, one.target) for one in months], clip),
        _months([Point(last.since, ahead)], clip) if ahead is not None else (),
        tuple(mark for mark in marks if any(p.day == mark.day.replace(day=1) for p in values)),
    )


def _until_launch(values: Sequence[Point], marks: tuple[Mark, ...]) -> tuple[Point, ...]:
    """Empty months up to a launch that is near, so that it can be shown."""
    last = values[-1].day if values else None
    found: list[Point] = []
    for mark in marks:
        while last and last < mark.day.replace(day=1) <= (values[-1].day + NEAR):
            last = next_month(last)
            found.append(Point(last, None))
    return tuple(found)


def _months(points: Sequence[Point], clip: Span | None) -> tuple[Point, ...]:
    """Months of which any day is within the time; each is named by its first day."""
    whole = Span(clip.since.replace(day=1), clip.until) if clip else None
    firsts = [Point(point.day.replace(day=1), point.value) for point in points]
    return within(firsts, whole)


def _sum(
    now: Standing, figures: Figures, unit: str, marks: tuple[Mark, ...], clip: Span | None
) -> Plot:
    values = within(_added(now, figures), clip)
    ahead: tuple[Point, ...] = ()
    if now.until and now.as_of < now.until and now.projection is not None:
        ahead = (Point(now.as_of, now.value), Point(now.until, now.projection))
        ahead = ahead if len(within(ahead, clip)) == len(ahead) else ()
    return Plot(Shape.SUM, values, unit, _flat(now, clip), ahead, marks)


def _added(now: Standing, figures: Figures) -> list[Point]:
    """The sum from the first day on, day by day."""
    found: list[Point] = []
    sum_so_far = Decimal(0)
    for day in each_day(_first(now), now.as_of):
        since = now.since if not found else day
        more = counted(now.goal, figures, since, day).value
        sum_so_far += more or Decimal(0)
        found.append(Point(day, None if more is None else sum_so_far))
    return found


def _line(
    now: Standing, figures: Figures, unit: str, marks: tuple[Mark, ...], clip: Span | None
) -> Plot:
    values = [
        Point(day, counted(now.goal, figures, max(now.since, day - WEEK), day).value)
        for day in each_day(_first(now), now.as_of)
    ]
    return Plot(Shape.LINE, within(values, clip), unit, _flat(now, clip), marks=marks)


def _first(now: Standing) -> date:
    return max(now.since, now.as_of - timedelta(days=MOST_DAYS))


def _flat(now: Standing, clip: Span | None) -> tuple[Point, ...]:
    """The goal's line over its whole time, as far as that is shown."""
    if now.target is None:
        return ()
    since, until = _first(now), now.until or now.as_of
    if clip:
        since, until = max(since, clip.since), min(until, clip.until)
    return (Point(since, now.target), Point(until, now.target)) if since <= until else ()
