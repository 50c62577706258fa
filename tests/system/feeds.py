"""A small agency whose feeds fail on request, and what it means that all is well again."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from msgspec.structs import replace

from syncer.adapterkit.sandbox import Clock, Sandbox, World, agency_world
from syncer.adapterkit.sandbox.world import Task
from syncer.engine.service import Service
from syncer.model.records import JournalEntry
from syncer.model.remote import Raw
from syncer.model.report import CycleReport, CycleResult
from tests.system.agency import Agency

CLIENT = "bakery"
PROJECT = "Website relaunch"
OTHER = "Spring campaign"
EVERY = timedelta(days=3)
"""How often these agencies compare everything."""

BASES = {"trello": "/1", "asana": "/api/1.0", "hubspot": ""}


def small_world(tasks: int = 30) -> World:
    """One client with two projects and a few tasks, each in two tools from the start."""
    whole = agency_world()
    both = frozenset({"asana", "trello"})
    made = tuple(Task(f"t{n:02}", "relaunch", f"Task {n:02}", both) for n in range(tasks))
    client = tuple(one for one in whole.clients if one.key == CLIENT)
    projects = tuple(
        replace(one, systems=both | {"hubspot"}) for one in whole.projects if one.client == CLIENT
    )
    return World(whole.people, client, projects, made)


@dataclass
class Feeds(Agency):
    """An agency with a clock of its own, people at the vendors' own screens, and a journal."""

    world: World | None = field(default_factory=small_world)
    clients: Mapping[str, str] = field(default_factory=lambda: {CLIENT: "Honey & Rye Bakery"})
    sync: Mapping[str, Any] = field(
        default_factory=lambda: {"intervals": {"full_compare": f"{EVERY.days}d"}}
    )
    ahead: timedelta = timedelta(0)
    free: int = 0

    def clock(self) -> datetime:
        """The service's own clock."""
        return datetime.now(UTC) + self.ahead

    def service(self) -> Service:
        """The service as a new process would open it, at this agency's time."""
        return Service(self.config, self.store, clock=self.clock)

    def later(self, **time: float) -> None:
        """Let time pass everywhere."""
        self.ahead += timedelta(**time)
        for box in self.boxes.values():
            assert isinstance(box.now, Clock)
            box.now.advance(timedelta(**time))

    def box(self, system: str) -> Any:
        """A vendor's stand-in, to be tuned."""
        found: Sandbox = self.boxes[system]
        return found

    def task(self) -> str:
        """The title of a task that no test has touched yet."""
        self.free += 1
        return f"Task {self.free - 1:02}"

    def call(
        self, system: str, who: str, method: str, path: str, body: Any = None, **query: str
    ) -> Any:
        """A plain request with a person's token, as the vendor's own screens would send it."""
        box = self.box(system)
        token = box.users[who].token
        head = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        if system == "trello":
            key = box.connection("", who)["key"]
            head["authorization"] = f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'
        tail = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
        data = {"data": body} if system == "asana" and body is not None else body
        request = Request(
            f"{self.running[system].url}{BASES[system]}{path}{tail}",
            method=method,
            headers=head,
            data=None if data is None else json.dumps(data).encode(),
        )
        try:
            with urlopen(request, timeout=30) as answer:
                text = answer.read()
        except HTTPError as error:
            with error:
                raise AssertionError(f"{method} {path}: {error.read().decode()}") from None
        told = json.loads(text) if text else None
        return told["data"] if system == "asana" else told

    def id(self, system: str, title: str, entity: str = "task") -> str:
        """The id of a record's twin in a system."""
        return self.record(CLIENT, title, entity)[1][system].remote_id

    def existence(self, system: str, title: str, entity: str = "task") -> str:
        """Whether a twin is there or put away."""
        return self.raw(system, CLIENT, self.record(CLIENT, title, entity)[1][system]).existence

    # -- cycles ---------------------------------------------------------------------------

    def cycle(self, *, full: bool = False) -> CycleReport:
        """One cycle that goes well."""
        (report,) = self.run(CLIENT, full=full)
        assert report.result is CycleResult.DONE, (report.failed, report.down, report.problems)
        return report

    def settle(self) -> None:
        """One more cycle; then nothing is left to write, and nothing is said twice."""
        self.cycle()
        before = len(self.store.journal(limit=None))
        self.forget()
        report = self.cycle()
        assert report.plan is not None
        assert report.plan.actions == ()
        assert self.writes() == {name: [] for name in self.systems}
        assert len(self.store.journal(limit=None)) == before

    def healed(self, count: int) -> None:
        """A full compare by time finds what the feeds have not told, and ``status`` counts it."""
        assert not self.cycle().full
        self.later(days=EVERY.days, minutes=1)
        report = self.cycle()
        assert report.full
        assert report.healed == count, self.store.journal(limit=8)

    # -- what is to be true ----------------------------------------------------------------

    def edits(self, title: str, name: str, entity: str = "task") -> list[JournalEntry]:
        """The journal's edits of a field, oldest first."""
        record, _ = self.record(CLIENT, title, entity)
        found = self.store.journal(CLIENT, record.id, name, limit=None)
        return [entry for entry in reversed(found) if entry.kind == "edit"]

    def told(self, title: str, name: str, entity: str = "task") -> list[tuple[str | None, str]]:
        """Editor and outcome of each edit of a field."""
        return [(entry.editor, entry.outcome) for entry in self.edits(title, name, entity)]

    def in_step(self, title: str, entity: str = "task", **raws: tuple[str, Raw]) -> None:
        """Each named system shows this value in this field."""
        fields = {system: name for system, (name, _) in raws.items()}
        shown = self.shown(CLIENT, title, entity, **fields)
        assert shown == {system: raw for system, (_, raw) in raws.items()}


@dataclass(frozen=True)
class Way:
    """One way in which a vendor's feed fails.

    Args:
        vendor: whose.
        name: in a few words.
        fact: where the vendor's guide says that it happens.
        story: lets it happen and asserts that it is healed.
    """

    vendor: str
    name: str
    fact: str
    story: Callable[[Feeds], None]

    def __str__(self) -> str:
        return f"{self.vendor}: {self.name}"


def way(vendor: str, name: str, fact: str) -> Callable[[Callable[[Feeds], None]], Way]:
    """Make a way to fail of its story."""
    return lambda story: Way(vendor, name, fact, story)
