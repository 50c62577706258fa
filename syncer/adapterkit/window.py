"""One documented limit as it is kept: places that requests take and give back.

Vendors count arrivals in a window that slides. A request that was sent at one moment may
arrive a second later, so stamping requests when they are sent can crowd the vendor's window
even if ours looks fine. Here a request holds its place from before it is sent until a whole
window after it was *answered*: whenever it arrived, it is then outside every window in which
the next one counts. Nothing is known of when it arrived but that it was before its answer, so
no policy gives a place on earlier and is never refused: a place serves one request in every
window + time to the answer.
"""

from collections import deque
from math import floor
from typing import Final

from msgspec import Struct

SECOND: Final = 1_000_000_000
"""Times are whole nanoseconds: sums of them are exact."""

CLOCKS: Final = 1e-4
"""How much slower than ours the vendor's clock may go (100 ppm: ten seconds in a day)."""


class Limit(Struct, frozen=True):
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


class Window:
    """The places of one limit. Not thread-safe: the lock of :class:`Turns` guards it.

    Args:
        limit: what the vendor allows.
        share: how much of it we may use; of requests under way at once all are ours.
    """

    __slots__ = ("_free_at", "_hold", "_under_way", "allowed", "limit", "peak")

    def __init__(self, limit: Limit, share: float) -> None:
        self.limit = limit
        self.allowed = max(1, floor(limit.count * share + 1e-9)) if limit.seconds else limit.count
        self.peak = 0.0
        """The highest share of what the vendor allows that was in use at once, 0 to 1."""
        self._under_way = 0
        self._hold = round(limit.seconds * (1 + CLOCKS) * SECOND)
        # When each place is free whose request was answered, the next one first.
        self._free_at: deque[int] = deque()

    def opens(self, cost: int, now: int) -> int | None:
        """Nanoseconds until ``cost`` more fit: 0 for now, ``None``: not before an answer."""
        free_at = self._free_at
        while free_at and free_at[0] <= now:
            free_at.popleft()
        over = len(free_at) + self._under_way + min(cost, self.allowed) - self.allowed
        if over <= 0:
            return 0
        return free_at[over - 1] - now if over <= len(free_at) else None

    def start(self, cost: int) -> None:
        """A request takes its places; they were found to be free."""
        self._under_way += min(cost, self.allowed)
        used = (len(self._free_at) + self._under_way) / self.limit.count
        self.peak = max(self.peak, used)

    def finish(self, cost: int, now: int) -> None:
        """It was answered; its places are free in a whole window."""
        cost = min(cost, self.allowed)
        self._under_way -= cost
        if self._hold:
            self._free_at.extend((now + self._hold,) * cost)

    def undo(self, cost: int) -> None:
        """It was never sent."""
        self._under_way -= min(cost, self.allowed)


class Rest:
    """A time in which nothing goes: the vendor refused a request of this credential."""

    __slots__ = ("until",)

    def __init__(self) -> None:
        self.until = 0

    def opens(self, cost: int, now: int) -> int:
        """Nanoseconds until it is over, whatever the ``cost``."""
        return max(0, self.until - now)

    def start(self, cost: int) -> None:
        """Nothing is taken."""

    def finish(self, cost: int, now: int) -> None:
        """Nothing is given back."""

    def undo(self, cost: int) -> None:
        """Nothing was taken."""


Places = Window | Rest
"""What a request must find open."""
