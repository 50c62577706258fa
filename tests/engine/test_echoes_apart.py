"""Echoes of records that have a twin where nobody looks any more, or one that is gone."""

from pathlib import Path

import pytest

from syncer.engine import echoes
from syncer.engine.planfile import identity, read_plan, write_plan
from syncer.model.configuration import Limits
from syncer.model.report import CycleResult
from syncer.model.saved import SavedPlan
from tests.engine.town import Town

TITLES = ("Sketch", "Build", "Launch")


def _town(folder: Path, *systems: str) -> Town:
    """A project with some tasks, in step everywhere."""
    limits = Limits(update_share=1.0, archive_share=1.0)
    town = Town(folder, systems=systems, limits=limits)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    for title in TITLES:
        one.create("maya", "item", {"title": title, "notes": "soft"}, project.id)
    for _ in range(3):
        town.later(minutes=20)
        town.run()
    return town


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
