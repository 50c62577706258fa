"""Links to rows and back.

What is known of a link's fields is stored as ``[{name: [remote, seen, read]}, common, ...]``.
``read`` is left out where it is what was seen; a remote field of the same name is ``true``. What goes with it (that a write was asked for,
and when) stands before: what many fields share as the number of a ``common``, what is a field's
own as an object. Rows of before that are objects, ``{name: {"seen": ...}}``, and are read too.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, Final

from syncer.model.records import Link, LinkField, LinkStatus
from syncer.model.remote import Change
from syncer.model.values import MISSING
from syncer.state.bulk import Values
from syncer.state.columns import (
    PLAIN,
    alike,
    escape,
    from_text,
    moment_text,
    parse_moment,
    readable,
    to_text,
    unescape,
)
from syncer.state.unfolding import Unfolding

Json = dict[str, Any]
Common = tuple[str, datetime | None, bool, str]
"""Which values are as the seen one, when it was asked for, whether cut, which values miss."""

READ: Final = (
    *("id", "record", "connection", "object", "remote_id", "container", "status", "existence"),
    *("linked_at", "as_of", "url", "fields", "verify", "stock", "let_in", "mark"),
)
"""The columns that a link is read from."""

_NOTHING: Final = "[{}]"
RAW: Final = ("seen", "read", "asked", "got", "shown")
"""What is known of a field as values of the vendor's or ours."""

_NONE: Final[Json] = {}
_LISTED: Final = PLAIN | {list}
_ENTRY: Final = ("object", "id", "field", "by", "automation", "key")


def link_values(client: str, link: Link) -> Values:
    """A row of ``links``, in the order of its columns; ``client`` is that of its record."""
    return (
        escape(link.id),
        escape(client),
        escape(link.record),
        escape(link.connection),
        escape(link.object),
        escape(link.remote_id),
        link.container and escape(link.container),
        str(link.status),
        escape(link.existence),
        link.linked_at and moment_text(link.linked_at),
        link.as_of and moment_text(link.as_of),
        link.url and escape(link.url),
        fields_text(link.fields),
        to_text(sorted(link.verify)) if link.verify else "[]",
        bool(link.verify),
        link.stock,
        link.let_in,
        link.mark,
    )


def link_from_values(row: Values, where: str) -> Link:
    """The inverse of :func:`link_values`, of the columns :data:`READ`; ``where`` they stand."""
    (id, record, connection, object_name, remote_id, container, status, existence,
     linked_at, as_of, url, text, verify, stock, let_in, mark) = row  # fmt: skip
    return Link(
        unescape(id),
        unescape(record),
        unescape(connection),
        unescape(object_name),
        unescape(remote_id),
        container and unescape(container),
        LinkStatus(status),
        unescape(existence),
        linked_at and readable(parse_moment, linked_at),
        as_of and readable(parse_moment, as_of),
        url and unescape(url),
        fields_from_text(text, where),
        frozenset(readable(from_text, verify)) if verify != "[]" else frozenset(),
        bool(stock),
        bool(let_in),
        mark,
    )


def fields_text(fields: Mapping[str, LinkField]) -> str:
    """What is known of the fields; untouched since it was read, it is written as it was."""
    if isinstance(fields, Unfolding) and fields.text is not None:
        return str(fields.text)
    if not fields:
        return _NOTHING
    commons: dict[Common, int] = {}
    entries = {name: _entry(name, field, commons) for name, field in fields.items()}
    finite = _are_plain(entries.values())
    return to_text([entries, *map(_common_json, commons)], finite=finite)


def _are_plain(parts: Iterable[list[Any]]) -> bool:
    """Whether there is nothing in these lists but texts, whole numbers and the like."""
    values = list(chain.from_iterable(parts))
    kinds = {*map(type, values)}
    if kinds <= PLAIN:
        return True
    return kinds <= _LISTED and _are_plain([value for value in values if type(value) is list])


