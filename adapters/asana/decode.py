"""Asana's records as raw values. Nothing that a vendor sends ends in a traceback here."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from adapters.asana.client import Row
from adapters.asana.richtext import plain_to_markdown, to_markdown
from adapters.asana.shapes import CUSTOM, PROJECT, TASK
from syncer.model.entities import ARCHIVED, PRESENT
from syncer.model.remote import Catalogue, FieldInfo, Raw, RemoteRecord
from syncer.model.values import Kind, instant_text, parse_instant, parse_number, plain

_WRONG: Final = (KeyError, TypeError, ValueError, AttributeError)


class Decoder:
    """Reads records by a catalogue, which knows the containers and the custom fields."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.containers = frozenset(catalogue.containers)
        self._custom = {name: _custom_infos(catalogue, name) for name in (TASK, PROJECT)}

    def project(self, row: Row, at: datetime) -> RemoteRecord:
        """A project as it stood at a time."""
        readers = _PROJECT | self._custom_readers(PROJECT, row)
        return RemoteRecord(
            object=PROJECT,
            id=row["gid"],
            fields=_fields(readers, row),
            as_of=at,
            existence=ARCHIVED if row.get("archived") is True else PRESENT,
            modified_at=moment(row.get("modified_at")),
            created_at=moment(row.get("created_at")),
            url=url_of(row),
        )

    def task(self, row: Row, at: datetime, home: str | None) -> RemoteRecord:
        """A task as it stood at a time; ``home`` is the project that it counts in."""
        own = {
            "section": lambda _: section_in(row, home),
            "project": lambda _: home,
        }
        return RemoteRecord(
            object=TASK,
            id=row["gid"],
            fields=_fields(_TASK | own | self._custom_readers(TASK, row), row),
            as_of=at,
            container=home,
            modified_at=moment(row.get("modified_at")),
            created_at=moment(row.get("created_at")),
            created_by=gid_of(row.get("created_by")),
            url=url_of(row),
        )

    def home_of(self, row: Row) -> str | None:
        """The project in scope that a task counts in: of several always the oldest one."""
        inside = [gid for gid in projects_of(row) if gid in self.containers]
        return min(inside, key=lambda gid: (len(gid), gid)) if inside else None

    def _custom_readers(self, object: str, row: Row) -> dict[str, "Reader"]:
        infos = self._custom[object]
        readers: dict[str, Reader] = {}
        for value in _list(row.get("custom_fields")):
            info = infos.get(f"{CUSTOM}{value.get('gid')}") if isinstance(value, dict) else None
            if info is not None and value.get("enabled") is not False:
                readers[info.id] = _reader_of(info, value)
        return readers


Reader = Callable[[Row], Raw]


def _reader_of(info: FieldInfo, value: Row) -> Reader:
    return lambda _: custom_value(info, value)


def _custom_infos(catalogue: Catalogue, object: str) -> dict[str, FieldInfo]:
    info = catalogue.objects.get(object)
    return {field.id: field for field in info.fields if field.custom} if info else {}


def _fields(readers: Mapping[str, Reader], row: Row) -> dict[str, Raw]:
    """Every field that the record tells; one that cannot be read was not told."""
    found: dict[str, Raw] = {}
    for id, reader in readers.items():
        try:
            found[id] = reader(row)
        except _WRONG:
            continue
    return found


def moment(told: Any) -> datetime | None:
    """An instant that may be missing or wrong."""
    try:
        return parse_instant(told)
    except _WRONG:
        return None


def gid_of(thing: Any) -> str | None:
    """The gid of a thing that may be missing or wrong."""
    gid = thing.get("gid") if isinstance(thing, dict) else None
    return gid if isinstance(gid, str) and gid else None


def url_of(row: Row) -> str | None:
    """Where people see it."""
    url = row.get("permalink_url")
    return url if isinstance(url, str) and url.startswith("https://") else None


