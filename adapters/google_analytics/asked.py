"""An ask as the vendor's requests ("RunReportRequest" of the Data API)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from adapters.google_analytics.filters import expression
from syncer.adapterkit.errors import SkipRecord
from syncer.model.measures import Ask, Grain

METRICS: Final = 10
DIMENSIONS: Final = 9
"""Of one request at most."""

_TIME: Final[Mapping[Grain, str]] = {Grain.DAY: "date", Grain.MONTH: "yearMonth"}


@dataclass(frozen=True)
class Part:
    """One request for an ask, with as many of its metrics as fit."""

    ask: Ask
    metrics: tuple[str, ...]

    @property
    def time(self) -> str:
        """The dimension that days or months stand in."""
        return _TIME[self.ask.grain]

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Day or month first, then the ask's own."""
        return tuple(dict.fromkeys((self.time, *self.ask.dimensions)))

    @property
    def filter(self) -> Mapping[str, Any]:
        """``dimensionFilter`` where there is anything to leave out."""
        found = expression(self.ask.slice.filters, self.ask.filters)
        return {"dimensionFilter": found} if found else {}

    def body(self, offset: int, limit: int) -> dict[str, Any]:
        """The request for the page of so many rows that begins at a row."""
        since, until = self.ask.since.isoformat(), self.ask.until.isoformat()
        return {
            "dateRanges": [{"startDate": since, "endDate": until}],
            "dimensions": _named(self.dimensions),
            "metrics": _named(self.metrics),
            "orderBys": [{"dimension": {"dimensionName": name}} for name in self.dimensions],
            "limit": str(limit),
            "offset": str(offset),
            "keepEmptyRows": False,
            "returnPropertyQuota": True,
            **self.filter,
        }

    @property
    def question(self) -> dict[str, Any]:
        """The request whether its metrics and dimensions go together."""
        return {
            "dimensions": _named(self.dimensions),
            "metrics": _named(self.metrics),
            "compatibilityFilter": "INCOMPATIBLE",
            **self.filter,
        }

    @cached_property
    def definition(self) -> str:
        """What is asked whatever the days: the same text for the same report."""
        return json.dumps(self.question, sort_keys=True)


def parts_of(ask: Ask) -> list[Part]:
    """The requests that answer an ask.

    Raises:
        SkipRecord: the vendor has no request for it.
    """
    metrics = tuple(dict.fromkeys(ask.metrics))
    parts = [
        Part(ask, metrics[start : start + METRICS]) for start in range(0, len(metrics), METRICS)
    ]
    if not parts:
        raise SkipRecord(f"the report {ask.report} names no metrics")
    if len(parts[0].dimensions) > DIMENSIONS:
        most = DIMENSIONS - 1
        raise SkipRecord(f"the report {ask.report} has more than {most} dimensions besides time")
    if ask.since > ask.until:
        raise SkipRecord(f"the report {ask.report} ends before it begins")
    return parts


def _named(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"name": name} for name in names]
