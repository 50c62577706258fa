"""Which record is which remote thing, known before or met in this cycle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from syncer.engine.context import Context
from syncer.engine.pull import Pulled
from syncer.engine.sites import Site
from syncer.model.entities import Schema
from syncer.model.people import Person
from syncer.model.records import Link, LinkStatus, Record
from syncer.model.remote import RemoteRecord
from syncer.model.values import Kind
from syncer.reconcile.lookup import Lookup, by_name
from syncer.reconcile.names import fold
from syncer.state import Store


class Waiting(Protocol):
    """New records that are not looked at yet."""

    def __contains__(self, id: object) -> bool:
        """Whether a record is one of them."""

    def remote(self, id: str, connection: str) -> str | None:
        """The remote id of the twin that one has there, if any."""


RECORD = "r_"
"""What the ids of records begin with."""


class Index:
    """Links in memory for as long as a cycle lasts; what is not here is asked for in bulk."""

    def __init__(self, store: Store, client: str) -> None:
        self._store = store
        self._client = client
        self._records: dict[tuple[str, str, str], str | None] = {}
        self._remotes: dict[tuple[str, str], str | None] = {}
        self._titles: dict[str, str] = {}
        self._titled: dict[str, defaultdict[object, set[str]]] = {}
        self._known: dict[str, Record] = {}
        self._asked: set[str] = set()
        self._lookups: dict[str, Lookup] = {}
        self._referring: dict[str, list[str]] = {}
        self.newcomers: Waiting | None = None

    def meet(self, places: Iterable[tuple[str, str, str]], record: str) -> None:
        """Remember where a newcomer is; where its twins are it knows itself."""
        self._records.update(dict.fromkeys(places, record))

    def learn(self, link: Link) -> None:
        """Remember a link. One that is not linked any more resolves to nothing."""
        linked = link.status is LinkStatus.LINKED
        self._records[link.key] = link.record if linked else None
        self._remotes[(link.record, link.connection)] = link.remote_id if linked else None

    def title(self, record: Record, schema: Schema) -> None:
        """Remember a record and what people call it; of newcomers nobody asks for it."""
        if self._waits(record.id):
            return
        self._known[record.id] = record
        self._asked.add(record.id)
        name = record.value(schema[record.entity].title)
        if isinstance(name, str):
            titled = self._titled.get(record.entity)
            if titled is not None:
                titled[fold(self._titles.get(record.id))].discard(record.id)
                titled[fold(name)].add(record.id)
            self._titles[record.id] = name

    def forget(self, record: Record, links: Iterable[Link]) -> None:
        """Know of a record only that others may name it: then it is asked for."""
        for link in links:
            self._records.pop(link.key, None)
            self._remotes.pop((link.record, link.connection), None)
        self._asked.discard(record.id)
        if record.entity not in self._titled:
            self._known.pop(record.id, None)
            self._titles.pop(record.id, None)

    def let_go(self) -> None:
        """Keep of every record only what it is, and what people call it: all is decided."""
        self._known = {id: Record(id, one.client, one.entity) for id, one in self._known.items()}

    def known(self, record: str) -> Record | None:
        """A record as it was before this cycle or is now; one that nobody named yet is loaded."""
        if record not in self._asked and not self._waits(record):
            self.load([record])
        return self._known.get(record)

    def _waits(self, record: str) -> bool:
        return self.newcomers is not None and record in self.newcomers

    def prefetch(
        self, sites: Mapping[str, Site], pulls: Mapping[str, Pulled], records: Iterable[Record]
    ) -> None:
        """Load in bulk every link that a reference in pulled or agreed values may need."""
        keys = {
            (name, target, remote)
            for name, pulled in pulls.items()
            for record in pulled.records.values()
            for target, remote in references(sites[name], record)
        }
        unknown = keys - self._records.keys()
        found = self._store.links(self._client, unknown) if unknown else {}
        self._records.update(dict.fromkeys(unknown))
        for link in found.values():
            self.learn(link)
        self.load({id for record in records for id in self.referred(record)})
        self.load({link.record for link in found.values()})

    def referred(self, record: Record) -> Iterator[str]:
        """Ids of the records that a record's agreed values refer to."""
        names = self._referring.get(record.entity)
        if names is None:
            spec = self._store.schema[record.entity]
            names = [n for n, field in spec.fields.items() if field.type.kind is Kind.REFERENCE]
            self._referring[record.entity] = names
        for name in names:
            value = record.value(name)
            for each in value if isinstance(value, frozenset) else (value,):
                if isinstance(each, str) and each.startswith(RECORD):
                    yield each

    def load(self, records: Iterable[str]) -> None:
        """Load the links of records that were named by others."""
        wanted = [id for id in records if id not in self._asked]
        self._asked.update(wanted)
        for links in self._store.links_of(wanted).values():
            for link in links:
                self.learn(link)
        for record in self._store.records(wanted).values():
            self.title(record, self._store.schema)

    def remote(self, record: str, connection: str) -> str | None:
        """The remote id of a record's twin."""
        key = (record, connection)
        if key not in self._remotes and self.newcomers is not None and record in self.newcomers:
            return self.newcomers.remote(record, connection)
        if key not in self._remotes and record not in self._asked:
            self.load([record])
        return self._remotes.get(key)

    def left(self, record: str, connection: str) -> bool:
        """Whether a record's twin there was deleted or left the scope."""
        unknown = self.remote(record, connection) is None
        return unknown and (record, connection) in self._remotes

    def record(self, connection: str, object_name: str, remote_id: str) -> str | None:
        """The record that a remote thing is a twin of."""
        key = (connection, object_name, remote_id)
        if key not in self._records:
            found = self._store.links(self._client, [key])
            self._records[key] = None
            for link in found.values():
                self.learn(link)
        return self._records[key]

    def lookup(self, site: Site, ctx: Context) -> Lookup:
        """What translation for this site needs to know."""
        if site.connection not in self._lookups or (
            self._lookups[site.connection].directory is not site.directory
        ):
            name = site.connection
            self._lookups[name] = Lookup(
                directory=site.directory,
                people=ctx.made_of("", _by_name, ctx.config.people),
                record_of=lambda object_name, id: self.record(name, object_name, id),
                remote_of=lambda record: self.remote(record, name),
                title_of=self._titles.get,
                titled=self._by_title,
                me=site.me,
            )
        return self._lookups[site.connection]

    def _by_title(self, entity: str, text: str) -> str | None:
        """The one record of this title; none where two share it."""
        if entity not in self._titled:
            self.load(self._store.record_ids(self._client, entity))
            self._titled[entity] = defaultdict(set)
            for record in self._known.values():
                if record.entity == entity and record.id in self._titles:
                    self._titled[entity][fold(self._titles[record.id])].add(record.id)
        found = self._titled[entity].get(fold(text), set())
        return next(iter(found)) if len(found) == 1 else None


def _by_name(people: Mapping[str, Person]) -> dict[str, str]:
    return by_name(people.values())


def references(site: Site, record: RemoteRecord) -> Iterable[tuple[str, str]]:
    """(object, remote id) of everything a pulled record refers to."""
    info = site.catalogue.objects.get(record.object)
    for spec in info.fields if info else ():
        if spec.type.kind is Kind.REFERENCE and spec.id in record.fields:
            raw: Any = record.fields[spec.id]
            for item in raw if isinstance(raw, list) else [raw]:
                if isinstance(item, str):
                    yield (spec.type.target or "", item)
