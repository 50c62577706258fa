"""Drift over systems of every kind: what each may show, what waits, and that in step nothing is wrong."""

import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from msgspec.structs import replace

from adapters.memory.options import Quirks
from syncer.adapterkit.errors import LookFirst, WaitAndRetry
from syncer.cli.output import plain
from syncer.engine.drift import drift
from syncer.engine.onlooker import Onlooker
from syncer.model.configuration import HeadsUp
from syncer.model.drift import Cause, DriftReport, Standing
from syncer.model.entities import BUILTIN
from syncer.model.mapping import Direction
from syncer.report.drift import drift_document
from syncer.report.saying import Sayer
from tests.engine.talking import TalkingTown, told
from tests.engine.town import STATUS, Town, line, mapping

COARSE = Quirks(finest="day", single_person=True, capitals=True, decimals=0, max_text=20)


def look(town: Town) -> DriftReport:
    """How the systems of a town differ now."""
    with Onlooker(town.config(), town.store, clock=town.clock) as onlooker:
        return drift(onlooker.context("acme", full=True), onlooker.adapters("acme"))


def content(state: Path) -> list[str]:
    """Everything in a state file."""
    with closing(sqlite3.connect(state)) as database:
        return list(database.iterdump())


def said(report: DriftReport, sayer: Sayer) -> list[str]:
    """A report as people read it."""
    blocks = drift_document(report, sayer, BUILTIN)
    return [text for block in blocks for text in plain(block)]


def causes(report: DriftReport) -> Counter[Cause]:
    """How often each cause is told."""
    return Counter(one.cause for one in report.found)


def step(town: Town, times: int = 1) -> None:
    """Let time pass, and run."""
    for _ in range(times):
        town.later(minutes=5)
        town.run()


def started(folder: Path, **more: object) -> Town:
    """A project with two tasks, in step."""
    town = Town(folder, **more)  # type: ignore[arg-type]
    one = town.worlds["one"]
    project = one.create("tom", "project", {"name": "Relaunch"})
    for title in ("Build", "Sketch"):
        fields = {"title": title, "due": "2026-11-30", "people": ["u-maya", "u-tom"]}
        one.create("maya", "item", {**fields, "estimate": "2.5"}, project.id)
    step(town, 3)
    return town


def test_a_coarser_system_may_show_less(tmp_path: Path) -> None:
    """One person of two, whole hours, capitals: allowed, and an edit of the rest is not."""
    town = started(tmp_path, quirks={"two": COARSE})
    found = look(town)

    assert {Cause.COARSER} == set(causes(found))
    assert {"assignees", "estimate", "name", "title"} == {one.field for one in found.found}
    town.edit("two", "Build", "maya", due="2026-12-24")
    assert [("deadline", Cause.EDITED)] == [
        (one.field, one.cause) for one in look(town).of(Standing.PENDING)
    ]


def test_what_a_mapping_does_not_write_may_differ(tmp_path: Path) -> None:
    """Of a field that is only read there, an old value is as configured; a new one is to be read."""
    task = mapping().entities["task"]
    pulled = line("deadline", "due", direction=Direction.PULL)
    only = mapping(task=replace(task, fields={**task.fields, "deadline": pulled}))
    town = started(tmp_path, mappings={"two": only})
    town.edit("two", "Build", "maya", due="2026-12-05")
    edited = causes(look(town))
    step(town, 2)
    town.edit("one", "Build", "maya", due="2026-12-10")
    step(town, 2)
    found = look(town).found

    assert 1 == edited[Cause.EDITED]
    assert {(Cause.DIRECTION, "two", "deadline")} == {
        (one.cause, one.connection, one.field) for one in found
    }
    assert all("direction is pull" in one.why for one in found)


def test_a_mapping_that_was_changed_is_nobodys_edit(tmp_path: Path) -> None:
    """What reads differently since is pending until a run has taken it in."""
    town = started(tmp_path)
    town.edit("one", "Build", "maya", list={"name": "Doing"})
    step(town, 2)
    assert not look(town).found
    task = mapping().entities["task"]
    status = line("status", "list", values={**STATUS, "doing": ("Now",), "review": ("Doing",)})
    changed = mapping(task=replace(task, fields={**task.fields, "status": status}))
    town.mappings = dict.fromkeys(town.systems, changed)

    assert {Cause.REMAPPED: 2} == causes(look(town))


def test_what_is_confidential_is_withheld_where_guests_read(tmp_path: Path) -> None:
    """The old value that stands there is allowed, and it is said who could read a new one."""
    town = told(tmp_path, secret=frozenset({"deadline"}))
    town.worlds["two"].talk.invite(town.find("two", "Relaunch").id)
    town.edit("one", "Build", "maya", due="2026-12-10")
    step(town, 2)
    (found,) = look(town).found

    assert (Standing.ALLOWED, Cause.CONFIDENTIAL) == (found.standing, found.cause)
    assert "guests can read there" in found.why
    town.store.close()


