"""What answers tell of the token's quota, in headers (guide, 9: seen on the wire, optional)."""

import time
from collections import deque
from typing import Final

from msgspec import Struct, field

from syncer.adapterkit.limits import Limit

TOKEN_LIMIT: Final = Limit(100, 10)


class Meter(Struct):
    """Counts the requests of each token in the window that slides. Guarded by the sandbox's lock."""

    _spent: dict[str, deque[float]] = field(default_factory=dict)

    def spend(self, token: str, cost: int) -> dict[str, str]:
        """Count a request of a token; gives the headers of its answer."""
        now, spent = time.monotonic(), self._spent.setdefault(token, deque())
        while spent and spent[0] <= now - TOKEN_LIMIT.seconds:
            spent.popleft()
        spent.extend([now] * cost)
        name = "x-rate-limit-api-token"
        return {
            f"{name}-interval-ms": str(int(TOKEN_LIMIT.seconds * 1000)),
            f"{name}-max": str(TOKEN_LIMIT.count),
            f"{name}-remaining": str(max(0, TOKEN_LIMIT.count - len(spent))),
        }
