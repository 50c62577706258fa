"""Goals 2 and 3: the first sync, beside dlt and beside a bare loop of the same requests."""

from tests.bench.course import BARE, BATCH, DLT_FIRST, FIRST, SINGLE, Course, beyond, course
from tests.bench.goal import Goal
from tests.bench.ratios import at_most, micros, pairs
from tests.bench.scale import scale


def measure(quick: bool) -> list[Goal]:
    """Both goals, at each size that is measured."""
    size = scale(quick)
    small, large = (course(count, BATCH, size.rounds) for count in size.sizes)
    found = [] if quick else [_beside(2, small, DLT_FIRST, 0.25)]
    found.append(_beside(2, large, DLT_FIRST, 0.25, beyond(FIRST, DLT_FIRST, small, large)))
    single = [course(count, SINGLE, size.rounds) for count in size.sizes[quick:]]
    return found + [_beside(3, one, BARE, 1.25) for one in single]


def _beside(number: int, c: Course, other: str, most: float, more: str = "") -> Goal:
    mine, theirs = c.cpu(FIRST, c.count), c.cpu(other, c.count)
    said = f"{micros(mine)} a record, {other} {micros(theirs)}{more}"
    how = "100 a call" if c.batch == BATCH else "one a POST"
    name = f"first sync, {how}, CPU by {other}, {c.count:,} records"
    return at_most(number, name, most, pairs(mine, theirs), detail=said)
