"""Boards and projects that are not in the client's scope any more, with all that is in them.

No feed tells of it: somebody edited the scope in ``sync.yaml``, or moved the board elsewhere. It
is looked for when the set of places in the scope changed, and they are asked for by name: what
is still there, and not archived, was moved out. What was deleted or is hidden is another matter.
"""

import hashlib

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.pulled import MOST_LOOKED_UP, Pulled
from syncer.engine.raws import RemoteKey
from syncer.engine.reread import REFUSED, Place, reread
from syncer.engine.sites import Site
from syncer.model.entities import PRESENT
from syncer.model.remote import Gone, RemoteRecord
from syncer.state.writing import Transaction


def find_outside(ctx: Context, site: Site, pulled: Pulled) -> None:
    """Note as moved what is linked in places that are not in the scope any more.

    Raises the adapter's errors.
    """
    mark = _mark(site)
    if not site.catalogue.containers or ctx.store.meta(_key(ctx, site.connection)) == mark:
        return
    pulled.places = mark
    for info in site.catalogue.objects.values():
        if info.inside is not None:
            _of_object(ctx, site, pulled, info.name, info.inside)


def remember_places(ctx: Context, tx: Transaction, pulled: Pulled) -> None:
    """Note, with the cursors, which places are in the scope now."""
    if pulled.places:
        tx.put_meta(_key(ctx, pulled.connection), pulled.places)


def _of_object(ctx: Context, site: Site, pulled: Pulled, name: str, place: str) -> None:
    linked = ctx.store.linked_places(ctx.client.key, site.connection, name)
    linked |= ctx.store.linked_ids(ctx.client.key, site.connection, place)
    lacking = sorted(linked - site.catalogue.containers.keys())
    moved = [r.id for r in _there(site, place, lacking) if r.existence == PRESENT]
    if moved and len(lacking) > MOST_LOOKED_UP:
        pulled.places = ""  # the next cycle asks for the rest
    for container in moved:
        _gone(pulled, (place, container))
        inside = ctx.store.linked_ids(ctx.client.key, site.connection, name, container)
        new = sorted(id for id in inside if (name, id) not in pulled.records)
        # Very many are for the guard, and for a person; what is elsewhere too is met again there.
        found = {r.id: r for r in _there(site, name, new)} if len(new) <= MOST_LOOKED_UP else {}
        for id in new:
            record = found.get(id)
            if record is not None and record.container in site.catalogue.containers:
                pulled.records[(name, id)] = record
            elif record is not None or not found:
                _gone(pulled, (name, id))


def _gone(pulled: Pulled, key: RemoteKey) -> None:
    pulled.records.pop(key, None)
    pulled.gone[key] = Gone(*key, moved=True)


def _there(site: Site, object_name: str, ids: list[str]) -> list[RemoteRecord]:
    """What can be read of these; of what is hidden or gone nothing is said here."""
    unread: dict[Place, AdapterError] = {}
    wanted = {(site.connection, object_name): ids[:MOST_LOOKED_UP]}
    found = [record for _, record in reread({site.connection: site}, wanted, unread)]
    for error in unread.values():
        if not isinstance(error, REFUSED):
            raise error
    return found


def _key(ctx: Context, connection: str) -> str:
    return f"places:{ctx.client.key}:{connection}"


def _mark(site: Site) -> str:
    return hashlib.sha256("\0".join(sorted(site.catalogue.containers)).encode()).hexdigest()[:16]
