"""The bench server's answers, and what they are in the neutral form."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec

from syncer.adapterkit.answer import Answer
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import LookFirst, WaitAndRetry
from syncer.adapterkit.seen import sift
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.feeds import Page
from syncer.model.remote import (
    Catalogue,
    Change,
    FieldInfo,
    ObjectInfo,
    Option,
    Outcome,
    Raw,
    RemoteRecord,
    Result,
    Write,
)
from syncer.model.values import FieldType, Kind

T = TypeVar("T")
FEED: Final = "main"
PROJECT: Final = "project"
ITEM: Final = "item"
OBJECTS: Final = {"projects": PROJECT, "items": ITEM}
PATHS: Final = {PROJECT: "projects", ITEM: "items"}

_TYPES: Final = {
    "name": FieldType(Kind.TEXT),
    "notes": FieldType(Kind.RICH_TEXT),
    "project": FieldType(Kind.REFERENCE, target=PROJECT),
    "status": FieldType(Kind.ENUMERATION),
    "start": FieldType(Kind.WHEN),
    "due": FieldType(Kind.WHEN),
    "assignees": FieldType(Kind.PERSON, many=True),
    "labels": FieldType(Kind.ENUMERATION, many=True),
    "priority": FieldType(Kind.ENUMERATION),
    "estimate": FieldType(Kind.NUMBER),
    "size": FieldType(Kind.ENUMERATION),
    "code": FieldType(Kind.TEXT),
}
SETS: Final = frozenset(name for name, kind in _TYPES.items() if kind.many)
_FIELDS: Final = {PROJECT: ("name", "notes"), ITEM: tuple(_TYPES)}


class Thing(msgspec.Struct):
    """A project or an item; a project has the first few only."""

    id: str
    archived: bool
    created_at: datetime
    modified_at: datetime
    name: str
    created_by: str | None = None
    url: str | None = None
    notes: str | None = None
    project: str | None = None
    status: str | None = None
    start: str | None = None
    due: str | None = None
    assignees: list[str] = []
    labels: list[str] = []
    priority: str | None = None
    estimate: float | None = None
    size: str | None = None
    code: str | None = None


class Line(msgspec.Struct):
    """A line of the log: a field of a thing was changed, or the thing was made."""

    n: int
    kind: str
    id: str
    field: str
    old: Any
    new: Any
    by: str
    at: datetime


class Listing(msgspec.Struct):
    """A page of things, each as the bytes that were sent."""

    results: list[msgspec.Raw]
    next: int | None = None


class News(msgspec.Struct):
    """What was changed since a number of the log."""

    projects: list[msgspec.Raw]
    items: list[msgspec.Raw]
    log: list[Line]
    last: int
    more: bool


class Log(msgspec.Struct):
    """Lines of the log."""

    log: list[Line]


class User(msgspec.Struct):
    """Somebody with an account."""

    id: str
    name: str
    email: str | None = None
    active: bool = True


class Users(msgspec.Struct):
    """Everybody."""

    results: list[User]


class Definitions(msgspec.Struct):
    """The options of fields: by field, id to name."""

    choices: dict[str, dict[str, str]]


def shaped(answer: Answer, shape: type[T]) -> T:
    """An answer of this shape. Raises ``LookFirst`` for another one to a write."""
    try:
        return msgspec.json.decode(answer.plain, type=shape)
    except (msgspec.DecodeError, ValueError) as error:
        kind = LookFirst if answer.unsafe else WaitAndRetry
        raise kind(f"the answer is not as documented: {error}") from None


class _Head(msgspec.Struct):
    id: str


def id_of(row: msgspec.Raw) -> str:
    """Whose bytes these are."""
    return msgspec.json.decode(row, type=_Head).id


def records(
    object: str, rows: list[msgspec.Raw], at: datetime, wanted: Collection[str] | None
) -> Iterator[RemoteRecord]:
    """One page of raw rows as records, with the fields that are wanted (all: ``None``)."""
    for row in rows:
        yield record(object, msgspec.json.decode(row, type=Thing), at, wanted)


def record(
    object: str, thing: Thing, at: datetime, wanted: Collection[str] | None = None
) -> RemoteRecord:
    """A thing as it stood ``at`` a moment."""
    names = [name for name in _FIELDS[object] if wanted is None or name in wanted]
    return RemoteRecord(
        object,
        thing.id,
        {name: _raw(name, getattr(thing, name)) for name in names},
        as_of=at,
        existence=ARCHIVED if thing.archived else PRESENT,
        modified_at=thing.modified_at,
        created_at=thing.created_at,
        created_by=thing.created_by,
        url=thing.url,
    )


def change(line: Line) -> Change | None:
    """A line of the log as a change; ``None`` for what is no field of ours."""
    object = OBJECTS.get(line.kind, "")
    if line.field != EXISTENCE and line.field not in _FIELDS.get(object, ()):
        return None
    old, new = (_raw(line.field, value) for value in (line.old, line.new))
    return Change(object, line.id, line.field, line.at, line.by, key=str(line.n), old=old, new=new)


def told(
    request: PullRequest, rows: Mapping[str, list[msgspec.Raw]], at: datetime
) -> Iterator[Page]:
    """A page for each object: records of what is new, and ids of what is as it was."""
    for object in request.fields.keys() & rows.keys():
        named = [(id_of(row), row) for row in rows[object]]
        sifted = sift(request.seen, object, ((id, bytes(row)) for id, row in named))
        news = [row for id, row in named if id not in sifted.same]
        found = tuple(records(object, news, at, request.fields[object]))
        yield Page(FEED, found, same={object: tuple(sifted.same)}, marks=sifted.marks)


def changes(log: Sequence[Line]) -> tuple[Change, ...]:
    """Lines of the log as changes."""
    return tuple(told for told in map(change, log) if told is not None)


def outcome(write: Write, shown: RemoteRecord, at: datetime) -> Outcome:
    """What an answer to a write shows."""
    got = {name: shown.fields[name] for name in write.fields}
    return Outcome(write.intent, Result.DONE, shown.id, None, got, as_of=at, url=shown.url)


def plain(write: Write, catalogue: Catalogue) -> dict[str, Any]:
    """Values as the server takes them: numbers as numbers, options by id, no set as an empty one."""
    told: dict[str, Any] = dict(write.fields)
    if isinstance(told.get("estimate"), str):
        told["estimate"] = float(told["estimate"])
    for name, value in write.fields.items():
        if value is None and name in SETS:
            told[name] = []
        elif isinstance(value, dict):
            [info] = [f for f in catalogue.objects[write.object].fields if f.id == name]
            told[name] = next((o.id for o in info.options if o.name == value.get("name")), None)
    return told


def objects(choices: dict[str, dict[str, str]]) -> dict[str, ObjectInfo]:
    """What there is."""
    infos = {
        name: FieldInfo(
            name,
            name,
            kind,
            options=tuple(Option(id, text) for id, text in choices.get(name, {}).items()),
        )
        for name, kind in _TYPES.items()
    }
    return {
        object: ObjectInfo(object, tuple(infos[name] for name in names), home="main")
        for object, names in _FIELDS.items()
    }


def _raw(name: str, value: Any) -> Raw:
    if name == "estimate" and value is not None:
        return f"{value:.12g}"
    kept: Raw = None if value == [] else value
    return kept
