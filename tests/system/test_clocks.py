"""Clocks that differ: each vendor's ahead of ours or behind it, which is ours being wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syncer.adapterkit.registry import sandbox_class
from syncer.adapterkit.sandbox import Clock, Sandbox, World
from tests.system.agency import SYSTEMS
from tests.system.feeds import CLIENT, Feeds, small_world
from tests.system.feeds_hubspot import edit

CREATES = {"trello": r"/1/cards$", "asana": r"/api/1.0/tasks$"}
SKEWS = {"20 minutes ahead": timedelta(minutes=20), "a day behind": -timedelta(days=1)}


def box(system: str, world: World, skew: timedelta) -> Sandbox:
    """A vendor whose clock differs from this machine's."""
    made = sandbox_class(system)()
    made.now = Clock(lambda: datetime.now(UTC) + skew)
    made.start_with(world)
    return made


@pytest.fixture(params=SKEWS, ids=str)
def feeds(request: pytest.FixtureRequest, tmp_path: Path) -> Feeds:
    """An agency all of whose vendors agree on another time than we do."""
    world = small_world(2)
    boxes = {name: box(name, world, SKEWS[request.param]) for name in SYSTEMS}
    return Feeds(tmp_path, boxes=boxes)


def editors(feeds: Feeds) -> set[str | None]:
    """Everybody whom the journal names as having edited something."""
    return {e.editor for e in feeds.store.journal(limit=None) if e.kind in ("edit", "rewrite")}


def test_a_clock_that_differs_blames_nobody_for_what_we_wrote(feeds: Feeds) -> None:
    """Edits in every tool count once; what we wrote for them is nobody's edit; all is quiet."""
    with feeds:
        feeds.cycle()
        feeds.settle()
        assert editors(feeds) == set()
        feeds.edit("asana", "maya", CLIENT, "Task 00", due="2027-03-04")
        feeds.edit("trello", "tom", CLIENT, "Task 01", due="2027-03-05T17:00:00.000Z")
        deal = feeds.id("hubspot", "Spring campaign", "project")
        edit(feeds, "deals", deal, "anna", project_brief="Another brief")
        feeds.cycle()
        for title, raw in (("Task 00", "2027-03-04"), ("Task 01", "2027-03-05")):
            feeds.in_step(title, asana=("due", raw), trello=("due", f"{raw}T17:00:00.000Z"))
        feeds.in_step("Spring campaign", "project", asana=("notes", "Another brief"))
        feeds.settle()
        assert editors(feeds) == {"maya", "tom", "anna"}
        feeds.edit("trello", "maya", CLIENT, "Task 00", due="2027-03-06T17:00:00.000Z")
        feeds.edit("asana", "anna", CLIENT, "Task 01", due="2027-03-07")
        feeds.cycle()
        assert feeds.told("Task 00", "deadline") == [("maya", "taken"), ("maya", "taken")]
        assert feeds.told("Task 01", "deadline") == [("tom", "taken"), ("anna", "proposed")]
        feeds.settle()
        assert not feeds.cycle(full=True).healed
        feeds.settle()
        assert editors(feeds) == {"maya", "tom", "anna"}


def test_a_lost_create_is_found_by_the_vendors_clock(feeds: Feeds) -> None:
    """Answers to creates are lost: the twins are found, also where their times are not ours."""
    with feeds:
        feeds.cycle()
        feeds.settle()
        project = feeds.id("asana", "Website relaunch", "project")
        feeds.call("asana", "maya", "POST", "/tasks", {"name": "One", "projects": [project]})
        card = feeds.box("trello").store.cards[feeds.id("trello", "Task 00")]
        feeds.call("trello", "maya", "POST", "/cards", {"name": "Two", "idList": card["idList"]})
        for system, path in CREATES.items():
            feeds.running[system].fault({"drop": "after"}, method="POST", path=path, user="syncer")
        (first,) = feeds.run(CLIENT)
        assert len(first.failed) == 2
        feeds.cycle()
        feeds.settle()
        for system in CREATES:
            made = [name for name in _names(feeds, system) if not name.startswith("Task")]
            assert sorted(made) == ["One", "Two"]
        assert editors(feeds) == {"maya"}


def _names(feeds: Feeds, system: str) -> list[str]:
    store = feeds.box(system).store
    rows = store.cards.values() if system == "trello" else store.all("task")
    return [row["name"] for row in rows]
