"""The goals of a record: how each stands, and how that came about."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.engine.clientreport.measured import Part, Slice
from syncer.engine.clientreport.plots import goal_plot
from syncer.model.agreements import Agreement
from syncer.model.client_report import GoalTold, Mark, Period, Plot, Span
from syncer.model.entities import Schema
from syncer.model.goals import GOALS, Fault, Goal, Goals, Pace, Standing
from syncer.model.measures import Measure
from syncer.model.records import Record
from syncer.model.values import Value
from syncer.reconcile.days import day
from syncer.reconcile.goals import goals
from syncer.reconcile.months import History, Stood, months, set_on, stood
from syncer.reconcile.series import Figures
from syncer.reconcile.standing import stand

_MONTHS: Final = 12
"""So many months that are over are told at most."""


class Judged(Struct, frozen=True):
    """The goals of one record. ``lines`` and ``faults`` are as they were written."""

    told: tuple[GoalTold, ...] = ()
    lines: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


class Bench(Struct, frozen=True):
    """What goals are judged by.

    Args:
        past: every text of goals that was agreed.
        marks: days that plots show; ``clip`` is the time they are cut to.
    """

    record: Record
    past: Sequence[Agreement]
    counted: Slice
    now: datetime
    zone: ZoneInfo
    schema: Schema
    marks: tuple[Mark, ...] = ()
    clip: Span | None = None

    @property
    def start(self) -> date | None:
        """The record's first day, where it has one."""
        name = self.schema[self.record.entity].begins
        return day(self.record.value(name), self.zone) if name else None

    @property
    def history(self) -> History:
        """The texts in order, up to the one that stands."""
        agreed = self.record.agreed.get(GOALS)
        told = [(one.at, one.value) for one in self.past]
        if agreed and (not told or told[-1][1] != agreed.value):
            told.append((agreed.at, agreed.value))
        return [(at, _text(value)) for at, value in told]


def judged(bench: Bench, measures: Mapping[str, Measure]) -> Judged:
    """Every line of the goals that stand, in their order."""
    found: Goals = goals(_text(bench.record.value(GOALS)), measures)
    told = tuple(_told(bench, goal) for goal in found.goals)
    return Judged(told, tuple(goal.line for goal in found.goals), found.faults)


def _told(bench: Bench, goal: Goal) -> GoalTold:
    part = _part(bench.counted, goal)
    if part is None:
        at = bench.now.astimezone(bench.zone).date()
        begins = goal.since or bench.start or at
        return _as_told(goal, Standing(goal, Pace.UNKNOWN, begins, goal.until, at))
    past = stood(bench.history, part.measuring.measures, part.zone)
    at = part.as_of(bench.now)
    begins = goal.since or bench.start or set_on(goal, past) or at
    now = stand(goal, part.figures, begins=begins, as_of=at)
    earlier = _earlier(goal, past, part.figures, now, bench.start)
    earlier = earlier[-_MONTHS:]
    plot = goal_plot(now, earlier, part.figures, unit(now), bench.marks, bench.clip)
    return _as_told(goal, now, earlier, plot)


def _part(counted: Slice, goal: Goal) -> Part | None:
    """The source that counts what a goal is about."""
    return next((p for p in counted.parts if goals(goal.line, p.measuring.measures).goals), None)


def _earlier(
    goal: Goal, past: Sequence[Stood], figures: Figures, now: Standing, start: date | None
) -> list[Standing]:
    """Months that are over, of goals about the same: each as it was judged then."""
    if not goal.monthly:
        return []
    found = months(past, figures, as_of=now.as_of, start=start)
    return [one for one in found if one.since < now.since and _alike(one.goal, goal)]


def _alike(one: Goal, other: Goal) -> bool:
    kinds = [(g.measure, g.at_most, g.growth is None, g.monthly) for g in (one, other)]
    return kinds[0] == kinds[1]


def _as_told(
    goal: Goal, now: Standing, earlier: Sequence[Standing] = (), plot: Plot | None = None
) -> GoalTold:
    return GoalTold(
        measure=goal.measure.name,
        now=_period(now),
        unit=unit(now),
        target=goal.target,
        at_most=goal.at_most,
        growth=goal.growth,
        monthly=goal.monthly,
        earlier=tuple(map(_period, earlier)),
        plot=plot,
    )


def unit(standing: Standing) -> str:
    """A currency, ``%`` of a rate, or nothing."""
    measure = standing.goal.measure
    if measure.money:
        return standing.currency or standing.goal.unit
    return "%" if measure.per else ""


def _period(one: Standing) -> Period:
    return Period(
        since=one.since,
        until=one.until,
        as_of=one.as_of,
        pace=one.pace,
        value=one.value,
        target=one.target if one.target is not None else one.goal.target,
        share=one.share,
        projection=one.projection,
        basis=one.basis,
        flags=tuple(sorted(one.flags)),
    )


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None
