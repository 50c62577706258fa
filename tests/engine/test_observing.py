"""`mode: observe` decides, remembers and tells what would be; it touches nothing, and carries on."""

from pathlib import Path
from typing import Any

import pytest

from syncer.model.configuration import Limits, Mode
from syncer.model.report import CycleReport, CycleResult
from syncer.model.rules import ANYONE, Policy, Rule, Source
from syncer.report.cycle import run_document
from syncer.report.document import Line
from syncer.state.standstill import observed_since
from tests.engine.talking import TalkingTown
from tests.engine.town import ownership

REVERT = {
    "task__priority": Rule(
        "task", "priority", Source("o.yaml", 7), ("producer",), {ANYONE: Policy.REVERT}
    )
}
TOUCHING = {"create", "update", "archive", "restore", "comment", "heads_up_item", "provision"}


@pytest.fixture
def town(tmp_path: Path) -> TalkingTown:
    """A project with two tasks in two tools that were never in step, and who looks at them first."""
    town = TalkingTown(tmp_path, mode=Mode.OBSERVE, rules=ownership(**REVERT))
    for world in town.worlds.values():
        project = world.create("tom", "project", {"name": "Relaunch"})
        for title in ("Sketch", "Build"):
            world.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    return town


def step(town: TalkingTown, **options: Any) -> CycleReport:
    """One cycle, some minutes later."""
    town.later(minutes=5)
    return town.run(**options)


def said(report: CycleReport) -> str:
    """What `run` prints of it."""
    lines = run_document(report, str)
    return "\n".join("".join(c.text for c in b.cells) for b in lines if isinstance(b, Line))


def untouched(town: TalkingTown) -> bool:
    """Whether the service did nothing to any system but read it."""
    return not any(TOUCHING & set(world.calls) for world in town.worlds.values())


def test_it_tells_what_would_be_and_touches_nothing(town: TalkingTown) -> None:
    """What would be held, put back, written and told; nothing of it is, also in a full compare."""
    step(town)
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.edit("two", "Build", "anna", priority={"name": "High"})
    town.edit("two", "Sketch", "anna", due="2026-12-24")
    report = step(town)
    text = said(report)

    assert report.result is CycleResult.DONE
    assert "only observed" in text
    assert "would be held as a proposal; 2026-11-30 stands" in text
    assert "would be put back" in text
    assert "would be told: maya is asked about deadline" in text
    assert "would be written:" in text
    step(town, full=True)
    assert untouched(town)
    assert town.shown("Build", "due") == {"one": "2026-12-10", "two": "2026-11-30"}
    assert town.shown("Sketch", "due") == {"one": "2026-11-30", "two": "2026-12-24"}


def test_a_write_that_would_be_made_is_new_once(town: TalkingTown) -> None:
    """What the cycles before would have written is counted, and not told anew."""
    step(town)
    town.edit("one", "Build", "maya", due="2026-12-10")
    first, then = step(town), step(town)
    assert [action.title for action in first.news] == ["Build"]
    assert then.news == ()
    assert "1 write as before" in said(then)
    assert "would be written" not in said(then)
    town.edit("one", "Build", "maya", due="2026-12-11")
    assert [action.title for action in step(town).news] == ["Build"]


def test_taken_out_of_it_a_client_carries_on(town: TalkingTown) -> None:
    """What was agreed meanwhile is written, by whom it was set; what was held is asked, once."""
    step(town)
    since = observed_since(town.store, "acme")
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.edit("two", "Sketch", "anna", due="2026-12-24")
    for _ in range(3):
        step(town)
    assert observed_since(town.store, "acme") == since is not None
    town.mode = Mode.SYNC
    for _ in range(3):
        step(town)

    assert observed_since(town.store, "acme") is None
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    assert set(town.shown("Sketch", "due").values()) == {"2026-11-30"}
    edits = [
        e
        for e in town.store.journal("acme", limit=None)
        if e.kind == "edit" and e.field == "deadline"
    ]
    assert {(e.editor, e.outcome) for e in edits} == {("maya", "taken"), ("anna", "proposed")}
    asked = [c for c in town.comments("one", "Sketch") if "would like to change" in c]
    assert len(asked) == 1
    greeted = [s for s in town.worlds["one"].talk.told if "is in step now" in s.markup]
    assert len(greeted) == 1
    assert step(town).plan.actions == ()  # type: ignore[union-attr]


def test_too_many_writes_stop_nothing_where_none_is_made(tmp_path: Path) -> None:
    """The guard's word is told, and the first contact is remembered all the same."""
    town = TalkingTown(tmp_path, mode=Mode.OBSERVE, limits=Limits(update_share=0.0, floor=0))
    for name, day in (("one", "2026-11-30"), ("two", None)):
        project = town.worlds[name].create("tom", "project", {"name": "Relaunch"})
        town.worlds[name].create("maya", "item", {"title": "Build", "due": day}, project.id)
    step(town)
    report = step(town)
    assert report.result is CycleResult.DONE
    assert "a run would be refused: updates in two: 1 of 2" in said(report)
    assert untouched(town)
