"""Records, links and what goes with them, to rows and back.

A row here is a dict from column to plain value; the column types turn times and JSON into
text. Values are coded with the types of the schema in force. A value of a field that the
schema does not name is read as it looks and written back unchanged; an agreed value that no
longer fits its field's type is left out, since what it says in the new type is not known.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import structlog

from syncer.model.entities import Schema
from syncer.model.records import (
    Agreed,
    Link,
    LinkField,
    LinkStatus,
    Proposal,
    ProposalStatus,
    Record,
)
from syncer.model.remote import Change
from syncer.model.values import MISSING, FieldType, Json, Money, Value, dump, load, parse_number
from syncer.state.columns import moment_text, parse_moment, to_text
from syncer.state.jsonforms import (
    catalogue_from_json,
    catalogue_to_json,
    people_from_json,
    people_to_json,
)

Row = dict[str, Any]
_log = structlog.get_logger(__name__)


def plain_row(entry: Any) -> Row:
    """The fields of a dataclass, not looked into."""
    return {item.name: getattr(entry, item.name) for item in fields(entry)}


def _type(schema: Schema, entity: str, name: str) -> FieldType | None:
    spec = schema.get(entity)
    found = spec.fields.get(name) if spec else None
    return found.type if found else None


def _as_it_looks(json: Json) -> Value:
    if isinstance(json, list):
        return frozenset(_as_it_looks(item) for item in json) or None
    if isinstance(json, dict):
        try:
            return Money(parse_number(json["amount"]), str(json["currency"]))
        except (KeyError, ValueError):
            return to_text(json)
    return json if json is None or isinstance(json, str | bool) else to_text(json)


def load_value(schema: Schema, entity: str, name: str, json: Json) -> Value:
    """A stored value. Raises ``ValueError`` where it does not fit the field's type."""
    kind = _type(schema, entity, name)
    if kind is None:
        return _as_it_looks(json)
    try:
        return load(kind, json)
    except (ValueError, TypeError, KeyError, ArithmeticError) as error:
        raise ValueError(f"{entity}.{name} is a {kind} now: {error}") from error


def value_as_stored(schema: Schema, entity: str, name: str, json: Json) -> Value:
    """A stored value; one that does not fit the field's type any more is read as it looks."""
    try:
        return load_value(schema, entity, name, json)
    except ValueError:
        return _as_it_looks(json)


def _agreed_to_json(agreed: Agreed) -> Row:
    told = {"by": agreed.by, "role": agreed.role, "connection": agreed.connection}
    told["at"] = moment_text(agreed.at) if agreed.at else None
    told["rule"] = agreed.rule or None
    return {"value": dump(agreed.value), **{k: v for k, v in told.items() if v is not None}}


def _agreed_from_json(value: Value, json: Row) -> Agreed:
    at = json.get("at")
    return Agreed(
        value=value,
        by=json.get("by"),
        role=json.get("role"),
        connection=json.get("connection"),
        at=parse_moment(at) if at else None,
        rule=json.get("rule", ""),
    )


def fold(text: str) -> str:
    """Text for finding: compatibility forms, case and blanks at the ends do not count."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def title_of(schema: Schema, record: Record) -> str:
    """What people know the record by; empty where it has no name yet."""
    spec = schema.get(record.entity)
    value = record.value(spec.title) if spec else None
    return "" if value is None else str(value)


def record_to_row(schema: Schema, record: Record) -> Row:
    """A row of ``records``."""
    title = title_of(schema, record)
    return {
        "id": record.id,
        "client": record.client,
        "entity": record.entity,
        "title": title,
        "folded": fold(title)[:200],
        "pending": record.pending,
        "since": record.since,
        "agreed": {name: _agreed_to_json(agreed) for name, agreed in record.agreed.items()},
    }


def record_from_row(schema: Schema, row: Mapping[str, Any]) -> Record:
    """The inverse of :func:`record_to_row`."""
    agreed: dict[str, Agreed] = {}
    for name, json in row["agreed"].items():
        try:
            value = load_value(schema, row["entity"], name, json["value"])
        except ValueError as error:
            _log.warning("state.value.unreadable", record=row["id"], field=name, why=str(error))
            continue
        agreed[name] = _agreed_from_json(value, json)
    about = (row["id"], row["client"], row["entity"])
    return Record(*about, agreed, bool(row["pending"]), row["since"])


_RAW = ("seen", "read", "asked", "got", "shown")
_ENTRY = ("object", "id", "field", "by", "automation", "key")


def _link_field_to_json(field: LinkField) -> Row:
    told = {name: getattr(field, name) for name in _RAW}
    json = {name: value for name, value in told.items() if value is not MISSING}
    if field.asked_at:
        json["asked_at"] = moment_text(field.asked_at)
    if field.cut:
        json["cut"] = True
    if field.remote is not None:
        json["remote"] = field.remote
    if field.told:
        json["told"] = [_entry_to_json(entry) for entry in field.told]
    return json


def _entry_to_json(entry: Change) -> Row:
    at = moment_text(entry.at) if entry.at else None
    values = {name: getattr(entry, name) for name in ("old", "new")}
    return {
        **{name: getattr(entry, name) for name in _ENTRY},
        **{name: value for name, value in values.items() if value is not MISSING},
        "at": at,
    }


def _entry_from_json(json: Row) -> Change:
    at = json.get("at")
    values = {name: json[name] for name in (*_ENTRY, "old", "new") if name in json}
    return Change(**values, at=parse_moment(at) if at else None)


def _link_field_from_json(json: Row) -> LinkField:
    asked_at = json.get("asked_at")
    return LinkField(
        **{name: json[name] for name in _RAW if name in json},
        asked_at=parse_moment(asked_at) if asked_at else None,
        cut=json.get("cut", False),
        remote=json.get("remote"),
        told=tuple(_entry_from_json(entry) for entry in json.get("told", ())),
    )


def link_to_row(client: str, link: Link) -> Row:
    """A row of ``links``; ``client`` is that of the link's record."""
    return plain_row(link) | {
        "client": client,
        "status": str(link.status),
        "fields": {name: _link_field_to_json(field) for name, field in link.fields.items()},
        "verify": sorted(link.verify),
        "unverified": bool(link.verify),
    }


def link_from_row(row: Mapping[str, Any]) -> Link:
    """The inverse of :func:`link_to_row`."""
    given = {item.name: row[item.name] for item in fields(Link)}
    given["status"] = LinkStatus(row["status"])
    given["fields"] = {name: _link_field_from_json(json) for name, json in row["fields"].items()}
    given["verify"] = frozenset(row["verify"])
    return Link(**given)


def proposal_to_row(proposal: Proposal) -> Row:
    """A row of ``proposals``."""
    return plain_row(proposal) | {
        "value": dump(proposal.value),
        "base": dump(proposal.base),
        "status": str(proposal.status),
        "number": proposal.number,
    }


def proposal_from_row(schema: Schema, row: Mapping[str, Any]) -> Proposal:
    """The inverse of :func:`proposal_to_row`; a value that no longer fits is read as it looks."""
    given = {item.name: row[item.name] for item in fields(Proposal)}
    for name in ("value", "base"):
        given[name] = value_as_stored(schema, row["entity"], row["field"], row[name])
    given["status"] = ProposalStatus(row["status"])
    return Proposal(**given)


__all__ = [
    "Row",
    "catalogue_from_json",
    "catalogue_to_json",
    "people_from_json",
    "people_to_json",
]
