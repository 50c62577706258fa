"""Goals 2 and 3: the first sync, beside dlt and beside a bare loop of the same requests."""

from tests.bench.course import BARE, BATCH, DLT_FIRST, FIRST, SINGLE, Course, course
from tests.bench.goal import Goal
from tests.bench.ratios import at_most, micros, pairs
from tests.bench.scale import scale


def measure(quick: bool) -> list[Goal]:
    """Both goals, at each size that is measured."""
    size = scale(quick)
    found = []
    for count in size.sizes[quick:]:
        found.append(_beside(2, course(count, BATCH, size.rounds), DLT_FIRST, 0.25))
        found.append(_beside(3, course(count, SINGLE, size.rounds), BARE, 1.25))
    return found


def _beside(number: int, c: Course, other: str, most: float) -> Goal:
    mine, theirs = c.cpu(FIRST, c.count), c.cpu(other, c.count)
    said = f"{micros(mine)} a record, {other} {micros(theirs)}"
    how = "100 a call" if c.batch == BATCH else "one a POST"
    name = f"first sync, {how}, CPU by {other}, {c.count:,} records"
    return at_most(number, name, most, pairs(mine, theirs), detail=said)
