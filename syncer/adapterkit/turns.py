"""Whose turn it is where more requests wait than a limit has places.

Each client has a line for each kind of request, and lines take turns: one that has thousands of
requests to send does not keep another from its few. Within a line it is first come, first
served. Whoever must wait for places keeps those that are free for its turn (a batch would
otherwise wait for ever behind single requests), but only in the limits that are full.

Nobody is woken in vain: the first of a line sleeps until its places are free, the others until
they are first. Whoever wakes, or gives places back, lets everybody go whose turn has come.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from math import ceil
from typing import Final

from syncer.adapterkit.window import SECOND, Places

_NEVER: Final = 1 << 62


class Waiter:
    """A request that waits. Guarded by the lock of the turns but for :meth:`sleep`."""

    __slots__ = ("_alarm", "_asleep", "_rung", "cost", "going", "places", "until")

    def __init__(self, places: Sequence[Places], cost: int) -> None:
        self.places = places
        self.cost = cost
        self.going = False
        self.until = _NEVER
        """When it looks by itself whether it may go (nanoseconds)."""
        self._alarm = threading.Lock()
        self._alarm.acquire()
        self._asleep = self._rung = False

    def lie_down(self) -> None:
        """From now on it must be rung to hear of anything."""
        self._asleep = True

    def ring(self) -> None:
        """Wake it, or see to it that it does not fall asleep."""
        if self._asleep and not self._rung:
            self._rung = True
            self._alarm.release()

    def sleep(self, now: int) -> bool:
        """Until it is rung or its time has come; whether it was rung."""
        if self.until >= _NEVER:
            return self._alarm.acquire()
        return self._alarm.acquire(timeout=max(0, self.until - now) / SECOND)

    def get_up(self, *, rung: bool) -> None:
        """It hears what is going on; if it was rung too late for its sleep, that is forgotten."""
        if self._rung and not rung:
            self._alarm.acquire()
        self._asleep = self._rung = False


class Turns:
    """Everybody who waits for places of limits that are counted together. Thread-safe.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # The line whose turn is longest ago is the first.
        self._lines: dict[Hashable, deque[Waiter]] = {}

    def now(self) -> int:
        """The time in nanoseconds."""
        return ceil(self._clock() * SECOND)

    def take(self, line: Hashable, places: Sequence[Places], cost: int) -> None:
        """Wait until it is the turn of a request, and take its places.

        Args:
            line: waits in turn with others: that of one client and one kind of request.
            places: what it must find open.
            cost: how many places it takes of each.
        """
        with self._lock:
            if not self._lines and delay(places, cost, self.now()) == 0:
                for place in places:
                    place.start(cost)
                return
            waiter = Waiter(places, cost)
            self._lines.setdefault(line, deque()).append(waiter)
            self._serve()
            waiter.lie_down()
        try:
            self._wait(waiter)
        except BaseException:
            self._leave(line, waiter)
            raise

    def give_back(self, places: Sequence[Places], cost: int) -> None:
        """The request was answered."""
        with self._lock:
            now = self.now()
            for place in places:
                place.finish(cost, now)
            if self._lines:
                self._serve()

    def delay(self, places: Sequence[Places], cost: int) -> int | None:
        """What :func:`delay` tells of now."""
        with self._lock:
            return delay(places, cost, self.now())

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        with self._lock:
            return sum(map(len, self._lines.values()))

    def change(self, how: Callable[[int], None]) -> None:
        """Change places, told the time, while nobody looks at them."""
        with self._lock:
            how(self.now())

    def _wait(self, waiter: Waiter) -> None:
        while not waiter.going:
            rung = waiter.sleep(self.now())
            with self._lock:
                waiter.get_up(rung=rung)
                if not waiter.going:
                    self._serve()
                waiter.lie_down()

    def _leave(self, line: Hashable, waiter: Waiter) -> None:
        with self._lock:
            if waiter.going:
                for place in waiter.places:
                    place.undo(waiter.cost)
            else:
                self._lines[line].remove(waiter)
                if not self._lines[line]:
                    del self._lines[line]
            self._serve()

    def _serve(self) -> None:
        """Let everybody go whose turn has come."""
        now = self.now()
        while (line := self._next(now)) is not None:
            waiting = self._lines.pop(line)
            waiter = waiting.popleft()
            if waiting:
                self._lines[line] = waiting
            for place in waiter.places:
                place.start(waiter.cost)
            waiter.going = True
            waiter.ring()

    def _next(self, now: int) -> Hashable | None:
        """The line whose first may go; the first of each other is told when to look again."""
        kept: set[Places] = set()
        for line, waiting in self._lines.items():
            first = waiting[0]
            first_until = _NEVER
            if kept.isdisjoint(first.places):
                opens = [place.opens(first.cost, now) for place in first.places]
                full = [place for place, at in zip(first.places, opens, strict=True) if at != 0]
                if not full:
                    return line
                kept.update(full)
                if None not in opens:
                    first_until = now + max(at for at in opens if at)
            earlier, first.until = first_until < first.until, first_until
            if earlier:
                first.ring()
        return None


def delay(places: Sequence[Places], cost: int, now: int) -> int | None:
    """Nanoseconds until a request finds all its places open if nobody else waits.

    0 for now, ``None``: not before another request is answered.
    """
    longest = 0
    for place in places:
        opens = place.opens(cost, now)
        if opens is None:
            return None
        longest = max(longest, opens)
    return longest