def test_a_write_that_was_not_answered_is_waited_for(tmp_path: Path) -> None:
    """As long as nobody knows whether it arrived, it is pending."""
    town = started(tmp_path)

    def silent(moment: str, call: str) -> None:
        if (moment, call) == ("before", "update"):
            raise LookFirst("the connection dropped")
        if (moment, call) == ("before", "fetch"):
            raise WaitAndRetry("too busy to look")

    town.worlds["two"].fault = silent
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.later(minutes=5)
    town.run()
    found = look(town).found

    assert {("two", "deadline")} == {(one.connection, one.field) for one in found}
    assert {Standing.PENDING} == {one.standing for one in found}


def test_a_twin_that_left_or_lacks_is_told(tmp_path: Path) -> None:
    """Deleted and not yet synced is pending; made by no mapping is allowed; never made, a fault."""
    task = mapping().entities["task"]
    never = mapping(task=replace(task, create=False))
    town = started(tmp_path, mappings={"two": never})
    lacking = look(town)
    town.mappings = {}
    wrong = look(town).of(Standing.FAULT)

    assert {Cause.NO_TWIN: 2} == causes(lacking)
    assert "allowed: 2 no twin; --all lists them" in said(lacking, Sayer("UTC"))[-1]
    wrongly = [text for text in said(look(town), Sayer("UTC")) if "fault: " in text]
    assert 2 == len(wrongly) == sum("not there, agreed is there  " in text for text in wrongly)
    assert [("two", "existence", Cause.UNEXPLAINED)] * 2 == [
        (one.connection, one.field, one.cause) for one in wrong
    ]
    step(town)
    town.run(full=True)
    step(town)
    assert not look(town).found


def test_looking_leaves_no_trace(tmp_path: Path) -> None:
    """Nothing is written to a system or the state, however much there would be to do."""
    town = started(tmp_path)
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.worlds["two"].create("anna", "item", {"title": "New"}, town.find("two", "Relaunch").id)
    writes, before = town.writes(), content(tmp_path / "state.db")
    for _ in range(2):
        assert 2 == len(look(town).of(Standing.PENDING))

    assert writes == town.writes()
    assert before == content(tmp_path / "state.db")


def test_in_step_nothing_is_a_fault(tmp_path: Path) -> None:
    """After any edits by anybody, and two runs, what differs is allowed or waits for somebody."""
    chance = random.Random(1)
    town = started(tmp_path, quirks={"two": COARSE})
    for _ in range(8):
        system, by = chance.choice(town.systems), chance.choice(("maya", "tom", "anna", "ben"))
        title = chance.choice(("Build", "Sketch"))
        fields = chance.choice(
            (
                {"due": f"2026-12-{chance.randrange(10, 29)}"},
                {"notes": f"note {chance.randrange(99)}"},
                {"estimate": str(chance.randrange(1, 9))},
                {"list": {"name": chance.choice(("To do", "Doing", "Elsewhere"))}},
            )
        )
        if chance.random() < 0.2 and system != "two":
            fields = {"people": [f"u-{chance.choice(('maya', 'anna'))}"]}
        town.edit(system, title, by, **fields)
        town.later(seconds=chance.randrange(1, 90))
        if chance.random() < 0.3:
            town.run()
            assert not look(town).of(Standing.FAULT)
    step(town, 3)
    found = look(town)

    assert not found.of(Standing.FAULT)
    assert {one.cause for one in found.of(Standing.PENDING)} <= {Cause.HELD, Cause.PROPOSAL}


def test_a_town_that_talks_waits_for_its_people(tmp_path: Path) -> None:
    """What is kept where it was proposed waits for those who decide, until its time is over."""
    town: TalkingTown = told(tmp_path, heads_up=HeadsUp.KEEP)
    town.edit("two", "Build", "anna", due="2026-12-05")
    step(town, 2)
    report = look(town)
    (found,) = report.found
    names = Sayer("UTC", {"maya": "Maya Okafor", "tom": "Tom"}, {"two": "Second"})
    text = said(report, names)
    number = town.waiting()[0].number

    assert (Cause.PROPOSAL, ("maya", "tom")) == (found.cause, found.people)
    assert f"acme: {report.alike} fields as agreed, 0 allowed, 1 pending, 0 faults" == text[0]
    assert ["  Second", '    task "Build"'] == [text[1], text[2].partition("  two")[0][:16]]
    assert (
        "deadline shows 5 December 2026, agreed is 30 November 2026  pending: a proposal is open"
        f" ({number}), waits for Maya Okafor or Tom" == text[3].strip()
    )
    town.store.close()
