"""Figures as they are told: rounded, so that what is beyond the rounding changes nothing."""

from decimal import Decimal

from syncer.model.goals import Standing
from syncer.model.measures import Measure
from syncer.reconcile.exact import decimals, ratio, significant, times

_WHOLE = Decimal(100)


def shown(measure: Measure, value: Decimal, digits: int) -> Decimal:
    """A count or an amount of so many digits; of a rate the percents, with one decimal."""
    if measure.per is not None and not measure.money:
        return decimals(times(value, _WHOLE), 1)
    return significant(value, digits)


def whole_percent(standing: Standing, digits: int) -> Decimal | None:
    """The share of the target in whole percent, of the value as it is told.

    It agrees with the pace: 100 % is reached, and less is not, however near.
    """
    value, target = standing.value, standing.target
    if value is None or not target:
        return None
    told = shown(standing.goal.measure, value, digits)
    whole = target if _is_told_as_it_is(standing) else times(target, _WHOLE)
    share = decimals(ratio(times(told, _WHOLE), whole), 0)
    if standing.goal.at_most:
        return share
    return max(share, _WHOLE) if value >= target else min(share, _WHOLE - 1)


def _is_told_as_it_is(standing: Standing) -> bool:
    measure = standing.goal.measure
    return measure.per is None or measure.money
