"""What this process has asked of each system so far, for figures about the service itself."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Usage:
    """Requests sent to one system.

    Args:
        requests: how many, with those that were not answered.
        peaks: the highest share of a documented limit that was in use at once, by the limit's
            window in seconds; 1 is all that the vendor allows.
    """

    requests: int = 0
    peaks: Mapping[float, float] = field(default_factory=dict)


_lock: Final = threading.Lock()
_spent: Final[dict[str, Usage]] = {}


def spend(system: str, shares: Mapping[float, float]) -> None:
    """Count a request, and how full the windows of its limits are with it."""
    with _lock:
        before = _spent.get(system, Usage())
        peaks = {**before.peaks}
        for window, share in shares.items():
            peaks[window] = max(share, peaks.get(window, 0.0))
        _spent[system] = Usage(before.requests + 1, MappingProxyType(peaks))


def spent() -> dict[str, Usage]:
    """By system, since the process began."""
    with _lock:
        return dict(_spent)
