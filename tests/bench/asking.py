"""An agency whose every request is counted: sandboxes on real sockets, people who edit, cycles.

Sandboxes stand in for the vendors; they speak the vendors' own interfaces, and counting what
they are asked needs no speed.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
from msgspec import field
from msgspec.structs import replace

from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.registry import sandbox_class
from syncer.adapterkit.sandbox import Sandbox, Task, World, agency_world
from syncer.adapterkit.sandbox.faults import Fault, Faults
from syncer.model.records import Link
from syncer.model.remote import Catalogue, Op, Raw, Result, Write
from syncer.model.report import CycleResult
from syncer.shipped import shipped
from tests.system.agency import Agency

CLIENT: Final = "bakery"
OBJECTS: Final = {
    ("trello", "task"): "card",
    ("asana", "task"): "task",
    ("asana", "project"): "project",
    ("hubspot", "project"): "deal",
}
_MAKES_DEALS: Final = (
    (shipped() / "mappings" / "hubspot.yaml")
    .read_text()
    .replace("match: [name]\n      create: never", "match: [name]\n      create: always")
    .replace('      when: \'lower(deal.dealstage) in ["closed won", "closedwon"]\'\n', "")
)
_numbers = count(1)


class Unsteady(Faults):
    """A seeded part of the service's requests is answered 503 and does nothing."""

    part: float = 0.02
    user: str = "syncer"
    dice: random.Random = field(default_factory=lambda: random.Random(8))
    struck: int = 0

    def take(self, method: str, path: str, user: str | None) -> Fault | None:
        """The fault for this request, if the dice say so."""
        if user != self.user or self.dice.random() >= self.part:
            return None
        self.struck += 1
        return Fault(status=503)


class Office:
    """One agency in step, whose people can do things many at a time."""

    def __init__(self, agency: Agency) -> None:
        self.agency = agency
        self.written = 0
        """Writes of the last cycle."""

    def cycle(self) -> dict[str, int]:
        """Run one; what each system was asked."""
        self.agency.forget()
        (report,) = self.agency.run(CLIENT)
        if report.result is not CycleResult.DONE and not self.struck():
            raise RuntimeError(f"the cycle that is measured failed: {report}")
        self.written = report.written
        return self.asked()

    def asked(self) -> dict[str, int]:
        """What each system was asked by the service since then; where tokens are made is apart."""
        return {
            name: sum(1 for _, path in self.agency.requests(name) if "token" not in path)
            for name in self.agency.systems
        }

    def connected(self) -> dict[str, int]:
        """What it costs to connect: who we are, who is there, which fields there are."""
        self.agency.forget()
        for name in self.agency.systems:
            system: Any = self.agency.as_person(name, self.agency.user)
            scope = self.agency.scope(name, CLIENT)
            system.whoami()
            if isinstance(system, Adapter):
                system.people(scope)
                wanted = self.agency.config.clients[CLIENT].mappings[name].entities.values()
                system.describe(scope, frozenset(mapping.object for mapping in wanted))
            else:
                system.describe(scope.options.property)
            system.close()
        return self.asked()

    def unsteady(self, part: float) -> None:
        """From now on so many answers are 503."""
        for name, running in self.agency.running.items():
            running.desk.faults = Unsteady(part=part, dice=random.Random(name))

    def struck(self) -> int:
        """How many were."""
        faults = [running.desk.faults for running in self.agency.running.values()]
        return sum(one.struck for one in faults if isinstance(one, Unsteady))

    def edit(self, system: str, who: str, entity: str, fields: Mapping[str, Raw], k: int) -> None:
        """A person changes the same fields of so many things."""
        object = OBJECTS[system, entity]
        twins = self._twins(system, entity)[:k]
        assert len(twins) == k
        with self._hand(system, who, object) as (hand, catalogue):
            writes = [
                Write(_name(), Op.UPDATE, object, twin.remote_id, twin.container, fields)
                for twin in twins
            ]
            _done(hand, writes, catalogue)

    def make(self, system: str, who: str, entity: str, fields: Mapping[str, Raw], k: int) -> None:
        """A person makes so many things, each with a title of its own."""
        object, field_of = OBJECTS[system, entity], self._field_ids(system, entity)
        with self._hand(system, who, object) as (hand, catalogue):
            place = min(catalogue.containers) if entity == "task" else None
            given = {field_of.get(name, name): raw for name, raw in fields.items()}
            writes = [
                Write(_name(), Op.CREATE, object, None, place, {"name": _name(), **given})
                for _ in range(k)
            ]
            _done(hand, writes, catalogue)

    def more_sessions(self, days_ago: int) -> None:
        """Google Analytics counts some more of a past day."""
        property = self.agency.scope("google_analytics", CLIENT).options.property
        day = (datetime.now(UTC) - timedelta(days=days_ago)).date().isoformat()
        wish = {"property": property, "date": day, "add": {"sessions": 7}}
        url = f"{self.agency.running['google_analytics'].url}/_sandbox/figures"
        httpx.post(url, json=wish).raise_for_status()

    def look_around(self, system: str) -> None:
        """What was found in a system is old: the next cycle sees boards and projects made since."""
        store = self.agency.store
        known = store.cached(system, CLIENT, "catalogue")
        assert known is not None
        with store.transaction() as tx:
            tx.cache(system, CLIENT, "catalogue", known[0], datetime.fromtimestamp(0, UTC))

    def _twins(self, system: str, entity: str) -> list[Link]:
        ids = sorted(self.agency.store.record_ids(CLIENT, entity))
        links = self.agency.store.links_of(ids)
        return [link for id in ids for link in links[id] if link.connection == system]

    def _field_ids(self, system: str, entity: str) -> dict[str, str]:
        object = OBJECTS[system, entity]
        found = self.agency.catalogue(system, CLIENT, object)
        return {info.name: info.id for info in found.objects[object].fields}

    @contextmanager
    def _hand(self, system: str, who: str, object: str) -> Iterator[tuple[Any, Catalogue]]:
        hand = self.agency.as_person(system, who)
        yield hand, self.agency.catalogue(system, CLIENT, object)
        hand.close()


