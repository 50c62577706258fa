"""What is played: first contact of the whole agency, then the demo's story.

It is a list of cycles. Of each is known how everything stood right before syncer ran, where
its boundaries are, and how everything stood after an unkilled run.
"""

from copy import copy
from dataclasses import dataclass

from syncer.cli.demo.steps import Seen, Step
from syncer.cli.demo.story import Story
from tests.kills.boundaries import Place
from tests.kills.content import Content, differences
from tests.kills.house import House, NotAsPromised

SCENARIOS = {"first-contact": slice(0, 1), "story": slice(1, None)}
"""Which cycles belong to which: nothing has met before the first."""

TURNS = 5
"""How often a run may pass a boundary by that another run had."""


class Silent(Step):
    """A step of the story that claims nothing: here content is compared instead."""

    def claim(self, *_: object, **__: object) -> None:
        """Nothing is looked at."""

    def settle(self, seen: Seen) -> None:
        """Nothing is looked at."""


@dataclass(frozen=True)
class Cycle:
    """One run of the unkilled play.

    Args:
        title: what people did before it.
        picture: the name of how everything stood right before it.
        places: its boundaries in order.
        content: what everything held once nothing was left to do.
        story: the story as it stood then.
    """

    title: str
    picture: str
    places: list[Place]
    content: Content
    story: Story


Play = list[Cycle]


def play(house: House, acts: int | None = None) -> Play:
    """The same people, the same edits as in the demo, and a run after each of them.

    Args:
        acts: only so many.
    """
    house.restore("begin")
    told, played = Story(house.stage), Play()
    for number, act in enumerate(told.acts()[:acts], 1):
        act.do(Silent(number, act.title, house.stage))
        picture = f"before {number}"
        house.picture(picture)
        ended = house.syncer("run", "--json")
        if ended.code != 0:
            raise NotAsPromised("the unkilled run failed", ended.err)
        house.run_until_quiet()
        house.picture(f"after {number}")
        played.append(Cycle(act.title, picture, ended.places, house.content(), copy(told)))
    return played


def attempt(house: House, played: Play, number: int, place: Place, *, to_the_end: bool) -> None:
    """Play a cycle again, killed at a boundary, and see that it comes to the same.

    Args:
        number: of the cycle, from 0.
        to_the_end: go on with what people do afterwards.

    Raises:
        NotAsPromised: with the differences.
    """
    cycle = played[number]
    _kill(house, cycle, place)
    house.run()  # what it was killed in, which may be an answer to read and nothing to write
    house.run_until_quiet()
    same(cycle.content, house.content())
    if to_the_end:
        told = copy(cycle.story)
        for later, act in list(enumerate(told.acts(), 1))[number + 1 : len(played)]:
            act.do(Silent(later, act.title, house.stage))
            house.run()
        house.run_until_quiet()
        same(played[-1].content, house.content())
    if problems := house.tools.problems():
        raise NotAsPromised("a sandbox failed", *problems)


def _kill(house: House, cycle: Cycle, place: Place) -> None:
    """Run into this boundary, from how everything stood before the cycle.

    What is answered within a second is one commit, and clients run side by side: on a busy
    machine a run may have a commit less than the one in which they were counted.
    """
    for _ in range(TURNS):
        house.restore(cycle.picture)
        ended = house.syncer("run", "--json", end_at=place)
        if ended.code == -9:
            return
        if ended.code != 0:
            break
    raise NotAsPromised(f"it never came to this boundary and ended with {ended.code}")


def same(wanted: Content, found: Content) -> None:
    """Raises :class:`NotAsPromised` with the lines that differ."""
    if told := differences(wanted, found):
        raise NotAsPromised(*told)
