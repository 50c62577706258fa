"""Things that were held before and are looked at again: what is new now may settle them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec import Struct, field

from syncer.adapterkit.errors import AdapterError
from syncer.engine.cases import Gathered
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.pull import Pulled
from syncer.engine.reread import REFUSED, Place, reread
from syncer.engine.sites import Site
from syncer.model.contact import Side
from syncer.model.records import Hold
from syncer.reconcile.history import SKEW
from syncer.reconcile.names import folded
from syncer.reconcile.near import Like, nearly_same

MATCH = "match"
ORPHAN = "orphan"
"""Kinds of hold: unsure which record a thing is; sure, but what it is in is not known."""


def hold_key(place: Place) -> str:
    """The key of the hold about a thing."""
    return "match:" + ":".join(place)


class Recalled(Struct):
    """What was looked at again: it is settled, unless it is held anew or ``unsure`` still."""

    settled: set[str] = field(default_factory=set)
    unsure: set[Place] = field(default_factory=set)


@dataclass
class Recall:
    """One look at what is held; adds what is there to ``gathered.unlinked``.

    ``partial``: a system is down, and what made a match unsure may be there: it stays unsure.
    """

    ctx: Context
    sites: Mapping[str, Site]
    pulls: Mapping[str, Pulled]
    gathered: Gathered
    contacts: Contacts
    partial: bool

    def __post_init__(self) -> None:
        holds = (h for h in self.ctx.store.holds(self.ctx.client.key) if h.kind in (MATCH, ORPHAN))
        self.held: dict[Place, Hold] = {
            (h.connection, h.object, h.remote_id): h
            for h in holds
            if h.connection and h.connection in self.sites and h.object and h.remote_id
        }
        self.near: dict[Place, dict[Place, Side]] = {}
        for one in self.contacts.candidates.values():
            for side, other in ((one.left, one.right), (one.right, one.left)):
                self.near.setdefault(side.place, {})[other.place] = other
                if side.place in self.held:
                    self.near[side.place].setdefault(side.place, side)

    @property
    def due(self) -> bool:
        """Whether somebody said of something held what it is, or it is there no more."""
        return not (self._said() | self._gone()).isdisjoint(self.held)

    def run(self) -> Recalled:
        """Look again at what may be settled now, and at all that may be the same as that."""
        found = Recalled()
        there = set(self.gathered.unlinked.places()) if self.held else set[Place]()
        chosen = self._with_neighbours(self._chosen(there))
        if self.partial:
            found.unsure |= chosen
        found.settled |= {hold_key(place) for place in chosen}
        wanted: dict[tuple[str, str], list[str]] = {}
        for connection, object_name, id in sorted(chosen - there - found.unsure - self._gone()):
            wanted.setdefault((connection, object_name), []).append(id)
        self._read(wanted, chosen, found)
        found.settled -= {hold_key(place) for place in found.unsure}
        return found

    def _chosen(self, there: set[Place]) -> set[Place]:
        """What is held and was told of, or is about something that was; or was spoken of."""
        touched = there | self._told() | self._said()
        alike = self._alike(there)
        chosen = {
            place
            for place, hold in self.held.items()
            if place in touched
            or place in alike
            or touched & self.near.get(place, {}).keys()
            # An answer that was lost, and a condition, are asked about each time.
            or (hold.field is None and place not in self.near)
        }
        moving = self._moving(chosen)
        return chosen | {p for p, hold in self.held.items() if self._waits_for(p, hold) in moving}

    def _moving(self, chosen: set[Place]) -> set[str]:
        """Entities of which something is new, was told of, or is looked at again."""
        cases = self.gathered.cases.values()
        told = {c.record.entity for c in cases if any(t.fresh for t in c.twins.values())}
        found = (self.sites[place[0]].mapping.by_object(place[1]) for place in chosen)
        told |= self.gathered.echoes
        return {
            *self.gathered.unlinked,
            *told,
            *(m.entity for m in found if m is not None),
        }

    def _waits_for(self, place: Place, hold: Hold) -> str | None:
        """The entity of what a held thing is in, where that is not known yet."""
        mapping = self.sites[place[0]].mapping.by_object(place[1])
        if mapping is None or hold.field is None:
            return None
        spec = self.ctx.config.schema[mapping.entity].fields.get(hold.field)
        return spec.type.target if spec else None

    def _told(self) -> set[Place]:
        cases = self.gathered.cases.values()
        twins = (t for case in cases for t in case.twins.values() if t.fresh or t.ended or t.joined)
        return {twin.link.key for twin in twins} | self._gone()

    def _said(self) -> set[Place]:
        """Of what somebody spoke since the last good cycle: what was said before was seen then."""
        last = self.ctx.store.client(self.ctx.client.key).last_ok_at
        pairs = (
            one.pair
            for one in self.contacts.candidates.values()
            if one.decided_at is not None and (last is None or one.decided_at >= last - SKEW)
        )
        return {place for pair in pairs for place in pair}

    def _gone(self) -> set[Place]:
        return {(name, *key) for name, pulled in self.pulls.items() for key in pulled.gone}

    def _alike(self, there: set[Place]) -> set[Place]:
        """What is held and called nearly like something new."""
        likes = [
            _like(place, side.title, "held")
            for place in self.held
            if place not in there and (side := self.near.get(place, {}).get(place))
        ]
        if likes:
            likes += self._titled(there - self.held.keys())
        return {place for one, other, _ in nearly_same(likes) for place in (one, other)}

    def _titled(self, places: set[Place]) -> Iterable[Like[Place]]:
        for entity in self.gathered.unlinked:
            name = self.ctx.config.schema[entity].title
            for site, record in self.gathered.unlinked.of(entity):
                place = (site.connection, record.object, record.id)
                bound = site.bindings(self.ctx, entity, record.container).get(name)
                title = record.fields.get(bound.info.id) if bound else None
                if place in places and isinstance(title, str):
                    yield _like(place, title, "new")

    def _with_neighbours(self, chosen: set[Place]) -> set[Place]:
        """All that hangs together by what may be one: it is settled together or not at all."""
        found, left = set(chosen), list(chosen)
        while left:
            for place in self.near.get(left.pop(), {}):
                if place in self.held and place not in found:
                    found.add(place)
                    left.append(place)
        return found

    def _read(
        self, wanted: Mapping[tuple[str, str], list[str]], chosen: set[Place], found: Recalled
    ) -> None:
        keys = [(*place, id) for place, ids in wanted.items() for id in ids]
        linked = self.ctx.store.links(self.ctx.client.key, keys)
        free = {
            place: [id for id in ids if (*place, id) not in linked] for place, ids in wanted.items()
        }
        unread: dict[Place, AdapterError] = {}
        for site, record in reread(self.sites, free, unread):
            mapping = site.mapping.by_object(record.object)
            if mapping is not None:
                self.gathered.unlinked.add(mapping.entity, site, record)
        # What could not be read again is not settled, nor is what it made unsure.
        found.unsure |= unread.keys()
        if not all(isinstance(error, REFUSED) for error in unread.values()):
            found.unsure |= chosen


def _like(place: Place, title: str, side: str) -> Like[Place]:
    return Like(place, (("", folded(title)),), frozenset({side}), asks=True)
