"""Numbers that systems tell and can hold."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from syncer.model.values import parse_number

DIGITS = 40
"""More digits before or after the point than this is no quantity of anything."""

_ROOMY = Context(prec=3 * DIGITS)


def number(told: object) -> Decimal:
    """A number as told; every zero is the same zero. Raises ``ValueError``."""
    if isinstance(told, bool) or (isinstance(told, str) and "_" in told):
        raise ValueError(f"not a number: {told!r}")
    found = parse_number(told)
    if not found:
        return Decimal(0)
    exponent = found.as_tuple().exponent
    if found.adjusted() > DIGITS or (isinstance(exponent, int) and exponent < -DIGITS):
        raise ValueError("not a usable number: it has too many digits")
    return found


def rounded(amount: Decimal, precision: int | None) -> Decimal:
    """A number as a field with so many decimal digits holds it."""
    if precision is None:
        return amount
    return amount.quantize(Decimal(1).scaleb(-precision), ROUND_HALF_EVEN, _ROOMY) or Decimal(0)
