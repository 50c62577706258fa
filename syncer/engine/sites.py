"""One client in one connection: adapter, live catalogue, people, and what is remembered of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.contract import Adapter, PullRequest, Scope
from syncer.adapterkit.errors import AdapterError, StopConnection
from syncer.engine.context import Context
from syncer.engine.credentials import me_kind
from syncer.engine.fence_comments import commenter_of
from syncer.model.comments import Thread
from syncer.model.decisions import Bound
from syncer.model.mapping import EntityMapping, SystemMapping
from syncer.model.people import Directory, directory
from syncer.model.remote import Catalogue, ObjectInfo, RemotePerson
from syncer.reconcile.translate import bind
from syncer.state.codec import (
    catalogue_from_json,
    catalogue_to_json,
    people_from_json,
    people_to_json,
)


class Site(Struct):
    """Where one client lives in one connection.

    ``me`` are all ids of our own account there; ``strangers`` were looked for and not found.
    ``faults`` are mapped fields that the live system does not have, each with its source.
    ``ahead`` is how far its clock is ahead of ours. ``commenter`` speaks with people there, where
    they can be spoken with; ``threads`` are those in which an answer may stand, asked ``since``.
    ``described`` says that the catalogue was found as this cycle began.
    """

    connection: str
    system: str
    adapter: Adapter
    scope: Scope
    mapping: SystemMapping
    zone: str
    catalogue: Catalogue
    directory: Directory
    me: frozenset[str]
    strangers: frozenset[str] = frozenset()
    faults: dict[str, str] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)
    commenter: Commenter | None = None
    threads: frozenset[Thread] = frozenset()
    since: datetime | None = None
    described: bool = False
    _bound: dict[tuple[str, str | None], dict[str, Bound]] = field(default_factory=dict)
    _alike: dict[tuple[Any, ...], Bound] = field(default_factory=dict)

    def info(self, mapping: EntityMapping) -> ObjectInfo:
        """The live object that carries an entity; an empty one if the system lacks it."""
        return self.catalogue.objects.get(mapping.object) or ObjectInfo(mapping.object, ())

    def bindings(self, ctx: Context, entity: str, container: str | None) -> Mapping[str, Bound]:
        """The mapped fields as they stand in a container."""
        key = (entity, container)
        if key not in self._bound:
            mapping = self.mapping.entities[entity]
            spec = ctx.config.schema[entity]
            info = self.info(mapping)
            found, problems = bind(mapping, spec, info, container, self.zone)
            self._bound[key] = {name: self._one(entity, bound) for name, bound in found.items()}
            if container is None and info.inside is not None:
                # No real container: what is missing is made with it.
                problems = {}
            elif self._empty(mapping.object):
                # The first one is still to come: its custom fields are made with it.
                own = mapping.fields
                problems = {name: text for name, text in problems.items() if not own[name].custom}
            self.faults.update({f"{entity}.{name}": text for name, text in problems.items()})
        return self._bound[key]

    def _one(self, entity: str, bound: Bound) -> Bound:
        """The same for all containers in which a field is the same: it knows how values read."""
        key = (entity, bound.mapping.field, bound.info, bound.options)
        return self._alike.setdefault(key, bound)

    def _empty(self, containers: str) -> bool:
        """Whether such objects hold others, and there is none of them yet in scope."""
        holds = any(one.inside == containers for one in self.catalogue.objects.values())
        return holds and not self.catalogue.containers

    def request(self, cursors: Mapping[str, dict[str, Any]], *, full: bool) -> PullRequest:
        """What to ask the adapter for: every mapped field, and those that conditions name."""
        return PullRequest(
            scope=self.scope,
            catalogue=self.catalogue,
            fields={m.object: _wanted(m, self.info(m)) for m in self.mapping.entities.values()},
            cursors=cursors,
            full=full,
            threads=self.threads,
            since=self.since,
            described=self.described,
        )

    @property
    def named(self) -> bool:
        """Whether an answer there must name what it answers: it has no thread of its own."""
        return self.adapter.capabilities.to_dos

    def refreshed(self, ctx: Context) -> None:
        """Ask the live system for definitions again, now."""
        self.catalogue = _catalogue(ctx, self.connection, self.adapter, self.scope, self.mapping)
        self._bound.clear()
        self._alike.clear()
        self.faults.clear()

    def meet(self, ctx: Context, strangers: frozenset[str]) -> None:
        """Ask who there is, for people we have not met; those still unknown are remembered."""
        people = _people(ctx, self.connection, self.adapter, self.scope)
        self.directory = directory(ctx.config.people.values(), self.connection, self.system, people)
        known = set(self.directory.names) | set(self.directory.to_person)
        self.strangers |= strangers - known
        _remember(ctx, self.connection, "strangers", sorted(self.strangers))


def _wanted(mapping: EntityMapping, info: ObjectInfo) -> frozenset[str]:
    names = {(line.remote, line.custom) for line in mapping.fields.values()}
    text = mapping.when.text if mapping.when else ""
    return frozenset(
        f.id
        for f in info.fields
        if (f.name, f.custom) in names or (f.id, f.custom) in names or (text and f.name in text)
    )


def open_site(ctx: Context, connection: str, adapter: Adapter) -> Site:
    """Bring together what is known of a client in a connection, asking only for what is old.

    Raises the adapter's errors.
    """
    system = ctx.config.connections[connection].adapter
    mapping = ctx.client.mappings[connection]
    scope = Scope(ctx.client.key, ctx.client.scopes[connection])
    catalogue = _cached(ctx, connection, "catalogue", _catalogue_age(ctx))
    who = _directory(ctx, connection, adapter, scope)
    own = _own(ctx, connection, adapter)
    return Site(
        connection=connection,
        system=system,
        adapter=adapter,
        scope=scope,
        mapping=mapping,
        zone=ctx.client.zone,
        catalogue=ctx.made_of(connection, catalogue_from_json, catalogue)
        if catalogue
        else _catalogue(ctx, connection, adapter, scope, mapping),
        directory=who,
        me=frozenset({own.id, *own.aliases}),
        strangers=frozenset(
            _cached(ctx, connection, "strangers", ctx.config.intervals.people) or ()
        ),
        commenter=commenter_of(adapter),
        described=not catalogue,
    )


def _directory(ctx: Context, connection: str, adapter: Adapter, scope: Scope) -> Directory:
    """Who is who there: worked out anew when other people are told."""
    told = _cached(ctx, connection, "people", ctx.config.intervals.people)
    known = (
        ctx.made_of(connection, people_from_json, told)
        if told
        else _people(ctx, connection, adapter, scope)
    )

    def who(known: list[RemotePerson]) -> Directory:
        system = ctx.config.connections[connection].adapter
        return directory(ctx.config.people.values(), connection, system, known)

    return ctx.made_of(connection, who, known)


def _own(ctx: Context, connection: str, adapter: Adapter) -> RemotePerson:
    kind = me_kind(ctx.config, connection)
    told = _cached(ctx, connection, kind, ctx.config.intervals.people)
    return ctx.made_of(kind, people_from_json, told)[0] if told else _me(ctx, connection, adapter)


def at_hand(ctx: Context, connection: str) -> bool:
    """Whether everything is remembered that a site is made of, so that nothing is asked."""
    every = ctx.config.intervals
    kinds = {"people": every.people, me_kind(ctx.config, connection): every.people}
    kinds["catalogue"] = _catalogue_age(ctx)
    return all(_cached(ctx, connection, kind, age) is not None for kind, age in kinds.items())


def _catalogue_age(ctx: Context) -> timedelta:
    # A cycle that was killed may have made options and fields that nobody remembers.
    every = ctx.config.intervals
    return timedelta(0) if ctx.broken_off else min(every.scopes, every.definitions)


def why_down(ctx: Context, connection: str, error: AdapterError) -> str:
    """Why a system cannot be used, for people; of a refused credential also where it stands."""
    if not isinstance(error, StopConnection):
        return str(error)
    known = ctx.config.connections[connection]
    places = [f"{key} in {source}" for key, source in sorted(known.secrets_at.items())]
    return f"{error} ({connection}: {', '.join(places) or known.source})"


def _cached(ctx: Context, connection: str, kind: str, age: timedelta) -> Any:
    """What was remembered of this kind, unless it is old or everything is to be compared."""
    found = ctx.store.cached(connection, ctx.client.key, kind)
    if found is None or ctx.full_of(connection):
        return None
    value, at = found
    return value if _fresh(at, ctx.now, age) else None


def _fresh(at: datetime, now: datetime, age: timedelta) -> bool:
    return now - at < age


def _catalogue(
    ctx: Context, connection: str, adapter: Adapter, scope: Scope, mapping: SystemMapping
) -> Catalogue:
    found = adapter.describe(scope, frozenset(m.object for m in mapping.entities.values()))
    _remember(ctx, connection, "catalogue", catalogue_to_json(found))
    return found


def _people(ctx: Context, connection: str, adapter: Adapter, scope: Scope) -> list[RemotePerson]:
    found = adapter.people(scope)
    _remember(ctx, connection, "people", people_to_json(found))
    return found


def _me(ctx: Context, connection: str, adapter: Adapter) -> RemotePerson:
    found = adapter.whoami()
    _remember(ctx, connection, me_kind(ctx.config, connection), people_to_json([found]))
    return found


def _remember(ctx: Context, connection: str, kind: str, value: Any) -> None:
    with ctx.store.transaction() as tx:
        tx.cache(connection, ctx.client.key, kind, value, ctx.now)
