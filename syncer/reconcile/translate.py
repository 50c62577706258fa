"""Raw records and a mapping give a view: what one system shows of one record, canonically."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from syncer.model.decisions import Bound, FieldView, View
from syncer.model.entities import EntitySpec
from syncer.model.mapping import EntityMapping, FieldMapping
from syncer.model.remote import FieldInfo, ObjectInfo, Raw, RemoteRecord
from syncer.model.values import Kind, Value
from syncer.reconcile.lookup import Lookup
from syncer.reconcile.reading import read


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
            many = f"{len(found)} fields are called" if found else "there is no field"
            problems[name] = f"{line.source}: {many} {line.remote!r} on {mapping.object}"
    return bound, problems


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
    fields = {
        name: FieldView(
            bound, record.fields[bound.info.id], read(bound, record.fields[bound.info.id], lookup)
        )
        for name, bound in bindings.items()
        if bound.info.id in record.fields
    }
    inside = True
    if mapping.when is not None:
        inside = mapping.when({record.object: context(record, info, lookup), **scope})
    return View(
        connection=connection,
        object=record.object,
        remote_id=record.id,
        mapping=mapping,
        fields=fields,
        existence=record.existence,
        container=record.container,
        url=record.url,
        as_of=record.as_of,
        modified_at=record.modified_at,
        created_by=record.created_by,
        in_scope=inside,
        bindings=bindings,
    )


def context(record: RemoteRecord, info: ObjectInfo, lookup: Lookup) -> dict[str, Any]:
    """A vendor record as a person sees it: names instead of ids, custom fields by name."""
    found: dict[str, Any] = {"id": record.id, "custom": {}}
    for field in info.fields:
        if field.container in (None, record.container) and field.id in record.fields:
            place = found["custom"] if field.custom else found
            place[field.name] = _plain(field, record.fields[field.id], lookup)
    return found


def _plain(info: FieldInfo, raw: Raw, lookup: Lookup) -> Any:
    if isinstance(raw, list):
        return [_plain(info, item, lookup) for item in raw]
    if raw is None:
        return [] if info.type.many else None
    if info.type.kind is Kind.ENUMERATION:
        return next((o.name for o in info.options if o.id == raw), raw)
    if info.type.kind is Kind.PERSON:
        return lookup.directory.shown(str(raw))
    if info.type.kind is Kind.NUMBER:
        return float(str(raw))
    return raw


def record_context(spec: EntitySpec, values: Mapping[str, Value]) -> dict[str, Any]:
    """A canonical record for ``create: {when: ...}``: plain values, every field present."""
    return {name: _simple(values.get(name)) for name in spec.fields}


def _simple(value: Value) -> Any:
    if isinstance(value, frozenset):
        return sorted(_simple(item) for item in value)
    if value is None or isinstance(value, bool | str):
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "amount"):
        return float(value.amount)
    return float(value)
