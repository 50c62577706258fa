"""A vendor that lives in this process: records, users and a history of every change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, Final

from msgspec.structs import replace

from adapters.memory.fields import CHOICES, FIELDS, ITEM, PROJECT, checked, rewritten
from adapters.memory.moving import destination, move
from adapters.memory.options import DAY, INSTANT, Quirks
from adapters.memory.talk import Talk
from adapters.memory.things import DELETED, Entry, Lapses, Thing
from syncer.adapterkit.errors import SkipRecord
from syncer.adapterkit.sandbox.ids import Clock
from syncer.adapterkit.sandbox.world import PEOPLE
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.remote import Option, Raw, RemotePerson
from syncer.model.values import Kind


def no_fault(_moment: str, _call: str) -> None:
    """Nothing goes wrong."""


def _staff() -> dict[str, RemotePerson]:
    return {p.key: RemotePerson(f"u-{p.key}", p.name, p.email) for p in PEOPLE}


@dataclass
class World:
    """All that one such vendor holds. People act through ``create``, ``change`` and ``exist``.

    ``fault(moment, call)`` is called around each call of an adapter (``before``, ``after``) and
    before each page of a pull (``page``), and may raise what a vendor's client would. ``calls``
    names the calls so far. Users in ``revoked`` are no longer let in, and those who have one in
    ``tokens`` only with it. ``merged`` names what is left of records that were merged away.
    In ``talk`` is what they say.
    """

    clock: Callable[[], datetime] = field(default_factory=Clock)
    quirks: Quirks = field(default_factory=Quirks)
    users: dict[str, RemotePerson] = field(default_factory=_staff)
    revoked: set[str] = field(default_factory=set)
    tokens: dict[str, str] = field(default_factory=dict)
    lapses: Lapses = field(default_factory=Lapses)
    merged: dict[str, str] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    history: list[Entry] = field(default_factory=list)
    options: dict[tuple[str, str | None], list[Option]] = field(default_factory=dict)
    fault: Callable[[str, str], None] = no_fault
    calls: list[str] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)
    talk: Talk = field(init=False)

    def __post_init__(self) -> None:
        self.talk = Talk(self)

    def create(
        self,
        by: str,
        object: str,
        fields: Mapping[str, Any],
        container: str | None = None,
        *,
        team: str = "main",
        marker: str = "",
    ) -> Thing:
        """Make a record as a user. Raises :class:`SkipRecord` as :meth:`change` does."""
        with self.lock:
            if object == ITEM:
                team = self.thing(container or "").team
            start = self.choices(object, "list", container)[:1]
            values: dict[str, Raw] = {"list": start[0].id} if start else {}
            values |= {n: self.normal(object, container, n, v) for n, v in fields.items()}
            who, id = self.users[by].id, f"{object[0]}{len(self.things) + 1}"
            whole: dict[str, Raw] = dict.fromkeys(FIELDS[object])
            whole |= values | ({"project": container} if object == ITEM else {})
            thing = Thing(object, id, container, team, self.clock(), who, whole, marker)
            self.things[id] = thing
            self._note(thing, EXISTENCE, who, None, PRESENT, marker)
            return thing

    def change(self, by: str, id: str, fields: Mapping[str, Any], intent: str = "") -> Thing:
        """Change fields as a user.

        Raises:
            SkipRecord: there is no such record or field, or a value does not fit.
        """
        with self.lock:
            thing, who = self.thing(id), self.users[by].id
            place = thing.object, destination(thing, fields)
            values = {name: self.normal(*place, name, value) for name, value in fields.items()}
            if place[1] != thing.container:
                move(thing, str(place[1]), self.choices)
                thing.team = self.thing(str(place[1])).team
            for name, new in values.items():
                old, thing.fields[name] = thing.fields[name], new
                if old != new:
                    self._note(thing, name, who, old, new, intent)
            return thing

    def exist(self, by: str, id: str, existence: str, intent: str = "") -> Thing:
        """Archive, bring back or delete a record as a user; items go with their project.

        Only the feed tells of something deleted.
        """
        with self.lock:
            thing, who = self.thing(id), self.users[by].id
            old, thing.existence = thing.existence, existence
            if old != existence:
                self._note(thing, EXISTENCE, who, old, existence, intent)
            inside = [t.id for t in self.things.values() if t.container == id and _there(t)]
            for item in inside if existence == DELETED else ():
                self.exist(by, item, DELETED, intent)
            return thing

    def archive(self, by: str, id: str) -> Thing:
        """:meth:`exist` with archived."""
        return self.exist(by, id, ARCHIVED)

    def delete(self, by: str, id: str) -> Thing:
        """:meth:`exist` with deleted."""
        return self.exist(by, id, DELETED)

    def merge(self, by: str, kept: str, lost: str) -> Thing:
        """One record out of two, as a user: what was in the lost one is in the kept one now."""
        with self.lock:
            for thing in [t for t in self.living(self.thing(lost).team) if t.container == lost]:
                self.change(by, thing.id, {"project": kept})
            self.merged[lost] = kept
            self.exist(by, lost, DELETED)
            return self.thing(kept)

    def rename(self, name: str, container: str | None, option: str, text: str) -> None:
        """Give an option another name; its id stays, and no record is changed."""
        with self.lock:
            known = self.choices(ITEM, name, container)
            known[:] = [replace(o, name=text) if o.id == option else o for o in known]

    def thing(self, id: str) -> Thing:
        """A record that is there. Raises :class:`SkipRecord`."""
        found = self.things.get(id) or self.talk.kept.get(id)
        if found is None or not _there(found):
            raise SkipRecord(f"no record {id}", status=404)
        return found

    def living(self, team: str) -> list[Thing]:
        """The records of a team that were not deleted, the oldest first."""
        return [t for t in self.things.values() if t.team == team and _there(t)]

    def choices(self, object: str, name: str, container: str | None) -> list[Option]:
        """The options of an enumeration field; growing ones are each project's own."""
        start = CHOICES.get((object, name), {})
        if object == PROJECT or not self.extensible(name):
            return [Option(key, text) for key, text in start.items()]
        own = [Option(f"{container}-{key}", text, container) for key, text in start.items()]
        return self.options.setdefault((name, container), own)

    def extensible(self, name: str) -> bool:
        """Whether a choice that is not there is made when it is written by name."""
        return name == "labels" or (name == "list" and self.quirks.lists)

    def many(self, object: str, name: str) -> bool:
        """Whether the field holds a set."""
        single = name == "people" and self.quirks.single_person
        return FIELDS[object][name].many and not single

    def normal(self, object: str, container: str | None, name: str, value: Any) -> Raw:
        """A value as this vendor keeps it. Raises :class:`SkipRecord` if it does not fit."""
        if name not in FIELDS[object]:
            raise SkipRecord(f"{object} has no field {name}")
        if value is None or value in ("", []):
            return None
        if not self.many(object, name):
            return self._one(object, container, name, value)
        if not isinstance(value, list):
            raise SkipRecord(f"{name} takes a list")
        return sorted({str(self._one(object, container, name, item)) for item in value})

    def _one(self, object: str, container: str | None, name: str, value: Any) -> Raw:
        kind = FIELDS[object][name].kind
        if kind is Kind.ENUMERATION:
            return self._choice(name, container, value, self.choices(object, name, container))
        value = checked(name, kind, value)
        if kind is Kind.PERSON and value not in {user.id for user in self.users.values()}:
            raise SkipRecord(f"no user {value}")
        if kind is Kind.REFERENCE:
            return self.thing(value).id
        if kind in (Kind.TEXT, Kind.RICH_TEXT):
            return self._text(name, value)
        if kind is Kind.WHEN and self.quirks.finest == DAY:
            return str(value)[:10]
        if kind is Kind.WHEN and self.quirks.finest == INSTANT and len(value) == len("2026-01-31"):
            raise SkipRecord(f"{name} takes an instant, not a day")
        kept: Raw = rewritten(kind, value, self.quirks)
        return kept

    def _text(self, name: str, value: str) -> str | None:
        text = value.strip() if self.quirks.trim else value
        text = text.upper() if self.quirks.capitals else text
        if self.quirks.max_text is not None and len(text) > self.quirks.max_text:
            raise SkipRecord(f"{name} takes at most {self.quirks.max_text} characters")
        return text or None

    def _choice(self, name: str, container: str | None, value: Any, known: list[Option]) -> str:
        wanted = value.get("name") if isinstance(value, dict) else None
        hits = [o.id for o in known if value == o.id or (wanted and wanted == o.name)]
        if not hits and wanted and self.extensible(name):
            hits = [f"{container}-{name}{len(known) + 1}"]
            known.append(Option(hits[0], str(wanted), container))
        if not hits:
            raise SkipRecord(f"{name} has no option {wanted or value}")
        return hits[0]

    def _note(self, thing: Thing, name: str, by: str, old: Raw, new: Raw, intent: str = "") -> None:
        thing.modified_at = at = self.clock()
        if thing.id in self.talk.kept:
            return  # no record: nobody is told of it
        self.history.append(Entry(len(self.history) + 1, thing, name, at, by, old, new, intent))


def _there(thing: Thing) -> bool:
    return thing.existence != DELETED


_worlds: Final[dict[str, World]] = {}


def world_of(name: str) -> World:
    """The world of this name in this process; a new one if there is none yet."""
    return _worlds.setdefault(name, World())


def put_world(name: str, world: World) -> None:
    """Give a world a name, for ``world:`` in a connection's options."""
    _worlds[name] = world


def drop_world(name: str) -> None:
    """Forget a world."""
    _worlds.pop(name, None)
