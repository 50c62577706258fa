"""What this process has asked of each system so far, for figures about the service itself."""

import threading
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from msgspec import Struct, field

from syncer.adapterkit.limits import Budget


class Usage(Struct, frozen=True):
    """Requests sent to one system.

    Args:
        requests: how many, with those that were not answered.
        peaks: the highest share of a documented limit that was in use at once, by the limit's
            window in seconds; 1 is all that the vendor allows.
    """

    requests: int = 0
    peaks: Mapping[float, float] = field(default_factory=dict)


_lock: Final = threading.Lock()
_sent: Final[dict[str, int]] = {}
_budgets: Final[dict[str, set[Budget]]] = {}


def spend(system: str, budget: Budget) -> None:
    """Count a request; the budget it was taken from knows how full its windows were."""
    with _lock:
        _sent[system] = _sent.get(system, 0) + 1
        _budgets.setdefault(system, set()).add(budget)


def spent() -> dict[str, Usage]:
    """By system, since the process began."""
    with _lock:
        return {name: Usage(sent, _peaks(_budgets[name])) for name, sent in _sent.items()}


def _peaks(budgets: Iterable[Budget]) -> Mapping[float, float]:
    peaks: dict[float, float] = {}
    for budget in budgets:
        for window, share in budget.peaks().items():
            peaks[window] = max(share, peaks.get(window, 0.0))
    return MappingProxyType(peaks)
