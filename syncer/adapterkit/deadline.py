"""A time by which an answer must have come, also where each piece of it comes in time.

The HTTP library's time-outs begin anew with every piece. Whoever sends a header line a minute,
or "please wait" (a status 1xx) for ever, would keep a cycle for days.
"""

import threading
import time
from typing import Final

_thread: Final = threading.local()


class TooLate(Exception):
    """The answer was not whole in time."""


class within:  # noqa: N801 - reads as what it is: with within(seconds)
    """What this thread reads in the block, it has read by then, or :class:`TooLate` is raised."""

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def __enter__(self) -> None:
        _thread.until = self._until

    def __exit__(self, *_: object) -> None:
        _thread.until = None


def in_time() -> None:
    """Raises :class:`TooLate` if this thread reads in such a block, and its time is over."""
    until: float | None = getattr(_thread, "until", None)
    if until is not None and time.monotonic() >= until:
        raise TooLate("the answer takes too long")
