"""What the rules of the machine stand on: the stages, time, picking, counting."""

import functools
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from msgspec.structs import replace

from adapters.memory import World
from adapters.memory.things import Thing
from syncer.adapterkit.errors import SkipRecord
from syncer.model.configuration import HeadsUp
from syncer.model.entities import PRESENT
from syncer.model.records import Proposal
from tests.laws.judge import Scene, judge
from tests.laws.setting import NAMES, OTHER_NAMES, PEOPLE, Setting
from tests.laws.stage import Stage

TALLY: Final[Counter[str]] = Counter()
"""What was tried in this process: cases, steps, cycles, kills, faults by kind."""

RULES: Final[set[str]] = set()
"""The names of all rules."""

FAILED: Final[list[tuple[str, dict[str, Any]]]] = []
"""The deeds of the case that failed last, to be played again."""


def deed(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A rule that is counted."""

    def made(act: Callable[..., None]) -> Any:
        RULES.add(act.__name__)

        @functools.wraps(act)
        def counted(self: Any, **values: Any) -> None:
            TALLY["steps"] += 1
            self.script.append((act.__name__, values))
            act(self, **values)

        return rule(**drawn)(counted)  # type: ignore[call-overload]

    return made


people = st.sampled_from(PEOPLE)
places = st.integers(0, 4)
numbers = st.integers(0, 9)


class Base(RuleBasedStateMachine):
    """One random agency, and perhaps a second one with other names that must fare the same."""

    def __init__(self) -> None:
        super().__init__()
        self.stages: list[Stage] = []
        self.scenes: list[Scene] = []
        self.folder = tempfile.TemporaryDirectory(prefix="laws")
        self.failed = False
        self.made = 0
        self.written = 0
        self.script: list[tuple[str, dict[str, Any]]] = []

    def open(self, setting: Setting) -> None:
        """Bring the agency about, and its mirror if there is to be one."""
        TALLY["cases"] += 1
        self.setting = setting
        for names in (NAMES, OTHER_NAMES) if setting.mirrored else (NAMES,):
            folder = Path(self.folder.name) / names[0]
            folder.mkdir()
            stage = Stage(folder, names[: len(setting.tools)], setting=setting)
            stage.backwards = names is OTHER_NAMES
            self.stages.append(stage)
            self.scenes.append(Scene(stage.worlds, stage.store, setting, stage.systems))

    @property
    def stage(self) -> Stage:
        """The agency, where its mirror plays no part."""
        return self.stages[0]

    @property
    def scene(self) -> Scene:
        """What the judges know of it."""
        return self.scenes[0]

    def alone(self, fault: str) -> None:
        """From here on the mirror would not fare the same: chance hits it elsewhere."""
        TALLY[fault] += 1
        for stage in self.stages[1:]:
            stage.close()
        del self.stages[1:], self.scenes[1:]

    def world(self, place: int, stage: Stage | None = None) -> World:
        """The system of this number."""
        stage = stage or self.stage
        return stage.worlds[stage.systems[place % len(stage.systems)]]

    def each(self, place: int, act: Callable[[World], object]) -> None:
        """The same act in each agency; one that the vendor will not have is no act."""
        for stage in self.stages:
            with suppress(SkipRecord):
                act(self.world(place, stage))
        self.pass_time(3)

    def pass_time(self, minutes: int) -> None:
        """Let time go by."""
        for stage in self.stages:
            stage.hours.now += timedelta(minutes=minutes)

    def heads_up(self, waiting: Iterable[Proposal], stage: Stage | None = None) -> None:
        """The owner is told of these proposals, where the service itself tells nobody.

        What somebody says over the telephone: its delivery is put into the state by hand.
        """
        stage = stage or self.stage
        if stage.heads_up is HeadsUp.IN_TOOLS:
            return
        for each in waiting:
            TALLY["heads-ups"] += 1
            told = replace(each, delivered=each.version, delivered_at=stage.watch())
            with stage.store.transaction() as tx:
                tx.put_proposals([told])

    def cycle(self, *, full: bool = False, allowed: frozenset[str] = frozenset()) -> None:
        """One cycle everywhere, and what must hold after any."""
        for stage, scene in zip(self.stages, self.scenes, strict=True):
            TALLY["cycles"] += 1
            before = scene.written()
            report = stage.cycle(full=full, allowed=allowed)
            self.must(scene.after_cycle(report, before))
        self.pass_time(2)

    def quiet(self) -> None:
        """Nothing fails and nobody acts for a while; then every law is checked."""
        broken = []
        for stage, scene in zip(self.stages, self.scenes, strict=True):
            stage.rest()
            TALLY["cycles"] += 3
            before = scene.marks()
            stage.hours.now += timedelta(hours=1)
            stage.cycle(full=True)
            broken += judge(scene, before, stage.reports, stage.spoken)
        if len(self.stages) > 1:
            broken += self.scene.same_as(self.scenes[1])
        self.must(broken)

    def must(self, broken: list[str]) -> None:
        """Raise what laws were broken, each line beginning with the name of its law."""
        if broken:
            self.failed = True
            FAILED[:] = self.script
            raise AssertionError("\n".join(dict.fromkeys(broken)))

    @contextmanager
    def trouble(self, world: World) -> Iterator[None]:
        """What is set wrong within is right again afterwards."""
        tokens = dict(world.tokens)
        try:
            yield
        finally:
            world.fault = lambda _moment, _call: None
            world.tokens.update(tokens)
            behind = world.lapses.behind
            world.lapses.over()
            world.lapses.behind = behind

    def teardown(self) -> None:
        """A last quiet period, unless the case has failed already."""
        try:
            if self.stages and not self.failed:
                self.quiet()
        finally:
            if os.environ.get("LAWS_TRACE"):
                print("\n".join(line for stage in self.stages for line in stage.trace()))
            for stage in self.stages:
                stage.close()
            self.folder.cleanup()


def present(world: World, object: str, existence: str = PRESENT) -> list[Thing]:
    """The things of a system, in the order of their names: ids differ between agencies."""
    found = [t for t in world.things.values() if (t.object, t.existence) == (object, existence)]
    return sorted(found, key=lambda t: (called(t).casefold(), t.created_at))


def called(thing: Thing) -> str:
    """What people call a thing."""
    return str(thing.fields.get("title") or thing.fields.get("name"))


def pick(found: list[Any], number: int) -> Any:
    """One of them; none of none."""
    return found[number % len(found)] if found else None
