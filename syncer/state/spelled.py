"""Rows spelled out for people and other tools: what is stored short is told by its names."""

from collections.abc import Callable
from typing import Any

from syncer.model.records import LinkField
from syncer.model.values import MISSING
from syncer.state.beside import Beside
from syncer.state.codec_changes import change_to_json
from syncer.state.codec_fields import RAW, fields_from_text
from syncer.state.codec_journal import EACH, rows_apart
from syncer.state.codec_records import NOTHING
from syncer.state.columns import from_text, moment_text, readable, stable_text, to_text

_AGREED = ("by", "role", "connection", "at")


def spelled_out(
    table: str, row: dict[str, Any], agreed: Callable[[str], str] = lambda _: NOTHING
) -> list[dict[str, Any]]:
    """A row of an export, in which each field of a record or link is an object by name.

    ``{"title": {"value": ..., "by": ..., "rule": ...}}`` for ``records``, and
    ``{"title": {"seen": ..., "read": ..., "remote": ...}}`` for ``links``, as texts of JSON.
    A row of the ``journal`` that holds many lines is a row for each. ``agreed`` gives what is
    stored as agreed of a record, beside which its links are read. Raises
    :class:`UnreadableValue` or :class:`StateError` for a row that says nothing.
    """
    told: list[dict[str, Any]] = readable(lambda stored: _told(table, stored, agreed), row)
    return told


def _told(table: str, row: dict[str, Any], agreed: Callable[[str], str]) -> list[dict[str, Any]]:
    return _lines(row) if table == "journal" else [_short(table, row, agreed)]


def _lines(row: dict[str, Any]) -> list[dict[str, Any]]:
    if row["field"] != EACH:
        return [row]
    read = {name: from_text(row[name]) for name in ("old", "new")}
    apart = rows_apart(row | read)
    return [line | {name: to_text(line[name]) for name in ("old", "new")} for line in apart]


def _short(table: str, row: dict[str, Any], agreed: Callable[[str], str]) -> dict[str, Any]:
    if table == "records":
        return row | {"agreed": stable_text(agreed_json(row["agreed"]))}
    if table == "links":
        return row | {"fields": stable_text(fields_json(row["fields"], agreed(row["record"])))}
    return row


def agreed_json(text: str) -> dict[str, dict[str, Any]]:
    """What is stored as ``records.agreed``: by field, the value with who set it, and so on."""
    stored = from_text(text)
    if isinstance(stored, dict):
        return stored
    settings, entries = stored
    return {name: _agreed(settings, *entry) for name, entry in entries.items()}


def _agreed(
    settings: list[list[Any]], value: Any, rule: str | int = "", number: int = 0
) -> dict[str, Any]:
    *told, file = settings[number]
    source = rule if isinstance(rule, str) else f"{file}:{rule}"
    said = dict(zip(_AGREED, told, strict=True)) | {"rule": source or None}
    return {"value": value, **{key: item for key, item in said.items() if item is not None}}


def fields_json(text: str, agreed: str) -> dict[str, dict[str, Any]]:
    """What is stored as ``links.fields``: by field, what was seen, asked for, answered."""
    fields = fields_from_text(text, beside=Beside(agreed))
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