def projects_of(row: Row) -> dict[str, str | None]:
    """The projects a task is in, with its section in each."""
    found: dict[str, str | None] = {}
    for member in _list(row.get("memberships")):
        project = gid_of(member.get("project")) if isinstance(member, dict) else None
        if project is not None:
            found[project] = gid_of(member.get("section"))
    return found


def section_in(row: Row, home: str | None) -> Raw:
    """The section in one project; a subtask that is in none has no section."""
    if not isinstance(row["memberships"], list):
        raise TypeError("memberships")
    return projects_of(row).get(home or "")


def when(on: Any, at: Any) -> Raw:
    """A date or an instant, whichever is set. ``at`` counts: ``on`` is its local day only."""
    if at is not None:
        return instant_text(parse_instant(at))
    return None if on is None else day(on)


def day(told: Any) -> str:
    """A date. Raises ``ValueError`` or ``TypeError`` for anything else."""
    return date.fromisoformat(told).isoformat()


def _list(told: Any) -> list[Any]:
    return told if isinstance(told, list) else []


def gids(told: Any) -> Raw:
    """Gids of a list of things, sorted; ``None`` if there are none."""
    if told is None:
        return None
    if not isinstance(told, list):
        raise TypeError("not a list")
    found: list[Any] = sorted({_gid(one) for one in told})
    return found or None


def _one(told: Any) -> Raw:
    """The gid of a thing, or nothing where there is none."""
    return None if told is None else _gid(told)


def _gid(told: Any) -> str:
    if (gid := gid_of(told)) is None:
        raise TypeError("no gid")
    return gid


def _notes(row: Row) -> Raw:
    if "html_notes" in row:
        return to_markdown(row["html_notes"]) if row["html_notes"] else None
    return plain_to_markdown(row["notes"])


def _text(told: Any) -> Raw:
    if told is not None and not isinstance(told, str):
        raise TypeError("not text")
    return told or None


def _flag(told: Any) -> Raw:
    if not isinstance(told, bool):
        raise TypeError("not a boolean")
    return told


_TASK: Final[dict[str, Reader]] = {
    "name": lambda row: _text(row["name"]),
    "notes": _notes,
    "due": lambda row: when(row["due_on"], row.get("due_at")),
    "start": lambda row: when(row["start_on"], row.get("start_at")),
    "assignee": lambda row: _one(row["assignee"]),
    "completed": lambda row: _flag(row["completed"]),
    "tags": lambda row: gids(row["tags"]),
    "parent": lambda row: _one(row["parent"]),
    "resource_subtype": lambda row: _text(row["resource_subtype"]),
    "followers": lambda row: gids(row["followers"]),
}
_PROJECT: Final[dict[str, Reader]] = {
    "name": lambda row: _text(row["name"]),
    "notes": _notes,
    "due": lambda row: when(row["due_on"], None),
    "start": lambda row: when(row["start_on"], None),
    "owner": lambda row: _one(row["owner"]),
    "completed": lambda row: _flag(row["completed"]),
    "team": lambda row: _one(row["team"]),
    "workspace": lambda row: _one(row["workspace"]),
}


def custom_value(info: FieldInfo, value: Row) -> Raw:
    """The value of a custom field as its type has it. Raises if it is not there or wrong."""
    kind = info.type.kind
    if kind is Kind.TEXT:
        return _text(value["text_value"])
    if kind in (Kind.NUMBER, Kind.MONEY):
        return number(info, value["number_value"])
    if kind is Kind.ENUMERATION:
        return gids(value["multi_enum_values"]) if info.type.many else _one(value["enum_value"])
    if kind is Kind.PERSON:
        return gids(value["people_value"])
    told = value["date_value"]
    return None if told is None else when(told.get("date"), told.get("date_time"))


def number(info: FieldInfo, told: Any) -> Raw:
    """A number, or an amount in the one currency that the field holds."""
    if told is None:
        return None
    amount = plain(parse_number(told))
    if info.type.kind is not Kind.MONEY:
        return amount
    return {"amount": amount, "currency": info.options[0].id if info.options else None}
