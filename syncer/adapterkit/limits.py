"""A request budget per credential that stays under the vendor's documented limits.

Vendors count arrivals in a window that slides. A request that was sent at one moment may
arrive a second later, so stamping requests when they are sent can crowd the vendor's window
even if ours looks fine. Here a request holds its place from before it is sent until a whole
window after it was *answered*: whenever it arrived, it is then outside every window in which
the next one counts. pyrate-limiter's in-memory bucket with its exact sliding-window log keeps
those stamps (its token bucket would admit ``limit + burst`` in one window).
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from pyrate_limiter import InMemoryBucket, Rate, RateItem

Clock = Callable[[], float]


@dataclass(frozen=True)
class Limit:
    """At most ``count`` requests within any ``seconds``.

    Args:
        count: requests allowed.
        seconds: length of the sliding window; 0 limits requests under way at once.
        kinds: the kinds of request that count; ``None`` means all.
    """

    count: int
    seconds: float
    kinds: frozenset[str] | None = None

    def counts(self, kind: str) -> bool:
        """Whether a request of this kind is counted."""
        return self.kinds is None or kind in self.kinds


class _Window:
    """One limit's state. Not thread-safe: the budget's lock guards it."""

    def __init__(self, limit: Limit, share: float) -> None:
        self.limit = limit
        self.allowed = max(1, floor(limit.count * share + 1e-9)) if limit.seconds else limit.count
        self.under_way = 0
        interval = max(1, ceil(limit.seconds * 1000))
        self._interval = interval if limit.seconds else 0
        # Room for one more than we let go: the bucket keeps the stamps, it never refuses one.
        self._answered = InMemoryBucket([Rate(self.allowed + 1, interval)])

    def wait(self, cost: int, now: int) -> int | None:
        """Milliseconds until ``cost`` more fit, 0 for now, ``None``: when one is answered."""
        self._answered.leak(now)
        answered = self._answered.count()
        over = answered + self.under_way + min(cost, self.allowed) - self.allowed
        if over <= 0:
            return 0
        # Room comes when the over-th oldest leaves the window; peek counts from the newest.
        leaver = self._answered.peek(answered - over) if over <= answered else None
        return None if leaver is None else leaver.timestamp + self._interval + 1 - now

    @property
    def share(self) -> float:
        """How much of what the vendor allows is in use, 0 to 1."""
        return (self._answered.count() + self.under_way) / self.limit.count

    def start(self, cost: int) -> None:
        self.under_way += min(cost, self.allowed)

    def finish(self, cost: int, now: int) -> None:
        cost = min(cost, self.allowed)
        self.under_way -= cost
        if self._interval:
            self._answered.put(RateItem("answered", now, weight=cost))


class Budget:
    """What one credential may spend, shared by all threads of the process.

    Args:
        limits: the documented limits.
        share: how much of them we may use, 0 < share <= 1; other apps use the same quota.
        also: further budgets that count the same requests, such as that of an API key.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        limits: Sequence[Limit],
        share: float = 0.9,
        also: Sequence["Budget"] = (),
        clock: Clock = time.monotonic,
    ) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"share must be more than 0 and at most 1, not {share}")
        self._windows = [_Window(limit, share) for limit in limits]
        self._also = tuple(also)
        self._clock = clock
        self._free = threading.Condition()
        self._paused_until = 0.0

    @contextmanager
    def slot(self, kind: str = "", cost: int = 1) -> Iterator[None]:
        """Hold the place of one request: enter before it is sent, leave once it is answered.

        Args:
            kind: what kind of request it is, for limits that count only some.
            cost: how many requests the vendor counts for it (a batch).
        """
        with ExitStack() as stack:
            for other in self._also:
                stack.enter_context(other.slot(kind, cost))
            self._acquire(kind, cost)
            stack.callback(self._release, kind, cost)
            yield

    def acquire(self, kind: str = "", cost: int = 1) -> None:
        """Wait for room and count a request that is answered at once."""
        with self.slot(kind, cost):
            pass

    def pause(self, seconds: float) -> None:
        """Let nothing go for so long: the vendor refused a request of this credential."""
        with self._free:
            self._paused_until = max(self._paused_until, self._clock() + seconds)

    def shares(self) -> dict[float, float]:
        """How full the windows are, by their length in seconds: of the documented limits."""
        found: dict[float, float] = {}
        for other in self._also:
            found |= other.shares()
        with self._free:
            for window in self._windows:
                if window.limit.seconds:
                    length = window.limit.seconds
                    found[length] = max(window.share, found.get(length, 0.0))
        return found

    def _counting(self, kind: str) -> list[_Window]:
        return [window for window in self._windows if window.limit.counts(kind)]

    def _now(self) -> int:
        return ceil(self._clock() * 1000)

    def _acquire(self, kind: str, cost: int) -> None:
        windows = self._counting(kind)
        with self._free:
            while (delay := self._delay(windows, cost)) != 0:
                self._free.wait(delay)
            for window in windows:
                window.start(cost)

    def _delay(self, windows: list[_Window], cost: int) -> float | None:
        """Seconds to wait, 0 for none, ``None`` until a request is answered."""
        paused = self._paused_until - self._clock()
        if paused > 0:
            return paused
        now = self._now()
        waits = [window.wait(cost, now) for window in windows]
        if None in waits:
            return None
        return max((wait for wait in waits if wait), default=0) / 1000

    def _release(self, kind: str, cost: int) -> None:
        with self._free:
            now = self._now()
            for window in self._counting(kind):
                window.finish(cost, now)
            self._free.notify_all()

    def __repr__(self) -> str:
        return f"Budget({[window.limit for window in self._windows]})"


def digest_of(*parts: str) -> str:
    """A name for a credential that does not tell it: of the base URL and the credential."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


_lock: Final = threading.Lock()
_budgets: Final[dict[str, Budget]] = {}


def budget_for(
    key_digest: str, limits: Sequence[Limit], share: float = 0.9, also: Sequence[Budget] = ()
) -> Budget:
    """The budget that everything with the same credential shares in this process.

    The first caller's limits and share stand: one quota can be kept in one way only.

    Args:
        key_digest: :func:`digest_of` base URL and credential, never the credential itself.
        limits, share, also: as for :class:`Budget`.
    """
    with _lock:
        if key_digest not in _budgets:
            _budgets[key_digest] = Budget(limits, share, also)
        return _budgets[key_digest]
