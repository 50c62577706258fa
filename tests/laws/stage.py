"""One agency on memory systems, with the real service and a real file: what the machine drives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import structlog
from msgspec.structs import replace

from adapters.memory import World, drop_world, put_world
from adapters.memory.options import Options
from syncer.engine.answers import Answers
from syncer.engine.context import Orders
from syncer.engine.service import Service
from syncer.engine.spool import WHOLE
from syncer.model.configuration import Configuration, HeadsUp, Limits
from syncer.model.decisions import Editor
from syncer.model.entities import EXISTENCE
from syncer.model.records import JournalEntry
from syncer.model.remote import RemotePerson
from syncer.model.report import CycleReport, CycleResult
from syncer.model.undoing import Undo
from syncer.reconcile.undoing import chosen
from syncer.state import Store
from tests.engine.town import Town, empty_state
from tests.laws.rooms import Watched
from tests.laws.setting import Setting
from tests.reconcile.made_talk import TEXTS

GENEROUS = Limits(
    archives=10_000,
    archive_share=1.0,
    update_share=1.0,
    remaps=10_000,
    after_change=10_000,
    after_change_share=1.0,
)
TIGHT = Limits(archives=1, archive_share=0.3, update_share=0.5, remaps=1, floor=4)
EVERYTHING = frozenset({"archives", "updates", "remaps", "absent", "leaving", "configuration"})
SECRET = "s3cr3t-{name}-pa55/w0rd+"
"""The marked token of a system, to be looked for everywhere."""


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the service may catch it."""


@dataclass
class Hours:
    """The time that all share; it stands still until it is let pass."""

    now: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Watch:
    """A clock: a millisecond later at each look, and wrong by ``off``."""

    def __init__(self, hours: Hours, off: timedelta = timedelta()) -> None:
        self.hours, self.off = hours, off
        self._last = hours.now + off

    def __call__(self) -> datetime:
        self._last = max(self.hours.now + self.off, self._last + timedelta(milliseconds=1))
        return self._last

    def put(self, off: timedelta) -> None:
        """Set it otherwise, also back."""
        self.off = off
        self._last = self.hours.now + off


