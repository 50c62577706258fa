"""What comes at a bad moment: edits while we write, answers and words that are seen too late."""

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from syncer.adapterkit.errors import LookFirst, SkipRecord, WaitAndRetry
from tests.laws.base import called, deed, numbers, people, places, present
from tests.laws.doings import Doings, days, fitting, task_changes


class Races(Doings):
    """People do not wait until we have written, nor do we hear of all at once."""

    @deed(place=places, who=people, number=numbers, change=task_changes, late=st.booleans())
    def race(self, place: int, who: str, number: int, change: dict[str, Any], late: bool) -> None:
        """Somebody edits right before or right after our write arrives."""
        self._race(place, late, lambda world: self.change(world, who, number, change))

    @deed(place=places, who=people, late=st.booleans(), same=st.booleans(), change=task_changes)
    def race_for_the_same(
        self, place: int, who: str, late: bool, same: bool, change: dict[str, Any]
    ) -> None:
        """Somebody edits the very thing that is being written, perhaps just as we do.

        What we have written already can be set to the same only after it was something else.
        """

        def act(world: Any) -> None:
            write = world.lapses.underway
            thing = world.things.get(write.id)
            if thing is None or thing.object != "item":
                return
            sent = {name: write.fields[name] for name in ("notes", "due") if name in write.fields}
            if late and same:
                world.change(who, thing.id, dict.fromkeys(sent))
                self.pass_time(1)
            world.change(who, thing.id, sent if same and sent else fitting(world, change))

        self._race(place, late, act)

    def _race(self, place: int, late: bool, act: Any) -> None:
        self.alone("race after a write" if late else "race before a write")
        world, over = self.world(place), False
        self.something_to_write(place)

        def fault(when: str, call: str) -> None:
            nonlocal over
            if not over and (when, call) == ("after" if late else "before", "update"):
                over = True
                self.pass_time(1)
                with suppress(SkipRecord):
                    act(world)
                self.pass_time(1)

        self.scene.raced = True
        with self.trouble(world):
            world.fault = fault
            self.cycle()

    @deed(place=places, who=people)
    def lose_a_create(self, place: int, who: str) -> None:
        """A twin is made, its answer is lost, and somebody words its title anew before we look."""
        self.alone("fault: lost create")
        world = self.world(place)
        self.made += 1
        self.task(self.world(place + 1), "tom", 0, self.made, {})

        def fault(when: str, call: str) -> None:
            if (when, call) == ("after", "create"):
                raise LookFirst("no answer")

        self.unanswered(place)
        with self.trouble(world):
            world.fault = fault
            self.cycle()
        for thing in present(world, "item"):
            if thing.marker and called(thing).startswith(f"{self.made} "):
                world.change(who, thing.id, {"title": f"{self.made} renamed"})
        self.cycle()

    @deed(place=places, who=people, day=days)
    def hear_late(self, place: int, who: str, day: str) -> None:
        """A tool is down, and what a producer did there is seen after a heads-up about another."""
        self.alone("fault: heard late")
        world = self.world(place)
        self.something_to_write(place - 1)
        self.pass_time(2)
        with suppress(SkipRecord):
            self.change(self.world(place + 1), who, self.written, {"due": day})

        def fault(_when: str, _call: str) -> None:
            raise WaitAndRetry("down for now")

        with self.trouble(world):
            world.fault = fault
            self.cycle()
            self.heads_up(self.scene.waiting())
        self.cycle()

    def unanswered(self, place: int) -> None:
        """A system does not say what it made of a write."""
        self.scene.unanswered.add(self.stage.systems[place % len(self.stage.systems)])

    def something_to_write(self, place: int) -> None:
        """A producer edits in another tool, so that there is something to write in this one."""
        self.written += 1
        change = {"notes": f"word {self.written}", "due": f"2027-03-{10 + self.written % 20}"}
        with suppress(SkipRecord):
            self.change(self.world(place + 1), "maya", self.written, change)

    def something_to_tell(self, place: int) -> None:
        """Somebody who may not edits there, so that there is something to tell of."""
        self.written += 1
        change = {"due": f"2027-04-{10 + self.written % 20}"}
        with suppress(SkipRecord):
            self.change(self.world(place), "anna", self.written, change)


def by_name(value: Any) -> bool:
    """Whether an option is named that has no id yet."""
    return any(isinstance(item, dict) for item in (value if isinstance(value, list) else [value]))
