"""What is agreed of a record, to text and back.

Most records of an entity have the same fields, each by the same rule: a :class:`Shape`, to which
they refer. Such a record is stored as ``[[settings], [value, ...], {name: [value, setting,
rule]}, [[place, setting, rule], ...]]``, without what is empty at its end:

- a setting is ``[by, role, connection, at]``: most fields share the first one, and it stands
  there once. ``true`` as its time is since when the record is known;
- the values are in the order of the shape's fields; ``0`` is the record's title, which has a
  column of its own;
- by name follow fields that the shape has not, or not in this order;
- at the end is told of which place more is to be said: that its field is not there (``[place]``),
  that it has another setting or another rule (left out where it is the shape's).

Of few fields, and in rows of before, it is ``[[settings], {name: [value, rule, setting]}]`` with
the file of the rules at the end of each setting. A rule is a line of that file, or a whole text;
the first setting and an empty rule are left out. Yet older rows are objects, ``{name: {"value":
..., "by": ...}}``. Both are read as well.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from syncer.model.records import Agreed
from syncer.model.values import Json, dump
from syncer.state.columns import from_text, moment_text, parse_moment, to_text
from syncer.state.shape import APART, Shape, names_from

NOTHING: Final = "[[],{}]"
TITLE: Final = 0
"""What stands for the value that the record has as its title; no value is a number in JSON."""

_SINCE: Final = True

Setting = tuple[str | None, str | None, str | None, datetime | None]


class Kept(Struct, frozen=True):
    """What is agreed of a record as it is stored, with the columns that it is read beside."""

    text: str
    shape: Shape | None = None
    title: str = ""
    since: datetime | None = None
    values: Mapping[str, Json] | None = None
    """The values by field, where they are known already."""


def values_of(agreed: Mapping[str, Agreed]) -> dict[str, Json]:
    """The values alone, by field, as JSON."""
    return {name: _json(one) for name, one in agreed.items()}


def agreed_text(agreed: Mapping[str, Agreed]) -> str:
    """What was agreed, by name."""
    if not agreed:
        return NOTHING
    settings: dict[tuple[Any, ...], int] = {}
    entries = {name: _entry(one, settings) for name, one in agreed.items()}
    told = [[*rest, at and moment_text(at), file] for *rest, at, file in settings]
    return to_text([told, entries], finite=True)


def _entry(one: Agreed, settings: dict[tuple[Any, ...], int]) -> list[Any]:
    file, rule = parted(one.rule)
    number = settings.setdefault((one.by, one.role, one.connection, one.at, file), len(settings))
    json = _json(one)
    if number:
        return [json, rule, number]
    return [json, rule] if rule else [json]


def _json(one: Agreed) -> Json:
    value = one.value
    return value if value is None or type(value) is str else dump(value)


@lru_cache(maxsize=4096)
def parted(rule: str) -> tuple[str, int | str]:
    """A rule's file and line; what has another form is kept as it is."""
    file, mark, line = rule.rpartition(":")
    if mark and line.isascii() and line.isdigit() and line[0] != "0" and len(line) < 10:
        return file, int(line)
    return "", rule


def shaped_text(
    agreed: Mapping[str, Agreed],
    shape: Shape,
    told: Mapping[str, Json],
    titled: str = "",
    title: str = "",
    since: datetime | None = None,
) -> str:
    """What was agreed, by the places of a shape.

    Args:
        told: the values as JSON.
        titled: the field whose value is the record's ``title``, where that is a text.
        since: since when the record is known.
    """
    settings: dict[Setting, int] = {}
    values: list[Json] = []
    rest: dict[str, Json] = {}
    more: list[list[Any]] = []
    places = range(len(agreed)) if shape.names == tuple(agreed) else shape.places_of(agreed)
    for place, (name, one) in zip(places, agreed.items(), strict=True):
        setting = (one.by, one.role, one.connection, one.at)
        number = settings.setdefault(setting, len(settings))
        json = TITLE if name == titled and told[name] == title else told[name]
        if place == APART:
            rest[name] = [json, number, one.rule]
            continue
        if place > len(values):
            more += ([gap] for gap in range(len(values), place))
            values += [None] * (place - len(values))
        values.append(json)
        own = () if one.rule == shape.rules[place] else (one.rule,)
        if own or number:
            more.append([place, number, *own])
    return _joined([_setting(setting, since) for setting in settings], values, rest, more)


def _joined(*parts: Any) -> str:
    """Without what is empty at the end."""
    last = max(at for at, part in enumerate(parts) if part or at == 1)
    return to_text(parts[: last + 1], finite=True)


def _setting(setting: Setting, since: datetime | None) -> list[Any]:
    *who, at = setting
    return [*who, _SINCE if at == since else moment_text(at)] if at else [*who, None]


def agreed_values(text: str, fields: str | None = None, title: str = "") -> dict[str, Json]:
    """The values alone, by field, as JSON; ``fields`` are those of the shape, as they stand there."""
    stored = from_text(text)
    if isinstance(stored, dict):
        return {name: entry["value"] for name, entry in stored.items()}
    if fields is None:
        return {name: entry[0] for name, entry in stored[1].items()}
    values, _ = by_name(stored, names_from(fields))
    return {name: valued(json, title) for name, json in values.items()}


def by_name(
    stored: list[Any], names: tuple[str, ...]
) -> tuple[dict[str, Json], dict[str, list[Any]]]:
    """The values by field; and of which field more is said: its setting, and its rule."""
    values = stored[1]
    rest: dict[str, Any] = stored[2] if len(stored) > 2 else {}
    more: list[list[Any]] = stored[3] if len(stored) > 3 else []
    if not isinstance(values, list) or len(values) > len(names):
        raise TypeError("no values by place")
    found = dict(zip(names, values, strict=False))
    told = {names[place]: entry for place, *entry in more}
    for name in [name for name, entry in told.items() if not entry]:
        del found[name]
    for name, (json, *entry) in rest.items():
        found[name], told[name] = json, entry
    return found, told


def valued(json: Json, title: str) -> Json:
    """A value as JSON, where it may be the title."""
    if type(json) is not int:
        return json
    if json != TITLE:
        raise ValueError(f"{json} stands for no value")
    return title


def settings_from(stored: list[Any], since: datetime | None) -> list[list[Any]]:
    """The settings of what is stored by a shape, each with its time."""
    return [[*who, _moment(at, since)] for *who, at in stored[0]]


def _moment(at: Any, since: datetime | None) -> datetime | None:
    if at is not _SINCE:
        return at and parse_moment(at)
    if since is None:
        raise ValueError("nobody knows since when the record is known")
    return since
