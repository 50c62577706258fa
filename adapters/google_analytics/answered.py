"""A report's answer, read by the names of its headers ("RunReportResponse" of the Data API).

All of it is optional: what has its default value is left out on the wire.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct

from adapters.google_analytics.asked import Part
from adapters.google_analytics.shapes import (
    day,
    is_currency,
    is_zone,
    items,
    mapping,
    number,
    objects,
    whole,
    word,
)
from syncer.model.measures import Flag, Grain

Key = tuple[date, tuple[str, ...]]
"""A day (a month: its first) and the values of the ask's own dimensions, in their order."""

OTHER: Final = "(other)"
_CURRENCY: Final = "TYPE_CURRENCY"


class Piece(Struct, frozen=True):
    """What one request answered: one part of the metrics, or one page of it.

    ``count`` is how many rows the answer held; ``total`` how many there are on all pages.
    """

    metrics: tuple[str, ...]
    at: datetime
    rows: Mapping[Key, Mapping[str, Decimal]]
    count: int
    total: int
    flags: frozenset[Flag]
    restricted: frozenset[str]
    currency: str
    zone: str


def read(part: Part, body: Any, at: datetime) -> Piece:
    """Read the answer that was given at the vendor's time ``at``.

    Raises:
        Unreadable: it is not what was asked for; says which report and which metric.
    """
    told = mapping(body)
    metadata = mapping(told.get("metadata"))
    table = _Table(part, told, _forbidden(part, told, metadata))
    rows, flags = table.rows(), set(_flags(metadata))
    flags |= {Flag.RESTRICTED} if table.restricted else set()
    # A row of several days in one stands for figures that cannot be placed.
    flags |= {Flag.OTHER} if len(rows) < table.count else set()
    currency, zone = word(metadata.get("currencyCode")), word(metadata.get("timeZone"))
    if (currency and not is_currency(currency)) or (zone and not is_zone(zone)):
        raise Unreadable(part, "names a currency or a time zone that there is not")
    return Piece(
        metrics=part.metrics,
        at=at,
        rows=rows,
        count=table.count,
        total=max(whole(told.get("rowCount")) or 0, table.count),
        flags=frozenset(flags),
        restricted=table.restricted,
        currency=currency,
        zone=zone,
    )


class Unreadable(ValueError):
    """An answer that makes no sense; it may do so next time. Never leaves the adapter."""

    def __init__(self, part: Part, why: str) -> None:
        where = f"the report {part.ask.report} of the property {part.ask.slice.property}"
        super().__init__(f"the answer to {where} {why}")


class _Table:
    """The rows of an answer, and where each asked column stands."""

    def __init__(self, part: Part, told: Mapping[str, Any], restricted: frozenset[str]) -> None:
        self._part = part
        self._time = part.time
        self._own = [name for name in part.dimensions if name != self._time]
        self._rows = items(told.get("rows"))
        self.count = len(self._rows)
        self.restricted = restricted
        if self._rows:
            self._dimensions = self._places(told.get("dimensionHeaders"), part.dimensions)
            asked = [name for name in part.metrics if name not in restricted]
            self._metrics = self._places(told.get("metricHeaders"), asked)

    def _places(self, headers: Any, names: Iterable[str]) -> dict[str, int]:
        there = [word(mapping(header).get("name")) for header in items(headers)]
        for name in names:
            if there.count(name) != 1:
                raise Unreadable(self._part, f"has no column {name}, or several")
        return {name: there.index(name) for name in names}

    def rows(self) -> dict[Key, dict[str, Decimal]]:
        """The metrics by what they are of; without rows in which days were folded together."""
        found: dict[Key, dict[str, Decimal]] = {}
        for row in self._rows:
            key = self._key(row)
            if key in found:
                raise Unreadable(self._part, "has a row twice")
            if key is not None:
                found[key] = self._values(row)
        return found

    def _key(self, row: Any) -> Key | None:
        """What a row is about; None if the vendor folded days together in it."""
        cells = items(mapping(row).get("dimensionValues"))
        # A value that is empty is left out on the wire; a cell is not.
        said = {name: self._cell(cells, at) for name, at in self._dimensions.items()}
        texts = {name: word(value) for name, value in said.items()}
        if texts[self._time] == OTHER:
            return None
        return self._day(texts[self._time]), tuple(texts[name] for name in self._own)

    def _values(self, row: Any) -> dict[str, Decimal]:
        """The metrics of a row."""
        cells = items(mapping(row).get("metricValues"))
        found: dict[str, Decimal] = {}
        for name, at in self._metrics.items():
            value = number(self._cell(cells, at))
            if value is None:
                raise Unreadable(self._part, f"has no number for {name}")
            found[name] = value
        return found

    def _cell(self, cells: list[Any], at: int) -> Any:
        if at >= len(cells):
            raise Unreadable(self._part, "has a row that is shorter than its headers")
        return mapping(cells[at]).get("value")

    def _day(self, text: str) -> date:
        ask, found = self._part.ask, day(text)
        since = ask.since.replace(day=1) if ask.grain is Grain.MONTH else ask.since
        length = 6 if ask.grain is Grain.MONTH else 8
        if found is None or len(text) != length or not since <= found <= ask.until:
            raise Unreadable(self._part, f"has a row of no {ask.grain} that was asked for")
        return found


def _flags(metadata: Mapping[str, Any]) -> Iterable[Flag]:
    if objects(metadata.get("samplingMetadatas")):
        yield Flag.SAMPLED
    if metadata.get("subjectToThresholding") is True:
        yield Flag.THRESHOLDED
    if metadata.get("dataLossFromOtherRow") is True:
        yield Flag.OTHER
    if objects(metadata.get("dataTruncationReasons")):
        yield Flag.TRUNCATED


def _forbidden(part: Part, told: Mapping[str, Any], metadata: Mapping[str, Any]) -> frozenset[str]:
    """The metrics that our role may not see; the vendor answers 0 for them."""
    response = mapping(metadata.get("schemaRestrictionResponse"))
    told_of = objects(response.get("activeMetricRestrictions"))
    names = {word(restriction.get("metricName")) for restriction in told_of}
    if "" in names:
        # It does not say which: then none that is money is believed.
        names |= {
            word(header.get("name"))
            for header in objects(told.get("metricHeaders"))
            if header.get("type") == _CURRENCY
        }
    return frozenset(names & set(part.metrics))
