"""What a cycle stores: what is not as it was, and nothing else."""

import sqlite3
from pathlib import Path

import pytest

from tests.engine.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Three tasks in step in two tools, whose echoes are heard."""
    town = Town(tmp_path)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    for title in ("Sketch", "Build", "Launch"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    for _ in range(3):
        town.run()
        town.later(minutes=7)
    return town


def stored(town: Town, table: str) -> list[str]:
    """Ids of the rows of a table that one cycle changes, each time it does."""
    with sqlite3.connect(town.folder / "state.db") as state:
        state.execute("CREATE TABLE told (id)")
        state.execute(
            f"CREATE TRIGGER tell AFTER UPDATE ON {table} "
            "BEGIN INSERT INTO told VALUES (new.id); END"
        )
    town.run()
    with sqlite3.connect(town.folder / "state.db") as state:
        found = [id for (id,) in state.execute("SELECT id FROM told")]
        state.execute("DROP TRIGGER tell")
        state.execute("DROP TABLE told")
    return found


def record_of(town: Town, title: str) -> str:
    """The record of a thing."""
    thing = town.find("one", title)
    [link] = town.store.links("acme", [("one", thing.object, thing.id)]).values()
    return link.record


def test_a_record_is_stored_where_it_changed(town: Town) -> None:
    """An edit stores its record: once with what was decided, once as done."""
    town.edit("one", "Build", "maya", due="2026-12-10")

    assert stored(town, "records") == [record_of(town, "Build")] * 2


def test_a_link_is_stored_where_something_was_shown_or_asked(town: Town) -> None:
    """An edit stores the link of where it was made, and that of where it is written.

    The latter twice: what it shows is agreed no more, and stands in it until it is written.
    """
    town.edit("one", "Build", "maya", due="2026-12-10")
    id = record_of(town, "Build")
    links = {one.connection: one.id for one in town.store.links_of([id])[id]}

    assert stored(town, "links") == [links["one"], links["two"], links["two"]]


def test_an_echo_stores_no_record(town: Town) -> None:
    """The cycle that hears what the last one wrote agrees on nothing new."""
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.run()
    town.later(minutes=7)
    heard = len(town.worlds["two"].calls)

    assert stored(town, "records") == []
    assert len(town.worlds["two"].calls) > heard
    assert town.shown("Build", "due") == {"one": "2026-12-10", "two": "2026-12-10"}


def test_what_waits_is_stored_as_waiting(town: Town) -> None:
    """A record whose write fails is marked as it was before: pending, until it went through."""
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.worlds["two"].revoked.add("syncer")
    town.run()
    town.later(minutes=7)
    town.worlds["two"].revoked.discard("syncer")
    id = record_of(town, "Build")
    assert town.store.records([id])[id].pending

    assert stored(town, "records") == [id]
    assert not town.store.records([id])[id].pending
