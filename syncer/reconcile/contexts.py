"""What conditions see: vendor records and canonical records as plain values, by name."""

from collections.abc import Mapping
from typing import Any

from syncer.model.entities import EntitySpec
from syncer.model.remote import FieldInfo, ObjectInfo, Raw, RemoteRecord
from syncer.model.values import Kind, Value
from syncer.reconcile.lookup import Lookup


def context(record: RemoteRecord, info: ObjectInfo, lookup: Lookup) -> dict[str, Any]:
    """A vendor record as a person sees it: names instead of ids, custom fields by name.

    Every field that there is in its place is there, also where the vendor told nothing.
    """
    custom: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for field in info.fields:
        if field.container in (None, record.container):
            place = custom if field.custom else found
            place[field.name] = _plain(field, record.fields.get(field.id), lookup)
    return {**found, "id": record.id, "custom": custom}


def _plain(info: FieldInfo, raw: Raw, lookup: Lookup) -> Any:
    if isinstance(raw, list):
        return [_plain(info, item, lookup) for item in raw]
    if raw is None:
        return [] if info.type.many else None
    if info.type.kind is Kind.ENUMERATION:
        return next((o.name for o in info.options if o.id == raw), raw)
    if info.type.kind is Kind.PERSON:
        return lookup.directory.shown(str(raw))
    if info.type.kind is Kind.MONEY and isinstance(raw, dict):
        return _number(raw.get("amount"))
    return _number(raw) if info.type.kind is Kind.NUMBER else raw


def _number(raw: object) -> Any:
    """A double, as conditions count; what is no number stays what it is."""
    try:
        return float(str(raw))
    except ValueError:
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
