"""What goes wrong: a rule a fault. After each the machine lets a cycle meet it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.adapterkit.errors import AskPerson, LookFirst, SkipRecord, WaitAndRetry
from syncer.model.remote import Outcome
from tests.laws.base import TALLY, deed, numbers, people, pick, places, present
from tests.laws.doings import days, task_changes
from tests.laws.races import Races, by_name
from tests.laws.stage import EVERYTHING

WRITES = ("create", "update", "archive", "restore")
SPEECH = ("comment", "heads_up_item")
calls = st.sampled_from(
    (
        WRITES,
        ("create",),
        ("find", "fetch"),
        ("pull",),
        ("history",),
        SPEECH,
        ("comments", "audience"),
    )
)
boundaries = st.one_of(st.integers(1, 14), st.integers(15, 44))
"""Where it dies: around a write or a commit, or later around a comment."""


class Troubles(Races):
    """Vendors, networks, clocks and machines fail."""

    @deed(place=places, which=calls, first=st.integers(0, 2), late=st.booleans())
    def fail(self, place: int, which: tuple[str, ...], first: int, late: bool) -> None:
        """Calls of a system fail from some point on; late ones took effect."""
        self.alone("fault: late answer" if late else "fault: no answer")
        error = LookFirst if late and which[0] in (*WRITES, *SPEECH) else WaitAndRetry
        self._meet(place, which, "after" if late else "before", error, first)

    @deed(place=places, first=st.integers(0, 2))
    def unknown(self, place: int, first: int) -> None:
        """Writes are not answered, and did not take effect."""
        self.alone("fault: lost on the way")
        self._meet(place, (*WRITES, *SPEECH), "before", LookFirst, first)

    @deed(place=places)
    def read_only(self, place: int) -> None:
        """A system lets nobody write for a while."""
        self.alone("fault: read-only")
        self._meet(place, (*WRITES, *SPEECH), "before", AskPerson, 0)

    def _meet(
        self, place: int, which: tuple[str, ...], moment: str, error: type[Exception], first: int
    ) -> None:
        world, left = self.world(place), first
        if moment == "after":
            self.unanswered(place)
        self.something_to_write(place)
        self.something_to_tell(place)

        def fault(when: str, call: str) -> None:
            nonlocal left
            if when == moment and call in which:
                left -= 1
                if left < 0:
                    raise error("not now")

        with self.trouble(world):
            world.fault = fault
            self.cycle()

    @deed(place=places, how=st.sampled_from(("nothing", "no values", "what was sent")))
    def answer_wrongly(self, place: int, how: str) -> None:
        """Writes take effect, and the answers do not say what is there."""
        self.alone(f"fault: answers {how}")
        world = self.world(place)
        self.something_to_write(place)

        def answer(outcome: Outcome) -> Outcome | None:
            sent = world.lapses.underway
            told = sent.fields if sent and how == "what was sent" else {}
            plain = {k: v for k, v in told.items() if not by_name(v)}
            return None if how == "nothing" else replace(outcome, got=plain)

        self.unanswered(place)
        with self.trouble(world):
            world.lapses.answer = answer
            self.cycle()

    @deed(at=boundaries, place=places, who=people, number=numbers, change=task_changes)
    def kill(self, at: int, place: int, who: str, number: int, change: dict[str, Any]) -> None:
        """The process dies at a boundary: around a write or a commit, with an edit to tell of."""
        self.alone("kills tried")
        self.something_to_write(place)
        self.something_to_tell(place)
        with suppress(SkipRecord):
            self.change(self.world(place), who, number, change)
        self.pass_time(1)
        self.scene.raced = True
        TALLY["kills that hit"] += self.stage.killed(at)
        self.pass_time(2)

    @deed(place=places)
    def outage(self, place: int) -> None:
        """A token is revoked: the others are in step all the same."""
        self.alone("fault: revoked token")
        world = self.world(place)
        for other in self.stage.worlds.values():
            other.lapses.behind = 0
        self.something_to_write(place)
        with self.trouble(world):
            world.tokens.update(dict.fromkeys(world.tokens, "another"))
            for _ in range(3):
                self.pass_time(60)
                self.cycle(allowed=EVERYTHING)
            name = self.stage.systems[place % len(self.stage.systems)]
            self.must(self.scene.others_in_step(name, self.stage.reports[-1]))

    @deed(place=places, full=st.booleans())
    def go_empty(self, place: int, full: bool) -> None:
        """A system lists nothing, and says that this is all."""
        self.alone("fault: empty listing")
        world = self.world(place)
        self.scene.emptied.add(self.stage.systems[place % len(self.stage.systems)])
        with self.trouble(world):
            world.lapses.empty = True
            self.cycle(full=full)

    @deed(place=places, pages=st.integers(0, 1), full=st.booleans())
    def cut(self, place: int, pages: int, full: bool) -> None:
        """A feed ends in the middle without a word."""
        self.alone("fault: cut page")
        world = self.world(place)
        with self.trouble(world):
            world.lapses.cut = pages
            self.cycle(full=full)

    @deed(place=places)
    def expire(self, place: int) -> None:
        """A cursor is not known any more: what was told since is not told again."""
        self.alone("fault: expired cursor")
        world = self.world(place)
        world.lapses.forgotten = len(world.history)
        self.scene.forgot(self.stage.systems[place % len(self.stage.systems)])
        self.cycle()

    @deed(place=places, lines=st.integers(1, 4), who=people, day=days)
    def lag(self, place: int, lines: int, who: str, day: str) -> None:
        """The feed does not have a producer's edit yet, and somebody edits the same elsewhere."""
        self.alone("fault: lagging feed")
        self.something_to_write(place - 1)
        self.pass_time(2)
        with suppress(SkipRecord):
            self.change(self.world(place + 1), who, self.written, {"due": day})
        self.world(place).lapses.behind = self.world(place).lapses.unheard = lines
        self.scene.forgot(self.stage.systems[place % len(self.stage.systems)])
        self.cycle()

    @deed(minutes=st.sampled_from((-2, -1, 1, 2)))
    def jump(self, minutes: int) -> None:
        """The clock of our machine is set forwards or back."""
        self.alone("clock jumps")
        self.stage.watch.put(timedelta(minutes=minutes))
        self.cycle()

    @deed(place=places, number=numbers)
    def refuse_one(self, place: int, number: int) -> None:
        """A system will not take anything about one record: the others are in step."""
        self.alone("fault: one bad record")
        world = self.world(place)
        bad = pick(present(world, "item"), number)

        def fault(when: str, call: str) -> None:
            write = world.lapses.underway
            if (when, call) == ("before", "update") and write and bad and write.id == bad.id:
                raise SkipRecord("this record is locked")

        with self.trouble(world):
            world.fault = fault
            self.cycle()
