"""What is seen late, because its system was down or what holds it is gone."""

from pathlib import Path

import pytest

from syncer.model.report import CycleResult
from tests.engine.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step."""
    town = Town(tmp_path)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build", "due": "2026-11-30"}, project.id)
    town.later(minutes=7)
    town.run()
    town.later(minutes=7)
    return town


@pytest.mark.parametrize(
    ("name", "older", "newer"), [("due", "2026-12-01", "2026-12-02"), ("notes", "old", "new")]
)
def test_an_older_word_seen_late_does_not_win(
    town: Town, name: str, older: str, newer: str
) -> None:
    """One system was down: by the vendors' times the other edit came last, and it stands."""
    town.worlds["two"].revoked.add("syncer")
    town.edit("two", "Build", "maya", **{name: older})
    town.later(minutes=30)
    town.edit("one", "Build", "tom", **{name: newer})
    town.later(minutes=5)
    town.run()
    town.worlds["two"].revoked.clear()
    for _ in range(2):
        town.later(minutes=5)
        town.run()

    assert set(town.shown("Build", name).values()) == {newer}
    edits = {(e.editor, e.outcome) for e in town.store.journal("acme") if e.kind == "edit"}
    assert edits == {("tom", "taken"), ("maya", "overtaken")}


def test_a_non_owners_older_word_is_proposed_all_the_same(town: Town) -> None:
    """Seen late it is still a proposal; only owners overtake one another."""
    town.worlds["two"].revoked.add("syncer")
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.later(minutes=30)
    town.edit("one", "Build", "tom", due="2026-12-02")
    town.later(minutes=5)
    town.run()
    town.worlds["two"].revoked.clear()
    town.run()

    assert set(town.shown("Build", "due").values()) == {"2026-12-02"}
    assert [p.proposer for p in town.store.proposals("acme")] == ["anna"]


def test_a_new_task_of_a_project_that_is_gone_waits(town: Town) -> None:
    """A non-owner deleted the project's twin: its tasks are not tried in vain every time."""
    town.worlds["two"].delete("anna", town.find("two", "Relaunch").id)
    town.run()
    town.later(minutes=5)
    town.worlds["one"].create("maya", "item", {"title": "Zebra"}, town.find("one", "Relaunch").id)

    for _ in range(2):
        assert town.run().result is CycleResult.DONE
        town.later(minutes=5)
    assert len(town.store.proposals("acme")) == 2


def test_who_deletes_decides_not_who_archived_before(town: Town) -> None:
    """Archived by a non-owner and then deleted by the owner: it is the owner's word."""
    thing = town.find("two", "Build")
    town.worlds["two"].archive("anna", thing.id)
    town.later(minutes=1)
    town.worlds["two"].delete("maya", thing.id)

    town.run()

    assert town.find("one", "Build").existence == "archived"
