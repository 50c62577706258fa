"""A vendor's limits as it keeps them: arrivals in windows that slide."""

import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct, field

from syncer.adapterkit.limits import Limit
from syncer.adapterkit.sandbox.core import Sandbox, SandboxRequest


class Windows(Struct):
    """Arrivals per limit and quota. Guarded by the sandbox's lock."""

    clock: Callable[[], float] = time.monotonic
    _arrivals: dict[tuple[Limit, str], deque[float]] = field(default_factory=dict)
    _under_way: dict[tuple[Limit, str], int] = field(default_factory=dict)

    def admit(self, sandbox: Sandbox, request: SandboxRequest) -> bool:
        """Whether every limit has room; then the request is counted and under way."""
        now, cost = self.clock(), sandbox.cost_of(request)
        keys = self._keys(sandbox, request)
        room = all(self._used(key, now) + cost <= key[0].count for key in keys)
        if room or sandbox.refused_count:
            for key in keys:
                self._arrivals.setdefault(key, deque()).extend([now] * cost)
        for key in keys if room else ():
            self._under_way[key] = self._under_way.get(key, 0) + cost
        return room

    def leave(self, sandbox: Sandbox, request: SandboxRequest) -> None:
        """An admitted request has been answered."""
        for key in self._keys(sandbox, request):
            self._under_way[key] = self._under_way.get(key, 0) - sandbox.cost_of(request)

    def clear(self) -> None:
        """Forget all arrivals."""
        self._arrivals.clear()

    @staticmethod
    def _keys(sandbox: Sandbox, request: SandboxRequest) -> list[tuple[Limit, str]]:
        kind = sandbox.kind_of(request)
        counting = [limit for limit in sandbox.limits if limit.counts(kind)]
        return [(limit, sandbox.limit_key(limit, request)) for limit in counting]

    def _used(self, key: tuple[Limit, str], now: float) -> int:
        if not key[0].seconds:
            return self._under_way.get(key, 0)
        arrivals = self._arrivals.setdefault(key, deque())
        while arrivals and arrivals[0] <= now - key[0].seconds:
            arrivals.popleft()
        return len(arrivals)
