"""A seeded random walk: people act in random systems, things go wrong, cycles run."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from adapters.memory.options import Quirks
from syncer.adapterkit.errors import LookFirst, SkipRecord, WaitAndRetry
from syncer.model.configuration import HeadsUp, Limits
from syncer.model.entities import PRESENT
from syncer.model.rules import ANYONE, Ownership, Policy, Rule, Source
from tests.engine.town import Town, ownership

PEOPLE = ("maya", "tom", "anna", "ben")
NAMES = ("one", "two", "three", "four")
LIMITS = Limits(archives=10_000, archive_share=1.0, update_share=1.0, remaps=10_000)
STRANGE = (
    Quirks(),
    Quirks(),
    Quirks(finest="day"),
    Quirks(max_text=12),
    Quirks(single_person=True),
    Quirks(trim=True),
    Quirks(no_history=frozenset({"notes", "labels"})),
)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the service may catch it."""


def rules_for(random: Random, names: Mapping[str, str]) -> Ownership:
    """The usual rules; deadlines may settle, and homes follow the systems' names."""
    minutes = random.choice((0, 0, 20))
    deadline = Rule(
        "task",
        "deadline",
        Source("o.yaml", 1),
        ("producer",),
        {ANYONE: Policy.PROPOSE},
        settle=timedelta(minutes=minutes),
    )
    usual = ownership(task__deadline=deadline)
    roles = {
        key: replace(role, home=names.get(role.home or "")) for key, role in usual.roles.items()
    }
    return replace(usual, roles=roles)


