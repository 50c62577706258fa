"""Agreed values of fields whose history counts are all kept, whoever agreed on them."""

from pathlib import Path

from syncer.engine.answers import Answers
from syncer.model.agreements import Agreement
from syncer.model.entities import BUILTIN
from tests.engine.town import Town

FIRST = ("2026-03-20", "first contact", "one")


def history(town: Town) -> list[tuple[str, str | None, str | None]]:
    """What was agreed about deadlines: the value, by whom, where."""
    kept = town.store.agreements("acme", "deadline")
    return [(str(one.value), one.by, one.connection) for one in kept]


def started(folder: Path) -> Town:
    """Two towns in step, with one task."""
    town = Town(folder)
    add(town, "Sketch")
    town.run()
    return town


def add(town: Town, *titles: str) -> None:
    """A project with these tasks, all due on the same day."""
    world = town.worlds["one"]
    project = world.create("tom", "project", {"name": "Relaunch"})
    for title in titles:
        world.create("maya", "item", {"title": title, "due": "2026-03-20"}, project.id)


def forget(town: Town) -> None:
    """Make the state one of an installation that kept no history."""
    with town.store._engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM agreements")


def test_each_agreed_value_is_kept(tmp_path: Path) -> None:
    """The first one and each that the owner sets; a proposal is nothing that was agreed."""
    town = started(tmp_path)
    town.edit("one", "Sketch", "maya", due="2026-03-25")
    town.run()
    town.edit("two", "Sketch", "anna", due="2026-04-10")
    town.run()

    first, second = town.store.agreements("acme", "deadline")

    assert [FIRST, ("2026-03-25", "maya", "one")] == history(town)
    assert (first.record, "task", "producer") == (second.record, second.entity, second.role)
    assert first.at is not None
    assert second.at is not None
    assert first.at < second.at
    assert second.rule.startswith("ownership.yaml:")
    assert {"deadline"} == {one.field for one in town.store.agreements("acme")}


def test_nothing_is_added_when_nothing_moves(tmp_path: Path) -> None:
    """A cycle with nothing to do, and one about another field, append nothing."""
    town = started(tmp_path)
    before = history(town)

    town.edit("one", "Sketch", "maya", notes="in ink")
    town.run()
    town.run(full=True)

    assert before == history(town)


def test_an_emptied_field_was_agreed_to_be_empty(tmp_path: Path) -> None:
    """From then on nothing stands, and that is history too."""
    town = started(tmp_path)
    town.edit("one", "Sketch", "maya", due=None)
    town.run()

    assert [FIRST, ("None", "maya", "one")] == history(town)


def test_what_stood_before_history_was_kept_comes_first(tmp_path: Path) -> None:
    """After an upgrade the first change brings the value before it, with where it was from."""
    town = started(tmp_path)
    forget(town)
    town.run(full=True)
    assert [] == history(town)

    for day in (25, 26):
        town.edit("one", "Sketch", "maya", due=f"2026-03-{day}")
        town.run()

    assert ["2026-03-20", "2026-03-25", "2026-03-26"] == [value for value, _, _ in history(town)]
    assert ["first contact", "maya", "maya"] == [by for _, by, _ in history(town)]


def test_an_answer_outside_the_tools_is_kept(tmp_path: Path) -> None:
    """What an owner approves at the command line was agreed then, by the owner."""
    town = started(tmp_path)
    town.edit("two", "Sketch", "anna", due="2026-04-10")
    town.run()
    (proposal,) = town.store.proposals("acme")

    Answers(town.config(), town.store, clock=town.clock).approve(proposal.id, "maya")

    assert [FIRST, ("2026-04-10", "maya", None)] == history(town)


def test_all_records_of_a_chunk_are_kept(tmp_path: Path) -> None:
    """Many tasks in one commit: each has its own history, in the order of its own changes."""
    town = Town(tmp_path)
    add(town, *(f"T{number}" for number in range(4)))
    town.run()
    for number in range(4):
        town.edit("one", f"T{number}", "maya", due=f"2026-04-{number + 1:02}")
    town.run()

    kept: dict[str, list[Agreement]] = {}
    for one in town.store.agreements("acme"):
        kept.setdefault(one.record, []).append(one)

    assert 4 == len(kept)
    assert {("2026-03-20", 2)} == {(str(told[0].value), len(told)) for told in kept.values()}


def test_goals_and_deadlines_have_a_history() -> None:
    """A month is judged by the goal that stood then, and it is told how a deadline moved."""
    kept = {(e.name, f.name) for e in BUILTIN.values() for f in e.fields.values() if f.history}

    assert {
        ("client", "goals"),
        ("project", "goals"),
        ("project", "deadline"),
        ("task", "deadline"),
    } == kept
