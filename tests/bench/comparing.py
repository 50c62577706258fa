"""Goals 1 and 6: comparing everything, and carrying over what changed, beside vdirsyncer."""

from statistics import median

from tests.bench.course import (
    BATCH,
    CARDS_CHANGED,
    CARDS_IDLE,
    CHANGED,
    FULL,
    IDLE,
    SINGLE,
    Course,
    beyond,
    course,
)
from tests.bench.goal import Goal
from tests.bench.ratios import at_most, micros, pairs
from tests.bench.scale import scale


def measure(quick: bool) -> list[Goal]:
    """Both goals, at each size that is measured."""
    size = scale(quick)
    small, large = (course(count, BATCH, size.rounds) for count in size.sizes)
    started = median(large.cpu(IDLE))
    full = [_full(large, beyond(FULL, CARDS_IDLE, small, large))]
    changed = [
        _changed(course(size.large, batch, size.rounds), most, started)
        for batch, most in ((SINGLE, 0.06), (BATCH, 0.015))
    ]
    return [*([] if quick else [_full(small, "")]), *full, *changed]


def _full(c: Course, more: str) -> Goal:
    mine, theirs = c.cpu(FULL, c.count), c.cpu(CARDS_IDLE, c.count)
    said = f"{micros(mine)} a linked record, vdirsyncer {micros(theirs)} a card{more}"
    name = f"full compare with nothing changed, CPU by vdirsyncer's, {c.count:,} records"
    return at_most(1, name, 0.25, pairs(mine, theirs), detail=said)


def _changed(c: Course, most: float, started: float) -> Goal:
    mine, theirs = c.cpu(CHANGED, c.changed), c.cpu(CARDS_CHANGED, c.changed)
    less = [max(0.0, figure - started / c.changed) for figure in mine]
    said = f"{micros(mine)} a changed record, {micros(less)} without the CPU of an idle process"
    said += f", vdirsyncer {micros(theirs)}"
    how = "batches of 100" if c.batch == BATCH else "one a request"
    name = f"1 % of {c.count:,} records changed, written by {how}, CPU by vdirsyncer's"
    return at_most(6, name, most, pairs(mine, theirs), detail=said)
