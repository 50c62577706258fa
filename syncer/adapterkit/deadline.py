"""A time by which an answer must have come, also where each piece of it comes in time.

The HTTP library's time-outs begin anew with every piece. Whoever sends a header line a minute,
or "please wait" (a status 1xx) for ever, would keep a cycle for days.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_thread: Final = threading.local()


class TooLate(Exception):
    """The answer was not whole in time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """What this thread reads in the block, it has read by then, or :class:`TooLate` is raised."""
    _thread.until = time.monotonic() + seconds
    try:
        yield
    finally:
        _thread.until = None


class Punctual:
    """Stands before the library's network, or one connection of it, and keeps the deadline."""

    def __init__(self, usual: Any) -> None:
        self._usual = usual

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)

    def connect_tcp(self, *args: Any, **more: Any) -> "Punctual":
        """A connection whose reads keep the deadline."""
        return Punctual(self._usual.connect_tcp(*args, **more))

    def start_tls(self, *args: Any, **more: Any) -> "Punctual":
        """The same connection with TLS."""
        return Punctual(self._usual.start_tls(*args, **more))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next piece, for which nobody waits beyond the deadline."""
        until: float | None = getattr(_thread, "until", None)
        if until is not None and time.monotonic() >= until:
            raise TooLate("the answer takes too long")
        found: bytes = self._usual.read(max_bytes, timeout)
        return found
