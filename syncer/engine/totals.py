"""What all runs together did, kept for figures that only ever grow; a killed run's are lost."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import structlog

from syncer.adapterkit.redact import clean
from syncer.adapterkit.usage import Usage, spent
from syncer.model.report import CycleReport
from syncer.state import Store, Transaction

log = structlog.get_logger()

KEY: Final = "totals"
"""Under which the state keeps them."""


class Totals:
    """What one run did and the state does not know yet. Safe to use from several threads."""

    def __init__(self) -> None:
        self._told = spent()

    def tell(self, tx: Transaction, written: Mapping[str, int]) -> None:
        """Add it within a transaction, one at a time of which there is; figures stop nothing.

        Args:
            written: writes by client that were not told yet.
        """
        now = spent()
        if now != self._told or any(written.values()):
            tx.change_meta(KEY, lambda kept: self._more(kept, now, written))
            self._told = now

    def _more(self, kept: Any, now: Mapping[str, Usage], written: Mapping[str, int]) -> Any:
        try:
            return added(kept, self._told, now, written)
        except Exception as error:  # noqa: BLE001 - what is kept may be anything by now
            log.warning("totals.failed", reason=clean(f"{type(error).__name__}: {error}"))
            return kept

    def rest(self, store: Store, reports: Iterator[CycleReport]) -> Iterator[CycleReport]:
        """Hand on the reports of a run; then tell what no cycle of it could. Stops nothing."""
        yield from reports
        try:
            if spent() != self._told:
                with store.transaction() as tx:
                    self.tell(tx, {})
        except Exception as error:  # noqa: BLE001 - figures may stop no run
            log.warning("totals.failed", reason=clean(f"{type(error).__name__}: {error}"))


def added(
    kept: Any, before: Mapping[str, Usage], now: Mapping[str, Usage], written: Mapping[str, int]
) -> dict[str, Any]:
    """The totals with one more run; ``quota`` is that of the run itself."""
    totals = kept if isinstance(kept, dict) else {}
    asked = {name: use.requests - before.get(name, Usage()).requests for name, use in now.items()}
    quota = {
        name: {f"{window:g}s": round(share, 4) for window, share in sorted(use.peaks.items())}
        for name, use in now.items()
        if asked[name]
    }
    return {
        "requests": _sums(totals.get("requests"), asked),
        "written": _sums(totals.get("written"), written),
        "quota": dict(totals.get("quota") or {}) | quota,
    }


def _sums(kept: Any, more: Mapping[str, int]) -> dict[str, int]:
    sums = Counter({str(name): int(count) for name, count in (kept or {}).items()})
    sums.update(more)
    return dict(sorted(sums.items()))
