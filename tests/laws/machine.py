"""The machine: random agencies, people and faults, and the laws after each quiet period."""

from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from adapters.memory import World
from syncer.engine.answers import AnswerRefused
from tests.laws.base import TALLY, deed, numbers, people, pick, places, present
from tests.laws.doings import days, task_changes
from tests.laws.setting import Setting, settings
from tests.laws.talks import Talks


class Machine(Talks):
    """All rules together with what the service and its owner do."""

    @initialize(setting=settings, change=task_changes, day=days)
    def begin(self, setting: Setting, change: dict[str, Any], day: str) -> None:
        """Two projects and some tasks, in step; one task was in two tools that differ."""
        self.script.append(("begin", {"setting": setting, "change": change, "day": day}))
        self.open(setting)
        for name in ("Red", "Blue"):
            self.each(0, partial(World.create, by="tom", object="project", fields={"name": name}))
        self.each(1, lambda world: world.create("anna", "project", {"name": "red"}))
        low = {"due": day, "priority": {"name": "Low"}}
        for made, place, fields in ((1, 0, low), (2, 0, {}), (2, 1, change)):
            self.each(place, partial(self.task, who="tom", number=9, made=made, fields=fields))
        self.made = 2
        self.cycle()
        self.cycle()

    @deed()
    def run(self) -> None:
        """A cycle."""
        self.cycle()

    @deed()
    def run_again(self) -> None:
        """A cycle: as likely as all the rest needs it."""
        self.cycle()

    @deed()
    def run_in_another_order(self) -> None:
        """The systems stand in another order in the configuration."""
        for stage in self.stages:
            stage.backwards = not stage.backwards
        self.cycle()

    @deed()
    def compare_everything(self) -> None:
        """A full compare."""
        self.cycle(full=True)

    @deed()
    def wait(self) -> None:
        """A while goes by."""
        self.pass_time(45)

    @deed()
    def rest(self) -> None:
        """A quiet period."""
        self.quiet()

    @deed(number=numbers)
    def tell_owner(self, number: int) -> None:
        """The owner is told of a proposal."""
        for stage, scene in zip(self.stages, self.scenes, strict=True):
            waiting = pick(scene.waiting(), number)
            self.heads_up([waiting] if waiting else [], stage)
        self.pass_time(3)

    @deed(number=numbers, who=people, yes=st.booleans())
    def answer(self, number: int, who: str, yes: bool) -> None:
        """Somebody answers a proposal by the command line; only owners may."""
        TALLY["answers"] += 1
        for stage, scene in zip(self.stages, self.scenes, strict=True):
            waiting = pick(scene.waiting(), number)
            if waiting is not None:
                answers = stage.answers()
                give = answers.approve if yes else answers.decline
                try:
                    give(waiting.id, who)
                except AnswerRefused:
                    TALLY["answers refused"] += 1
                else:
                    self.must(scene.entitled(waiting, who))
        self.pass_time(3)

    @deed(number=numbers, who=people)
    def undo(self, number: int, who: str) -> None:
        """Somebody takes back what one of the last cycles changed; as an edit of theirs."""
        for stage, scene in zip(self.stages, self.scenes, strict=True):
            before = scene.written()
            report = stage.undo(number, who)
            if report is None:
                continue
            self.must(scene.after_cycle(report, before))
            for each in report.undone:
                TALLY[f"undone: {each.outcome}"] += 1
                if each.outcome == "back":
                    self.must(scene.undid(each.record, each.field, who))
        self.pass_time(2)

    @deed(place=places)
    def read_otherwise(self, place: int) -> None:
        """The mapping of a list of values is changed; nobody edited anything."""
        TALLY["mapping changes"] += 1
        for at, stage in enumerate(self.stages):
            tools = list(stage.setting.tools)
            here = place % len(tools)
            tools[here] = replace(tools[here], swapped=not tools[here].swapped)
            stage.setting = self.setting = replace(stage.setting, tools=tuple(tools))
            self.scenes[at].setting = stage.setting
            self.scenes[at].swapped = True
        self.cycle()

    @deed(place=places, number=numbers, text=st.sampled_from(("Waiting", "Review")))
    def rename_option(self, place: int, number: int, text: str) -> None:
        """A list gets a name that the mapping does not know, or its own name back."""
        TALLY["options renamed"] += 1
        for stage, scene in zip(self.stages, self.scenes, strict=True):
            world = self.world(place, stage)
            project = pick(present(world, "project"), number)
            if project is not None and world.quirks.lists:
                known = world.choices("item", "list", project.id)
                wanted = next(o.id for o in known if o.id.endswith("review"))
                world.rename("list", project.id, wanted, text)
                scene.renamed = True
        self.pass_time(1)
