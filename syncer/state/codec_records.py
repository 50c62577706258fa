"""Records to rows and back; what is agreed of them is told in ``codec_agreed``."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, cast

import structlog

from syncer.model.entities import Schema
from syncer.model.records import Agreed, Record
from syncer.model.values import Json, Value
from syncer.state.bulk import Values
from syncer.state.codec import fold, load_value, title_of
from syncer.state.codec_agreed import (
    NOTHING,
    Kept,
    agreed_text,
    by_name,
    settings_from,
    shaped_text,
    valued,
    values_of,
)
from syncer.state.columns import escape, from_text, moment_text, parse_moment, readable, unescape
from syncer.state.shape import Shape, shape_from
from syncer.state.unfolding import Choosy, Misfit

Loader = Callable[[str, Json], Value]
Parts = tuple[dict[str, Any], Callable[[str, Any], Agreed], bool]
"""Each field's entry, how it is read, and whether it is in the form of today."""

_log = structlog.get_logger(__name__)
READ: Final = ("id", "client", "entity", "title", "pending", "since", "agreed")
"""The columns that a record is read from, before number, fields and rules of its shape."""

WRITTEN: Final = (
    *("id", "client", "entity", "title", "folded", "pending", "since", "agreed"),
    "shape",
)


class Choice(Choosy[Agreed]):
    """What was agreed, with how that is stored; as long as it is not replaced, it stays so."""

    __slots__ = ("kept",)
    kept: Kept


def record_values(record: Record, kept: Kept) -> Values:
    """A row of ``records``, in the order of :data:`WRITTEN`."""
    return (
        escape(record.id),
        escape(record.client),
        escape(record.entity),
        escape(kept.title),
        escape(_folded(kept.title)),
        record.pending,
        moment_text(record.since) if record.since else None,
        kept.text,
        kept.shape.number if kept.shape else None,
    )


def kept_before(schema: Schema, record: Record) -> Kept | None:
    """How what is agreed of a record is stored; None where it is not, or not so any more."""
    agreed = record.agreed
    if not isinstance(agreed, Choice) or agreed.text is None:
        return None
    kept = agreed.kept
    same = kept.title == title_of(schema, record) and kept.since == record.since
    return kept if same else None


def kept_as(schema: Schema, record: Record, shape: Shape | None) -> Kept:
    """How what is agreed of a record is to be stored."""
    title = title_of(schema, record)
    told = values_of(record.agreed)
    if shape is None:
        return Kept(agreed_text(record.agreed), None, title, record.since, told)
    spec = schema.get(record.entity)
    titled = spec.title if spec else ""
    text = shaped_text(record.agreed, shape, told, titled, title, record.since)
    return Kept(text, shape, title, record.since, told)


def _folded(title: str) -> str:
    """The title for finding; empty where it is nothing but the title in small letters."""
    folded = fold(title)[:200]
    # A backslash may stand for something else in the database.
    plain = title.isascii() and title.isprintable() and "\\" not in title
    return "" if plain and folded == title.lower() else folded


def record_from_values(schema: Schema, row: Values, where: str) -> Record:
    """The inverse of :func:`record_values`, of the columns :data:`READ`; ``where`` they stand."""
    id, client, entity, title, pending, since, text, *shape = row
    id, entity = unescape(id), unescape(entity)
    at = readable(parse_moment, since) if since else None
    kept = Kept(text, shape_of(shape), unescape(title), at)
    return Record(
        id,
        unescape(client),
        entity,
        agreed_from(schema, entity, id, kept, where),
        bool(pending),
        at,
    )


def shape_of(row: Values | list[Any]) -> Shape | None:
    """What stands of a shape beside a record; None if that has none."""
    found: Shape | None = None
    if row[0] is not None:
        found = readable(lambda row: shape_from(*row), row)
    return found


def agreed_from(
    schema: Schema, entity: str, id: str, kept: Kept, where: str = ""
) -> Mapping[str, Agreed]:
    """What was agreed; a value that does not fit its field's type any more is left out."""
    if kept.text == NOTHING:
        return {}

    def value(name: str, json: Json) -> Value:
        try:
            return load_value(schema, entity, name, json)
        except ValueError as error:
            _log.warning("state.value.unreadable", record=id, field=name, why=str(error))
            raise Misfit(name) from error

    parts, read, today = readable(partial(_known, value), kept)
    found = Choice(parts, read, kept.text if today else None, where)
    found.kept = kept
    return found


def agreed_as_json(kept: Kept) -> dict[str, Agreed]:
    """The same with each value as JSON, whatever the schema says of it."""
    parts, read, _ = _known(lambda _, json: cast("Value", json), kept)
    return {name: read(name, part) for name, part in parts.items()}


def _known(value: Loader, kept: Kept) -> Parts:
    stored = from_text(kept.text)
    if isinstance(stored, dict):
        return stored, partial(_of_before, value), False
    if kept.shape is not None:
        values, more = by_name(stored, kept.shape.names)
        settings = settings_from(stored, kept.since)
        return values, partial(_of_shape, value, kept, settings, more), True
    told, entries = stored
    if not isinstance(entries, dict):
        raise TypeError("no fields by name")
    by = [(*rest, at and parse_moment(at), file) for *rest, at, file in told]
    return entries, partial(_of_today, value, by), True


def _of_shape(
    value: Loader,
    kept: Kept,
    settings: list[list[Any]],
    more: dict[str, list[Any]],
    name: str,
    json: Json,
) -> Agreed:
    shape: Any = kept.shape
    number, rule = 0, None
    if name in more:
        number, *own = more[name]
        rule = own[0] if own else None
    by, role, connection, at = settings[number]
    if rule is None:
        rule = shape.rules[shape.places[name]]
    if type(json) is int:
        json = valued(json, kept.title)
    return Agreed(value(name, json), by, role, connection, at, rule)


def _of_today(value: Loader, settings: list[Any], name: str, entry: list[Any]) -> Agreed:
    json, rule, number = (*entry, "", 0)[:3] if len(entry) == 1 else (*entry, 0)[:3]
    by, role, connection, at, file = settings[number]
    source = rule if isinstance(rule, str) else f"{file}:{rule}"
    return Agreed(value(name, json), by, role, connection, at, source)


def _of_before(value: Loader, name: str, json: dict[str, Any]) -> Agreed:
    at = json.get("at")
    return Agreed(
        value=value(name, json["value"]),
        by=json.get("by"),
        role=json.get("role"),
        connection=json.get("connection"),
        at=readable(parse_moment, at) if at else None,
        rule=json.get("rule", ""),
    )
