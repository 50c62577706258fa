"""Undo on memory systems: what goes back, what is only proposed, what is left, and twice undone."""

from pathlib import Path

import pytest

from syncer.adapterkit.errors import WaitAndRetry
from syncer.engine.context import Orders
from syncer.model.configuration import Limits
from syncer.model.decisions import Editor
from syncer.model.report import CycleReport, CycleResult
from syncer.model.undoing import UNDO, Undo
from syncer.reconcile.undoing import chosen
from tests.engine.talking import told
from tests.engine.town import Town

NOBODY = Editor(automation=UNDO, shown=UNDO)
MAYA = Editor("maya", shown="Maya")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A project and two tasks, in step in two systems."""
    town = Town(tmp_path)
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
    for title in ("Sketch", "Build"):
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    town.run()
    town.run()
    town.later(minutes=5)
    return town


def edited(town: Town, **fields: str) -> CycleReport:
    """The cycle in which a producer's edit of a task went to the other system."""
    town.edit("two", "Build", "maya", **fields)
    report = town.run()
    town.later(minutes=5)
    return report


def undo(
    town: Town, cycle: str, editor: Editor, *, dry: bool = False, **orders: object
) -> CycleReport:
    """Undo a cycle as the command does."""
    found = chosen(town.store.changes("acme", cycle=cycle))
    order = Undo(editor, found.wishes, found.made, found.away, f"undo {cycle}")
    with town.service() as service:
        do = service.plan if dry else service.run
        return next(iter(do("acme", Orders(undo=order, **orders))))  # type: ignore[arg-type]


def outcomes(report: CycleReport) -> dict[str, str]:
    """What became of each field or twin."""
    return {each.field or each.connection: each.outcome for each in report.undone}


def test_an_owner_takes_a_cycle_back(town: Town) -> None:
    """In an owner's roles the value before stands again in every system, and stays."""
    cycle = edited(town, due="2026-12-24").cycle

    report = undo(town, cycle, MAYA)

    assert (report.result, outcomes(report)) == (CycleResult.DONE, {"deadline": "back"})
    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    before = town.writes()
    town.later(minutes=5)
    assert (town.run().result, town.writes()) == (CycleResult.DONE, before)


def test_showing_it_changes_nothing(town: Town) -> None:
    """What would be undone is told; nothing is written, agreed or journalled."""
    cycle = edited(town, due="2026-12-24").cycle
    before = town.writes(), len(town.store.journal("acme", limit=None))

    report = undo(town, cycle, MAYA, dry=True)

    assert outcomes(report) == {"deadline": "back"}
    assert (town.writes(), len(town.store.journal("acme", limit=None))) == before
    assert town.shown("Build", "due") == {"one": "2026-12-24", "two": "2026-12-24"}


def test_for_nobody_what_is_owned_becomes_a_proposal(town: Town) -> None:
    """Without a role the owner's value stands, the owner is asked, and what is shared goes back."""
    cycle = edited(town, due="2026-12-24", notes="bolder").cycle

    report = undo(town, cycle, NOBODY)

    assert outcomes(report) == {"deadline": "proposed", "notes": "back"}
    assert town.shown("Build", "due") == {"one": "2026-12-24", "two": "2026-12-24"}
    assert town.shown("Build", "notes") == {"one": None, "two": None}
    [proposal] = town.store.proposals("acme")
    assert (proposal.proposer, str(proposal.value)) == (UNDO, "2026-11-30")
    town.later(minutes=5)
    assert town.run().result is CycleResult.DONE


def test_what_was_edited_since_is_left(town: Town) -> None:
    """An edit that came after, also one that no cycle saw yet, goes before and is kept."""
    cycle = edited(town, due="2026-12-24", notes="bolder", priority="high").cycle
    edited(town, notes="bolder still")
    town.edit("one", "Build", "tom", due="2026-12-31")

    report = undo(town, cycle, MAYA)

    assert outcomes(report) == {"deadline": "left", "notes": "left", "priority": "back"}
    reasons = {each.field: each.reason for each in report.undone}
    assert "tom" in reasons["deadline"]
    assert "maya" in reasons["notes"]
    town.run()
    assert town.shown("Build", "due") == {"one": "2026-12-31", "two": "2026-12-31"}


