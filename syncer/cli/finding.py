"""Which record somebody means: by id, title, a system's id, or an address from a browser."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from syncer.cli.exits import Exit, Fault
from syncer.cli.work import title_of

if TYPE_CHECKING:
    from syncer.adapterkit.addresses import Address, Spot
    from syncer.model.configuration import Configuration
    from syncer.model.records import Link, Record
    from syncer.state import Store

_ID = re.compile(r"[0-9A-Za-z]{6,}")
_PROPERTY = "property"
_CLIENT = "client"


def record_of(config: "Configuration", store: "Store", what: str, client: str | None) -> "Record":
    """The one record that is meant.

    An address from a browser means the very thing that it shows: if that has no record, its
    system is asked why. Raises :class:`Fault` where none, or several, can be meant.
    """
    from syncer.adapterkit.addresses import pasted

    address = pasted(what)
    spots = list(_spots(config, address)) if address is not None else []
    if spots:
        found = _shown(config, store, spots, client)
        return _one(
            config, store, what.strip(), found or [_elsewhere(config, store, spots, client)]
        )
    readings = _readings(what.strip(), address)
    found = next(filter(None, (store.resolve(ref, client) for ref in readings)), [])
    if not found:
        raise Fault(f'nothing is known of "{what}"', Exit.CONFIGURATION)
    return _one(config, store, what, found)


def _one(config: "Configuration", store: "Store", what: str, found: "Sequence[Record]") -> "Record":
    if len(found) == 1:
        return found[0]
    lines = [f'  {r.id}  {r.client}  {r.entity} "{title_of(config, store, r.id)}"' for r in found]
    text = f'"{what}" can mean {len(found)} records; write more of it'
    raise Fault(text, Exit.CONFIGURATION, lines)


def _spots(config: "Configuration", address: "Address") -> "Iterator[tuple[str, Spot]]":
    """What an address shows, by each connection to its system."""
    from syncer.adapterkit.registry import adapter_spec

    for name, connection in sorted(config.connections.items()):
        for spot in adapter_spec(connection.adapter).addresses(address):
            yield name, spot


def _shown(
    config: "Configuration", store: "Store", spots: "Sequence[tuple[str, Spot]]", client: str | None
) -> "list[Record]":
    """The records of these things, as far as the state knows."""
    links = [link for name, spot in spots for link in _links(store, name, spot, client)]
    ids = {link.record for link in links}
    for name, spot in spots:
        if spot.object == _PROPERTY:
            ids |= _measured(config, store, name, spot.id, client)
    return sorted(store.records(ids).values(), key=lambda record: (record.client, record.id))


def _links(store: "Store", name: str, spot: "Spot", client: str | None) -> "Iterator[Link]":
    for link in store.links_at(name, spot.object, spot.id, spot.url, client):
        # Ids of another account of the same system say nothing about ours.
        if not (spot.account and link.url) or spot.account in link.url:
            yield link


def _measured(
    config: "Configuration", store: "Store", name: str, property: str, client: str | None
) -> set[str]:
    """The clients whose results are counted in a property."""
    found = set()
    for key, one in config.clients.items():
        scope = one.scopes.get(name)
        if client in (None, key) and getattr(scope, _PROPERTY, None) == property:
            found |= set(store.record_ids(key, _CLIENT))
    return found


def _elsewhere(
    config: "Configuration", store: "Store", spots: "Sequence[tuple[str, Spot]]", client: str | None
) -> "Record":
    """The record of a thing whose address holds another id; else why it has none."""
    from syncer.adapterkit.redact import clean
    from syncer.engine.onlooker import Onlooker
    from syncer.engine.whereabouts import look

    lines: list[str] = []
    with Onlooker(config, store) as onlooker:
        for name, spot in spots:
            for key in sorted(config.clients):
                if client not in (None, key) or name not in config.clients[key].mappings:
                    continue
                ctx = onlooker.context(key, full=False)
                said = look(ctx, onlooker.adapters(key), name, spot)
                if said.link is not None:
                    return store.records([said.link.record])[said.link.record]
                lines = [said.words] if said.sure else [*lines, said.words]
                if said.sure:
                    raise _no_record(spots, lines)
    raise _no_record(spots, [clean(text) for text in dict.fromkeys(filter(None, lines))])


def _no_record(spots: "Sequence[tuple[str, Spot]]", lines: Sequence[str]) -> Fault:
    name, spot = spots[0]
    text = f"the {spot.object} at that address has no record here"
    if spot.object == _PROPERTY:
        lines = [f"no client that was synced has the property {spot.id} in its scope in {name}"]
    none = f"{name} does not show it to the account of the service, in the scope of any client"
    return Fault(text, Exit.CONFIGURATION, [f"  {line}" for line in lines or [none]])


def _readings(what: str, address: "Address | None") -> Iterator[str]:
    """What was written, and the forms in which another system's address may be known.

    Addresses carry names, queries and places around the id: each part may be the id itself.
    """
    yield what
    if address is not None:
        start = what.strip("<>").partition("?")[0].partition("#")[0].rstrip("/")
        parts = start.split("/")
        yield from ("/".join(parts[:end]) for end in range(len(parts), 3, -1))
        yield from (part for part in reversed(address.parts) if _ID.fullmatch(part))
