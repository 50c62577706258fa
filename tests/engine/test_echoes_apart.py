"""Echoes that are settled in portions: what is told beside them comes to the same."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from syncer.engine import echoes
from syncer.engine.planfile import identity, read_plan, write_plan
from syncer.model.configuration import Limits
from syncer.model.report import CycleResult
from syncer.model.saved import SavedPlan
from tests.engine.town import Town, line, mapping

TITLES = ("Sketch", "Build", "Launch")


def _town(folder: Path, *systems: str) -> Town:
    """A project with some tasks, in step everywhere."""
    limits = Limits(update_share=1.0, archive_share=1.0)
    town = Town(folder, systems=systems, limits=limits)
    _fill(town)
    return town


def _fill(town: Town) -> None:
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    for title in TITLES:
        one.create("maya", "item", {"title": title, "notes": "soft"}, project.id)
    for _ in range(3):
        town.later(minutes=20)
        town.run()


def _echo(town: Town) -> None:
    """People edit every task and all tools are told, so that the echo of it is next."""
    for title in TITLES:
        town.edit("one", title, "maya", notes="Otherwise")
    town.later(minutes=20)
    assert town.run().written >= len(TITLES)
    town.later(minutes=20)


def test_a_system_that_was_taken_away_breaks_no_echo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records keep their twins in a system that the client no longer uses: cycles go on."""
    monkeypatch.setattr(echoes, "PORTION", 2)
    town = _town(tmp_path, "one", "three", "two")
    town.systems = ("one", "two")
    town.later(minutes=20)
    town.run(allowed=frozenset({"rules"}))
    del town.worlds["three"]
    _echo(town)

    report = town.run()

    assert report.problems == ()
    assert report.result is CycleResult.DONE


def test_a_saved_plan_holds_while_an_echo_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a twin left long ago is no news, however much is looked at together."""
    monkeypatch.setattr(echoes, "PORTION", 2)
    town = _town(tmp_path, "one", "three", "two")
    elsewhere = (
        town.worlds["three"].create("tom", "project", {"name": "Elsewhere"}, team="other").id
    )
    for title in TITLES:
        town.edit("three", title, "tom", project=elsewhere)
    town.later(minutes=20)
    town.run()
    _echo(town)
    planned = town.plan()
    assert planned.saved is not None
    file = tmp_path / "acme.plan.json"
    write_plan(file, SavedPlan(identity(town.store), "now", "0", (planned.saved,)))

    report = town.run(saved=read_plan(file))

    assert report.moved == ()
    assert report.result is CycleResult.DONE


@pytest.mark.parametrize("portion", [100, 2], ids=["together", "apart"])
def test_what_waits_for_a_name_is_looked_at_once_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    """A task names a project as nobody calls it yet: that it is called so now is heard of."""
    monkeypatch.setattr(echoes, "PORTION", portion)
    task = mapping().entities["task"]
    lines = {n: f for n, f in task.fields.items() if n not in ("notes", "project")}
    named = replace(task, fields={**lines, "project": line("project", "notes")})
    town = Town(tmp_path, mappings={"two": mapping(task=named)}, limits=Limits(update_share=1.0))
    _fill(town)
    home = town.find("two", "Relaunch").id
    town.worlds["two"].create("maya", "item", {"title": "Odd", "notes": "Website"}, home)
    town.later(minutes=20)
    town.run()
    assert [hold.kind for hold in town.store.holds("acme")] == ["orphan"]
    town.edit("one", "Relaunch", "tom", name="Website")
    for title in TITLES:
        town.edit("one", title, "maya", due="2026-12-24")

    for _ in range(2):
        town.later(minutes=20)
        town.run()

    assert "orphan" not in {hold.kind for hold in town.store.holds("acme")}
    assert town.find("one", "Odd")
