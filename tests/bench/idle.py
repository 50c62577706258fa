"""Goals 4 and 5: cycles in which there is nothing to do."""

from typing import Final

from tests.bench.course import BATCH, DLT_IDLE, HELP, IDLE, INSIDE, course
from tests.bench.goal import Goal
from tests.bench.ratios import at_most, pairs
from tests.bench.scale import scale

FEW: Final = 1_000
"""Links that so many more must not make an idle cycle dearer than."""


def measure(quick: bool) -> list[Goal]:
    """An idle cycle as a process, the program's start, and idle cycles in one process."""
    size = scale(quick)
    large = course(size.large, BATCH, size.rounds)
    small = course(min(size.small, FEW), BATCH, size.rounds)
    whole, theirs = large.cpu(IDLE), large.cpu(DLT_IDLE)
    inside, before = large.cpu(INSIDE), small.cpu(INSIDE)
    at = f"{large.count:,} records"
    return [
        at_most(
            4,
            f"idle cycle as a process, CPU by dlt with nothing new, {at}",
            0.6,
            pairs(whole, theirs),
            detail=f"{min(whole):.2f} s at best, dlt {min(theirs):.2f} s",
        ),
        at_most(4, "syncer --help, CPU", 0.3, large.cpu(HELP), "s"),
        at_most(
            5,
            f"idle cycle in one process, CPU with {large.count:,} links by with {small.count:,}",
            1.05,
            pairs(inside, before),
        ),
        at_most(
            5,
            f"idle cycle in one process, CPU a client of two systems, {at}",
            3,
            [seconds * 1000 for seconds in inside],
            "ms",
        ),
    ]
