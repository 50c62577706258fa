"""Faults on request: what can go wrong between a service and a vendor, at a chosen request."""

import re
from typing import Any, Literal

from msgspec import Struct, field
from pydantic import Field, ValidationError, model_validator

from syncer.adapterkit.contract import Strict


class Match(Strict):
    """Which requests: each given part must fit. ``path`` is searched as a regular expression."""

    method: str | None = None
    path: str = ""
    user: str | None = None


class Fault(Strict):
    """What happens to them.

    Exactly one of: ``status``, answered with the vendor's body, or with ``body`` and
    ``headers``; ``drop``, the connection is cut before or after the request took effect;
    ``slow``, seconds before it is handled; ``cut``, the answer to it is cut short: to so many
    bytes, or with ``page`` in the middle, by closing the connection. With ``late``, a
    ``status`` or ``slow`` comes after the request took effect.
    """

    status: int | None = Field(default=None, ge=100, le=599)
    body: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    drop: Literal["before", "after"] | None = None
    slow: float | None = Field(default=None, ge=0, le=600)
    cut: int | Literal["page"] | None = None
    late: bool = False

    @model_validator(mode="after")
    def _one(self) -> "Fault":
        kinds = (self.status, self.drop, self.slow, self.cut)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("exactly one of status, drop, slow and cut")
        if self.late and self.status is None and self.slow is None:
            raise ValueError("late goes with status or slow")
        return self

    def __str__(self) -> str:
        named = {"status": self.status, "drop": self.drop, "slow": self.slow, "cut": self.cut}
        text = ", ".join(f"{kind} {value}" for kind, value in named.items() if value is not None)
        return f"{text}, late" if self.late else text


class Order(Strict):
    """A fault for the ``nth`` matching request from now on, and ``times`` in a row."""

    match: Match = Match()
    nth: int = Field(default=1, ge=1)
    times: int = Field(default=1, ge=1)
    fault: Fault


class _Waiting(Struct):
    order: Order
    pattern: re.Pattern[str]
    seen: int = 0

    def takes(self, method: str, path: str, user: str | None) -> bool:
        """Count a request if it matches; whether the fault is for this one."""
        match = self.order.match
        fits = match.method in (None, method) and match.user in (None, user)
        if not fits or not self.pattern.search(path):
            return False
        self.seen += 1
        return self.order.nth <= self.seen < self.order.nth + self.order.times


class Faults(Struct):
    """The faults that are waiting for their request. Guarded by the sandbox's lock."""

    waiting: list[_Waiting] = field(default_factory=list)

    def order(self, wish: Any) -> Order:
        """Ask for a fault. Raises ``ValueError`` with every complaint."""
        try:
            order = Order.model_validate(wish)
            pattern = re.compile(order.match.path)
        except ValidationError as error:
            lines = [
                f"{'.'.join(map(str, e['loc'])) or 'order'}: {e['msg']}" for e in error.errors()
            ]
            raise ValueError("; ".join(lines)) from None
        except re.error as error:
            raise ValueError(f"match.path: {error}") from None
        self.waiting.append(_Waiting(order, pattern))
        return order

    def take(self, method: str, path: str, user: str | None) -> Fault | None:
        """The fault for this request, if there is one; of several the first ordered."""
        hits = [waiting for waiting in self.waiting if waiting.takes(method, path, user)]
        done = [w for w in self.waiting if w.seen >= w.order.nth + w.order.times - 1]
        self.waiting = [waiting for waiting in self.waiting if waiting not in done]
        return hits[0].order.fault if hits else None

    def clear(self) -> None:
        """Forget what was asked for."""
        self.waiting = []
