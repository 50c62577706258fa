"""Killed while people are told something, or an answer is lost: each comment once, none missing."""

from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from syncer.adapterkit.errors import AdapterError, LookFirst, WaitAndRetry
from syncer.model.report import CycleResult
from tests.engine.scenes_of_talk import SCENES, Picture, spoken
from tests.engine.talking import TalkingTown
from tests.engine.test_kill import EVERYWHERE, boundaries, content

SAMPLE = 2
LOSSES = ("an item is kept for it", "a new version of a to-do")

MOST = 5


@pytest.fixture(params=list(SCENES), scope="module")
def picture(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Picture:
    """A town right before a cycle in which somebody is told something, to be had again."""
    return Picture(SCENES[request.param](tmp_path_factory.mktemp("talk")))


@pytest.fixture(scope="module")
def wanted(picture: Picture) -> tuple[Any, list[str]]:
    """What it comes to if nothing goes wrong, and the boundaries of that cycle."""
    town = picture.again()
    names = boundaries(town, None)
    return end(town), names


@pytest.fixture(autouse=True)
def _silently() -> Iterator[None]:
    with structlog.testing.capture_logs():
        yield


def end(town: TalkingTown) -> Any:
    """Run until nobody is told anything more; then all that people see, hear and answered."""
    for _ in range(MOST):
        town.later(minutes=1)
        report = town.run()
        assert report.result is CycleResult.DONE
        if not (report.told or report.written):
            break
    else:
        raise AssertionError(f"after {MOST} cycles there is still something to tell")
    return content(town), spoken(town)


def chosen(names: list[str]) -> list[int]:
    """The boundaries at which it dies: some of those right before and after a comment."""
    every = list(range(1, len(names) + 1))
    if EVERYWHERE:
        return every
    near = [n for n in every if any(at.startswith("write") for at in names[max(0, n - 2) : n + 1])]
    found = near or every
    return found[:: -(-len(found) // SAMPLE)]


def test_killed_anywhere_people_are_told_the_same(
    picture: Picture, wanted: tuple[Any, list[str]]
) -> None:
    """Whatever boundary the cycle dies at, the next ones end in the same comments, each once."""
    same, names = wanted
    for at in chosen(names):
        town = picture.again()
        boundaries(town, at)
        assert end(town) == same, f"killed at boundary {at} of {len(names)}, {names[at - 1]}"


LOST = {
    "landed": ("after", LookFirst, ("comment", "heads_up_item")),
    "not landed": ("before", LookFirst, ("comment", "heads_up_item")),
    "refused for now": ("before", WaitAndRetry, ("comment", "heads_up_item")),
    "landed and not looked up": ("after", LookFirst, ("comment", "comments")),
    "nobody can tell who reads": ("before", WaitAndRetry, ("audience",)),
}


@pytest.mark.parametrize("lost", list(LOST.values()), ids=list(LOST))
@pytest.mark.parametrize("picture", SCENES if EVERYWHERE else LOSSES, indirect=True)
def test_an_answer_that_is_lost_changes_nothing(
    picture: Picture,
    wanted: tuple[Any, list[str]],
    lost: tuple[str, type[AdapterError], tuple[str, ...]],
) -> None:
    """Vendors do not answer about comments for two cycles: each is there once all the same."""
    moment, error, calls = lost

    def fault(when: str, call: str) -> None:
        if call in calls and when == ("before" if call == "comments" else moment):
            raise error("no answer")

    town = picture.again()
    for world in town.worlds.values():
        world.fault = fault
    for _ in range(2):
        town.run()
        town.later(minutes=1)
    for world in town.worlds.values():
        world.fault = lambda _moment, _call: None
    assert end(town) == wanted[0]
