"""What is left of each property's quotas, so that other tools find some of it.

The vendor counts per property (and Cloud project), not per credential, and tells with each
answer what is left ("PropertyQuota" of the Data API; guide, "Limits and quotas").
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from adapters.google_analytics.faults import to_midnight, to_the_hour
from adapters.google_analytics.shapes import mapping, whole
from syncer.adapterkit.errors import WaitAndRetry
from syncer.adapterkit.limits import Budget, Limit

Clock = Callable[[], float]

IN_FLIGHT: Final = 8
"""Places per property; the vendor has 10, and may count each report of a batch as one."""

LEAST_PLACES: Final = 2
"""That any request takes, so that no more than four are under way."""

ATTEMPTS: Final = 3
"""How often a request is sent at most: ten server errors an hour lock a property."""

AFTER_ERRORS: Final = 1200.0
"""Seconds that a property rests after so many attempts: nine an hour."""

LARGE: Final = 10
"""How many times more an Analytics 360 property has of everything."""


class _Quota(Struct, frozen=True):
    words: str
    most: int
    wait: Callable[[datetime], float]


_QUOTAS: Final[Mapping[str, _Quota]] = {
    "tokensPerDay": _Quota("tokens of the day", 200_000, to_midnight),
    "tokensPerHour": _Quota("tokens of the hour", 40_000, to_the_hour),
    "tokensPerProjectPerHour": _Quota("tokens of this project's hour", 14_000, to_the_hour),
}
_ERRORS: Final = "serverErrorsPerProjectPerHour"


class _Hold(Struct, frozen=True):
    until: float
    why: str


class Ledger:
    """Quotas of all properties of one credential. Safe to use from many threads.

    Args:
        reserve: the share of each quota that is left to others.
        clock: monotonic seconds.
    """

    def __init__(self, reserve: float, clock: Clock = time.monotonic) -> None:
        self._reserve = reserve
        self._clock = clock
        self._lock = threading.Lock()
        self._holds: dict[str, _Hold] = {}
        self._large: set[str] = set()
        self._left: dict[str, dict[str, int]] = {}

    def check(self, property: str) -> None:
        """Raise :class:`WaitAndRetry` while nothing may be asked of a property."""
        with self._lock:
            hold = self._holds.get(property)
            left = hold.until - self._clock() if hold else 0.0
            if hold and left > 0:
                raise WaitAndRetry(hold.why, seconds=left)
            self._holds.pop(property, None)

    def hold(self, property: str, seconds: float, why: str) -> None:
        """Ask nothing of a property for so long; a longer rest that it has stands."""
        with self._lock:
            hold = _Hold(self._clock() + seconds, why)
            before = self._holds.get(property)
            if before is None or before.until < hold.until:
                self._holds[property] = hold

    def is_large(self, property: str) -> None:
        """The property is of Analytics 360."""
        with self._lock:
            self._large.add(property)

    def read(self, property: str, quota: Any, at: datetime) -> None:
        """Look at what an answer tells is left (``propertyQuota``)."""
        left = {name: remaining(told) for name, told in mapping(quota).items()}
        for name, kind in _QUOTAS.items():
            if (left.get(name) or 0) > kind.most:
                self.is_large(property)
        with self._lock:
            self._left[property] = {name: rest for name, rest in left.items() if rest is not None}
        for seconds, words in self._scarce(property, left, at):
            again = (at + timedelta(seconds=seconds)).astimezone(UTC)
            why = f"of the property {property} {words}; it is asked again at {again:%Y-%m-%d %H:%M} UTC"
            self.hold(property, seconds, why)

    def left(self, property: str) -> list[tuple[str, int, int]]:
        """What the last answer told is left: in words, how much, of how much."""
        with self._lock:
            told, times = self._left.get(property, {}), LARGE if property in self._large else 1
        return [
            (kind.words, told[name], kind.most * times)
            for name, kind in _QUOTAS.items()
            if name in told
        ]

    def _scarce(
        self, property: str, left: Mapping[str, int | None], at: datetime
    ) -> Iterator[tuple[float, str]]:
        for name, kind in _QUOTAS.items():
            most, rest = kind.most * (LARGE if property in self._large else 1), left.get(name)
            if rest is not None and rest < most * self._reserve:
                kept = f"{self._reserve:.0%} are kept for other tools"
                yield kind.wait(at), f"{rest} of {most} {kind.words} are left, and {kept}"
        errors = left.get(_ERRORS)
        if errors is not None and errors < ATTEMPTS:
            yield to_the_hour(at), f"only {errors} server errors are left before it is locked"


class Lanes(Budget):
    """Places under way, counted for each property on its own: ``kind`` names it.

    A refusal is about one property, so it pauses no other: the ledger holds that one.
    """

    def __init__(self) -> None:
        super().__init__(())
        self._guard = threading.Lock()
        self._lanes: dict[str, Budget] = {}

    @contextmanager
    def slot(self, kind: str = "", cost: int = 1) -> Iterator[None]:
        """Hold the places of one request of a property."""
        with self._guard:
            lane = self._lanes.setdefault(kind, Budget([Limit(IN_FLIGHT, 0)]))
        with lane.slot("", max(LEAST_PLACES, cost)):
            yield

    def pause(self, seconds: float) -> None:
        """Nothing: see above."""


def remaining(told: Any) -> int | None:
    """What is left by a ``QuotaStatus``. None if it does not say; 0 is left out on the wire."""
    status = mapping(told)
    if "remaining" not in status and status.get("consumed"):
        return 0
    return whole(status.get("remaining"))


_lock: Final = threading.Lock()
_books: Final[dict[str, tuple[Ledger, Lanes]]] = {}


def books_for(digest: str, reserve: float) -> tuple[Ledger, Lanes]:
    """What everything with the same credential shares in this process.

    Args:
        digest: of base URL and credential, see ``digest_of``.
        reserve: as for :class:`Ledger`; the first caller's stands.
    """
    with _lock:
        if digest not in _books:
            _books[digest] = (Ledger(reserve), Lanes())
        return _books[digest]
