"""Confidential fields are written only where nobody but the agency can read: looked at live."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.readers import Readers
from syncer.engine.sites import Site
from syncer.model.comments import Thread
from syncer.model.decisions import Action, Inexpressible
from syncer.model.remote import Op

NOT_YET = "it is confidential, and who can read there is known once it is there"


def withhold(
    ctx: Context, sites: Mapping[str, Site], actions: list[Action]
) -> tuple[list[Action], list[Inexpressible], set[str]]:
    """Actions without what others could read.

    Returns them with what is left out and why, and the ids of records to look at again: a place
    that has yet to be made cannot be looked at.
    """
    secret = ctx.config.ownership.confidential
    touched = [any(write.field in secret for write in a.writes) for a in actions]
    if not any(touched):
        return actions, [], set()
    readers = Readers(sites)
    places = [_place(sites[a.connection], a) for a in actions]
    asked = zip(actions, touched, places, strict=True)
    readers.look((a.connection, place) for a, hit, place in asked if hit and place is not None)
    kept: list[Action] = []
    notes: list[Inexpressible] = []
    again: set[str] = set()
    for action, hit, place in zip(actions, touched, places, strict=True):
        why = _why(readers, action, place) if hit else ""
        if not why:
            kept.append(action)
            continue
        again |= {action.record} if place is None else set()
        notes += _left_out(action, secret, why)
        rest = tuple(write for write in action.writes if write.field not in secret)
        if rest or action.op is not Op.UPDATE:
            kept.append(replace(action, writes=rest))
    return kept, notes, again


def _why(readers: Readers, action: Action, place: Thread | None) -> str:
    return readers.why_closed(action.connection, place) if place else NOT_YET


def _place(site: Site, action: Action) -> Thread | None:
    """Where a write would be read: the thing itself, or the board or project it is made in."""
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
