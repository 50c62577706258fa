"""People read what they are told, and talk under it: a rule a deed."""

from collections.abc import Iterator
from contextlib import suppress

from hypothesis import strategies as st

from adapters.memory import World
from syncer.adapterkit.errors import SkipRecord
from tests.laws.base import TALLY, deed, numbers, people, pick, places, present
from tests.laws.rooms import Watched
from tests.laws.troubles import Troubles

sayings = st.sampled_from(
    (
        "approve",
        "approve",
        "approve {}",
        "Approve {} if you must",
        "decline: not now",
        "decline {} not now",
        "withdraw",
        "withdraw {}",
        "approve P22222",
        "I would approve this if I knew why",
    )
)
"""What people say; ``{}`` is the number of a proposal that waits."""


class Talks(Troubles):
    """Replies, guests, and time that goes by."""

    @deed(place=places, who=people, number=numbers, which=numbers, text=sayings)
    def reply(self, place: int, who: str, number: int, which: int, text: str) -> None:
        """Somebody says something under one of our comments: who may answer, or who may not."""
        self.alone("replies")
        waiting = pick(self.scene.proposals(open_only=True), which)
        said = text.format(waiting.number if waiting else "P33333")
        world, thing = self._under(place, number)
        if thing:
            TALLY["replies under a heads-up"] += 1
            with suppress(SkipRecord):
                world.talk.say(who, thing, said)
        self.pass_time(3)

    @deed(place=places, who=st.sampled_from(("maya", "maya", "ben")), more=st.booleans())
    def ask_and_reply(self, place: int, who: str, more: bool) -> None:
        """Somebody approves; before we look, something else may be asked for."""
        self.alone("replies")
        self.something_to_tell(place)
        self.pass_time(45)
        self.cycle()
        world, thing = self._under(0, 0)
        if thing:
            TALLY["replies under a heads-up"] += 1
            with suppress(SkipRecord):
                world.talk.say(who, thing, "approve")
        self.pass_time(3)
        if more:
            with suppress(SkipRecord):
                self.change(self.world(place), "anna", self.written, {"due": "2027-05-05"})
        self.pass_time(45)
        self.cycle()

    def _under(self, place: int, number: int) -> tuple[World, str]:
        """A thing under which something of ours stands; the newest first."""
        for world in self._worlds(place):
            assert isinstance(world.talk, Watched)
            found = [line.thing for line in reversed(world.talk.ours())]
            if found:
                return world, found[number % len(found)].id
        return self.world(place), ""

    def _worlds(self, place: int) -> Iterator[World]:
        yield from (self.world(place + more) for more in range(len(self.setting.tools)))

    @deed(place=places, number=numbers, come=st.booleans())
    def guests(self, place: int, number: int, come: bool) -> None:
        """Guests come into a project, or go."""
        TALLY["guests come or go"] += 1

        def act(world: World) -> None:
            project = pick(present(world, "project"), number)
            if project is not None and come:
                world.talk.invite(project.id)
            elif project is not None:
                world.talk.guests.pop(project.id, None)

        self.each(place, act)

    @deed(place=places, number=numbers)
    def unsay(self, place: int, number: int) -> None:
        """Somebody throws the task away under which we said something."""
        self.alone("things gone under a heads-up")
        world, thing = self._under(place, number)
        if thing and thing in world.things:
            with suppress(SkipRecord):
                world.exist("tom", thing, "deleted")
        self.pass_time(3)

    @deed(days=st.sampled_from((1, 1, 3)))
    def sleep(self, days: int) -> None:
        """Days go by, with a cycle on each: reminders, digests, and ends of time."""
        TALLY["days"] += days
        for _ in range(days):
            self.pass_time(24 * 60)
            self.cycle()
