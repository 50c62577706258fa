"""What is looked at in a system that only counts: properties, and reports as they will be asked."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AdapterError
from syncer.engine.fence_source import FencedSource
from syncer.engine.looks import ENDS, Look, Spot, asked
from syncer.model.configuration import ClientConfig, Configuration, Connection
from syncer.model.entities import PROJECT
from syncer.model.measures import GOALS_REPORT, Ask, Measuring, Property, Slice
from syncer.model.rules import Source

ANY = "*"
"""What stands for a name in a metric; such a metric cannot be asked for as it is."""


def figures(
    config: Configuration, connection: Connection, source: FencedSource, account: str
) -> Iterator[Look]:
    """A system that only counts: its properties, and what each client asks of its own."""
    spot = Spot(connection, account=account)
    found = asked(source.properties)
    if isinstance(found, AdapterError):
        yield spot.failed("properties", found)
        return
    names = ", ".join(f"{each.name} ({each.id})" for each in found)
    yield spot.found("properties", f"{len(found)}: {names}" if found else "none")
    for client in config.clients.values():
        if connection.name in client.measuring:
            mine = Spot(connection, client, account)
            yield from _client(mine, client, source, {each.id for each in found})


def _client(
    spot: Spot, client: ClientConfig, source: FencedSource, visible: set[str]
) -> Iterator[Look]:
    name = spot.connection.name
    slices = source.slices(Scope(client.key, client.scopes[name]))
    for property in dict.fromkeys(part.property for part in slices):
        what = f"property {property}"
        if property not in visible:
            yield spot.fault(what, f"{spot.account} does not see it", _let_in(spot, client))
            return
        described = asked(partial(source.describe, property))
        if isinstance(described, AdapterError):
            yield spot.failed(what, described)
            return
        yield spot.found(what, property_words(described, client.zone))
    yield from _reports(spot, client, source)
    for property in dict.fromkeys(part.property for part in slices):
        yield from _quotas(spot, source, property)


def _quotas(spot: Spot, source: FencedSource, property: str) -> Iterator[Look]:
    found = asked(partial(source.quotas, property))
    if isinstance(found, AdapterError):
        yield spot.failed("quota", found)
        return
    for quota in found:
        yield spot.quota(quota)


def _reports(spot: Spot, client: ClientConfig, source: FencedSource) -> Iterator[Look]:
    measuring = client.measuring[spot.connection.name]
    slices = source.slices(Scope(client.key, client.scopes[spot.connection.name]))
    for what, where, ask in asks(measuring, slices, source.now()):
        misfits = asked(partial(source.misfits, ask))
        if isinstance(misfits, AdapterError):
            yield spot.failed(what, misfits)
            if isinstance(misfits, ENDS):
                return
        elif misfits:
            yield spot.fault(what, "; ".join(misfits), f"correct it at {where}")
        else:
            yield spot.found(what, "can be asked for")


def _let_in(spot: Spot, client: ClientConfig) -> str:
    system, name = spot.connection.adapter, spot.connection.name
    where = f"{client.key}'s scope in {name} ({client.source})"
    return f"let {spot.account} see it in {system}, or correct the property in {where}"


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
