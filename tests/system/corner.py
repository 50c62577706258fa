"""One client with one project and few tasks in three tools: a world small enough for many faults.

Real sockets, files and the real service, as in :mod:`tests.system.agency`. So that a hundred small
cases need not wait for the clock, connections have a short ``timeout`` (an option of any
connection), the sandboxes keep no rate limits, and pauses between attempts are cut (`hurried`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any, Self

import pytest
from msgspec.structs import replace

import adapters.asana.client
import adapters.hubspot.faults
import adapters.hubspot.find
import adapters.hubspot.wire
import adapters.trello.client
from syncer.adapterkit import outcome, retry
from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.sandbox import PEOPLE, Client, Project, Task, World
from syncer.engine import push
from syncer.model.records import IntentStatus, JournalEntry, Link
from syncer.model.remote import (
    Catalogue,
    FieldInfo,
    ObjectInfo,
    Op,
    Raw,
    RemoteRecord,
    Result,
    Write,
)
from syncer.model.report import CycleReport, CycleResult
from syncer.model.values import Kind
from tests.system.agency import Agency

BAKERY = Client("bakery", "Honey & Rye Bakery", "honeyandrye.example", "Food and drink", "", "anna")
RELAUNCH = Project(
    "relaunch",
    "bakery",
    "Website relaunch",
    frozenset({"asana", "trello", "hubspot"}),
    "active",
    date(2026, 9, 1),
    date(2026, 12, 18),
    "maya",
    "anna",
    Decimal("18500"),
    Decimal("210"),
    "Ordering first",
    "New shop",
    "More orders",
)
TASK = Task(
    "relaunch-01",
    "relaunch",
    "Wireframes",
    frozenset({"asana", "trello"}),
    "todo",
    date(2026, 10, 9),
    ("maya",),
    "Three page types",
    ("Concept", "Design", "Build", "Film", "Else"),
    Decimal("16"),
    "high",
)
TIMEOUT = 1.5
"""Seconds. The stand-ins answer within a few milliseconds, unless the machine is very busy."""


def corner_world(tasks: Iterable[Task] = (), projects: Iterable[Project] = ()) -> World:
    """The bakery with its relaunch and the wireframes, and more tasks and projects."""
    return World(PEOPLE, (BAKERY,), (RELAUNCH, *projects), (TASK, *tasks))


def many_tasks(titles: Iterable[str]) -> tuple[Task, ...]:
    """Tasks like the one, which all begin alike."""
    return tuple(
        replace(TASK, key=f"relaunch-{number:02}", title=title, labels=("Concept",))
        for number, title in enumerate(titles, 2)
    )


def many_projects(names: Iterable[str]) -> tuple[Project, ...]:
    """Projects like the one, which all begin alike."""
    return tuple(
        replace(RELAUNCH, key=f"more-{number:02}", name=name)
        for number, name in enumerate(names, 1)
    )


def hurried(patch: pytest.MonkeyPatch) -> None:
    """Nobody waits: neither for a vendor's limits, nor between attempts. Both are tested apart.

    Nor is a system left alone that fails again and again: many cells meet in one cycle.
    """
    patch.setattr(push, "PATIENCE", 10_000)
    patch.setattr(adapters.trello.client, "TOKEN_LIMITS", ())
    patch.setattr(adapters.trello.client, "KEY_LIMITS", ())
    patch.setattr(adapters.asana.client, "limits", lambda **_: ())
    patch.setattr(adapters.hubspot.wire, "limits", lambda _: ())
    patch.setattr(retry, "_backoff", lambda _state: 0.0)
    patch.setattr(outcome, "LEAST_PAUSE", 0.01)
    patch.setattr(adapters.trello.client, "PAUSE", 0.02)
    patch.setattr(adapters.hubspot.faults, "_patience", lambda _fault: 0.02)
    patch.setattr(adapters.hubspot.find, "PAUSES", (0.01, 0.01))


@dataclass
class Corner(Agency):
    """The bakery in three tools, in step."""

    world: World | None = field(default_factory=corner_world)
    clients: Mapping[str, str] = field(default_factory=lambda: {"bakery": BAKERY.name})
    timeout: float = 60

    def __enter__(self) -> Self:
        super().__enter__()
        for box in self.boxes.values():
            box.limits = ()
        return self

    def _connection(self, name: str) -> dict[str, Any]:
        return {**super()._connection(name), "timeout": self.timeout}

    def cycle(self) -> CycleReport:
        """One cycle of the one client."""
        (report,) = self.run()
        return report

    def in_step(self) -> None:
        """First contact, and what that needs afterwards."""
        for _ in range(2):
            report = self.cycle()
            assert report.result is CycleResult.DONE, report

    def told(self, entity: str, name: str) -> list[JournalEntry]:
        """Edits of a field in the journal, oldest first."""
        entries = self.store.journal("bakery", field=name, limit=None)
        return [e for e in reversed(entries) if e.kind == "edit" and e.entity == entity]

    def edits(
        self, record: str | None = None
    ) -> list[tuple[str | None, str | None, str | None, Any]]:
        """Who made which edits in which tool, by the tools' time: (editor, connection, field, new)."""
        entries = reversed(self.store.journal("bakery", record, limit=None))
        return [(e.editor, e.connection, e.field, e.new) for e in entries if e.kind == "edit"]

    def open_intents(self) -> list[str]:
        """Writes that are not settled."""
        found = self.store.intents("bakery", {IntentStatus.SENT})
        return [f"{intent.connection} {intent.op} {dict(intent.fields)}" for intent in found]

    def places(self) -> dict[str, tuple[str, dict[str, Link]]]:
        """All records by title: their ids, and their links by system."""
        found: dict[str, tuple[str, dict[str, Link]]] = {}
        for entity in ("task", "project"):
            ids = self.store.record_ids("bakery", entity)
            links = self.store.links_of(ids)
            for id, record in self.store.records(ids).items():
                title = str(record.value(self.config.schema[entity].title))
                found[title] = (id, {link.connection: link for link in links[id]})
        return found

    # -- values as people say them ----------------------------------------------------------

    def change(
        self, system: str, who: str, entity: str, title: str, fields: Mapping[str, Raw]
    ) -> None:
        """A person edits a twin; people and options are named as in the tool's own pages."""
        info, link = self._place(system, entity, title)
        raws = {
            name: self.raw_of(system, field_of(info, name, link), link, raw)
            for name, raw in fields.items()
        }
        self.edit(system, who, "bakery", title, entity, **raws)

    def said(self, system: str, entity: str, title: str, *names: str) -> dict[str, Raw]:
        """What a twin shows in these fields, with names for people and options."""
        info, link = self._place(system, entity, title)
        shown = self.raw(system, "bakery", link).fields
        fields = {name: field_of(info, name, link) for name in names}
        return {
            name: self.name_of(system, one, link, shown.get(one.id)) for name, one in fields.items()
        }

    def _place(self, system: str, entity: str, title: str) -> tuple[ObjectInfo, Link]:
        _, links = self.record("bakery", title, entity)
        link = links[system]
        return self.catalogue(system, "bakery", link.object).objects[link.object], link

    def _named(self, system: str, info: FieldInfo, link: Link) -> dict[str, str]:
        """Names to ids; choices of other boards and projects are others."""
        if info.type.kind is Kind.PERSON:
            return {key: user.id for key, user in self.boxes[system].users.items()}
        here = (None, link.container)
        return {option.name: option.id for option in info.options if option.container in here}

    def raw_of(self, system: str, info: FieldInfo, link: Link, said: Raw) -> Raw:
        """What people say, as the tool holds it."""
        ids = self._named(system, info, link)
        if isinstance(said, list):
            return sorted(ids.get(str(item), item) for item in said) or None
        return ids.get(said, said) if isinstance(said, str) else said

    def name_of(self, system: str, info: FieldInfo, link: Link, raw: Raw) -> Raw:
        """What the tool holds, as people say it."""
        names = {id: name for name, id in self._named(system, info, link).items()}
        if isinstance(raw, list):
            return sorted(names.get(str(item), str(item)) for item in raw)
        return names.get(raw, raw) if isinstance(raw, str) else raw


