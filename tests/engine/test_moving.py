"""A task moves to another project: what belonged to the old one is said in the new one's words."""

from pathlib import Path

import pytest

from tests.engine.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems, two projects, one task with a label and a status, in step."""
    town = Town(tmp_path)
    red, _ = (town.worlds["one"].create("tom", "project", {"name": n}) for n in ("Red", "Blue"))
    fields = {
        "title": "Build",
        "list": {"name": "Doing"},
        "labels": [{"name": "urgent"}, {"name": "print"}],
        "priority": {"name": "High"},
    }
    town.worlds["one"].create("maya", "item", fields, red.id)
    town.later(minutes=5)
    town.run()
    town.later(minutes=5)
    return town


def move(town: Town, system: str, by: str) -> None:
    """A person moves the task into the other project."""
    town.edit(system, "Build", by, project=town.find(system, "Blue").id)


@pytest.mark.parametrize("system", ["one", "two"])
def test_labels_and_status_survive_a_move(town: Town, system: str) -> None:
    """The vendor drops them where it was moved; that is nobody's edit, and they come back."""
    move(town, system, "maya")
    town.run()
    town.later(minutes=5)
    town.run()

    for name in town.systems:
        thing = town.find(name, "Build")
        assert thing.container == town.find(name, "Blue").id
    labels = [sorted(shown) for shown in town.shown("Build", "labels").values()]
    assert labels == [["print", "urgent"]] * 2
    assert set(town.shown("Build", "list").values()) == {"Doing"}
    edits = {e.field for e in town.store.journal("acme") if e.kind == "edit"}
    assert edits == {"project"}
    assert town.store.proposals("acme") == []
    town.later(minutes=5)
    assert town.run(full=True).plan.actions == ()  # type: ignore[union-attr]


def test_an_edit_made_with_the_move_counts(town: Town) -> None:
    """Whoever moves it and gives it another status there did both."""
    move(town, "two", "maya")
    town.later(minutes=1)
    town.edit("two", "Build", "maya", list={"name": "Review"})
    town.later(minutes=5)
    town.run()

    assert set(town.shown("Build", "list").values()) == {"Review"}


def test_our_own_move_is_nobodys_edit(town: Town) -> None:
    """Moving the twin writes its labels and its status anew, once."""
    move(town, "one", "tom")
    report = town.run()
    assert report.plan is not None
    (action,) = [a for a in report.plan.actions if a.connection == "two"]
    assert {w.field for w in action.writes} >= {"project", "labels", "status"}
    town.later(minutes=5)

    assert town.run(full=True).plan.actions == ()  # type: ignore[union-attr]
    edits = {(e.field, e.editor) for e in town.store.journal("acme") if e.kind == "edit"}
    assert edits == {("project", "tom")}
