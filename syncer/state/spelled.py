"""Rows spelled out for people and other tools: what is stored short is told by its names."""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from syncer.model.records import Agreed, LinkField
from syncer.model.values import MISSING
from syncer.state.beside import beside_from
from syncer.state.codec_agreed import NOTHING, Kept
from syncer.state.codec_changes import change_to_json
from syncer.state.codec_fields import RAW, fields_from_text
from syncer.state.codec_journal import EACH, rows_apart
from syncer.state.codec_records import agreed_as_json, shape_of
from syncer.state.columns import (
    from_text,
    moment_text,
    parse_moment,
    readable,
    stable_text,
    to_text,
    unescape,
)

_WITH: Final = {
    "records": "SELECT records.*, shapes.fields AS names, shapes.rules FROM records"
    " LEFT JOIN shapes ON shapes.number = records.shape",
    "links": "SELECT links.*, records.id AS record, records.agreed, shapes.fields AS names,"
    " records.title FROM links LEFT JOIN records ON records.number = links.record"
    " LEFT JOIN shapes ON shapes.number = records.shape",
    "agreements": "SELECT agreements.*, records.id AS record FROM agreements"
    " LEFT JOIN records ON records.number = agreements.record",
}
"""What rows are read from that are told beside others."""

_INSIDE: Final = {
    "records": ("number", "shape", "names", "rules"),
    "links": ("agreed", "names", "title"),
}
"""Columns that are told with others."""


def told_rows(
    database: sqlite3.Connection, table: str, client: str | None = None
) -> Iterator[dict[str, Any]]:
    """The rows of a table of a state file, of one client or all, spelled out."""
    query, given = _query(table), []
    if client:
        query, given = f"{query} WHERE {table}.client = ?", [client]
    told = database.execute(query, given)
    names = [name for name, *_ in told.description]
    for row in told:
        yield from spelled_out(table, dict(zip(names, row, strict=True)))


def told_columns(database: sqlite3.Connection, table: str) -> list[str]:
    """The names of what :func:`told_rows` gives."""
    told = database.execute(f"{_query(table)} LIMIT 0").description
    return list(dict.fromkeys(n for n, *_ in told if n not in _INSIDE.get(table, ())))


def _query(table: str) -> str:
    return _WITH.get(table, f"SELECT * FROM {table}")  # noqa: S608 - our names


def spelled_out(table: str, row: dict[str, Any]) -> list[dict[str, Any]]:
    """A row of an export, in which each field of a record or link is an object by name.

    ``{"title": {"value": ..., "by": ..., "rule": ...}}`` for ``records``, and
    ``{"title": {"seen": ..., "read": ..., "remote": ...}}`` for ``links``, as texts of JSON.
    A row of the ``journal`` that holds many lines is a row for each.

    Args:
        row: with ``names`` and ``rules`` of its shape, if it is a record that has one; with
            ``agreed`` and ``title`` of its record and ``names`` of that one's shape, if it is
            a link.

    Raises :class:`UnreadableValue` or :class:`StateError` for a row that says nothing.
    """
    told: list[dict[str, Any]] = readable(lambda row: _told(table, row), row)
    return told


def _told(table: str, row: dict[str, Any]) -> list[dict[str, Any]]:
    if table == "journal":
        return _lines(row)
    outside = {name: value for name, value in row.items() if name not in _INSIDE.get(table, ())}
    if table == "records":
        return [outside | {"agreed": stable_text(_agreed_json(row))}]
    return [outside | {"fields": stable_text(_fields_json(row))} if table == "links" else outside]


def _lines(row: dict[str, Any]) -> list[dict[str, Any]]:
    if row["field"] != EACH:
        return [row]
    read = {name: from_text(row[name]) for name in ("old", "new")}
    apart = rows_apart(row | read)
    return [line | {name: to_text(line[name]) for name in ("old", "new")} for line in apart]


def _agreed_json(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is stored as agreed: by field, the value with who set it, and so on."""
    shape = shape_of((row.get("shape"), row.get("names"), row.get("rules")))
    since = row.get("since")
    at = parse_moment(since) if since else None
    kept = Kept(row["agreed"], shape, unescape(row.get("title", "")), at)
    return {name: _agreed(one) for name, one in agreed_as_json(kept).items()}


def _agreed(one: Agreed) -> dict[str, Any]:
    said = {
        "by": one.by,
        "role": one.role,
        "connection": one.connection,
        "at": one.at and moment_text(one.at),
        "rule": one.rule or None,
    }
    return {"value": one.value, **{key: item for key, item in said.items() if item is not None}}


def _fields_json(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is known of a link's fields: what was seen, asked for, answered."""
    beside = beside_from(row.get("agreed") or NOTHING, row.get("names"), row.get("title"))
    fields = fields_from_text(row["fields"], beside=beside)
    return {name: _field(field) for name, field in fields.items()}


def _field(field: LinkField) -> dict[str, Any]:
    told = {name: getattr(field, name) for name in RAW}
    known = {name: value for name, value in told.items() if value is not MISSING}
    rest = {
        "asked_at": field.asked_at and moment_text(field.asked_at),
        "cut": field.cut or None,
        "remote": field.remote,
        "told": [change_to_json(change) for change in field.told] or None,
    }
    return known | {name: value for name, value in rest.items() if value is not None}
