"""Ids, tokens and a clock for stand-ins: alike in every run, and never twice the same."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock
from typing import Final

_MILLISECOND: Final = timedelta(milliseconds=1)


class Clock:
    """A vendor's clock: whole milliseconds, and each reading later than the one before.

    Args:
        source: the time it follows; the computer's clock unless a test brings its own.
    """

    def __init__(self, source: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._source = source
        self._lock = Lock()
        self._ahead = timedelta()
        self._last = datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> datetime:
        """A new moment, later than every one before."""
        with self._lock:
            self._last = max(self._time(), self._last + _MILLISECOND)
            return self._last

    def peek(self) -> datetime:
        """The present moment, without taking it."""
        with self._lock:
            return max(self._time(), self._last)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        with self._lock:
            self._ahead += by

    def _time(self) -> datetime:
        moment = self._source() + self._ahead
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Ids:
    """Makes ids in the shapes vendors use, from a counter.

    Args:
        name: sets the ids of one stand-in apart from those of another.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = count(1)

    def number(self, first: int = 1) -> int:
        """The next number, from ``first`` on."""
        return first - 1 + next(self._count)

    def decimal(self, digits: int, first: str = "1") -> str:
        """A decimal id of so many digits, beginning with ``first``; each greater than the last."""
        return first + str(next(self._count)).zfill(digits - len(first))

    def object_id(self, at: datetime) -> str:
        """24 hex digits: the second of creation in 8, then 16 that grow."""
        middle = hashlib.sha256(self._name.encode()).hexdigest()[:10]
        return f"{int(at.timestamp()):08x}{middle}{next(self._count):06x}"

    def short(self, length: int = 8) -> str:
        """A short mixed-case code such as stands in links."""
        letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        seed = hashlib.sha256(f"{self._name} {next(self._count)}".encode()).digest()
        return "".join(letters[byte % len(letters)] for byte in seed[:length])


def made_up_token(system: str, user: str, length: int = 40, prefix: str = "") -> str:
    """A token for a user of a stand-in: good on loopback only, the same in every run."""
    digest = hashlib.sha512(f"sandbox {system} {user}".encode()).hexdigest()
    return (prefix + digest)[:length]
