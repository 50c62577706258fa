"""What is known of a link's fields, to text and back.

It is stored as ``[{name: [remote, seen, read]}, common, ...]``. ``read`` is left out where it is
what was seen; a remote field of the same name is ``true``. What goes with it (that a write was
asked for, and when) stands before: what many fields share as the number of a ``common``, what is
a field's own as an object. Rows of before that are objects, ``{name: {"seen": ...}}``, are read too.

Nearly always what a system shows is what is agreed, and that stands in the record already. So
where ``read`` is the agreed value to the letter it is not written again:

====================  =================================================================
``[seen]``            read as what is agreed, from a remote field of the same name
``{remote: seen}``    the same, from a remote field of another name
``0``, ``number``     seen as well, with nothing more to tell, or with that ``common``
``remote``            seen as well, in a remote field of another name
``[number, remote]``  both of these
``[number, [seen]]``  the first, ``[number, {remote: seen}]`` the second, with that ``common``
====================  =================================================================

Names of fields stand in the record as well. So where most of them are a link's, its entries are
a list in the order of what is agreed, with ``-1`` for a field that it does not have; those of no
agreed field follow by name: ``[[entry, ...], {name: entry}, common, ...]``.

Before another value is agreed, :func:`spelled_where` puts the one of before in its place.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, cast

from syncer.model.records import LinkField
from syncer.model.values import MISSING
from syncer.state.beside import NOTHING_AGREED, Beside
from syncer.state.codec_changes import change_from_json
from syncer.state.codec_common import Common, common_from_json, common_json
from syncer.state.codec_entries import entry_of
from syncer.state.columns import (
    from_text,
    parse_moment,
    readable,
    to_text,
)
from syncer.state.unfolding import Unfolding

Json = dict[str, Any]
_NOTHING: Final = "[{}]"
RAW: Final = ("seen", "read", "asked", "got", "shown")
"""What is known of a field as values of the vendor's or ours."""

_NONE: Final[Json] = {}
_NONE_HERE: Final = -1
_SPARSE: Final = 2
"""A list of so many entries for each that says something would be longer than their names."""


class Fields(Unfolding[LinkField]):
    """What is known of a link's fields, read beside what is agreed of its record."""

    __slots__ = ("beside",)
    beside: Beside


def fields_text(fields: Mapping[str, LinkField], beside: Beside = NOTHING_AGREED) -> str:
    """What is known of the fields; untouched since it was read, it is written as it was."""
    if isinstance(fields, Fields) and fields.text and fields.beside.says(beside):
        return str(fields.text)
    if not fields:
        return _NOTHING
    commons: dict[Common, int] = {}
    agreed = beside.values
    entries = {
        name: entry_of(name, field, commons, agreed.get(name, MISSING))
        for name, field in fields.items()
    }
    return _joined(entries, commons, agreed)


def _joined(entries: Json, commons: Iterable[Common], agreed: Mapping[str, Any]) -> str:
    """The text of entries by name, in the shorter order."""
    common = map(common_json, commons)
    if not agreed or len(agreed) > _SPARSE * len(agreed.keys() & entries.keys()):
        return to_text([entries, *common])
    listed = [entries.pop(name, _NONE_HERE) for name in agreed]
    return to_text([listed, entries, *common])


def _spelled(entry: Any, agreed: Any) -> list[Any] | None:
    """An entry with the agreed value in full; None for one that does not go by that."""
    kind = type(entry)
    if kind is int:
        return [entry, True, agreed] if entry else [True, agreed]
    if kind is str:
        return [entry, agreed]
    if kind is dict:
        [(remote, seen)] = entry.items()
        return [remote, seen, agreed]
    if len(entry) == 1:
        return [True, entry[0], agreed]
    if len(entry) != 2 or type(entry[0]) is not int:
        return None
    number, told = entry
    if type(told) in (list, dict):
        return [number, *cast("list[Any]", _spelled(told, agreed))]
    return [number, told, agreed]


def _in_full(told: Json, agreed: Mapping[str, Any]) -> Json:
    """Those of the entries that go by the agreed value, with that in full."""
    spelled = {name: _spelled(entry, agreed.get(name)) for name, entry in told.items()}
    return {name: full for name, full in spelled.items() if full is not None}


def spelled_where(text: str, before: Beside, after: Beside, names: Collection[str]) -> str | None:
    """The same where another value will be agreed of these fields; None if it can stay.

    Args:
        before: what was agreed up to now, as which they are told.
        after: what will be.
    """
    entries, commons = _parted(text, before)
    if commons is None:
        return None
    told = {name: entries[name] for name in names if name in entries}
    moved = readable(lambda told: _in_full(told, before.values), told)
    if not moved and list(before.values) == list(after.values):
        return None
    return _joined(entries | moved, commons, after.values)


def fields_from_text(
    text: str, where: str = "", beside: Beside = NOTHING_AGREED
) -> Mapping[str, LinkField]:
    """The inverse of :func:`fields_text`, and what rows of before say."""
    if text == _NOTHING:
        return {}
    entries, commons = _parted(text, beside)
    if commons is None:
        return Unfolding(entries, lambda _, json: _of_before(json), None, where)

    def read(name: str, entry: Any) -> LinkField:
        if type(entry) is int and not entry:  # nearly always
            value = beside.values[name]
            return LinkField(value, value, remote=name)
        full = _spelled(entry, MISSING)
        if full is not None:
            full[-1] = beside.values[name]
        return _of_today(name, full or entry, commons)

    fields = Fields(entries, read, text, where)
    fields.beside = beside
    return fields


def _parted(text: str, beside: Beside) -> tuple[Json, list[Common] | None]:
    """Each field's entry, and what many share; None in the form of before."""
    return cast("tuple[Json, list[Common] | None]", readable(lambda t: _parts(t, beside), text))


def _parts(text: str, beside: Beside) -> tuple[Json, list[Common] | None]:
    stored = from_text(text)
    if isinstance(stored, dict):
        return stored, None
    entries, *told = stored
    if isinstance(entries, list):
        pairs = zip(beside.values, entries, strict=True)
        rest, *told = told
        entries = {name: entry for name, entry in pairs if entry != _NONE_HERE} | rest
    if not isinstance(entries, dict):
        raise TypeError("no fields by name")
    return entries, [common_from_json(json) for json in told]


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
        tuple(map(change_from_json, own["told"])) if "told" in own else (),
    )


def _of_before(json: Json) -> LinkField:
    asked_at = json.get("asked_at")
    return LinkField(
        **{name: json[name] for name in RAW if name in json},
        asked_at=readable(parse_moment, asked_at) if asked_at else None,
        cut=json.get("cut", False),
        remote=json.get("remote"),
        told=tuple(change_from_json(change) for change in json.get("told", ())),
    )