def test_what_cannot_be_looked_at_is_left(town: Town) -> None:
    """While a tool does not answer, an edit there that nobody saw yet is not written over."""
    cycle = edited(town, due="2026-12-24").cycle
    town.edit("two", "Build", "tom", due="2027-01-01")

    def silent(moment: str, call: str) -> None:
        if (moment, call) == ("before", "pull"):
            raise WaitAndRetry("no answer")

    town.worlds["two"].fault = silent
    [left] = undo(town, cycle, MAYA).undone
    assert (left.outcome, left.reason.partition(":")[0]) == ("left", "two does not answer")

    town.worlds["two"].fault = lambda moment, call: None
    town.later(minutes=5)
    town.run()
    assert town.shown("Build", "due") == {"one": "2027-01-01", "two": "2027-01-01"}


def test_an_undoing_is_undone(town: Town) -> None:
    """What was taken back comes again when the undoing itself is undone."""
    cycle = edited(town, due="2026-12-24").cycle
    first = undo(town, cycle, MAYA)
    town.later(minutes=5)

    again = undo(town, first.cycle, MAYA)

    assert outcomes(again) == {"deadline": "back"}
    assert town.shown("Build", "due") == {"one": "2026-12-24", "two": "2026-12-24"}


def test_other_records_wait_for_the_next_cycle(town: Town) -> None:
    """An undoing brings nothing else into step, and nothing of it is lost by that."""
    cycle = edited(town, due="2026-12-24").cycle
    town.edit("one", "Sketch", "maya", due="2027-01-15")

    undo(town, cycle, MAYA)

    assert town.shown("Sketch", "due") == {"one": "2027-01-15", "two": "2026-11-30"}
    town.later(minutes=5)
    town.run()
    assert town.shown("Sketch", "due") == {"one": "2027-01-15", "two": "2027-01-15"}
    edits = [e for e in town.store.journal("acme", limit=None) if e.kind == "edit"]
    assert sum(e.new == "2027-01-15" for e in edits) == 1


def test_a_twin_that_was_made_is_put_away_and_not_made_again(town: Town) -> None:
    """A first contact that made too much is taken back: archived, never deleted, and for good."""
    town.worlds["one"].create("maya", "item", {"title": "Oops"}, town.find("one", "Relaunch").id)
    cycle = town.run().cycle
    town.later(minutes=5)

    report = undo(town, cycle, MAYA)

    assert outcomes(report) == {"two": "put away"}
    assert town.find("two", "Oops").existence == "archived"
    assert town.find("one", "Oops").existence == "present"
    before = town.writes()
    for _ in range(2):
        town.later(minutes=5)
        assert town.run(full=True).result is CycleResult.DONE
    assert (town.writes(), town.find("two", "Oops").existence) == (before, "archived")

    back = undo(town, report.cycle, MAYA)
    assert outcomes(back) == {"two": "back"}
    assert town.find("two", "Oops").existence == "present"
    town.edit("one", "Oops", "maya", notes="kept after all")
    town.later(minutes=5)
    town.run()
    assert town.shown("Oops", "notes") == {"one": "kept after all", "two": "kept after all"}


def test_a_twin_that_somebody_works_on_is_left(town: Town) -> None:
    """What a person edited since it was made is theirs."""
    town.worlds["one"].create("maya", "item", {"title": "Oops"}, town.find("one", "Relaunch").id)
    cycle = town.run().cycle
    town.later(minutes=5)
    town.edit("two", "Oops", "anna", notes="mine")

    report = undo(town, cycle, MAYA)

    assert outcomes(report) == {"two": "left"}
    assert town.find("two", "Oops").existence == "present"


