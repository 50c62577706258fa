"""Whereabouts of a thing that has no record: a system is asked what it is, and why it has none."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from syncer.adapterkit.addresses import Spot
from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.errors import AdapterError
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.index import Index
from syncer.engine.parking import thing_key
from syncer.engine.record import title_of
from syncer.engine.sites import Site, open_site
from syncer.model.entities import ARCHIVED
from syncer.model.mapping import EntityMapping
from syncer.model.records import Hold, Link, Parked
from syncer.model.remote import RemoteRecord
from syncer.reconcile.translate import view

Place = tuple[str, str, str]
"""(connection, object, remote id)."""


class Whereabouts(Struct, frozen=True):
    """What one client's system says of a thing.

    Args:
        link: its link, where it is linked after all: its address holds another id.
        words: why it has no record, in a sentence; empty where this system does not show it.
        sure: whether nobody else need be asked.
    """

    link: Link | None = None
    words: str = ""
    sure: bool = False


def kept_of(place: Place, holds: Sequence[Hold], parked: Sequence[Parked]) -> Iterator[str]:
    """What the state says of a thing without a record: that it is held, or cannot be read."""
    for hold in holds:
        if (hold.connection, hold.object, hold.remote_id) == place:
            yield f"it is held for a person: {hold.reason}"
    for one in parked:
        if one.key == thing_key(place):
            yield f"it cannot be read and is tried again: {one.reason}"


def look(ctx: Context, adapters: Mapping[str, Adapter], connection: str, spot: Spot) -> Whereabouts:
    """Ask one system, as one client sees it, what an address shows. Nothing is written."""
    try:
        site = open_site(ctx, connection, adapters[connection])
        mapping = site.mapping.by_object(spot.object)
        if mapping is None:
            return Whereabouts(words=f"no mapping of {connection} has a place for {spot.object}s")
        request = site.request({}, full=False)
        found = list(site.adapter.fetch(spot.object, [spot.id], request))
    except AdapterError as error:
        return Whereabouts(words=f"{connection} could not be asked about it: {error}")
    return _said(ctx, site, mapping, found[0]) if found else Whereabouts()


def _said(ctx: Context, site: Site, mapping: EntityMapping, record: RemoteRecord) -> Whereabouts:
    place = (site.connection, record.object, record.id)
    link = ctx.store.links(ctx.client.key, [place]).get(place)
    if link is not None:
        return Whereabouts(link=link, sure=True)
    title = title_of(ctx, site.connection, record) or record.id
    name = f'{site.connection} shows it as {record.object} "{title}"'
    client = ctx.client.key
    kept = list(kept_of(place, ctx.store.holds(client), ctx.store.parked(client)))
    if kept:
        return Whereabouts(words=f"{name}; {'; '.join(kept)}", sure=True)
    if not _in_place(site, record, title):
        return Whereabouts(words=f"{name}, in a place that is not in the scope of {client}")
    return Whereabouts(words=f"{name}; {_why_not(ctx, site, mapping, record)}", sure=True)


def _in_place(site: Site, record: RemoteRecord, title: str) -> bool:
    """Whether it is in, or is, one of the places of the client, where its kind has places."""
    containers = site.catalogue.containers
    if any(each.inside == record.object for each in site.catalogue.objects.values()):
        return record.id in containers or title in containers.values()
    return record.container is None or record.container in containers


def _why_not(ctx: Context, site: Site, mapping: EntityMapping, record: RemoteRecord) -> str:
    """Why a thing that is in a client's place has no record."""
    client = ctx.client.key
    if record.existence == ARCHIVED:
        return f"it is archived, and what is archived is not taken in for {client}"
    bindings = site.bindings(ctx, mapping.entity, record.container)
    lookup = Index(ctx.store, client).lookup(site, ctx)
    try:
        shown = view(
            record, site.connection, mapping, bindings, lookup, ctx.scope_context,
            site.info(mapping),
        )  # fmt: skip
    except ValueError as error:
        return f"whether it is in the scope of {client} cannot be told: {error}"
    if not shown.in_scope:
        where = mapping.when.source if mapping.when else mapping.source
        return (
            f"it is out of the scope of {client}: the `when` of its mapping is not true ({where})"
        )
    contacts = Contacts(ctx)
    old = contacts.is_stock(site, record)
    if old and not contacts.takes_part(site, shown, record.modified_at):
        return f"it is old stock that `first_contact` leaves out for {client}, until it is touched"
    return f"it is in the scope of {client} and new: the next run takes it in"
