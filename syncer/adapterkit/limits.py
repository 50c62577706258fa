"""A request budget per credential that stays under the vendor's documented limits.

:mod:`syncer.adapterkit.window` says how a limit is kept, :mod:`syncer.adapterkit.turns` who goes
first where many wait.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Final

from syncer.adapterkit.turns import Turns
from syncer.adapterkit.window import SECOND, Limit, Places, Rest, Window

__all__ = ["Budget", "Clock", "Limit", "budget_for", "digest_of", "spender", "spending_for"]

Clock = Callable[[], float]

_spender: Final = ContextVar("_spender", default="")


@contextmanager
def spending_for(client: str) -> Iterator[None]:
    """Whose requests this thread sends in the block: clients that share a credential take turns."""
    before = _spender.set(client)
    try:
        yield
    finally:
        _spender.reset(before)


def spender() -> str:
    """Whose requests this thread sends; a thread that it starts must be told."""
    return _spender.get()


class _Slot:
    """The places of one request, held in a ``with`` block."""

    __slots__ = ("_cost", "_line", "_places", "_turns")

    def __init__(self, turns: Turns, line: object, places: Sequence[Places], cost: int) -> None:
        self._turns = turns
        self._line = line
        self._places = places
        self._cost = cost

    def __enter__(self) -> None:
        self._turns.take(self._line, self._places, self._cost)

    def __exit__(self, *_: object) -> None:
        self._turns.give_back(self._places, self._cost)


class Budget:
    """What one credential may spend, shared by all threads of the process.

    Args:
        limits: the documented limits.
        share: how much of them we may use, 0 < share <= 1; other apps use the same quota.
        also: further budgets that count the same requests, such as that of an API key. Of
            several, all must wait together: each made with the first of them in its ``also``.
        clock: monotonic seconds; that of ``also`` where there is one.
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
        self._windows = [Window(limit, share) for limit in limits]
        self._rest = Rest()
        self._also = tuple(also)
        self._turns: Turns = also[0]._turns if also else Turns(clock)
        if any(other._turns is not self._turns for other in also):
            raise ValueError("budgets that count the same requests must wait together")
        self._counting: dict[str, tuple[Places, ...]] = {}

    def slot(self, kind: str = "", cost: int = 1) -> AbstractContextManager[None]:
        """Hold the place of one request: enter before it is sent, leave once it is answered.

        Args:
            kind: what kind of request it is, for limits that count only some.
            cost: how many requests the vendor counts for it (a batch).
        """
        places = self._places(kind)
        return _Slot(self._turns, (places, spender()), places, cost)

    def acquire(self, kind: str = "", cost: int = 1) -> None:
        """Wait for room and count a request that is answered at once."""
        with self.slot(kind, cost):
            pass

    def delay(self, kind: str = "", cost: int = 1) -> float | None:
        """Seconds until such a request could go if nobody else waited.

        0 for now, ``None``: not before one that is under way is answered.
        """
        found = self._turns.delay(self._places(kind), cost)
        return found if found is None else found / SECOND

    @property
    def waiting(self) -> int:
        """How many requests wait for their turn, with those of budgets counted together."""
        return self._turns.waiting

    def pause(self, seconds: float) -> None:
        """Let nothing go for so long: the vendor refused a request of this credential."""

        def rest(now: int) -> None:
            self._rest.until = max(self._rest.until, now + int(seconds * SECOND))

        self._turns.change(rest)

    def peaks(self) -> dict[float, float]:
        """The highest share of a documented limit that was in use, by its window in seconds."""
        found: dict[float, float] = {}
        for other in self._also:
            found |= other.peaks()
        for window in self._windows:
            if length := window.limit.seconds:
                found[length] = max(window.peak, found.get(length, 0.0))
        return found

    def _places(self, kind: str) -> tuple[Places, ...]:
        """What a request of this kind must find open."""
        found = self._counting.get(kind)
        if found is None:
            own = (window for window in self._windows if window.limit.counts(kind))
            others = (place for other in self._also for place in other._places(kind))
            found = self._counting[kind] = (self._rest, *own, *others)
        return found

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
