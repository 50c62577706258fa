"""What goes together in a goal; what does not is said, with what to write instead."""

from decimal import Decimal
from typing import NoReturn

from msgspec.structs import replace

from syncer.model.goals import Goal
from syncer.model.measures import Measure
from syncer.reconcile.goal_amounts import PERCENT, Amount
from syncer.reconcile.goal_faults import Wrong
from syncer.reconcile.goal_grammar import BY, Parts, Sign
from syncer.reconcile.goal_words import canonical
from syncer.reconcile.periods import month_end


def goal_of(line: str, number: int, parts: Parts, measure: Measure) -> Goal:
    """A goal of parts that go together. Raises :class:`Wrong`."""
    amount = parts.amount
    growth = parts.sign is Sign.GROWTH
    percent = amount.unit == PERCENT
    share = amount.number.scaleb(-2) if percent else amount.number
    goal = Goal(
        line=line,
        number=number,
        measure=measure,
        target=None if growth else share,
        at_most=parts.sign is Sign.MOST,
        unit="" if percent else amount.unit,
        growth=share if growth else None,
        monthly=parts.monthly,
        since=parts.since,
        until=parts.until,
    )
    _growth(goal, parts)
    _unit(goal, amount)
    _time(goal, parts)
    return goal


def same(one: Goal, other: Goal) -> bool:
    """Whether two lines ask for the same."""
    return replace(one, line="", number=0) == replace(other, line="", number=0)


def is_rate(measure: Measure) -> bool:
    """Whether it is a share of something, written in percent. Money per something is money."""
    return measure.per is not None and not measure.money


def _growth(goal: Goal, parts: Parts) -> None:
    """Growth is in percent, of a month, against the same month last year."""
    percent = parts.amount.unit == PERCENT
    if goal.growth is None:
        if parts.last_year:
            grown = replace(goal, target=None, growth=goal.target, monthly=True, at_most=False)
            _refuse("more than last year is written with +", *([grown] if percent else []))
        return
    if not percent:
        number = replace(goal, target=goal.growth, growth=None)
        percents = replace(goal, growth=goal.growth.scaleb(-2), unit="", monthly=True)
        _refuse("growth is written in percent", *([percents] if parts.last_year else [number]))
    if not parts.last_year:
        _refuse("growth needs vs last year", replace(goal, monthly=True))
    if not goal.monthly:
        _refuse("growth is told per month", replace(goal, monthly=True))


def _unit(goal: Goal, amount: Amount) -> None:
    """Counts have no unit, rates are in percent, money has a currency or none."""
    name, percent = goal.measure.name, amount.unit == PERCENT
    bare = replace(goal, target=amount.number, unit="")
    if goal.at_most and goal.measure.per is None:
        _refuse("<= goes with rates only", replace(goal, at_most=False))
    if goal.growth is not None:
        return
    if is_rate(goal.measure):
        if not percent:
            _refuse(f"{name} is written in percent", _in_percent(goal, amount.number))
    elif percent:
        grown = replace(goal, target=None, growth=goal.target, at_most=False, monthly=True)
        _refuse(f"{name} is not written in percent", grown, bare)
    elif amount.unit and not goal.measure.money:
        _refuse(f"{name} is not an amount of money", bare)


def _time(goal: Goal, parts: Parts) -> None:
    """A month or a last day, not both; what does not add up goes by the month."""
    if goal.monthly and BY in parts.days:
        once = replace(goal, monthly=False)
        lines = [] if goal.growth is not None or not goal.measure.adds_up else [once]
        _refuse("by and per month do not go together", goal, *lines)
    if not goal.monthly and not goal.measure.adds_up:
        why = f"{goal.measure.name} of several months cannot be added up"
        _refuse(why, replace(goal, monthly=True))
    if not goal.measure.adds_up and goal != (whole := _whole_months(goal)):
        _refuse(f"{goal.measure.name} of a part of a month cannot be told", whole)
    if goal.since and goal.until and goal.until < goal.since:
        _refuse("it ends before it begins", replace(goal, since=goal.until, until=goal.since))


def _whole_months(goal: Goal) -> Goal:
    since = goal.since.replace(day=1) if goal.since else None
    return replace(goal, since=since, until=month_end(goal.until) if goal.until else None)


def _in_percent(goal: Goal, number: Decimal) -> Goal:
    """A bare number of a rate: 55 is 55 %, and 0.55 is as well."""
    return replace(goal, target=number if number < 1 else number.scaleb(-2), unit="")


def _refuse(problem: str, *meant: Goal) -> NoReturn:
    raise Wrong(problem, rights=tuple(canonical(goal) for goal in meant))
