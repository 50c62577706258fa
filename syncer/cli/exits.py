"""Exit codes, and which of several counts."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """What a command's end means to whatever started it."""

    DONE = 0
    FAILED = 1
    CONFIGURATION = 2
    REFUSED = 3
    NOT_EMPTY = 4
    LOCKED = 5


WORST_FIRST: Final = (
    Exit.CONFIGURATION,
    Exit.REFUSED,
    Exit.FAILED,
    Exit.LOCKED,
    Exit.NOT_EMPTY,
    Exit.DONE,
)
"""Of several clients the one that needs a person soonest counts.

A wrong configuration and a refused plan wait for somebody; what failed is tried again by the
next run; a lock only says that this very work is being done by another run.
"""


def worst(codes: Iterable[Exit]) -> Exit:
    """The code that counts; ``DONE`` if there is none."""
    return min(codes, key=WORST_FIRST.index, default=Exit.DONE)


class Fault(Exception):
    """A command cannot go on: one clear message, perhaps lines of detail, and the exit code."""

    def __init__(self, message: str, code: Exit = Exit.FAILED, lines: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.lines = tuple(lines)
