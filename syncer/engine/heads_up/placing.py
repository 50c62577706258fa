"""Placing: which of the places that would do is open, so that only the agency reads there."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.heads_up.errands import Errand
from syncer.engine.heads_up.readers import Readers
from syncer.engine.heads_up.refusals import Refusals
from syncer.engine.heads_up.spots import Spot
from syncer.engine.sites import Site
from syncer.model.comments import Thread

log = structlog.get_logger()

NO_ITEM = "the item kept there for heads-ups cannot be had"
NOWHERE = "there is no place where they could be told"

Placed = dict[tuple[str, Thread], list[Errand]]
"""Connection and thread to what is told there."""


class Placer:
    """Finds a thread for each errand of one cycle."""

    def __init__(self, ctx: Context, sites: Mapping[str, Site], refusals: Refusals) -> None:
        self.ctx = ctx
        self.sites = sites
        self.refusals = refusals
        self.readers = Readers(sites)

    def placed(self, errands: Sequence[Errand]) -> tuple[Placed, list[tuple[Errand, str]]]:
        """Errands by the thread in which they are told, and those that no place is open for.

        It is the first in which only the agency can read, and that refused nothing of late.
        """
        self.readers.look((e.spots[0].connection, e.spots[0].thread) for e in errands if e.spots)
        placed: Placed = defaultdict(list)
        left: list[tuple[Errand, str]] = []
        for errand in errands:
            why = ""
            for spot in errand.spots:
                thread, why = self._open(spot)
                if thread is not None:
                    placed[(spot.connection, thread)].append(errand)
                    break
            else:
                left.append((errand, why or NOWHERE))
        return placed, left

    def _open(self, spot: Spot) -> tuple[Thread | None, str]:
        """The thread of a place where something can be said, or why nothing can."""
        if why := self.readers.why_closed(spot.connection, spot.thread):
            return None, why
        thread = self._thread(spot)
        why = self.refusals.why(spot.connection, thread) if thread else NO_ITEM
        return (None if why else thread), why

    def _thread(self, spot: Spot) -> Thread | None:
        """The thread of a place; the kept item of a board or project is made when first needed."""
        if spot.item_of is None:
            return spot.thread
        known = self.ctx.store.rooms(self.ctx.client.key, spot.connection).get(spot.item_of)
        return known or self._room(spot, spot.item_of)

    def _room(self, spot: Spot, container: str) -> Thread | None:
        site = self.sites[spot.connection]
        assert site.commenter is not None, "a spot is where somebody can be spoken with"
        try:
            self.ctx.boundary("write.before")
            thread = site.commenter.heads_up_item(container, site.catalogue)
            self.ctx.boundary("write.after")
        except AdapterError as error:
            log.warning("heads_up.no_item", connection=spot.connection, reason=str(error))
            return None
        if thread is not None:
            with self.ctx.store.transaction() as tx:
                tx.put_room(self.ctx.client.key, spot.connection, container, thread)
        return thread