def _entry(name: str, field: LinkField, commons: dict[Common, int]) -> list[Any]:
    seen, read = field.seen, field.read
    remote = True if field.remote == name else field.remote
    if seen is not MISSING and read is not MISSING:
        known = [remote, seen] if alike(seen, read) else [remote, seen, read]
        if (field.asked is field.got is field.shown is MISSING) and not (
            field.asked_at or field.cut or field.told
        ):
            return known
    else:
        known = [remote, *(None if value is MISSING else value for value in (seen, read))]
    return [*_before(field, commons), *known]


def _before(field: LinkField, commons: dict[Common, int]) -> list[Any]:
    """What stands before the values, of a field of which more is known than them."""
    seen, as_seen, own = field.seen, "", {}
    for name, value in (("asked", field.asked), ("got", field.got), ("shown", field.shown)):
        if value is MISSING:
            continue
        if alike(value, seen):
            as_seen += name[0]
        else:
            own[name] = value
    if field.told:
        own["told"] = [change_to_json(change) for change in field.told]
    missing = ("s" if seen is MISSING else "") + ("r" if field.read is MISSING else "")
    common = (as_seen, field.asked_at, field.cut, missing)
    number = commons.setdefault(common, len(commons) + 1)
    return [number, own] if own else [number]


def _common_json(common: Common) -> Json:
    as_seen, asked_at, cut, missing = common
    at = moment_text(asked_at) if asked_at else None
    told = {"same": as_seen, "at": at, "cut": cut, "no": missing}
    return {name: value for name, value in told.items() if value}


def fields_from_text(text: str, where: str = "") -> Mapping[str, LinkField]:
    """The inverse of :func:`fields_text`, and what rows of before say."""
    if text == _NOTHING:
        return {}
    entries, commons = readable(_parted, text)
    if commons is None:
        return Unfolding(entries, lambda _, json: _of_before(json), None, where)
    return Unfolding(entries, lambda name, entry: _of_today(name, entry, commons), text, where)


def _parted(text: str) -> tuple[Json, list[Common] | None]:
    """Each field's entry, and what many share; None in the form of before."""
    stored = from_text(text)
    if isinstance(stored, dict):
        return stored, None
    entries, *told = stored
    if not isinstance(entries, dict):
        raise TypeError("no fields by name")
    return entries, [_common_from_json(json) for json in told]


def _common_from_json(json: Json) -> Common:
    at = json.get("at")
    asked_at = readable(parse_moment, at) if at else None
    return json.get("same", ""), asked_at, json.get("cut", False), json.get("no", "")


def _of_today(name: str, entry: list[Any], commons: list[Common]) -> LinkField:
    if type(entry[0]) is not int:
        remote = name if entry[0] is True else entry[0]
        return LinkField(entry[1], entry[-1], remote=remote)
    as_seen, asked_at, cut, missing = commons[entry[0] - 1]
    own = entry[1] if type(entry[1]) is dict else _NONE
    remote, seen = entry[-2:] if len(entry) == (4 if own else 3) else entry[-3:-1]
    return LinkField(
        MISSING if "s" in missing else seen,
        MISSING if "r" in missing else entry[-1],
        seen if "a" in as_seen else own.get("asked", MISSING),
        seen if "g" in as_seen else own.get("got", MISSING),
        asked_at,
        seen if "s" in as_seen else own.get("shown", MISSING),
        cut,
        name if remote is True else remote,
        tuple(map(_change_from_json, own["told"])) if "told" in own else (),
    )


def _of_before(json: Json) -> LinkField:
    asked_at = json.get("asked_at")
    return LinkField(
        **{name: json[name] for name in RAW if name in json},
        asked_at=readable(parse_moment, asked_at) if asked_at else None,
        cut=json.get("cut", False),
        remote=json.get("remote"),
        told=tuple(_change_from_json(change) for change in json.get("told", ())),
    )


def change_to_json(change: Change) -> Json:
    """What the vendor told of a field."""
    at = moment_text(change.at) if change.at else None
    values = {name: getattr(change, name) for name in ("old", "new")}
    return {
        **{name: getattr(change, name) for name in _ENTRY},
        **{name: value for name, value in values.items() if value is not MISSING},
        "at": at,
    }


def _change_from_json(json: Json) -> Change:
    at = json.get("at")
    values = {name: json[name] for name in (*_ENTRY, "old", "new") if name in json}
    return Change(**values, at=readable(parse_moment, at) if at else None)
