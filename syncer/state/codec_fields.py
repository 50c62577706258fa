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
====================  =================================================================

Names of fields stand in the record as well. So where most of them are a link's, its entries are
a list in the order of what is agreed, with ``-1`` for a field that it does not have; those of no
agreed field follow by name: ``[[entry, ...], {name: entry}, common, ...]``.

Before another value is agreed, :func:`spelled_where` puts the one of before in its place.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final, cast

from syncer.model.records import LinkField
from syncer.model.values import MISSING
from syncer.state.beside import NOTHING_AGREED, Beside
from syncer.state.codec_changes import change_from_json, change_to_json
from syncer.state.codec_common import Common, common_from_json, common_json
from syncer.state.columns import (
    alike,
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
    if isinstance(fields, Fields) and fields.text and fields.beside.text == beside.text:
        return str(fields.text)
    if not fields:
        return _NOTHING
    commons: dict[Common, int] = {}
    agreed = beside.values
    entries = {
        name: _entry(name, field, commons, agreed.get(name, MISSING))
        for name, field in fields.items()
    }
    return _joined(entries, commons, agreed)


def _joined(entries: Json, commons: Iterable[Common], agreed: Json) -> str:
    """The text of entries by name, in the shorter order."""
    common = map(common_json, commons)
    if not agreed or len(agreed) > _SPARSE * len(agreed.keys() & entries.keys()):
        return to_text([entries, *common])
    listed = [entries.pop(name, _NONE_HERE) for name in agreed]
    return to_text([listed, entries, *common])


def _entry(name: str, field: LinkField, commons: dict[Common, int], agreed: Any) -> Any:
    seen, read = field.seen, field.read
    remote: Any = True if field.remote == name else field.remote
    if seen is MISSING or read is MISSING:
        known = [remote, *(None if value is MISSING else value for value in (seen, read))]
        return [*_before(field, commons), *known]
    before = () if _is_bare(field) else _before(field, commons)
    same = alike(seen, read)
    if alike(read, agreed) and len(before) < 2:
        if same and (before or remote is not None):
            return _as_agreed(before, remote)
        if not (same or before or remote is None):
            return [seen] if remote is True else {remote: seen}
    return [*before, remote, seen] if same else [*before, remote, seen, read]


def _as_agreed(before: Sequence[Any], remote: Any) -> Any:
    if remote is True:
        return before[0] if before else 0
    return [*before, remote] if before else remote


def _is_bare(field: LinkField) -> bool:
    """Whether no more is known than what was seen, and how it was read."""
    return (
        field.asked is MISSING
        and field.got is MISSING
        and field.shown is MISSING
        and field.asked_at is None
        and not field.cut
        and not field.told
    )


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
    return [*entry, agreed] if len(entry) == 2 and type(entry[0]) is int else None


def _in_full(told: Json, agreed: Json) -> Json:
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


def _before(field: LinkField, commons: dict[Common, int]) -> list[Any]:
    """What stands before the values, of a field of which more is known than them."""
    seen, as_seen = field.seen, ""
    own: Json | None = None
    for name, value in (("asked", field.asked), ("got", field.got), ("shown", field.shown)):
        if value is MISSING:
            continue
        if value is seen or alike(value, seen):
            as_seen += name[0]
        else:
            own = {**(own or _NONE), name: value}
    if field.told:
        own = {**(own or _NONE), "told": [change_to_json(change) for change in field.told]}
    missing = ("s" if seen is MISSING else "") + ("r" if field.read is MISSING else "")
    number = commons.setdefault((as_seen, field.asked_at, field.cut, missing), len(commons) + 1)
    return [number, own] if own else [number]


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
