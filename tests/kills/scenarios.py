"""What is played: first contact of the whole agency, and the demo's story.

A scenario is a list of cycles. Of each is known how everything stood right before syncer ran,
where its boundaries are, and how everything stood in the end of an unkilled run.
"""

from copy import copy
from dataclasses import dataclass, field

from syncer.cli.demo.steps import Seen, Step
from syncer.cli.demo.story import Story
from tests.kills.boundaries import Place
from tests.kills.content import Content, differences
from tests.kills.house import House, NotAsPromised


class Silent(Step):
    """A step of the story that claims nothing: here content is compared instead."""

    def claim(self, *_: object, **__: object) -> None:
        """Nothing is looked at."""

    def settle(self, seen: Seen) -> None:
        """Nothing is looked at."""


@dataclass(frozen=True)
class Cycle:
    """One run of an unkilled play.

    Args:
        title: what people did before it.
        picture: the name of how everything stood right before it.
        places: its boundaries in order.
        content: what everything held once nothing was left to do.
        story: the story as it stood then; None where nothing follows.
    """

    title: str
    picture: str
    places: list[Place]
    content: Content
    story: Story | None = None


@dataclass
class Play:
    """All cycles of a scenario, played once in a house without any kill."""

    name: str
    cycles: list[Cycle] = field(default_factory=list)

    @property
    def end(self) -> Content:
        """What everything holds when the curtain falls."""
        return self.cycles[-1].content


def first_contact(house: House) -> Play:
    """Everything that the agency has meets for the first time."""
    house.restore("begin")
    places, content = _run(house)
    return Play("first contact", [Cycle("First contact", "begin", places, content)])


def story(house: House) -> Play:
    """The demo's story: the same people, the same edits, and a run after each of them."""
    house.restore("begin")
    play, told = Play("story"), Story(house.stage)
    for number, act in enumerate(told.acts(), 1):
        act.do(Silent(number, act.title, house.stage))
        picture = f"story {number}"
        house.picture(picture)
        places, content = _run(house)
        play.cycles.append(Cycle(act.title, picture, places, content, copy(told)))
    return play


def _run(house: House) -> tuple[list[Place], Content]:
    ended = house.syncer("run", "--json")
    if ended.code != 0:
        raise NotAsPromised("the unkilled run failed", ended.err)
    house.run_until_quiet()
    return ended.places, house.content()


SCENARIOS = {"first-contact": first_contact, "story": story}


def attempt(house: House, play: Play, number: int, place: Place, *, to_the_end: bool) -> None:
    """Play a cycle again, killed at a boundary, and see that it comes to the same.

    Args:
        number: of the cycle, from 0.
        to_the_end: go on with what people do afterwards.

    Raises:
        NotAsPromised: with the differences.
    """
    cycle = play.cycles[number]
    house.restore(cycle.picture)
    ended = house.syncer("run", "--json", die_at=place)
    if ended.code != -9:
        raise NotAsPromised(f"it never came to this boundary and ended with {ended.code}")
    house.run_until_quiet()
    _same(cycle.content, house.content())
    if to_the_end and cycle.story is not None:
        told = copy(cycle.story)
        for later, act in enumerate(told.acts()[number + 1 :], number + 2):
            act.do(Silent(later, act.title, house.stage))
            house.run()
        house.run_until_quiet()
        _same(play.end, house.content())
    if problems := house.tools.problems():
        raise NotAsPromised("a sandbox failed", *problems)


def _same(wanted: Content, found: Content) -> None:
    if told := differences(wanted, found):
        raise NotAsPromised(*told)