@dataclass
class Stage(Town):
    """A town whose clocks are all its own, made from a random setting."""

    setting: Setting = field(default_factory=Setting)
    hours: Hours = field(default_factory=Hours)
    backwards: bool = False
    reports: list[CycleReport] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = Watch(self.hours)
        self.worlds = {}
        self._numbers = count(1)
        for at, name in enumerate(self.systems):
            watch = Watch(self.hours, timedelta(seconds=37 * at))
            tool = self.setting.tools[at]
            world = World(clock=watch, quirks=tool.quirks)
            world.users["zoe"] = RemotePerson("u-zoe", "Zoe", None)
            world.tokens[tool.account] = SECRET.format(name=at)
            world.talk = Watched(world)
            self.worlds[name] = world
            put_world(self.world_name(name), world)
        self.rules = self.setting.ownership(self.systems)
        told = HeadsUp.IN_TOOLS if self.setting.in_tools else HeadsUp.CLI_ONLY
        self.heads_up = HeadsUp.KEEP if self.setting.keep else told
        self.limits = TIGHT if self.setting.tight else GENEROUS
        self.store = Store.open(empty_state(self.folder / "state.db"))

    def close(self) -> None:
        """Let go of the state and the worlds."""
        self.store.close()
        for name in self.systems:
            drop_world(self.world_name(name))

    def config(self) -> Configuration:
        """The configuration of this town, in the order of systems that is asked for."""
        tools = dict(zip(self.systems, self.setting.tools, strict=True))
        self.mappings = {name: tool.mapping() for name, tool in tools.items()}
        usual = super().config()
        connections = {
            name: replace(
                usual.connections[name],
                secrets=(self._token(name),),
                options=Options(
                    **tool.quirks.model_dump(),
                    world=self.world_name(name),
                    user=tool.account,
                    token=self._token(name),
                    page=tool.page,
                    batch=tool.batch,
                    in_flight=1,
                ),
            )
            for name, tool in tools.items()
        }
        return replace(
            usual,
            connections=self._ordered(connections),
            balance=self.setting.balance,
            texts=TEXTS,
        )

    def _token(self, name: str) -> str:
        return SECRET.format(name=self.systems.index(name))

    def _ordered(self, found: Mapping[str, Any]) -> dict[str, Any]:
        return dict(reversed(list(found.items()))) if self.backwards else dict(found)

    def service(self) -> Service:
        """A service over this town, as a new process would open it; every other one on disk."""
        spooled = (len(self.reports) + len(self.systems)) % 2
        whole = 0 if spooled else WHOLE
        return Service(self.config(), self.store, clock=self.watch, new_id=self._id, whole=whole)

    def answers(self) -> Answers:
        """The command line's answers to proposals."""
        return Answers(self.config(), self.store, clock=self.watch, operator="ops")

    def cycle(self, *, full: bool = False, allowed: frozenset[str] = frozenset()) -> CycleReport:
        """One cycle, with all that it says kept for the judges."""
        with structlog.testing.capture_logs() as logs, self.service() as service:
            report = next(iter(service.run("acme", Orders(full, allowed))))
        self.spoken += map(str, logs)
        self.reports.append(report)
        return report

    def undo(self, number: int, who: str) -> CycleReport | None:
        """Somebody takes back what a cycle did to fields, by the command line."""
        lines = [line for line in self.store.changes("acme") if line.field != EXISTENCE]
        cycles = sorted({line.cycle for line in lines if line.kind == "verdict"}, reverse=True)
        if not cycles:
            return None
        cycle = cycles[number % len(cycles)]
        found = chosen((line for line in lines if line.cycle == cycle), twins=False)
        order = Undo(Editor(who, shown=who.title()), found.wishes, text="undo")
        with structlog.testing.capture_logs() as logs, self.service() as service:
            report = next(iter(service.run("acme", Orders(undo=order))))
        self.spoken += map(str, logs)
        self.reports.append(report)
        return report

    def killed(self, at: int) -> bool:
        """One cycle that dies at its n-th boundary; says whether it lived so long."""
        left = count(1)

        def boundary(_name: str) -> None:
            if next(left) == at:
                raise Killed

        self.store.boundary = boundary
        try:
            with structlog.testing.capture_logs(), self.service() as service:
                service.boundary = boundary
                self.reports.append(next(iter(service.run("acme"))))
        except Killed:
            return True
        finally:
            self.store.boundary = lambda _name: None
        return False

    def rest(self) -> None:
        """Quiet: nothing fails, nobody acts, a person allows what the guard refuses.

        What waits out a pause is replayed by letting the longest pause go by.
        """
        for world in self.worlds.values():
            world.fault = lambda _moment, _call: None
            world.lapses.over()
        for full in (False, True):
            self._pass_and_run(timedelta(hours=1), full)
        if self.store.parked("acme") or any(self.store.pending("acme")):
            for _ in range(2):
                self._pass_and_run(timedelta(hours=25), False)
        if self.heads_up is HeadsUp.IN_TOOLS:
            self._hear_all()

    def _hear_all(self) -> None:
        """What waits for a digest is told, and what nobody answers in time is over."""
        if self.setting.expires is not None:
            for _ in range(2):
                self._pass_and_run(timedelta(days=7), False)
        for day in range(10):
            # With a cap a day, the last of many is asked late, and is over later still.
            if day >= 2 and (self.setting.expires is None or not self.store.proposals("acme")):
                return
            noon = self.hours.now.replace(hour=11, minute=0) + timedelta(days=1)
            while noon.weekday() > 4:
                noon += timedelta(days=1)
            self._pass_and_run(noon - self.hours.now, False)

    def _pass_and_run(self, time: timedelta, full: bool) -> None:
        self.hours.now += time
        if self.cycle(full=full).result is CycleResult.REFUSED:
            self.cycle(full=full, allowed=EVERYTHING)

    def quietly(self, do: Callable[[], object]) -> object:
        """Something the command line does, with what it says kept."""
        with structlog.testing.capture_logs() as logs:
            result = do()
        self.spoken += map(str, logs)
        return result

    def trace(self) -> list[str]:
        """What happened, for whoever looks into a failure: histories, the journal, what is open."""
        lines = [
            (e.at, f"{name} {e.thing.id} {e.by}{' (us)' if e.intent else ''} {e.field} {e.old} -> {e.new}")
            for name, world in self.worlds.items()
            for e in world.history
        ]  # fmt: skip
        lines += [(e.at, f"  journal {_line(e)}") for e in self.store.journal("acme", limit=10**5)]
        lines += [
            (r.started or self.hours.now, f"== {r.cycle} {r.result} full={r.full} {dict(r.down)} {dict(r.failed)}")
            for r in self.reports
        ]  # fmt: skip
        told = [f"{at:%d %H:%M:%S} {text}" for at, text in sorted(lines)]
        told += [f"hold {h.key}: {h.reason}" for h in self.store.holds("acme")]
        told += [f"parked {p.key}: {p.reason}" for p in self.store.parked("acme")]
        return told + [
            f"{p.status} {p.id} {p.record} {p.field} by {p.proposer} in {p.connection}: {p.value}"
            for p in self.store.proposals("acme", open_only=False)
        ]


def _line(entry: JournalEntry) -> str:
    where = f"{entry.kind} {entry.record} {entry.field} {entry.connection} by {entry.editor}"
    return f"{where} {entry.old} -> {entry.new}: {entry.outcome} {entry.text}"
