"""Candidates: pairs of things that may be one, as people are shown them and as they are kept."""

from collections.abc import Iterable, Mapping, Sequence

from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.recalling import hold_key
from syncer.engine.sites import Site
from syncer.model.contact import Candidate, Decision, Place, Side
from syncer.model.decisions import View
from syncer.model.records import Link, Record
from syncer.reconcile.match import Doubt


class Pairs:
    """The candidates of one cycle: those found in it, and those that are none any more."""

    def __init__(self, ctx: Context, sites: Mapping[str, Site], contacts: Contacts) -> None:
        self.ctx = ctx
        self.sites = sites
        self.contacts = contacts
        self.found: dict[str, Candidate] = {}
        self.ended: set[str] = set()
        self._looked: set[Place] = set()
        self._known: dict[Place, tuple[Record, Link]] = {}

    def looked(self, place: Place) -> None:
        """A thing without a record was read as it is now."""
        if self.contacts.candidates:
            self._looked.add(place)

    def known(self, record: Record, links: Iterable[Link]) -> None:
        """A record that something may be."""
        self._known |= {link.key: (record, link) for link in links}

    def doubt(self, entity: str, views: Iterable[View], doubts: Sequence[Doubt]) -> None:
        """What may be one, with what people know it by."""
        shown = {view.key: view for view in views}
        for doubt in doubts:
            sides = sorted({doubt.view.key, doubt.other})
            left, right = (self._side(entity, place, shown) for place in sides)
            one = Candidate(
                client=self.ctx.client.key,
                entity=entity,
                left=left,
                right=right,
                score=doubt.score,
                reason=doubt.reason,
                since=self.ctx.now,
            )
            before = self.contacts.candidates.get(one.id)
            if before is None or before.decision is Decision.OPEN:
                self.found[one.id] = one

    def _side(self, entity: str, place: Place, shown: Mapping[Place, View]) -> Side:
        title = self.ctx.config.schema[entity].title
        if place in shown:
            view = shown[place]
            reading = view.fields[title].reading.value if title in view.fields else None
            return Side(place, str(reading or ""), self._where(place, view.container), view.url)
        record, link = self._known[place]
        name = str(record.value(title) or "")
        return Side(place, name, self._where(place, link.container), link.url)

    def _where(self, place: Place, container: str | None) -> str:
        site = self.sites.get(place[0])
        return site.catalogue.containers.get(container or "", "") if site else ""

    def end(self, settled: set[str], unsure: set[Place]) -> None:
        """What was looked at, or settled, and may be nothing else any more."""
        for id, one in self.contacts.candidates.items():
            over = any(place in self._looked or hold_key(place) in settled for place in one.pair)
            if over and id not in self.found and not one.pair & unsure:
                self.ended.add(id)
        kept = {id: o for id, o in self.contacts.candidates.items() if id not in self.ended}
        self.contacts.still_open([*kept.values(), *self.found.values()])

    @property
    def waiting(self) -> int:
        """How many pairs wait for a person after this cycle."""
        kept = {id: o for id, o in self.contacts.candidates.items() if id not in self.ended}
        return sum(o.decision is Decision.OPEN for o in (kept | self.found).values())
