"""A plan that was saved is carried out exactly, once, or not at all; and then it is said where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from syncer.adapterkit.errors import WaitAndRetry
from syncer.engine.planfile import identity, read_plan, write_plan
from syncer.model.configuration import HeadsUp, Limits, Mode
from syncer.model.refusals import BY_PLAN
from syncer.model.report import CycleReport, CycleResult
from syncer.model.rules import ANYONE, Policy, Rule, Source
from syncer.model.saved import SavedPlan
from tests.engine.town import Town, ownership

TITLES = ("Sketch", "Build", "Launch")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems: a project and three tasks in the first, one of them in the second too."""
    town = Town(tmp_path, limits=Limits(update_share=1.0))
    one, two = town.worlds["one"], town.worlds["two"]
    project = one.create("tom", "project", {"name": "Relaunch", "deadline": "2026-12-01"})
    other = two.create("anna", "project", {"name": "Relaunch", "strategy": "Be bold"})
    for title in TITLES:
        one.create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    two.create("anna", "item", {"title": "  sketch ", "notes": "soft"}, other.id)
    town.later(minutes=5)
    return town


def save(town: Town) -> SavedPlan:
    """The plan of now, through a file."""
    report = town.plan()
    assert report.saved is not None
    file = town.folder / "acme.plan.json"
    write_plan(file, SavedPlan(identity(town.store), "now", "0", (report.saved,)))
    return read_plan(file)


def carried_out(town: Town, saved: SavedPlan) -> CycleReport:
    """A run of a saved plan, some time later."""
    town.later(minutes=5)
    return town.run(saved=saved)


def writes(report: CycleReport) -> list[tuple[object, ...]]:
    """Every write of a plan, without the ids that new records get."""
    assert report.plan is not None
    return [
        (a.connection, a.op, a.title, [(w.field, w.old, w.new) for w in a.writes])
        for a in report.plan.actions
    ]


def named(report: CycleReport) -> set[tuple[str, str, str]]:
    """What is said to have moved: kind, title, field."""
    return {(m.item.kind, m.item.title.capitalize(), m.item.field) for m in report.moved}


def test_first_contact_is_carried_out_as_it_was_saved(town: Town) -> None:
    """New records, whose ids are made anew in each thinking, are the same things as before."""
    planned = town.plan()

    report = carried_out(town, save(town))

    assert (CycleResult.DONE, ()) == (report.result, report.moved)
    assert writes(planned) == writes(report)
    assert len(writes(report)) == report.written > 0
    assert () == town.run().plan.actions  # type: ignore[union-attr]


