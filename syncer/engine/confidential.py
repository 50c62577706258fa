"""Confidential fields are written only where nobody but the agency can read: looked at live."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.readers import Readers
from syncer.engine.sites import Site
from syncer.model.comments import Thread
from syncer.model.decisions import Action, Inexpressible
from syncer.model.remote import Op


def withhold(
    ctx: Context, sites: Mapping[str, Site], actions: list[Action], readers: Readers | None = None
) -> tuple[list[Action], list[Inexpressible]]:
    """Actions without what others could read, and what is left out, with the reason.

    Of a thing whose place has yet to be made nothing is left out: what is confidential is not
    sent with it (see :func:`place`), but once it is there and was looked at. ``readers`` know who
    can read in places that were looked at before.
    """
    secret = ctx.config.ownership.confidential
    places = [
        place(sites[a.connection], a) if any(w.field in secret for w in a.writes) else None
        for a in actions
    ]
    readers = readers or Readers(sites)
    asked = zip(actions, places, strict=True)
    readers.look((action.connection, where) for action, where in asked if where is not None)
    kept: list[Action] = []
    notes: list[Inexpressible] = []
    for action, where in zip(actions, places, strict=True):
        why = readers.why_closed(action.connection, where) if where is not None else ""
        if not why:
            kept.append(action)
            continue
        notes += _left_out(action, secret, why)
        rest = tuple(write for write in action.writes if write.field not in secret)
        if rest or action.op is not Op.UPDATE:
            kept.append(replace(action, writes=rest))
    return kept, notes


def place(site: Site, action: Action) -> Thread | None:
    """Where a write would be read: the thing itself, or the board or project it is made in.

    None where that is not there yet, so that nobody can say who will read there.
    """
    if action.remote_id is not None:
        return Thread(action.object, action.remote_id, action.container)
    inside = next(
        (i.inside for i in site.catalogue.objects.values() if i.name == action.object), None
    )
    if inside is not None and action.container is not None:
        return Thread(inside, action.container)
    return None


def _left_out(action: Action, secret: frozenset[str], why: str) -> Iterator[Inexpressible]:
    for write in action.writes:
        if write.field in secret:
            yield Inexpressible(action.record, action.title, action.connection, write.field, why)
