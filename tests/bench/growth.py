"""Goals 7, 10 and 11: what a record costs when there are many, in CPU, memory and on disk."""

from tests.bench.course import BATCH, CHANGED, ECHO, FIRST, FULL, SINGLE, Course, course
from tests.bench.goal import Goal
from tests.bench.ratios import at_most, further, micros, pairs
from tests.bench.scale import scale
from tests.bench.size import FILE, PRUNED

HELD = (FIRST, ECHO, FULL)
"""Whose memory is a goal: an echo is the first sync's other half."""

PHASES = ((BATCH, (FIRST, ECHO, FULL, CHANGED)), (SINGLE, (FIRST, CHANGED)))


def measure(quick: bool) -> list[Goal]:
    """All three."""
    size = scale(quick)
    found: list[Goal] = []
    for batch, phases in PHASES[: 1 if quick else None]:
        small, large = (course(count, batch, size.rounds) for count in size.sizes)
        found += [_grown(phase, small, large) for phase in phases]
    small, large = (course(count, BATCH, size.rounds) for count in size.sizes)
    found += [_memory(phase, small, large) for phase in HELD]
    return [*found, _peak(large), _disk(large)]


def _grown(phase: str, small: Course, large: Course) -> Goal:
    before, after = small.cpu(phase, small.count), large.cpu(phase, large.count)
    how = "batch" if large.batch == BATCH else "one a request"
    name = f"{phase}, {how}: CPU a record at {large.count:,} by at {small.count:,}"
    each = further(small.cpu(phase), large.cpu(phase), large.count - small.count)
    said = f"{micros(after)} by {micros(before)}; each further record {micros(each)}"
    return at_most(7, name, 1.1, pairs(after, before), detail=said)


def _memory(phase: str, small: Course, large: Course) -> Goal:
    tens = (large.count - small.count) / 10_000
    each = zip(small.costs[phase], large.costs[phase], strict=True)
    growth = [(after.peak - before.peak) / tens for before, after in each]
    name = f"{phase}: peak memory, growth for each further 10,000 records"
    said = f"from {small.count:,} to {large.count:,} records"
    return at_most(10, name, 0.6, growth, "MB", said)


def _peak(c: Course) -> Goal:
    turns = zip(*(c.costs[phase] for phase in HELD), strict=True)
    peaks = [max(one.peak for one in turn) for turn in turns]
    return at_most(10, f"peak memory at {c.count:,} records", 120, peaks, "MB")


def _disk(c: Course) -> Goal:
    whole = c.state[FILE] / c.count / 1000
    name = f"state on disk a linked record of two systems with 12 fields, {c.count:,} records"
    said = (
        "without what goes with time (answered intents, the journal's lines about our own writes);"
        f" the file after the last round: {whole:.2f} KB"
    )
    return at_most(11, name, 2, [c.state[PRUNED] / c.count / 1000], "KB", said)
