"""Things that were told of and that no record has yet, by what they are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from syncer.engine.pulled import Pulled
from syncer.engine.raws import Thing
from syncer.engine.reread import Place
from syncer.engine.sites import Site
from syncer.model.remote import RemoteRecord


class Unlinked:
    """The things of a cycle that are to be matched; they are read anew each time.

    Args:
        known: places of things that have a record.
    """

    def __init__(
        self,
        sites: Mapping[str, Site] = MappingProxyType({}),
        pulls: Mapping[str, Pulled] = MappingProxyType({}),
        known: Collection[Place] = frozenset(),
    ) -> None:
        self._sites = sites
        self._pulls = pulls
        self._known = known
        self._more: dict[str, list[tuple[Site, RemoteRecord]]] = defaultdict(list)
        self._told: dict[str, list[tuple[Site, str]]] = defaultdict(list)
        for name, pulled in pulls.items():
            for object_name in pulled.records.objects():
                mapping = sites[name].mapping.by_object(object_name)
                if mapping and any(True for _ in self._ids(name, object_name)):
                    self._told[mapping.entity].append((sites[name], object_name))

    def _ids(self, connection: str, object_name: str) -> Iterator[str]:
        for id in self._pulls[connection].records.ids(object_name):
            if (connection, object_name, id) not in self._known:
                yield id

    def add(self, entity: str, site: Site, record: RemoteRecord) -> None:
        """Take in a thing that was not told of, but is looked at again."""
        self._more[entity].append((site, record))

    def __iter__(self) -> Iterator[str]:
        """The entities of which there is anything."""
        return iter(dict.fromkeys((*self._told, *self._more)))

    def __bool__(self) -> bool:
        return bool(self._told or self._more)

    def of(self, entity: str) -> Iterator[tuple[Site, RemoteRecord]]:
        """All things of an entity, with the system that shows them."""
        for site, object_name in self._told.get(entity, ()):
            for record in self._pulls[site.connection].records.of(object_name):
                if (site.connection, object_name, record.id) not in self._known:
                    yield site, record
        yield from self._more.get(entity, ())

    def thing(self, place: Place) -> Thing:
        """One of the things. Raises ``KeyError``."""
        found = self._pulls[place[0]].records.told(place[1:])
        for site, record in (
            () if found else (pair for told in self._more.values() for pair in told)
        ):
            if (site.connection, record.object, record.id) == place:
                found = Thing(record)
        if found is None:
            raise KeyError(place)
        return found

    def told(self, places: Iterable[Place]) -> bool:
        """Whether all of these were told of, and none was only looked at again."""
        return all(place[1:] in self._pulls[place[0]].records for place in places)

    def places(self) -> Iterator[Place]:
        """Where all the things are."""
        for told in self._told.values():
            for site, name in told:
                yield from ((site.connection, name, id) for id in self._ids(site.connection, name))
        for more in self._more.values():
            yield from ((site.connection, one.object, one.id) for site, one in more)

    def let_go(self) -> None:
        """Forget all: everything is matched."""
        self._told.clear()
        self._more.clear()
        self._known = frozenset()