def test_for_nobody_a_made_twin_stays(town: Town) -> None:
    """Whose it is to archive must be asked for: nobody's undoing archives nothing."""
    town.worlds["one"].create("maya", "item", {"title": "Oops"}, town.find("one", "Relaunch").id)
    cycle = town.run().cycle

    report = undo(town, cycle, NOBODY)

    [left] = report.undone
    assert (left.outcome, "producer" in left.reason) == ("left", True)
    assert town.find("two", "Oops").existence == "present"


def test_an_archiving_is_taken_back(town: Town) -> None:
    """What a producer archived, and the service everywhere else, is there again everywhere."""
    town.worlds["one"].archive("maya", town.find("one", "Build").id)
    cycle = town.run().cycle
    assert town.find("two", "Build").existence == "archived"
    town.later(minutes=5)

    report = undo(town, cycle, MAYA)

    assert outcomes(report)["existence"] == "back"
    assert {town.find(name, "Build").existence for name in town.worlds} == {"present"}


def test_the_guard_holds_for_undoing_too(tmp_path: Path) -> None:
    """More archiving than the limit is refused with its number, and let through when allowed."""
    town = Town(tmp_path, limits=Limits(archives=1, floor=0))
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in ("Sketch", "Build"):
        town.worlds["one"].create("maya", "item", {"title": title}, project.id)
    cycle = town.run().cycle
    town.later(minutes=5)

    refused = undo(town, cycle, MAYA)

    assert refused.result is CycleResult.REFUSED
    assert town.find("two", "Build").existence == "present"
    assert undo(town, cycle, MAYA, allowed=frozenset({"archives"})).result is CycleResult.DONE
    assert town.find("two", "Build").existence == "archived"


@pytest.mark.parametrize("moment", ["write.before", "write.after"])
def test_killed_and_typed_again_it_is_done_once(town: Town, moment: str) -> None:
    """An undoing that was killed leaves nothing half done: the next cycle ends it."""
    cycle = edited(town, due="2026-12-24", notes="bolder").cycle
    found = chosen(town.store.changes("acme", cycle=cycle))
    order = Undo(MAYA, found.wishes, found.made, found.away, "undo")
    service = town.service()
    service.boundary = lambda name: _die(name == moment)
    with pytest.raises(KeyboardInterrupt):
        list(service.run("acme", Orders(undo=order)))
    town.later(minutes=5)

    town.run()
    undo(town, cycle, MAYA)

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    assert town.shown("Build", "notes") == {"one": None, "two": None}
    town.later(minutes=5)
    before = town.writes()
    town.run()
    assert town.writes() == before


def _die(now: bool) -> None:
    if now:
        raise KeyboardInterrupt


def test_the_owner_is_asked_where_they_work_and_answers_there(tmp_path: Path) -> None:
    """What nobody's undoing proposes is told and approved like any other proposal."""
    town = told(tmp_path)
    cycle = edited(town, due="2026-12-24").cycle
    undo(town, cycle, NOBODY)
    town.later(minutes=5)
    asked = town.run()
    [proposal] = town.waiting()
    town.later(minutes=5)
    town.say("one", "Build", "tom", f"approve {proposal.number}")

    answered = town.run()

    assert [r.result for r in (asked, answered)] == [CycleResult.DONE] * 2
    assert (dict(asked.untold), dict(answered.untold)) == ({}, {})
    assert town.ended() == [("accepted", "tom")]
    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}


def test_who_is_no_owner_hears_that_it_waits(tmp_path: Path) -> None:
    """A person who undoes what is not theirs proposes it, and is told so in a tool, by name."""
    town = told(tmp_path)
    cycle = edited(town, due="2026-12-24").cycle
    undo(town, cycle, Editor("anna", shown="Anna"))
    town.later(minutes=5)

    report = town.run()

    [proposal] = town.waiting()
    assert (proposal.proposer, dict(report.untold)) == ("anna", {})
    [said] = town.comments("one", "Build")
    assert "<@u-anna>" in said
    assert "waits for Maya / Tom" in said
