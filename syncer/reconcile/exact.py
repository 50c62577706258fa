"""Arithmetic of figures: sums are exact, and nothing depends on the order of what is added."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from syncer.model.values import plain

_EXACT: Final = Context(prec=200)
"""Room for every digit of any sum or product of usable numbers."""

_DIVISION: Final = Context(prec=40, rounding=ROUND_HALF_EVEN)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    found = Decimal(0)
    for value in values:
        found = _EXACT.add(found, value)
    return found


def times(one: Decimal, other: Decimal | int) -> Decimal:
    """The exact product."""
    return _EXACT.multiply(one, Decimal(other))


def ratio(part: Decimal, whole: Decimal | int) -> Decimal:
    """A quotient of 40 digits; ``whole`` is not 0."""
    return _DIVISION.divide(part, Decimal(whole))


def significant(value: Decimal, digits: int) -> Decimal:
    """A number of so many digits that count, at least one, rounded half to even: 41234 is 41200."""
    if not value:
        return Decimal(0)
    step = Decimal(1).scaleb(value.adjusted() - max(digits, 1) + 1)
    return _whole(value.quantize(step, ROUND_HALF_EVEN, _EXACT))


def decimals(value: Decimal, places: int) -> Decimal:
    """A number with so many digits after the point, rounded half to even."""
    return _whole(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN, _EXACT))


def _whole(value: Decimal) -> Decimal:
    """The same number without exponent or trailing zeros, and without a sign if it is 0."""
    return Decimal(plain(value)) if value else Decimal(0)