def field_of(info: ObjectInfo, name: str, link: Link) -> FieldInfo:
    """A field of a twin by its id or name."""
    here = [f for f in info.fields if f.container in (None, link.container, link.remote_id)]
    return next(f for f in here if name in (f.id, f.name))


class Hand:
    """People's own accounts, kept open: an edit at an exact moment must not take long."""

    def __init__(self, corner: Corner) -> None:
        self.corner = corner
        self._open: dict[tuple[str, str], Adapter] = {}
        self._known: dict[tuple[str, str], Catalogue] = {}
        self._shown: dict[tuple[str, str, str], RemoteRecord] = {}
        self._lock = Lock()

    def known(self, system: str, object: str) -> Catalogue:
        """What there is in a tool, as at the beginning."""
        if (system, object) not in self._known:
            self._known[system, object] = self.corner.catalogue(system, "bakery", object)
        return self._known[system, object]

    def edit(
        self, system: str, who: str, link: Link, name: str, said: Raw, *, add: bool = False
    ) -> None:
        """A person sets a field over the wire; ``add``: members of a set, to what is there."""
        known = self.known(system, link.object)
        info = field_of(known.objects[link.object], name, link)
        raw = self.corner.raw_of(system, info, link, said)
        if add:
            there = self.corner.raw(system, "bakery", link).fields.get(info.id)
            raw = sorted({*(there if isinstance(there, list) else ()), *map(str, raw or ())})
        place, fields = (link.object, link.remote_id, link.container), {info.id: raw}
        write = Write(f"by-{who}", Op.UPDATE, *place, fields)
        (outcome,) = self._account(system, who).push([write], known)
        assert outcome.result is Result.DONE, outcome
        assert not outcome.refused, outcome

    def said(self, system: str, link: Link, name: str) -> Raw:
        """What a twin shows in a field; each is read once, so not before all is done."""
        if link.key not in self._shown:
            self._shown[link.key] = self.corner.raw(system, "bakery", link)
        info = field_of(self.known(system, link.object).objects[link.object], name, link)
        return self.corner.name_of(system, info, link, self._shown[link.key].fields.get(info.id))

    def _account(self, system: str, who: str) -> Adapter:
        with self._lock:
            if (system, who) not in self._open:
                self._open[system, who] = self.corner.as_person(system, who)
            return self._open[system, who]

    def close(self) -> None:
        """Close all accounts."""
        for adapter in self._open.values():
            adapter.close()