@dataclass
class Walk:
    """One walk. ``names`` calls the systems differently, and must not matter."""

    seed: int
    folder: Path
    names: tuple[str, ...] = NAMES
    rough: bool = True
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        count = self.random.choice((2, 2, 3, 4))
        self.systems = self.names[:count]
        quirks = {name: self.random.choice(STRANGE) for name in self.systems}
        rules = rules_for(self.random, dict(zip(NAMES, self.names, strict=True)))
        heads_up = self.random.choice((HeadsUp.CLI_ONLY, HeadsUp.KEEP))
        self.town = Town(self.folder, self.systems, quirks, rules, heads_up=heads_up, limits=LIMITS)
        self.made = 0

    def begin(self) -> None:
        """Two projects and some tasks, made in random systems, in step."""
        world = self.town.worlds[self.systems[0]]
        projects = [world.create("tom", "project", {"name": name}) for name in ("Red", "Blue")]
        for project in projects:
            self._create(self.systems[0], project.id)
        self.town.later(minutes=7)
        self.town.run()
        self.town.later(minutes=7)

    def go(self, steps: int) -> None:
        """So many random steps."""
        acts = [self.edit] * 8 + [self.project, self.archive, self.restore, self.create]
        acts += [self.move, self.run, self.run, self.run]
        if self.rough:
            acts += [self.delete, self.faulty, self.faulty, self.killed, self.race, self.full]
            acts += [self.renamed]
        for _ in range(steps):
            self.random.choice(acts)()
            self.town.later(minutes=self.random.randint(1, 9), seconds=self.random.randint(1, 50))

    def rest(self) -> None:
        """Quiet: no faults, nobody edits, time for what rests and settles."""
        for world in self.town.worlds.values():
            world.fault = lambda _m, _c: None
        for _ in range(4):
            self.town.later(hours=2)
            self.town.run()

    # -- what people do --------------------------------------------------------------------

    def edit(self) -> None:
        """Somebody changes one field of one task."""
        system, thing = self._pick("item")
        if thing is None:
            return
        by = self.random.choice(PEOPLE)
        changes = self._change()
        self._note(f"{by} {system} {thing.id} {thing.fields['title']} {changes}")
        try:
            self.town.worlds[system].change(by, thing.id, changes)
        except SkipRecord as error:
            self._note(f"  not taken: {error}")

    def project(self) -> None:
        """Somebody changes one field of one project."""
        system, thing = self._pick("project")
        if thing is None:
            return
        by, number = self.random.choice(PEOPLE), self.random.randint(1, 9)
        changes: dict[str, Any] = self.random.choice(
            (
                {"strategy": f"plan {number}"},
                {"deadline": f"2027-02-0{number}"},
                {"status": {"name": self.random.choice(("Planned", "Active", "Done"))}},
            )
        )
        self._note(f"{by} {system} {thing.id} {changes}")
        self.town.worlds[system].change(by, thing.id, changes)

    def archive(self) -> None:
        """Somebody archives a task."""
        self._exist("archived")

    def restore(self) -> None:
        """Somebody brings a task back."""
        self._exist("present", "archived")

    def delete(self) -> None:
        """Somebody deletes a task."""
        self._exist("deleted")

    def create(self) -> None:
        """Somebody makes a task."""
        system, project = self._pick("project")
        if project is not None:
            self._create(system, project.id)

    def move(self) -> None:
        """Somebody moves a task into the other project."""
        system, thing = self._pick("item")
        _, project = self._pick("project", system)
        if thing is not None and project is not None:
            by = self.random.choice(PEOPLE)
            self._note(f"{by} {system} moves {thing.id} to {project.id}")
            self.town.worlds[system].change(by, thing.id, {"project": project.id})

    def renamed(self) -> None:
        """A list gets a name that the mapping does not know, or its own name back."""
        system, project = self._pick("project")
        if project is None:
            return
        options = self.town.worlds[system].choices("item", "list", project.id)
        at = next((i for i, o in enumerate(options) if o.id.endswith("review")), None)
        if at is not None:
            name = self.random.choice(("Review", "Review"))
            options[at] = replace(options[at], name=name)

    def _change(self) -> dict[str, Any]:
        roll = self.random
        day, word = f"2027-01-{roll.randint(10, 28)}", roll.choice(("short", "a much longer text"))
        people = sorted({f"u-{roll.choice(PEOPLE)}" for _ in range(2)})
        return roll.choice(
            (
                {"due": day},
                {"due": None},
                {"due": f"{day}T{roll.randint(10, 20)}:30:00.000Z"},
                {"list": {"name": roll.choice(("To do", "Doing", "Review", "Done"))}},
                {"priority": {"name": roll.choice(("Low", "Medium", "High"))}},
                {"notes": f"{word} {roll.randint(1, 99)}"},
                {"notes": f" {word} {roll.randint(1, 99)} "},
                {"people": people},
                {"labels": [{"name": roll.choice(("red", "green", "blue"))}]},
                {"estimate": str(roll.randint(1, 9))},
            )
        )

    def _exist(self, wanted: str, was: str = PRESENT) -> None:
        system, thing = self._pick("item", was=was)
        if thing is not None:
            by = self.random.choice(PEOPLE)
            self._note(f"{by} {system} {thing.id} {thing.fields['title']} {wanted}")
            self.town.worlds[system].exist(by, thing.id, wanted)

    def _create(self, system: str, project: str) -> None:
        self.made += 1
        title = f"{self.made} {'abcdefghijklmnopqrstuvwxyz'[self.made] * 9}"[:12]
        by = self.random.choice(PEOPLE)
        self._note(f"{by} {system} creates {title}")
        self.town.worlds[system].create(by, "item", {"title": title, "due": "2027-01-05"}, project)

    def _pick(self, object: str, system: str | None = None, was: str = PRESENT) -> tuple[str, Any]:
        """A random thing of a random system; chosen by what people see, not by ids."""
        system = system or self.random.choice(self.systems)
        found = [
            thing
            for thing in self.town.worlds[system].things.values()
            if thing.object == object and thing.existence == was
        ]
        found.sort(key=lambda thing: str(thing.fields.get("title") or thing.fields.get("name")))
        return system, self.random.choice(found) if found else None

    def _note(self, text: str) -> None:
        self.log.append(f"{self.town.now():%d %H:%M:%S} {text}")

    # -- what the service does -------------------------------------------------------------

    def run(self) -> None:
        """A cycle."""
        report = self.town.run()
        acts = [
            (a.title, a.connection, str(a.op), [(w.field, w.raw) for w in a.writes])
            for a in (report.plan.actions if report.plan else ())
        ]
        self._note(f"run: {report.result} {report.problems} {acts}")

    def full(self) -> None:
        """A cycle that compares everything."""
        self._note(f"full run: {self.town.run(full=True).result}")

    def faulty(self) -> None:
        """A cycle in which a system fails now and then."""
        world = self.town.worlds[self.random.choice(self.systems)]
        error = self.random.choice((WaitAndRetry, LookFirst, SkipRecord))
        moment = self.random.choice(("before", "after"))
        error = LookFirst if moment == "after" else error
        chance = self.random.choice((0.3, 1.0))
        calls = self.random.choice(
            (("create", "update", "archive", "restore"), ("find", "fetch"), ("pull", "history"))
        )
        kind = WaitAndRetry if calls[0] in ("find", "pull") else error

        def fault(when: str, call: str) -> None:
            if when == moment and call in calls and self.random.random() < chance:
                raise kind("not now")

        world.fault = fault
        self.run()
        self._note(f"  with {kind.__name__} {moment} {calls}")
        if self.random.random() < 0.8:
            world.fault = lambda _m, _c: None

    def killed(self) -> None:
        """A cycle that is killed at some boundary."""
        left = self.random.randint(1, 12)

        def boundary(_name: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed

        self.town.store.boundary = boundary
        try:
            with self.town.service() as service:
                service.boundary = boundary
                next(iter(service.run("acme")))
        except Killed:
            self._note("killed")
        finally:
            self.town.store.boundary = lambda _name: None

    def race(self) -> None:
        """A cycle during which somebody edits, right before or after our write."""
        world = self.town.worlds[self.random.choice(self.systems)]
        moment = self.random.choice(("before", "after"))
        was = world.fault

        def fault(when: str, call: str) -> None:
            if (when, call) == (moment, "update"):
                world.fault = was
                self.town.clock.advance(timedelta(seconds=1))
                self.edit()
                self.town.clock.advance(timedelta(seconds=1))

        world.fault = fault
        self.run()
        self._note("  with a race")
        world.fault = was
