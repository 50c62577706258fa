"""Values, texts and proposals to rows and back; what other coders share.

A row here is a dict from column to plain value; the column types turn times and JSON into
text. Values are coded with the types of the schema in force. A value of a field that the
schema does not name is read as it looks and written back unchanged; an agreed value that no
longer fits its field's type is left out, since what it says in the new type is not known.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from syncer.model.entities import Schema
from syncer.model.records import Proposal, ProposalStatus, Record
from syncer.model.structs import names
from syncer.model.values import FieldType, Json, Kind, Money, Value, dump, load, parse_number
from syncer.state.columns import stable_text
from syncer.state.jsonforms import (
    catalogue_from_json,
    catalogue_to_json,
    people_from_json,
    people_to_json,
)

Row = dict[str, Any]
_TEXTS = (Kind.TEXT, Kind.RICH_TEXT, Kind.ENUMERATION, Kind.PERSON, Kind.REFERENCE)
"""Kinds whose values are stored as they are."""


def plain_row(entry: Any) -> Row:
    """The fields of a noun, not looked into."""
    return {name: getattr(entry, name) for name in names(entry)}


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
            return stable_text(json)
    return json if json is None or isinstance(json, str | bool) else stable_text(json)


def load_value(schema: Schema, entity: str, name: str, json: Json) -> Value:
    """A stored value. Raises ``ValueError`` where it does not fit the field's type."""
    if json is None:
        return None
    kind = _type(schema, entity, name)
    if kind is None:
        return _as_it_looks(json)
    if type(json) is str and kind.kind in _TEXTS and not kind.many:
        return json
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


def fold(text: str) -> str:
    """Text for finding: compatibility forms, case and blanks at the ends do not count."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def title_of(schema: Schema, record: Record) -> str:
    """What people know the record by; empty where it has no name yet."""
    spec = schema.get(record.entity)
    value = record.value(spec.title) if spec else None
    return "" if value is None else str(value)


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
    given = {name: row[name] for name in names(Proposal)}
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
