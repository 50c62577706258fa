"""Raw records and a mapping give a view: what one system shows of one record, canonically."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from syncer.model.decisions import Bound, FieldView, View
from syncer.model.entities import ARCHIVED, EntitySpec
from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.model.remote import FieldInfo, ObjectInfo, RemoteRecord
from syncer.reconcile.archiving import away_field, is_away
from syncer.reconcile.contexts import context, record_context
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import shown

__all__ = ["bind", "context", "record_context", "view"]


def bind(
    mapping: EntityMapping, spec: EntitySpec, info: ObjectInfo, container: str | None, zone: str
) -> tuple[dict[str, Bound], dict[str, str]]:
    """Tie each mapped field to the live field it means in this container.

    Returns the bound fields, and for each that cannot be bound why, with its source.
    """
    bound: dict[str, Bound] = {}
    problems: dict[str, str] = {}
    for name, line in mapping.fields.items():
        found = info.candidates(line.remote, container, custom=line.custom)
        if len(found) == 1:
            bound[name] = _bound(line, found[0], spec, container, zone)
        else:
            problems[name] = f"{line.source}: {_unbound(line, len(found), mapping.object)}"
    return bound, problems


def _unbound(line: FieldMapping, found: int, where: str) -> str:
    if found:
        return f"{found} fields are called {line.remote!r} on {where}"
    if line.custom:
        return f"there is no custom field {line.remote!r} on {where}; `syncer provision` makes it"
    return f"there is no field {line.remote!r} on {where}"


def _bound(
    line: FieldMapping, info: FieldInfo, spec: EntitySpec, container: str | None, zone: str
) -> Bound:
    options = tuple(o for o in info.options if o.container in (None, container))
    name = zone if line.zone == "client" else line.zone
    return Bound(line, info, spec.fields[line.field].type, ZoneInfo(name), options)


def view(
    record: RemoteRecord,
    connection: str,
    mapping: EntityMapping,
    bindings: Mapping[str, Bound],
    lookup: Lookup,
    scope: Mapping[str, Any],
    info: ObjectInfo,
) -> View:
    """What this record shows. Fields that the vendor did not tell this time are left out.

    ``scope`` is the context of ``when`` beside the record itself (``client``).
    Raises ``ValueError`` where the condition cannot be answered.
    """
    inside = True
    if mapping.when is not None:
        inside = mapping.when({record.object: context(record, info, lookup), **scope})
    away = _put_away(record, mapping, info)
    return View(
        connection=connection,
        object=record.object,
        remote_id=record.id,
        mapping=mapping,
        fields=_fields(record, bindings, lookup, away),
        existence=ARCHIVED if away else record.existence,
        container=record.container,
        url=record.url,
        as_of=record.as_of,
        modified_at=record.modified_at,
        created_by=record.created_by,
        in_scope=inside,
        bindings=bindings,
    )


def _fields(
    record: RemoteRecord, bindings: Mapping[str, Bound], lookup: Lookup, away: str | None
) -> dict[str, FieldView]:
    """The fields that were told; one that says "archived" says nothing else."""
    return {
        name: shown(bound, record.fields[bound.info.id], lookup)
        for name, bound in bindings.items()
        if bound.info.id in record.fields and bound.info.id != away
    }


def _put_away(record: RemoteRecord, mapping: EntityMapping, info: ObjectInfo) -> str | None:
    """The id of the field that says "archived" in the way the mapping names, if it does now."""
    field = away_field(mapping, info, record.container)
    if field is None or field.id not in record.fields:
        return None
    return field.id if is_away(mapping, field, record.fields[field.id]) else None
