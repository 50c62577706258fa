"""Parked work whose next try is due: its things are read again, as if they were told of now."""

from collections.abc import Mapping

from msgspec import Struct, field

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.parking import CASE, THING
from syncer.engine.pull import Pulled
from syncer.engine.reread import Place, reread
from syncer.engine.sites import Site
from syncer.model.records import Parked


class Due(Struct):
    """What is tried again in this cycle.

    ``records`` are parked records, ``things`` parked things without one, by their keys;
    ``unread`` could not be read again, with the reason.
    """

    records: set[str] = field(default_factory=set)
    things: dict[str, Place] = field(default_factory=dict)
    unread: dict[Place, AdapterError] = field(default_factory=dict)
    unread_records: dict[str, str] = field(default_factory=dict)


def read_due(ctx: Context, sites: Mapping[str, Site], pulls: Mapping[str, Pulled]) -> Due:
    """Read what is due again and add it to what was pulled."""
    parked = [p for p in ctx.store.parked(ctx.client.key) if p.next_try <= ctx.now]
    due = Due()
    places: dict[Place, str | None] = {}
    records = [p.record for p in parked if p.record is not None and p.key.startswith(CASE)]
    links = ctx.store.links_of(records)
    for record in records:
        mapped = [k for k in links.get(record, ()) if k.connection in ctx.client.mappings]
        # With one of its systems down it cannot be known what is wrong with it.
        if all(link.connection in sites for link in mapped):
            due.records.add(record)
            places |= {link.key: record for link in mapped}
    for one in parked:
        if one.key.startswith(THING):
            due.things[one.key] = _place(one)
            places[_place(one)] = None
    wanted: dict[tuple[str, str], list[str]] = {}
    for connection, object_name, remote_id in places:
        told = pulls[connection].records if connection in pulls else {}
        if (object_name, remote_id) not in told:
            wanted.setdefault((connection, object_name), []).append(remote_id)
    for site, found in reread(sites, wanted, due.unread):
        pulls[site.connection].records[(found.object, found.id)] = found
    for place, error in due.unread.items():
        record_id = places[place]
        if record_id is not None:
            due.unread_records[record_id] = str(error)
    return due


def _place(parked: Parked) -> Place:
    told = parked.detail
    return (parked.connection, str(told.get("object")), str(told.get("id")))
