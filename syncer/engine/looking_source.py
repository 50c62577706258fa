"""What is looked at in a system that only counts: properties, and reports as they will be asked."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from syncer.model.entities import PROJECT
from syncer.model.measures import GOALS_REPORT, Ask, Measuring, Property, Slice
from syncer.model.rules import Source

ANY = "*"
"""What stands for a name in a metric; such a metric cannot be asked for as it is."""


def property_words(property: Property, zone: str) -> str:
    """A property's name, zone and currency; and the client's zone if its days are others."""
    days = "" if property.zone == zone else f" (the client's days are those of {zone})"
    return f"{property.name}, {property.zone}{days}, {property.currency}"


def asks(
    measuring: Measuring, slices: Sequence[Slice], now: datetime
) -> Iterator[tuple[str, Source, Ask]]:
    """Each report as it will be asked for, once for each kind of slice; with its place.

    The first is that of the measures which goals may be about, without those for any name.
    """
    day = (now - timedelta(days=1)).date()
    measures = measuring.measures.values()
    named = [metric for m in measures for metric in (m.metric, m.per) if metric]
    metrics = tuple(dict.fromkeys(metric for metric in named if not metric.endswith(ANY)))
    if metrics and slices:
        yield "measures", measuring.source, Ask(GOALS_REPORT, slices[0], metrics, day, day)
    for line in measuring.reports:
        for part in _kinds(slices, line.of):
            ask = Ask(
                line.name, part, line.metrics, day, day, line.dimensions, filters=line.filters
            )
            yield f"report {line.name}{_of(part)}", line.source, ask


def _kinds(slices: Sequence[Slice], of: frozenset[str]) -> list[Slice]:
    """One slice for each set of dimensions that filter: others would be refused alike."""
    kinds: dict[frozenset[str], Slice] = {}
    for part in slices:
        if PROJECT in of if part.project else of - {PROJECT}:
            kinds.setdefault(frozenset(part.filters), part)
    return list(kinds.values())


def _of(part: Slice) -> str:
    return f" of {part.project}" if part.project else ""
