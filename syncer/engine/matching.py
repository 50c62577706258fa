"""Match: give every unlinked thing a record, from the top down, or hold it for a person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import structlog

from syncer.engine.blocks import Blocks, Marks
from syncer.engine.cases import Case, Fault, Gathered, Twin, load_cases, told
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.newcomers import Newcomers, as_shown
from syncer.engine.pairs import Pairs
from syncer.engine.placing import held, perhaps_ours, unplaced
from syncer.engine.pull import Pulled
from syncer.engine.recalling import MATCH, ORPHAN, Recall
from syncer.engine.reread import Place
from syncer.engine.sites import Site
from syncer.model.contact import FirstContact
from syncer.model.decisions import View
from syncer.model.entities import ARCHIVED
from syncer.model.records import Hold, Intent, Link, Record
from syncer.model.remote import Op, RemoteRecord
from syncer.reconcile.match import Doubt, Group, Known, Said, match
from syncer.reconcile.reach import Reach, reach
from syncer.reconcile.translate import view

log = structlog.get_logger()


class Matcher:
    """One pass over the unlinked things of a cycle; fills ``gathered.cases`` with new twins.

    Args:
        newcomers: where new records wait for their turn; else they are cases at once.
    """

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        pulls: Mapping[str, Pulled],
        gathered: Gathered,
        contacts: Contacts,
        newcomers: Newcomers | None = None,
    ) -> None:
        self.ctx = ctx
        self.newcomers = newcomers
        self.sites = sites
        self.pulls = pulls
        self.gathered = gathered
        self.contacts = contacts
        self.pairs = Pairs(ctx, sites, contacts)
        self.holds: dict[str, Hold] = {}
        self.settled: set[str] = set()
        self.unsure: set[Place] = set()
        self.creates: dict[tuple[str, str], list[Intent]] = {}
        self.stock, self.out, self.alone, self.left = (set[Place]() for _ in range(4))
        self._sets = (self.stock, self.out, self.alone)
        self.matched = 0
        self._scope = ctx.scope_context

    def run(self) -> None:
        """Match entity by entity, lowest level first, so that references resolve."""
        twins = (t for case in self.gathered.cases.values() for t in case.twins.values())
        news = self.gathered.echoes or any(twin.fresh for twin in twins)
        # With a system down, what made a match unsure may be there: it stays unsure.
        partial = not self.ctx.client.mappings.keys() <= self.sites.keys()
        parts = (self.ctx, self.sites, self.pulls, self.gathered, self.contacts)
        recall = Recall(*parts, partial)
        if self.gathered.unlinked or news or recall.due:
            for intent in self.ctx.store.intents(self.ctx.client.key):
                if intent.op is Op.CREATE:
                    self.creates.setdefault((intent.connection, intent.object), []).append(intent)
            recalled = recall.run()
            self.settled, self.unsure = recalled.settled, recalled.unsure
            schema = self.ctx.config.schema
            for entity in sorted(self.gathered.unlinked, key=lambda name: schema[name].level):
                self._entity(entity)
        self.pairs.end(self.settled, self.unsure)

    def forget(self) -> None:
        """Keep nothing of what was matched: the next cycle finds it again."""
        self.holds.clear()
        self.settled.clear()
        self.pairs.found.clear()
        self.pairs.ended.clear()

    def _entity(self, entity: str) -> None:
        title = self.ctx.config.schema[entity].title
        room = None if self.newcomers is None else self.ctx.spool
        blocks = Blocks(title, room)
        for site, record in self.gathered.unlinked.of(entity):
            shown = self._view(entity, site, record)
            if shown is None or shown.key in self.unsure:
                continue
            self.pairs.looked(shown.key)
            if not shown.in_scope or shown.existence == ARCHIVED:
                continue
            self._stock(entity, site, record, shown)
            if self._placed(site, record, shown):
                blocks.add(shown, self._marks(shown.key))
        # What is known already may be called anything, and so may what a person called the same.
        together = bool(blocks) and bool(self.contacts.same or self._any(entity))
        for part in blocks.parts(together=together):
            for shown, marks in part:
                for places, marked in zip(self._sets, marks, strict=True):
                    places.update((shown.key,) if marked else ())
            self._match(entity, [shown for shown, _ in part], alone=not together)

    def _match(self, entity: str, views: list[View], *, alone: bool) -> None:
        """Match what is surely nothing else; ``alone``: nor is it anything known."""
        places = frozenset(self.out), frozenset(self.alone)
        said = Said(self.contacts.same, self.contacts.apart, *places)
        known = [] if alone else list(self._known(entity, reach(views, said)))
        matched = match(views, known, said)
        self.left |= {view.key for view in matched.left}
        self.pairs.doubt(entity, views, matched.doubts)
        for place, doubts in groupby(matched.doubts, key=lambda doubt: doubt.view.key):
            self._doubt(place, list(doubts))
        self._load({group.record for group in matched.groups if group.record is not None})
        for group in matched.groups:
            self.matched += len(group.views) > 1 or group.record is not None
            keys = [shown.key for shown in group.views]
            if self.newcomers is None or group.record or not self.gathered.unlinked.told(keys):
                self._join(entity, group)
            else:
                self._wait(self.newcomers, entity, keys)

    def _marks(self, place: Place) -> Marks:
        """What is known of a thing beside what it shows: it waits with the thing for its turn."""
        marks = tuple(place in places for places in self._sets)
        for places in self._sets:
            places.discard(place)
        return marks

    def _wait(self, newcomers: Newcomers, entity: str, places: list[Place]) -> None:
        """Make things that are one a new record, whose turn comes later."""
        id = self.ctx.new_id("r")
        newcomers.add(id, entity, places, self.stock, self.out)
        self.gathered.index.meet(places, id)
        self.stock.difference_update(places)

    def _stock(self, entity: str, site: Site, record: RemoteRecord, shown: View) -> None:
        """Note whether a thing was there before us, and whether it takes part."""
        if not self.contacts.is_stock(site, record):
            return
        self.stock.add(shown.key)
        if not self.contacts.takes_part(site, shown, record.modified_at):
            self.out.add(shown.key)
        elif self.contacts.mode(site.connection, entity) is FirstContact.CREATE_ONLY:
            self.alone.add(shown.key)

    def _placed(self, site: Site, record: RemoteRecord, shown: View) -> bool:
        """Whether it is known what a thing is in; else it waits, or is left with that."""
        name, lost = unplaced(shown)
        made = self.creates.get((site.connection, record.object), ())
        lost = lost or perhaps_ours(made, site, record)
        if lost and shown.key in self.out:
            self.left.add(shown.key)
        elif lost:
            self._hold(shown.key, ORPHAN, lost, (), name)
        return not lost

    def _view(self, entity: str, site: Site, record: RemoteRecord) -> View | None:
        mapping = site.mapping.entities[entity]
        bindings = site.bindings(self.ctx, entity, record.container)
        if self.newcomers is not None:
            bindings = self.newcomers.known_by(mapping, bindings)
        lookup = self.gathered.index.lookup(site, self.ctx)
        info, place = site.info(mapping), (site.connection, record.object, record.id)
        try:
            return view(record, site.connection, mapping, bindings, lookup, self._scope, info)
        except ValueError as error:
            # A condition that cannot be answered says nothing about the other records.
            self._hold(place, MATCH, str(error), ())
        except Exception as error:  # noqa: BLE001 - one odd thing stops no other
            log.warning("thing.odd", connection=site.connection, object=record.object, id=record.id)
            self.gathered.odd[place] = Fault(told(error), site.connection)
        return None

    def _known(self, entity: str, near: Reach) -> Iterable[Known]:
        """Records that one of the new things may be, with the values they are matched by."""
        names = self._names(entity)
        records = [record for record in self._index(names, entity) if near(record.value)]
        links = self.ctx.store.links_of(record.id for record in records)
        for record in records:
            held = links.get(record.id, ())
            self.pairs.known(record, held)
            places = frozenset(link.key for link in held)
            yield Known(record.id, {name: record.value(name) for name in names}, places)

    def _names(self, entity: str) -> set[str]:
        mappings = (site.mapping.entities.get(entity) for site in self.sites.values())
        return {field for mapping in mappings if mapping for field in mapping.match}

    def _index(self, names: set[str], entity: str) -> Iterator[Record]:
        return self.ctx.store.match_index(self.ctx.client.key, entity, sorted(names))

    def _any(self, entity: str) -> bool:
        return next(self._index(self._names(entity), entity), None) is not None

    def _doubt(self, place: Place, doubts: Sequence[Doubt]) -> None:
        reasons = ", ".join(dict.fromkeys(doubt.reason for doubt in doubts))
        names = tuple(f"{' '.join(doubt.other)} ({doubt.score:.0%})" for doubt in doubts)
        self._hold(place, MATCH, reasons, names)

    def _hold(
        self,
        place: Place,
        kind: str,
        reason: str,
        candidates: tuple[str, ...],
        field: str | None = None,
    ) -> None:
        hold = held(self.ctx, place, kind, reason, candidates, field)
        self.settled.discard(hold.key)
        self.holds[hold.key] = hold

    def _join(self, entity: str, group: Group) -> None:
        """Make the views of a group twins of one record, known or new."""
        case = self._case(entity, group)
        for shown in group.views:
            thing, id = self.gathered.unlinked.thing(shown.key), self.ctx.new_id("l")
            stock, let_in = shown.key in self.stock, shown.key not in self.out
            link = Link(id, case.record.id, *shown.key, stock=stock, let_in=let_in)
            link, site = as_shown(link, thing.record), self.sites[shown.connection]
            twin = Twin(link, site, thing.record, fresh=True, joined=True, mark=thing.mark)
            twin.view = shown if self.newcomers is None else None
            case.twins[shown.connection] = twin
            self.gathered.index.learn(link)

    def _load(self, records: set[str]) -> None:
        """The known records that things join, all in a few reads."""
        missing = records - self.gathered.cases.keys()
        if missing:
            found = load_cases(self.ctx, missing, self.sites, self.pulls, self.gathered.index)
            self.gathered.cases.update(found)

    def _case(self, entity: str, group: Group) -> Case:
        if group.record is not None:
            return self.gathered.cases[group.record]
        id = self.ctx.new_id("r")
        record = Record(id, self.ctx.client.key, entity, since=self.ctx.now)
        self.gathered.index.title(record, self.ctx.config.schema)
        return self.gathered.cases.setdefault(id, Case(record, new=True))
