"""Match: give every unlinked thing a record, from the top down, or hold it for a person."""

from collections.abc import Iterable, Mapping

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.engine.cases import Case, Fault, Gathered, Twin, load_cases, told
from syncer.engine.context import Context
from syncer.engine.pull import Pulled
from syncer.engine.reread import REFUSED, Place, reread
from syncer.engine.sites import Site
from syncer.model.decisions import View
from syncer.model.entities import ARCHIVED
from syncer.model.records import Hold, Intent, Link, Record
from syncer.model.remote import Op, RemoteRecord
from syncer.model.values import MISSING
from syncer.reconcile.history import SKEW
from syncer.reconcile.match import Ambiguity, Group, Known, match
from syncer.reconcile.translate import view

log = structlog.get_logger()

MATCH = "match"
ORPHAN = "orphan"
"""Kinds of hold: unsure which record a thing is; sure, but what it is in is not known."""


class Matcher:
    """One pass over the unlinked things of a cycle; fills ``gathered.cases`` with new twins."""

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        pulls: Mapping[str, Pulled],
        gathered: Gathered,
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.pulls = pulls
        self.gathered = gathered
        self.holds: dict[str, Hold] = {}
        self.settled: set[str] = set()
        # With a system down, what made a match unsure may be there: it stays unsure.
        self.partial = not ctx.client.mappings.keys() <= sites.keys()
        self.unsure: set[Place] = set()
        self.creates: list[Intent] = []

    def run(self) -> None:
        """Match entity by entity, lowest level first, so that references resolve."""
        news = any(
            twin.fresh for case in self.gathered.cases.values() for twin in case.twins.values()
        )
        if not self.gathered.unlinked and not news:
            return
        open_intents = self.ctx.store.intents(self.ctx.client.key)
        self.creates = [intent for intent in open_intents if intent.op is Op.CREATE]
        self._recall()
        schema = self.ctx.config.schema
        for entity in sorted(self.gathered.unlinked, key=lambda name: schema[name].level):
            self._entity(entity)

    def _recall(self) -> None:
        """Look again at what was held before: what is new now may settle it."""
        recalled: set[Place] = set()
        known = {(s.connection, r.object, r.id) for s, r in self._everything()}
        wanted: dict[tuple[str, str], list[str]] = {}
        for hold in self.ctx.store.holds(self.ctx.client.key):
            there = hold.object and hold.remote_id and hold.connection in self.sites
            if hold.kind in (MATCH, ORPHAN) and hold.connection and there:
                self.settled.add(hold.key)
                place = (hold.connection, str(hold.object), str(hold.remote_id))
                recalled.add(place)
                if self.partial:
                    self.unsure.add(place)
                elif place not in known:
                    wanted.setdefault(place[:2], []).append(place[2])
        keys = [(*place, id) for place, ids in wanted.items() for id in ids]
        linked = self.ctx.store.links(self.ctx.client.key, keys)
        free = {
            place: [id for id in ids if (*place, id) not in linked] for place, ids in wanted.items()
        }
        unread: dict[Place, AdapterError] = {}
        for site, record in reread(self.sites, free, unread):
            mapping = site.mapping.by_object(record.object)
            if mapping is not None:
                self.gathered.unlinked.setdefault(mapping.entity, []).append((site, record))
        # What could not be read again is not settled, nor is what it made unsure.
        self.unsure |= unread.keys()
        if not all(isinstance(error, REFUSED) for error in unread.values()):
            self.unsure |= recalled
        self.settled -= {_key(place) for place in self.unsure}

    def _everything(self) -> Iterable[tuple[Site, RemoteRecord]]:
        return (pair for pairs in self.gathered.unlinked.values() for pair in pairs)

    def _entity(self, entity: str) -> None:
        pairs = self.gathered.unlinked[entity]
        views: list[View] = []
        for site, record in pairs:
            shown = self._view(entity, site, record)
            if shown is None or shown.key in self.unsure:
                continue
            if not shown.in_scope or shown.existence == ARCHIVED:
                continue
            lost = self._lost(shown) or self._perhaps_ours(site, record)
            if lost:
                self._hold(shown.key, ORPHAN, lost, ())
            else:
                views.append(shown)
        records = {(s.connection, r.object, r.id): r for s, r in pairs}
        groups, unsure = match(views, self._known(entity) if views else ())
        for doubt in unsure:
            self._doubt(doubt)
        self._load({group.record for group in groups if group.record is not None})
        for group in groups:
            self._join(entity, group, records)

    def _view(self, entity: str, site: Site, record: RemoteRecord) -> View | None:
        mapping = site.mapping.entities[entity]
        bindings = site.bindings(self.ctx, entity, record.container)
        lookup = self.gathered.index.lookup(site, self.ctx)
        scope, info = self.ctx.scope_context, site.info(mapping)
        place = (site.connection, record.object, record.id)
        try:
            return view(record, site.connection, mapping, bindings, lookup, scope, info)
        except ValueError as error:
            # A condition that cannot be answered says nothing about the other records.
            self._hold(place, MATCH, str(error), ())
        except Exception as error:  # noqa: BLE001 - one odd thing stops no other
            log.warning("thing.odd", connection=site.connection, object=record.object, id=record.id)
            self.gathered.odd[place] = Fault(told(error), site.connection)
        return None

    def _lost(self, shown: View) -> str:
        """Why a thing cannot be placed: a key of it refers to something without a record."""
        for name in shown.mapping.match:
            found = shown.fields.get(name)
            if found and found.reading.value is MISSING and found.reading.problem:
                return f"{name}: {found.reading.problem}"
        return ""

    def _perhaps_ours(self, site: Site, record: RemoteRecord) -> str:
        """Why a thing must wait: a write of ours that was never answered may have made it."""
        by_us = record.created_by is None or record.created_by in site.me
        for intent in self.creates:
            made = (intent.connection, intent.object) == (site.connection, record.object)
            late = record.created_at is None or record.created_at >= intent.created_at - SKEW
            if made and by_us and late:
                return "a write that was not answered yet may have made it"
        return ""

    def _known(self, entity: str) -> Iterable[Known]:
        """Records that lack a twin somewhere, with the values they could be matched by."""
        client = self.ctx.client.key
        names = {
            field
            for site in self.sites.values()
            if entity in site.mapping.entities
            for field in site.mapping.entities[entity].match
        }
        records = list(self.ctx.store.match_index(client, entity, sorted(names)))
        links = self.ctx.store.links_of(record.id for record in records)
        for record in records:
            held = frozenset(link.connection for link in links.get(record.id, ()))
            yield Known(record.id, {name: record.value(name) for name in names}, held)

    def _doubt(self, doubt: Ambiguity) -> None:
        self._hold(doubt.view.key, MATCH, doubt.reason, doubt.candidates)

    def _hold(self, place: Place, kind: str, reason: str, candidates: tuple[str, ...]) -> None:
        connection, object_name, remote_id = place
        key = _key(place)
        self.settled.discard(key)
        self.holds[key] = Hold(
            key=key,
            client=self.ctx.client.key,
            kind=kind,
            reason=reason,
            connection=connection,
            object=object_name,
            remote_id=remote_id,
            candidates=candidates,
            since=self.ctx.now,
        )

    def _join(
        self, entity: str, group: Group, records: Mapping[tuple[str, str, str], RemoteRecord]
    ) -> None:
        """Make the views of a group twins of one record, known or new."""
        index = self.gathered.index
        case = self._case(entity, group)
        for shown in group.views:
            record = records[shown.key]
            link = Link(
                id=self.ctx.new_id("l"),
                record=case.record.id,
                connection=shown.connection,
                object=shown.object,
                remote_id=shown.remote_id,
                container=record.container,
                existence=record.existence,
                linked_at=record.as_of,
                as_of=record.as_of,
                url=record.url,
            )
            site = self.sites[shown.connection]
            twin = Twin(link, site, record, fresh=True, joined=True, view=shown)
            case.twins[shown.connection] = twin
            index.learn(link)

    def _load(self, records: set[str]) -> None:
        """The known records that things join, all in a few reads."""
        missing = records - self.gathered.cases.keys()
        if missing:
            index = self.gathered.index
            found = load_cases(self.ctx, missing, self.sites, self.pulls, index)
            self.gathered.cases.update(found)

    def _case(self, entity: str, group: Group) -> Case:
        cases = self.gathered.cases
        if group.record is None:
            record = Record(self.ctx.new_id("r"), self.ctx.client.key, entity)
            cases[record.id] = Case(record, new=True)
            return cases[record.id]
        return cases[group.record]


def _key(place: Place) -> str:
    """The key of the hold about a thing."""
    return "match:" + ":".join(place)
