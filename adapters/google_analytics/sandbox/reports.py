"""Runs a report: traffic grouped, filtered, put in order and cut to a page."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any, Final

from msgspec import Struct

from adapters.google_analytics.sandbox.asked import SPAN, Column, Query
from adapters.google_analytics.sandbox.counts import NOTHING, Counts
from adapters.google_analytics.sandbox.days import Cell
from adapters.google_analytics.sandbox.fields import DEMOGRAPHIC, DIMENSIONS, METRICS
from adapters.google_analytics.sandbox.figures import FIGURES, text, users
from adapters.google_analytics.sandbox.spans import Span
from adapters.google_analytics.sandbox.spots import (
    DIVIDED,
    READERS,
    Spot,
    by_event,
    by_item,
    divided,
)

OTHER: Final = "(other)"
SMALL_GROUP: Final = 10
"""Users that a group must have where the vendor withholds small ones."""

Key = tuple[str, ...]
Traffic = Callable[[date], Sequence[Cell]]


class Row(Struct, frozen=True):
    """A row: its key, its counts and a figure for each column."""

    key: Key
    counts: Counts
    figures: tuple[float, ...]


class Lens(Struct, frozen=True):
    """How figures are shown: money times ``rate``, and 0 where ``hidden`` says so."""

    rate: float
    hidden: frozenset[str] = frozenset()

    def figure(self, column: Column, counts: Counts) -> float:
        """The figure of a column."""
        return column.formula(lambda name: self._of(name, counts))

    def _of(self, name: str, counts: Counts) -> float:
        if name in self.hidden:
            return 0.0
        figure = FIGURES[name](counts)
        return round(figure * self.rate, 6) if METRICS[name].type == "TYPE_CURRENCY" else figure


class Report(Struct, frozen=True):
    """What a report gave: all its rows in order, and whether it was cut."""

    rows: Sequence[Row]
    thresholded: bool = False
    folded: bool = False


def run(
    query: Query, traffic: Traffic, first: date, last: date, lens: Lens, most: int | None
) -> Report:
    """Everything but the page.

    Args:
        traffic: gives a day's cells.
        first: the first day that there can be traffic on.
        last: the last one.
        most: how many rows are kept, the rest being folded into one.
    """
    groups: dict[Key, Counts] = {}
    for span in query.spans:
        for key, counts in _grouped(query, span, traffic, max(span.since, first), last):
            groups[key] = groups.get(key, NOTHING).plus(counts)
    thresholded = bool(query.wanted & DEMOGRAPHIC)
    if thresholded:
        groups = {k: c for k, c in groups.items() if users(c.sessions) >= SMALL_GROUP}
    folded = most is not None and len(groups) > most
    if most is not None and folded:
        groups = _folded(query, groups, most)
    rows = [row for key, counts in groups.items() if (row := _row(query, key, counts, lens))]
    return Report(ordered(query, rows), thresholded, folded)


def _grouped(
    query: Query, span: Span, traffic: Traffic, day: date, last: date
) -> Iterator[tuple[Key, Counts]]:
    readers = [READERS[name] for name in query.dimensions]
    split = [name for name in DIVIDED if name in query.wanted]
    while day <= min(span.until, last):
        whole = (Spot(day, cell, cell.counts, span.name) for cell in traffic(day))
        for spot in divided(whole, split):
            parts: dict[Key, Counts] = {}
            for part in _parts(query, spot):
                if query.test is None or query.test(lambda name, at=part: READERS[name](at)):  # type: ignore[misc]
                    key = tuple([read(part) for read in readers])
                    parts[key] = _beside(parts[key], part.counts) if key in parts else part.counts
            yield from parts.items()
        day += timedelta(1)


def _parts(query: Query, spot: Spot) -> Iterator[Spot]:
    spots = iter((spot,))
    if query.wanted & {"eventName", "isKeyEvent"}:
        spots = by_event(spots)
    return by_item(spots) if "itemName" in query.wanted else spots


def _beside(one: Counts, other: Counts) -> Counts:
    """Two events of the same visits: what happened adds up, the visits are the same ones."""
    both = one.plus(other)
    return both._replace(
        sessions=max(one.sessions, other.sessions),
        engaged=max(one.engaged, other.engaged),
        converted=max(one.converted, other.converted),
    )


def _folded(query: Query, groups: dict[Key, Counts], most: int) -> dict[Key, Counts]:
    """The largest groups, and the others in one, but for what tells the time."""
    largest = sorted(groups, key=lambda key: (-groups[key].sessions, key))
    kept = {key: groups[key] for key in largest[:most]}
    for key in largest[most:]:
        values = zip(query.dimensions, key, strict=True)
        rest = tuple(v if DIMENSIONS[n].scope == "time" else OTHER for n, v in values)
        kept[rest] = kept.get(rest, NOTHING).plus(groups[key])
    return kept


def _row(query: Query, key: Key, counts: Counts, lens: Lens) -> Row | None:
    """A group as a row, if it is wanted."""
    row = Row(key, counts, tuple(lens.figure(column, counts) for column in query.columns))
    if query.having is not None:
        shown = dict(zip((c.name for c in query.columns), map(text, row.figures), strict=True))
        if not query.having(shown.__getitem__):
            return None
    told = [f for c, f in zip(query.columns, row.figures, strict=True) if not c.hidden]
    return row if query.keep_empty or not told or any(told) else None


def ordered(query: Query, rows: Sequence[Row]) -> list[Row]:
    """In the order asked for; without one the largest first, which the vendor does not promise."""
    found = sorted(rows, key=lambda row: row.key)
    if not query.orders and query.columns:
        return sorted(found, key=lambda row: -row.figures[0])
    for order in reversed(query.orders):
        found.sort(key=_by(query, order), reverse=bool(order.get("desc")))
    return found


def _by(query: Query, order: Any) -> Callable[[Row], Any]:
    if "metric" in order:
        place = [column.name for column in query.columns].index(order["metric"]["metricName"])
        return lambda row: row.figures[place]
    place = query.dimensions.index(order["dimension"]["dimensionName"])
    kind = order["dimension"].get("orderType", "ALPHANUMERIC")
    if kind == "NUMERIC":
        return lambda row: float(row.key[place]) if row.key[place].isdecimal() else 0.0
    if kind == "CASE_INSENSITIVE_ALPHANUMERIC":
        return lambda row: row.key[place].lower()
    return lambda row: row.key[place]


def aggregated(query: Query, rows: Sequence[Row], kind: str, lens: Lens) -> list[Row]:
    """Rows of an aggregation, one for each date range; none where there are no rows."""
    place = query.dimensions.index(SPAN) if SPAN in query.dimensions else None
    found = []
    for span in query.spans if place is not None else query.spans[:1]:
        mine = [row for row in rows if place is None or row.key[place] == span.name]
        if mine:
            key = tuple(
                span.name if place == n else f"RESERVED_{kind}"
                for n in range(len(query.dimensions))
            )
            found.append(Row(key, NOTHING, _aggregate(query, mine, kind, lens)))
    return found


def _aggregate(query: Query, rows: Sequence[Row], kind: str, lens: Lens) -> tuple[float, ...]:
    if kind == "TOTAL":
        whole = reduce(Counts.plus, (row.counts for row in rows), NOTHING)
        return tuple(lens.figure(column, whole) for column in query.columns)
    columns = list(zip(*(row.figures for row in rows), strict=True))
    if kind == "COUNT":
        return tuple(float(len(rows)) for _ in columns)
    return tuple(map(min if kind == "MINIMUM" else max, columns))
