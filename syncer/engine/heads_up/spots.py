"""Where a heads-up goes: the record's own twin, else the kept item of its board or project, else
the nearest thing above it; in the tool where the person works.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from syncer.engine.context import Context
from syncer.engine.sites import Site
from syncer.model.comments import Thread
from syncer.model.entities import PRESENT, PROJECT
from syncer.model.people import Person
from syncer.model.records import Link, LinkStatus, Record
from syncer.reconcile.hearers import home


class Spot(Struct, frozen=True):
    """A place where something can be said.

    ``item_of`` is the container whose kept item it is; ``thread`` is then the container itself.
    """

    connection: str
    thread: Thread
    item_of: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """(connection, object, id): the same for the same place."""
        return (self.connection, *self.thread.key)


class Spots:
    """Finds places; what it has loaded once it remembers for the cycle."""

    def __init__(self, ctx: Context, sites: Mapping[str, Site]) -> None:
        self.ctx = ctx
        self.sites = {name: site for name, site in sites.items() if site.commenter}
        self._records: dict[str, Record] = {}
        self._links: dict[str, list[Link]] = {}

    def around(self, record: str, connection: str) -> Iterator[Spot]:
        """Places in one tool for what concerns a record, the nearest first."""
        site = self.sites.get(connection)
        for each in self._upwards(record) if site else ():
            assert site is not None
            for link in self._of(each):
                if link.connection == connection and _stands(link):
                    yield from self._at(site, link)

    def left_behind(self, record: str, connection: str) -> Iterator[Spot]:
        """The place of a twin that left the scope: itself, or the item that is kept in it already.

        Nothing is made any more where nothing is kept in step.
        """
        site = self.sites.get(connection)
        for link in self._of(record) if site else ():
            if link.connection != connection or link.existence != PRESENT:
                continue
            assert site is not None
            for spot in self._at(site, link):
                known = self.ctx.store.rooms(self.ctx.client.key, connection)
                if spot.item_of is None or spot.item_of in known:
                    yield spot

    def home(self, record: str, connection: str) -> str | None:
        """The board or project that a record's twin there is in, or was in when it left."""
        found = (link.container for link in self._of(record) if link.connection == connection)
        return next(found, None)

    def inside(self, connection: str, container: str | None) -> Iterator[Spot]:
        """Places for what concerns a whole board or project; of none of them, the client's."""
        site = self.sites.get(connection)
        places = {info.inside for info in site.catalogue.objects.values()} if site else set()
        keys = [(connection, place, container) for place in places if place and container]
        known = self.ctx.store.links(self.ctx.client.key, keys)
        records = [link.record for link in known.values()] or (
            [] if container else self.client_wide()
        )
        for record in records:
            yield from self.around(record, connection)

    def _at(self, site: Site, link: Link) -> Iterator[Spot]:
        info = site.catalogue.objects.get(link.object)
        thread = Thread(link.object, link.remote_id, link.container)
        if info is not None and info.comments:
            yield Spot(site.connection, thread)
        elif any(i.inside == link.object and i.comments for i in site.catalogue.objects.values()):
            yield Spot(site.connection, thread, item_of=link.remote_id)

    def tools(self, person: Person, role: str | None) -> list[str]:
        """The connections in which a person can be reached, their home first."""
        known = self.ctx.config.ownership.roles.get(role or "")
        first = self.named(home(person, known, self.ctx.client.key))
        reached = [n for n, site in sorted(self.sites.items()) if self.user(n, person.key)]
        return sorted(reached, key=lambda name: name not in first)

    def user(self, connection: str, person: str) -> str | None:
        """Whom a tool calls this person."""
        site = self.sites.get(connection)
        return site.directory.to_remote.get(person) if site else None

    def named(self, place: str | None) -> list[str]:
        """The client's connections of this name, or to the system of this name."""
        return [n for n, site in sorted(self.sites.items()) if place in (n, site.system)]

    def client_wide(self) -> list[str]:
        """Records from which everything of the client can be reached, the widest first.

        Among equals by what people call them: ids are made by chance.
        """
        schema, client = self.ctx.config.schema, self.ctx.client.key
        wide = [spec for spec in schema.values() if spec.level <= schema[PROJECT].level]
        found: list[str] = []
        for spec in sorted(wide, key=lambda spec: spec.level):
            records = self.ctx.store.records(self.ctx.store.record_ids(client, spec.name))
            named = ((str(r.value(spec.title) or ""), r.id) for r in records.values())
            found += [id for _, id in sorted(named)]
        return found

    def _upwards(self, record: str) -> Iterator[str]:
        waiting, seen = [record], {record}
        while waiting:
            current = waiting.pop(0)
            yield current
            for parent in self._above(current):
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)

    def _above(self, id: str) -> Iterator[str]:
        if id not in self._records:
            self._records |= self.ctx.store.records([id])
        record = self._records.get(id)
        for name, spec in self.ctx.config.schema[record.entity].fields.items() if record else ():
            value = record.value(name) if record and spec.type.target else None
            if isinstance(value, str):
                yield value

    def _of(self, record: str) -> list[Link]:
        if record not in self._links:
            self._links[record] = list(self.ctx.store.links_of([record]).get(record, ()))
        return self._links[record]


def _stands(link: Link) -> bool:
    return link.status is LinkStatus.LINKED and link.existence == PRESENT