def test_edits_are_carried_out_as_they_were_saved(town: Town) -> None:
    """An owner's edit spreads, another's is held and put back: exactly what the file says."""
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-24")
    town.edit("two", "Launch", "anna", due="2026-12-31")

    report = carried_out(town, save(town))

    assert (CycleResult.DONE, ()) == (report.result, report.moved)
    assert town.shown("Build", "due") == {"one": "2026-12-24", "two": "2026-12-24"}
    assert town.shown("Launch", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    assert 1 == len(town.store.proposals("acme"))


def _new_task(town: Town) -> None:
    project = town.find("one", "Relaunch")
    town.worlds["one"].create("maya", "item", {"title": "Print"}, project.id)


def _break_down(town: Town) -> None:
    def silent(moment: str, call: str) -> None:
        if (moment, call) == ("before", "pull"):
            raise WaitAndRetry("no answer")

    town.worlds["two"].fault = silent


MOVES: dict[str, tuple[Callable[[Town], None], tuple[str, str, str]]] = {
    "another value of a planned field": (
        lambda town: town.edit("two", "Build", "maya", due="2027-01-05"),
        ("write", "Build", "deadline"),
    ),
    "a planned edit taken back": (
        lambda town: town.edit("two", "Build", "maya", due="2026-11-30"),
        ("write", "Build", "deadline"),
    ),
    "the target has the value by now": (
        lambda town: town.edit("one", "Build", "tom", due="2026-12-24"),
        ("write", "Build", "deadline"),
    ),
    "an edit of something else": (
        lambda town: town.edit("one", "Sketch", "maya", notes="softer"),
        ("write", "Sketch", "notes"),
    ),
    "a held edit in another version": (
        lambda town: town.edit("two", "Launch", "anna", due="2027-02-02"),
        ("proposal", "Launch", "deadline"),
    ),
    "an owner who edits what was held": (
        lambda town: town.edit("two", "Launch", "tom", due="2027-02-02"),
        ("verdict", "Launch", "deadline"),
    ),
    "a new thing": (_new_task, ("action", "Print", "")),
    "a thing deleted": (
        lambda town: town.worlds["one"].delete("maya", town.find("one", "Sketch").id),
        ("action", "Sketch", ""),
    ),
    "a title": (
        lambda town: town.edit("one", "Sketch", "maya", title="Sketches"),
        ("write", "Sketches", "title"),
    ),
    "a system that does not answer": (
        _break_down,
        ("down", "", ""),
    ),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_world_that_moved_is_named_and_nothing_is_written(
    town: Town, move: tuple[Callable[[Town], None], tuple[str, str, str]]
) -> None:
    """Any one change since it was saved refuses the whole plan, and the place of it is said."""
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-24")
    town.edit("two", "Launch", "anna", due="2026-12-31")
    saved, before, journal = save(town), town.writes(), town.store.journal(limit=None)
    act, place = move
    act(town)

    report = carried_out(town, saved)

    assert report.result is CycleResult.REFUSED
    assert place in named(report)
    assert (before, 0) == (town.writes(), report.written)
    assert journal == town.store.journal(limit=None)


def test_a_plan_is_carried_out_once(town: Town) -> None:
    """The same edit made once more is another plan, however alike the two look."""
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-24")
    saved = save(town)
    assert carried_out(town, saved).result is CycleResult.DONE
    assert carried_out(town, saved).result is CycleResult.REFUSED
    town.edit("two", "Build", "maya", due="2026-11-30")
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "maya", due="2026-12-24")

    again = carried_out(town, saved)

    assert (CycleResult.REFUSED, {("carried out", "", "")}) == (again.result, named(again))
    assert town.shown("Build", "due")["one"] == "2026-11-30"


def test_a_refused_plan_passes_as_it_was_read(town: Town) -> None:
    """What the guard said when it was saved is accepted with it; what it says later is not."""
    town.run()
    town.limits = Limits(archives=0, archive_share=1.0, update_share=1.0)
    town.later(minutes=5)
    town.worlds["one"].delete("maya", town.find("one", "Build").id)
    saved = save(town)
    assert town.run().result is CycleResult.REFUSED

    town.limits = Limits(archives=0, archive_share=0.0, floor=0, update_share=1.0)
    assert town.find("two", "Build").existence == "present"
    report = carried_out(town, saved)

    assert report.result is CycleResult.DONE, report.moved
    assert town.find("two", "Build").existence == "archived"


def test_changed_rules_wait_for_a_plan_that_was_read(town: Town) -> None:
    """Much to write right after the rules changed: refused until the plan is saved and run."""
    town.run()
    strict = Limits(update_share=1.0, after_change=2)
    town.limits = strict
    for title in TITLES:
        town.later(minutes=1)
        town.edit("one", title, "maya", due="2027-03-01")
    town.heads_up = HeadsUp.KEEP
    before = town.writes()

    refused = town.run()

    assert refused.plan is not None
    assert [("configuration", 3, "2", BY_PLAN)] == [
        (r.kind, r.count, r.limit, r.flag) for r in refused.plan.refusals
    ]
    assert (CycleResult.REFUSED, before) == (
        town.run(allowed=frozenset({"updates"})).result,
        town.writes(),
    )
    assert carried_out(town, save(town)).result is CycleResult.DONE
    assert town.shown("Build", "due") == {"one": "2027-03-01", "two": "2027-03-01"}
    town.later(minutes=5)
    for title in TITLES:
        town.edit("one", title, "maya", due="2027-03-02")
    assert town.run().result is CycleResult.DONE


def test_a_small_change_of_rules_goes_through_and_is_looked_at_whole(town: Town) -> None:
    """Within the limit nobody is asked; what the new rules come to is seen at once."""
    town.run()
    assert not town.run().full
    town.heads_up = HeadsUp.KEEP

    first, second = town.run(), town.run()

    assert (CycleResult.DONE, CycleResult.DONE) == (first.result, second.result)
    assert (True, False) == (first.full, second.full)


def test_rules_that_only_stand_elsewhere_did_not_change(town: Town) -> None:
    """Another line, another comment, another limit, somebody's holidays: nothing decides anew."""
    town.run()
    town.rules = ownership(
        task__estimate=Rule(
            "task", "estimate", Source("moved.yaml", 99), ("producer",), {ANYONE: Policy.PROPOSE}
        )
    )
    town.limits = Limits(after_change=0, floor=0)

    assert not town.run().full


def test_who_only_observes_is_not_made_to_wait(town: Town) -> None:
    """Nothing is written anyway: rules can be tried as often as somebody likes."""
    town.run()
    town.mode = Mode.OBSERVE
    town.limits = Limits(after_change=0)
    town.heads_up = HeadsUp.KEEP
    town.later(minutes=5)
    town.edit("one", "Build", "maya", due="2027-03-01")

    report = town.run()

    assert (CycleResult.DONE, 1) == (report.result, len(writes(report)))
    town.mode = Mode.SYNC
    assert town.run().result is CycleResult.REFUSED


def test_other_rules_refuse_a_saved_plan(town: Town) -> None:
    """A plan was made by rules: with others it is another plan, even if it looks the same."""
    saved = save(town)
    town.heads_up = HeadsUp.KEEP

    report = carried_out(town, saved)

    assert {("configuration", "", "")} == named(report)
    assert CycleResult.REFUSED is report.result
