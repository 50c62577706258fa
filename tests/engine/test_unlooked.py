"""An answer was lost, and what became of the write cannot be looked up yet."""

from pathlib import Path

import pytest

import adapters.memory.adapter
from adapters.memory.options import Quirks
from syncer.adapterkit.errors import LookFirst, WaitAndRetry
from tests.engine.town import Town

SILENT = Quirks(no_history=frozenset({"due", "notes", "people"}))


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A task in two systems in step; the second one does not tell who edited what."""
    town = Town(tmp_path, quirks={"two": SILENT})
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    fields = {"title": "Build", "due": "2026-11-30", "notes": "soft", "people": ["u-maya"]}
    one.create("maya", "item", fields, project.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    town.run()
    return town


def trouble(town: Town, *, lost: bool = False, blind: bool = False) -> None:
    """The second system loses its answers to updates, or cannot be asked about single things."""

    def fault(moment: str, call: str) -> None:
        if lost and (moment, call) == ("after", "update"):
            raise LookFirst("the connection dropped")
        if blind and (moment, call) == ("before", "fetch"):
            raise WaitAndRetry("too busy to look")

    town.worlds["two"].fault = fault


def lose_an_update(town: Town) -> None:
    """Three values arrive in the second system, and nobody says so."""
    town.later(minutes=5)
    new = {"due": "2026-12-10", "notes": "softer", "people": ["u-maya", "u-tom"]}
    town.edit("one", "Build", "tom", **new)
    trouble(town, lost=True)
    town.run()
    town.later(minutes=5)
    assert set(town.shown("Build", "notes").values()) == {"softer"}


def test_what_shows_as_it_was_asked_for_is_ours(town: Town) -> None:
    """A view equal to a write whose answer was lost is nobody's edit, looked up or not."""
    lose_an_update(town)
    trouble(town, blind=True)
    before = town.writes()
    town.run()
    trouble(town)
    for _ in range(2):
        town.later(minutes=5)
        town.run()

    edits = [e for e in town.store.journal("acme", limit=None) if e.kind in ("edit", "rewrite")]
    assert [(e.field, e.editor) for e in edits if e.connection == "two"] == []
    assert town.store.proposals("acme") == []
    assert town.store.intents("acme") == []
    assert town.writes() == before


def test_what_a_person_made_of_it_meanwhile_is_an_edit(town: Town) -> None:
    """Not equal to what we asked for: somebody's words, kept, while the rest is still ours."""
    lose_an_update(town)
    town.edit("two", "Build", "anna", notes="anna's words")
    trouble(town, blind=True)
    town.later(minutes=5)
    town.run()
    trouble(town)
    for _ in range(2):
        town.later(minutes=5)
        town.run()

    edits = [e for e in town.store.journal("acme", limit=None) if e.kind in ("edit", "rewrite")]
    assert [(e.field, e.new) for e in edits if e.connection == "two"] == [("notes", "anna's words")]
    assert set(town.shown("Build", "notes").values()) == {"anna's words"}
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}


def test_an_update_is_not_repeated_before_it_was_looked_for(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither looked up nor told of in a feed, it may have landed: it waits to be looked up.

    That the feed is late is simulated: it tells nothing for a while.
    """
    lose_an_update(town)
    trouble(town, blind=True)
    before = town.writes()
    with monkeypatch.context() as patch:
        patch.setattr(adapters.memory.adapter, "pages", lambda *_: [])
        town.run()
    assert town.writes() == before, "written a second time, unseen"
    assert town.worlds["two"].calls.count("update") == 1

    trouble(town)
    town.later(minutes=5)
    town.run()
    assert town.store.intents("acme") == []
    assert town.worlds["two"].calls.count("update") == 1
