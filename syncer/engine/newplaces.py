"""Twins that are still to be made: in which container, and which fields it will have."""

import dataclasses
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from syncer.adapterkit.contract import FieldNeed
from syncer.engine.cases import Gathered
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.sites import Site
from syncer.model.decisions import Bound
from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.model.remote import FieldInfo, ObjectInfo
from syncer.model.values import FieldType, Kind
from syncer.reconcile.lookup import Lookup

MARKER = "syncer_key"
"""The unique field that carries a lost create's marker, where a system can have one."""

PROMISED = "new:"
"""Prefix of an id that does not exist yet: a custom field's name or a record's id follows."""


class Home(Struct, frozen=True):
    """What a twin is, or would be, in.

    Args:
        field: the canonical reference that says what it is in.
        fixed: the id of the one container that the mapping names.
        parent: the record whose twin is the container, where no fixed one is.
    """

    field: str | None
    fixed: str | None
    parent: str | None


def promising(ctx: Context, site: Site, gathered: Gathered, contacts: Contacts) -> Lookup:
    """A lookup that also knows twins which this very plan may make, by a promise."""
    known = gathered.index.lookup(site, ctx)

    def remote_of(record: str) -> str | None:
        found = known.remote_of(record)
        case = gathered.cases.get(record)
        if found is not None or case is None or site.connection in case.twins:
            return found
        mapping = site.mapping.entities.get(case.record.entity)
        made = mapping is not None and mapping.create is not False
        barred = made and contacts.bar(case, site.connection)
        return PROMISED + record if made and not barred else None

    return replace(known, remote_of=remote_of)


def container_field(ctx: Context, site: Site, mapping: EntityMapping) -> str | None:
    """The canonical reference that says which container a record of this entity is in."""
    inside = site.info(mapping).inside
    for name, line in mapping.fields.items():
        target = ctx.config.schema[mapping.entity].fields[line.field].type.target
        other = site.mapping.entities.get(target or "")
        if other is not None and other.object == inside and target != mapping.entity:
            return name
    return None


def fixed_container(site: Site, mapping: EntityMapping) -> str | None:
    """The one container that the mapping names for all records of this entity."""
    if mapping.container is None:
        return None
    return next(
        (id for id, name in site.catalogue.containers.items() if mapping.container in (id, name)),
        None,
    )


def new_bindings(
    ctx: Context,
    site: Site,
    entity: str,
    container: str | None,
    parent: str | None,
) -> Mapping[str, Bound]:
    """The fields a new twin will have; on a container still to be made, as provisioned then."""
    mapping = site.mapping.entities[entity]
    is_container = site.info(mapping).inside is None
    if not is_container and (container is not None or parent is None):
        return site.bindings(ctx, entity, container)
    known = dict(site.bindings(ctx, entity, None))
    for name, line in mapping.fields.items():
        if name not in known and line.custom:
            kind = ctx.config.schema[entity].fields[line.field].type
            known[name] = Bound(
                line,
                _promised(site.info(mapping), line.remote, kind),
                kind,
                ZoneInfo(site.zone if line.zone == "client" else line.zone),
            )
    return {
        name: dataclasses.replace(bound, options=()) if bound.info.extensible else bound
        for name, bound in known.items()
    }


def _promised(info: ObjectInfo, name: str, kind: FieldType) -> FieldInfo:
    """A custom field as it is on other containers, or as provisioning would make it."""
    like = next((f for f in info.fields if f.custom and f.name == name), None)
    if like is not None:
        return replace(like, id=PROMISED + name, container=None, options=(), extensible=True)
    wire = Kind.ENUMERATION if kind.kind is Kind.ENUMERATION else kind.kind
    return FieldInfo(
        PROMISED + name, name, FieldType(wire, kind.many), custom=True, extensible=True
    )


def needs_of(ctx: Context, site: Site, container: str | None = None) -> list[FieldNeed]:
    """The fields that this site's mapping needs and ``provision`` may make.

    Custom fields are always named, for adapters know best what is there; a field named like a
    built-in one only where the live system has none of that name.
    """
    needs: list[FieldNeed] = []
    for entity, mapping in sorted(site.mapping.entities.items()):
        spec = ctx.config.schema[entity]
        for line in mapping.fields.values():
            known = site.info(mapping).candidates(line.remote, container, custom=False)
            if line.custom or not (known or container):
                needs.append(_need(mapping, line, spec.fields[line.field].type, container))
        if mapping.create is not False and container is None:
            needs.append(FieldNeed(mapping.object, MARKER, Kind.TEXT, key=True, custom=False))
    return needs


def _need(
    mapping: EntityMapping, line: FieldMapping, kind: FieldType, container: str | None
) -> FieldNeed:
    return FieldNeed(
        object=mapping.object,
        name=line.remote,
        kind=str(Kind.TEXT if kind.kind is Kind.REFERENCE else kind.kind),
        options=tuple(names[0] for names in (line.values or {}).values() if names),
        container=container,
        many=kind.many,
        currency=line.currency,
        custom=line.custom,
    )
