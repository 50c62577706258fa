"""Boards and projects that come into a client's scope later: what they hold is old stock as well.

Somebody adds a board to the scope, or moves one into the workspace: it is years old, and nobody
wants it made anew in every other tool because of that. What people begin after that is new.
"""

from datetime import timedelta
from typing import Final

from syncer.engine.context import Context
from syncer.engine.sites import Site
from syncer.model.contact import Place
from syncer.model.records import Link
from syncer.model.remote import RemoteRecord

_UNSEEN: Final = timedelta(hours=1)
"""How long a new place may stay unnoticed beside the age that a list of places may have."""


class Places:
    """What one cycle knows of the places that things are in.

    ``late`` are things that came into the scope in this cycle together with their old place.

    Args:
        known: things that were looked at before, and wait or waited for somebody to say something.
    """

    def __init__(self, ctx: Context, known: frozenset[Place]) -> None:
        self._ctx = ctx
        self._before = known
        self._known: dict[Place, Link | None] = {}
        self.late: set[Place] = set()

    def held(self, site: Site, record: RemoteRecord) -> bool:
        """Whether a thing is such a place, or was in one when that came into the scope."""
        key = (site.connection, record.object, record.id)
        if self._is_place(site, record):
            if key not in self._before and self._came_late(site, record):
                self.late.add(key)
            return key in self.late
        inside = site.catalogue.objects[record.object].inside
        if inside is None or record.container is None:
            return False
        place = (site.connection, inside, record.container)
        if place in self.late:
            self.late.add(key)
            return True
        return self._was_inside(place, record)

    def _is_place(self, site: Site, record: RemoteRecord) -> bool:
        return any(info.inside == record.object for info in site.catalogue.objects.values())

    def _came_late(self, site: Site, record: RemoteRecord) -> bool:
        """Whether it was made long before the last good cycle, which did not know it yet."""
        last = self._ctx.store.client(self._ctx.client.key).last_ok_at
        if last is None or record.created_at is None:
            return False
        unseen = self._ctx.config.intervals.scopes + _UNSEEN
        return record.created_at < last + site.ahead - unseen

    def _was_inside(self, place: Place, record: RemoteRecord) -> bool:
        """Whether a thing is older than the day on which its place, itself old stock, was met."""
        if place not in self._known:
            self._known[place] = self._ctx.store.links(self._ctx.client.key, [place]).get(place)
        link = self._known[place]
        if link is None or not link.stock or link.linked_at is None or record.created_at is None:
            return False
        return record.created_at <= link.linked_at