def _name() -> str:
    return f"number {next(_numbers)}"


def _done(hand: Any, writes: Sequence[Write], catalogue: Catalogue) -> None:
    size = hand.capabilities.batch_of(writes[0].op)
    for at in range(0, len(writes), size):
        for outcome in hand.push(writes[at : at + size], catalogue):
            assert outcome.result is Result.DONE, outcome


@contextmanager
def office(systems: tuple[str, ...], world: World) -> Iterator[Office]:
    """An agency with one client, that nothing was done in yet; what it holds is an hour old."""
    boxes: dict[str, Sandbox] = {}
    for name in systems:
        box = boxes[name] = sandbox_class(name)()
        box.start_with(world)
        advance: Callable[[timedelta], None] | None = getattr(box.now, "advance", None)
        if advance is not None:
            advance(timedelta(hours=1))
    mappings = {"hubspot": _MAKES_DEALS} if "hubspot" in systems else {}
    with (
        TemporaryDirectory() as folder,
        Agency(
            Path(folder),
            systems,
            world=world,
            clients={CLIENT: "Honey & Rye Bakery"},
            mappings=mappings,
            sync={"limits": {"update_share": 1.0, "after_change_share": 1.0}},
            boxes=boxes,
        ) as agency,
    ):
        yield Office(agency)


def tasks_world(tasks: int) -> World:
    """One project on a board and in Asana, with so many tasks that both have."""
    both = frozenset({"asana", "trello"})
    whole = agency_world()
    project = next(p for p in whole.projects if p.key == "relaunch")
    made = tuple(
        Task(f"relaunch-{n:05}", "relaunch", f"Task {n:05}", both, notes=f"Notes of task {n}",
             deadline=date(2026, 12, 10))
        for n in range(tasks)
    )  # fmt: skip
    return World(whole.people, (whole.client(CLIENT),), (replace(project, systems=both),), made)


def deals_world(deals: int) -> World:
    """So many deals that are projects in Asana as well."""
    both = frozenset({"asana", "hubspot"})
    whole = agency_world()
    project = next(p for p in whole.projects if p.key == "relaunch")
    made = tuple(
        replace(project, key=f"deal-{n:05}", name=f"Deal {n:05}", systems=both)
        for n in range(deals)
    )
    return World(whole.people, (whole.client(CLIENT),), made, ())
