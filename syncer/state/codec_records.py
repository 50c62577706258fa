"""Records to rows and back.

What was agreed is stored as ``[[settings], {name: [value, rule, setting]}]``. A setting is
``[by, role, connection, at, file]``: most fields of a record share one, and it stands there
once. A rule is a line of that file, or a whole text; the first setting and an empty rule are left
out. Rows of before that are objects, ``{name: {"value": ..., "by": ...}}``, and are read as well.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Final

import structlog

from syncer.model.entities import Schema
from syncer.model.records import Agreed, Record
from syncer.model.values import Json, Value, dump
from syncer.state.bulk import Values
from syncer.state.codec import fold, load_value, title_of
from syncer.state.columns import (
    escape,
    from_text,
    moment_text,
    parse_moment,
    readable,
    to_text,
    unescape,
)
from syncer.state.unfolding import Choosy, Misfit

Settings = dict[tuple[str | None, str | None, str | None, datetime | None, str], int]
Loader = Callable[[str, Json], Value]
_log = structlog.get_logger(__name__)
NOTHING: Final = "[[],{}]"
READ: Final = ("id", "client", "entity", "pending", "since", "agreed")
"""The columns that a record is read from; the others are for finding it."""


def record_values(schema: Schema, record: Record) -> Values:
    """A row of ``records``, in the order of its columns."""
    title = title_of(schema, record)
    return (
        escape(record.id),
        escape(record.client),
        escape(record.entity),
        escape(title),
        escape(_folded(title)),
        record.pending,
        moment_text(record.since) if record.since else None,
        agreed_text(record.agreed),
    )


def _folded(title: str) -> str:
    """The title for finding; empty where it is nothing but the title in small letters."""
    folded = fold(title)[:200]
    # A backslash may stand for something else in the database.
    plain = title.isascii() and title.isprintable() and "\\" not in title
    return "" if plain and folded == title.lower() else folded


def agreed_text(agreed: Mapping[str, Agreed]) -> str:
    """What was agreed, as it is stored; untouched since it was read, it is written as it was."""
    if isinstance(agreed, Choosy) and agreed.text is not None:
        return str(agreed.text)
    if not agreed:
        return NOTHING
    settings: Settings = {}
    entries = {name: _entry(one, settings) for name, one in agreed.items()}
    told = [[*rest, at and moment_text(at), file] for *rest, at, file in settings]
    return to_text([told, entries], finite=True)


def _entry(one: Agreed, settings: Settings) -> list[Any]:
    value = one.value
    file, rule = parted(one.rule)
    setting = (one.by, one.role, one.connection, one.at, file)
    number = settings.setdefault(setting, len(settings))
    json = value if value is None or type(value) is str else dump(value)
    if number:
        return [json, rule, number]
    return [json, rule] if rule else [json]


@lru_cache(maxsize=4096)
def parted(rule: str) -> tuple[str, int | str]:
    """A rule's file and line; what has another form is kept as it is."""
    file, mark, line = rule.rpartition(":")
    if mark and line.isascii() and line.isdigit() and line[0] != "0" and len(line) < 10:
        return file, int(line)
    return "", rule


def record_from_values(schema: Schema, row: Values, where: str) -> Record:
    """The inverse of :func:`record_values`, of the columns :data:`READ`; ``where`` they stand."""
    id, client, entity, pending, since, text = row
    id, entity = unescape(id), unescape(entity)
    return Record(
        id,
        unescape(client),
        entity,
        agreed_from_text(schema, entity, id, text, where),
        bool(pending),
        readable(parse_moment, since) if since else None,
    )


def agreed_from_text(
    schema: Schema, entity: str, id: str, text: str, where: str = ""
) -> Mapping[str, Agreed]:
    """What was agreed; a value that does not fit its field's type any more is left out."""
    if text == NOTHING:
        return {}

    def value(name: str, json: Json) -> Value:
        try:
            return load_value(schema, entity, name, json)
        except ValueError as error:
            _log.warning("state.value.unreadable", record=id, field=name, why=str(error))
            raise Misfit(name) from error

    entries, settings = readable(_known, text)
    if settings is None:
        return Choosy(entries, partial(_of_before, value), None, where)
    return Choosy(entries, partial(_of_today, value, settings), text, where)


def agreed_values(text: str) -> dict[str, Json]:
    """The values alone, by field, as JSON."""
    stored = from_text(text)
    if isinstance(stored, dict):
        return {name: entry["value"] for name, entry in stored.items()}
    return {name: entry[0] for name, entry in stored[1].items()}


def _known(text: str) -> tuple[dict[str, Any], list[Any] | None]:
    """Each field's entry, and the settings that they share; None in the form of before."""
    stored = from_text(text)
    if isinstance(stored, dict):
        return stored, None
    told, entries = stored
    if not isinstance(entries, dict):
        raise TypeError("no fields by name")
    return entries, [(*rest, at and parse_moment(at), file) for *rest, at, file in told]


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
