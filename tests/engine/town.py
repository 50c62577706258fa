"""A small agency on memory systems: configuration made in code, people who act, cycles that run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

from adapters.memory import World, put_world
from adapters.memory.options import Options, Quirks, ScopeOptions
from syncer.adapterkit.sandbox.ids import Clock
from syncer.engine.context import Orders
from syncer.engine.service import Service
from syncer.engine.spool import WHOLE
from syncer.model.configuration import (
    ClientConfig,
    Configuration,
    Connection,
    HeadsUp,
    Limits,
    Mode,
)
from syncer.model.contact import ContactRule, ContactRules, FirstContact
from syncer.model.entities import BUILTIN, EXISTENCE
from syncer.model.mapping import EntityMapping, FieldMapping, SystemMapping
from syncer.model.people import Person
from syncer.model.report import CycleReport
from syncer.model.rules import ANYONE, Ownership, Policy, Role, Rule, Shared, Source
from syncer.state import Store

HERE = Source("town.yaml", 1)
MORNING = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
"""When each town begins: a Wednesday, so that no test depends on when it runs."""


def since_morning() -> Callable[[], datetime]:
    """A clock that shows the morning now, and goes on as time does."""
    begun = monotonic()
    return lambda: MORNING + timedelta(seconds=monotonic() - begun)


STATUS = {"todo": ("To do",), "doing": ("Doing",), "review": ("Review",), "done": ("Done",)}
PRIORITY = {"low": ("Low",), "medium": ("Medium",), "high": ("High",)}
PROJECT_STATUS = {"planned": ("Planned",), "active": ("Active",), "done": ("Done",)}
PRODUCER_FIELDS = ("deadline", "start", "status", "assignees", "producer", "estimate", "priority")
MANAGER_FIELDS = ("strategy", "brief", "goals", "price", "account_manager")


def ownership(**changes: Rule) -> Ownership:
    """The usual rules: producers own the schedule, account managers the strategy."""
    rules: dict[tuple[str, str], Rule] = {}
    for entity, spec in BUILTIN.items():
        for line, name in enumerate(spec.fields, 1):
            source = Source("ownership.yaml", line)
            propose = {ANYONE: Policy.PROPOSE}
            if name == EXISTENCE:
                verbs = {"create": Policy.ALLOW, "archive": Policy.PROPOSE}
                rule = Rule(entity, name, source, ("producer",), verbs)
            elif name in PRODUCER_FIELDS:
                rule = Rule(entity, name, source, ("producer",), propose)
            elif name in MANAGER_FIELDS:
                rule = Rule(entity, name, source, ("account_manager",), propose)
            else:
                rule = Rule(entity, name, source, shared=Shared.LATEST)
            rules[(entity, name)] = rule
    for key, rule in changes.items():
        rules[tuple(key.split("__", 1))] = rule  # type: ignore[index]
    roles = {
        "producer": Role("producer", frozenset({"maya", "tom"}), home="one"),
        "account_manager": Role("account_manager", frozenset({"anna", "ben"}), home="two"),
    }
    return Ownership(roles, rules)


def line(name: str, remote: str, **more: Any) -> FieldMapping:
    """One field of a mapping."""
    return FieldMapping(name, remote, HERE, **more)


def mapping(**changes: Any) -> SystemMapping:
    """The whole of a memory world."""
    project = {
        "name": line("name", "name"),
        "brief": line("brief", "brief"),
        "strategy": line("strategy", "strategy"),
        "deadline": line("deadline", "deadline"),
        "status": line("status", "status", values=PROJECT_STATUS),
        "price": line("price", "price"),
    }
    task = {
        "title": line("title", "title"),
        "notes": line("notes", "notes"),
        "deadline": line("deadline", "due"),
        "status": line("status", "list", values=STATUS),
        "assignees": line("assignees", "people"),
        "labels": line("labels", "labels"),
        "priority": line("priority", "priority", values=PRIORITY),
        "estimate": line("estimate", "estimate"),
        "project": line("project", "project"),
    }
    entities = {
        "project": EntityMapping("project", "project", HERE, project, ("name",), True),
        "task": EntityMapping("task", "item", HERE, task, ("title", "project"), True),
    }
    entities.update(changes)
    return SystemMapping("memory", "default", entities, HERE)


def contact(mode: FirstContact, **filters: Any) -> ContactRules:
    """The same said of all old stock."""
    return ContactRules(otherwise=ContactRule(mode, **filters))


_EMPTY: dict[str, bytes] = {}


def empty_state(path: Path) -> Path:
    """A migrated, empty state file; migrated once and copied after that, to save time."""
    if not path.exists():
        if "state" not in _EMPTY:
            Store.open(path).close()
            _EMPTY["state"] = path.read_bytes()
        path.write_bytes(_EMPTY["state"])
    return path


@dataclass
class Town:
    """Memory systems, a state file, and a clock that all share."""

    folder: Path
    systems: tuple[str, ...] = ("one", "two")
    quirks: Mapping[str, Quirks] = field(default_factory=dict)
    rules: Ownership = field(default_factory=ownership)
    mappings: Mapping[str, SystemMapping] = field(default_factory=dict)
    heads_up: HeadsUp = HeadsUp.CLI_ONLY
    mode: Mode = Mode.SYNC
    limits: Limits = field(default_factory=Limits)
    users: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    contact: ContactRules = field(default_factory=lambda: contact(FirstContact.MATCH_THEN_CREATE))
    whole: int = WHOLE

    def __post_init__(self) -> None:
        self.clock = Clock(since_morning())
        self.worlds: dict[str, World] = {}
        self._numbers = count(1)
        for name in self.systems:
            world = World(clock=self.clock, quirks=self.quirks.get(name, Quirks()))
            self.worlds[name] = world
            put_world(self.world_name(name), world)
        self.store = Store.open(empty_state(self.folder / "state.db"))

    def world_name(self, system: str) -> str:
        """The process-wide name of a system's world."""
        return f"{self.folder}:{system}"

    def config(self) -> Configuration:
        """The configuration of this town."""
        connections = {}
        for name in self.systems:
            quirks = self.quirks.get(name, Quirks()).model_dump()
            options = Options(
                world=self.world_name(name),
                user=self.users.get(name, "syncer"),
                **{**quirks, **self.options.get(name, {})},
            )
            connections[name] = Connection(name, "memory", options, 1.0, HERE)
        client = ClientConfig(
            key="acme",
            name="Acme",
            zone="Europe/Berlin",
            scopes={name: ScopeOptions() for name in self.systems},
            mappings={name: self.mappings.get(name, mapping()) for name in self.systems},
            source=HERE,
            mode=self.mode,
            first_contact=self.contact,
        )
        people = {
            key: Person(key, key.title(), ids={"memory": f"u-{key}"})
            for key in ("maya", "tom", "anna", "ben")
        }
        return Configuration(
            root=self.folder,
            state=str(self.folder / "state.db"),
            connections=connections,
            clients={"acme": client},
            ownership=self.rules,
            people=people,
            limits=self.limits,
            heads_up=self.heads_up,
        )

    def service(self) -> Service:
        """A service over this town, as a new process would open it."""
        known = {"clock": self.clock, "new_id": self._id, "whole": self.whole}
        return Service(self.config(), self.store, **known)

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{next(self._numbers):06d}"

    def run(self, **options: Any) -> CycleReport:
        """One cycle."""
        with self.service() as service:
            return next(iter(service.run("acme", Orders(**options))))

    def plan(self) -> CycleReport:
        """What a cycle would do."""
        with self.service() as service:
            return next(iter(service.plan("acme")))

    def later(self, **time: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**time))

    def find(self, system: str, title: str) -> Any:
        """The one living thing of this title in a system."""
        found = [
            thing
            for thing in self.worlds[system].things.values()
            if title.casefold()
            == str(thing.fields.get("title") or thing.fields.get("name")).strip().casefold()
            and thing.existence != "deleted"
        ]
        assert len(found) == 1, f"{len(found)} things called {title!r} in {system}"
        return found[0]

    def shown(self, title: str, name: str) -> dict[str, Any]:
        """What each system shows of a field; options by name."""
        result = {}
        for system, world in self.worlds.items():
            thing = self.find(system, title)
            raw = thing.fields[name]
            choices = {o.id: o.name for o in world.choices(thing.object, name, thing.container)}
            many = [choices.get(item, item) for item in raw] if isinstance(raw, list) else None
            result[system] = many if many is not None else choices.get(raw, raw)
        return result

    def edit(self, system: str, title: str, by: str, /, **fields: Any) -> None:
        """A person edits a thing."""
        self.worlds[system].change(by, self.find(system, title).id, fields)

    def writes(self) -> dict[str, int]:
        """How many lines the service's own account has in each history."""
        return {
            name: sum(1 for entry in world.history if entry.by == "u-syncer")
            for name, world in self.worlds.items()
        }

    def now(self) -> datetime:
        """The shared clock."""
        return self.clock()
