"""What must hold when things go wrong, or people do several things at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.memory.options import Quirks
from syncer.adapterkit.errors import SkipRecord, WaitAndRetry
from syncer.model.configuration import HeadsUp, Limits, Mode
from syncer.model.mapping import SystemMapping
from syncer.model.report import CycleResult
from syncer.model.rules import ANYONE, Policy, Rule, Shared, Source
from tests.engine.town import PRIORITY, Town, line, mapping, ownership


def started(town: Town, titles: tuple[str, ...] = ("Sketch", "Build")) -> Town:
    """A town in step: a project and some tasks in every system."""
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in titles:
        town.worlds["one"].create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    assert town.run().result is CycleResult.DONE
    town.later(minutes=5)
    return town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step."""
    return started(Town(tmp_path))


def rule(name: str, policy: Policy, **more: object) -> Rule:
    """A producer's field of a task, with this policy for everybody else."""
    return Rule("task", name, Source("o.yaml", 1), ("producer",), {ANYONE: policy}, **more)  # type: ignore[arg-type]


def test_revert_puts_back_without_a_proposal(tmp_path: Path) -> None:
    """Under `revert` the owner's value is put back and nobody is asked."""
    rules = ownership(task__deadline=rule("deadline", Policy.REVERT))
    town = started(Town(tmp_path, rules=rules))
    town.edit("two", "Build", "anna", due="2026-12-24")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-11-30"}
    assert town.store.proposals("acme", open_only=False) == []


@pytest.mark.parametrize("policy", [Policy.NOTIFY, Policy.ALLOW])
def test_notify_and_allow_take_the_new_value(tmp_path: Path, policy: Policy) -> None:
    """Under `notify` and `allow` a non-owner's value stands everywhere."""
    rules = ownership(task__deadline=rule("deadline", policy))
    town = started(Town(tmp_path, rules=rules))
    town.edit("two", "Build", "anna", due="2026-12-24")

    town.run()

    assert set(town.shown("Build", "due").values()) == {"2026-12-24"}


def test_without_heads_ups_a_held_edit_is_kept_in_its_tool(tmp_path: Path) -> None:
    """`heads_up: keep` leaves the edit standing where it was made, listed, and goes nowhere."""
    town = started(Town(tmp_path, heads_up=HeadsUp.KEEP))
    town.edit("two", "Build", "anna", due="2026-12-24")

    for _ in range(3):
        town.run()

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-12-24"}
    assert len(town.store.proposals("acme")) == 1


def test_without_heads_ups_a_reverted_edit_is_kept_and_listed(tmp_path: Path) -> None:
    """Under `revert` too nothing is put back until somebody can be told."""
    rules = ownership(task__deadline=rule("deadline", Policy.REVERT))
    town = started(Town(tmp_path, rules=rules, heads_up=HeadsUp.KEEP))
    town.edit("two", "Build", "anna", due="2026-12-24")

    for _ in range(3):
        town.run(full=True)

    assert town.shown("Build", "due") == {"one": "2026-11-30", "two": "2026-12-24"}
    assert [hold.kind for hold in town.store.holds("acme")] == ["kept"]


def test_editing_again_makes_a_new_version_of_one_proposal(town: Town) -> None:
    """There is one open proposal for a record, a field and a proposer."""
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.run()
    town.later(minutes=5)
    town.edit("one", "Build", "anna", due="2026-12-25")
    town.run()

    (proposal,) = town.store.proposals("acme")
    assert (str(proposal.value), proposal.version) == ("2026-12-25", 2)


def test_an_edit_between_our_read_and_our_write_is_heard(town: Town) -> None:
    """A person's edit that our write ran over is journalled and judged in the next cycle."""
    world = town.worlds["two"]

    def race(moment: str, call: str) -> None:
        if (moment, call) == ("before", "update"):
            world.fault = lambda _m, _c: None
            town.edit("two", "Build", "anna", due="2026-12-31")

    town.edit("one", "Build", "tom", due="2026-12-10")
    world.fault = race
    town.run()
    town.later(minutes=1)
    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-10", "two": "2026-12-10"}
    (proposal,) = town.store.proposals("acme")
    assert (proposal.proposer, str(proposal.value)) == ("anna", "2026-12-31")


def test_an_owners_edit_between_our_read_and_our_write_wins(town: Town) -> None:
    """An owner's edit that our write ran over is the owner's latest word."""
    world = town.worlds["two"]

    def race(moment: str, call: str) -> None:
        if (moment, call) == ("before", "update"):
            world.fault = lambda _m, _c: None
            town.edit("two", "Build", "maya", due="2026-12-31")

    town.edit("one", "Build", "tom", due="2026-12-10")
    world.fault = race
    town.run()
    town.later(minutes=1)
    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-31", "two": "2026-12-31"}


def test_an_owner_archives_everywhere(town: Town) -> None:
    """Archiving by the owner of existence archives the twins."""
    town.worlds["one"].archive("maya", town.find("one", "Build").id)

    town.run()

    assert town.find("two", "Build").existence == "archived"


def test_a_deletion_by_a_non_owner_spreads_nowhere(town: Town) -> None:
    """A hard delete under `propose` is held; the other twin stays and no new one is made."""
    town.worlds["two"].delete("anna", town.find("two", "Build").id)

    town.run()
    town.run()

    assert town.find("one", "Build").existence == "present"
    assert len([t for t in town.worlds["two"].things.values() if t.existence != "deleted"]) == 2
    (proposal,) = town.store.proposals("acme")
    assert proposal.field == "existence"


def test_a_deletion_by_an_owner_archives_the_twin(town: Town) -> None:
    """We archive twins and never delete them."""
    town.worlds["two"].delete("maya", town.find("two", "Build").id)

    town.run()

    assert town.find("one", "Build").existence == "archived"


def test_a_system_that_is_down_stops_no_other(tmp_path: Path) -> None:
    """Two systems stay in step while the third cannot be reached, which catches up later."""
    town = started(Town(tmp_path, systems=("one", "two", "three")))

    def down(_moment: str, _call: str) -> None:
        raise WaitAndRetry("is down", status=503)

    town.worlds["three"].fault = down
    town.edit("one", "Build", "tom", due="2026-12-10")
    report = town.run()

    assert report.result is CycleResult.FAILED
    assert list(report.down) == ["three"]
    town.worlds["three"].fault = lambda _m, _c: None
    assert town.shown("Build", "due") == {
        "one": "2026-12-10", "two": "2026-12-10", "three": "2026-11-30",
    }  # fmt: skip
    assert town.run().result is CycleResult.DONE
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}


def test_a_changed_mapping_is_never_an_edit(tmp_path: Path) -> None:
    """Things that read differently make no verdict and no name, and one guarded summary."""
    titles = tuple(f"Task number {n} of {chr(64 + n)}" for n in range(1, 21))
    town = started(Town(tmp_path, limits=Limits(update_share=1.0)), titles)
    changed = mapping()
    task = changed.entities["task"]
    swapped = {"low": ("High",), "medium": ("Medium",), "high": ("Low",)}
    for title in titles:
        town.edit("one", title, "tom", priority={"name": "Low"})
    town.run()
    fields = {**task.fields, "priority": line("priority", "priority", values=swapped)}
    town.mappings = {
        "two": SystemMapping(
            "memory", "x", {**changed.entities, "task": replace(task, fields=fields)}, task.source
        )
    }
    before = town.writes()
    lines = len(town.store.journal("acme", limit=10_000))

    report = town.run(full=True)

    assert report.result is CycleResult.REFUSED
    assert report.plan is not None
    kinds = [(r.kind, r.count) for r in report.plan.refusals]
    assert kinds == [("remaps", 20), ("configuration", 20)]
    assert [(r.now, r.count) for r in report.plan.remaps] == [("high", 20)]
    assert report.judgements == ()
    assert town.writes() == before
    assert len(town.store.journal("acme", limit=10_000)) == lines
    assert PRIORITY["low"] == ("Low",)


def test_an_empty_listing_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    """Absence beyond the limit is refused with numbers and the flag, and forgotten again."""
    titles = tuple(f"Task number {n} of {chr(64 + n)}" for n in range(1, 21))
    town = started(Town(tmp_path, limits=Limits(archives=5)), titles)
    world = town.worlds["one"]
    things, world.things = world.things, {}

    report = town.run(full=True)

    assert report.result is CycleResult.REFUSED
    assert any("--allow absent" in str(r) for r in report.plan.refusals)  # type: ignore[union-attr]
    world.things = things
    town.later(minutes=5)
    assert town.run(full=True).plan.actions == ()  # type: ignore[union-attr]


def test_a_coarser_system_never_erases_the_time(tmp_path: Path) -> None:
    """A system that shows days only changes the day and keeps the time of day."""
    town = started(Town(tmp_path, quirks={"two": Quirks(finest="day")}))
    town.edit("one", "Build", "tom", due="2026-12-10T15:30:00.000Z")
    town.run()
    assert town.shown("Build", "due")["two"] == "2026-12-10"
    town.later(minutes=5)
    town.edit("two", "Build", "tom", due="2026-12-11")

    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-11T15:30:00.000Z", "two": "2026-12-11"}


def test_a_single_assignee_replaces_only_the_one_shown(tmp_path: Path) -> None:
    """Where one person is shown, changing that one leaves the others on the task."""
    town = started(Town(tmp_path, quirks={"two": Quirks(single_person=True)}))
    town.edit("one", "Build", "tom", people=["u-maya", "u-tom"])
    town.run()
    assert town.shown("Build", "people")["two"] == "u-maya"
    town.later(minutes=5)
    town.edit("two", "Build", "tom", people="u-ben")

    town.run()

    assert town.shown("Build", "people") == {"one": ["u-ben", "u-tom"], "two": "u-ben"}


def test_somebody_we_do_not_know_stays_where_they_are(town: Town) -> None:
    """A person who is not in people.yaml is never taken off, and is listed."""
    world = town.worlds["one"]
    world.users["guest"] = replace(world.users["ben"], id="u-guest", name="Guest")
    town.edit("one", "Build", "tom", people=["u-guest", "u-maya"])
    town.run()
    town.later(minutes=5)
    town.edit("two", "Build", "tom", people=["u-tom"])

    town.run()

    assert town.shown("Build", "people") == {"one": ["u-guest", "u-tom"], "two": ["u-tom"]}
    assert any("Guest" in hold.reason for hold in town.store.holds("acme"))


def test_a_fresh_edit_is_left_alone_until_it_settles(tmp_path: Path) -> None:
    """Nobody is overwritten, or copied, in the middle of typing."""
    from datetime import timedelta

    settle = Rule(
        "task", "notes", Source("o.yaml", 1), shared=Shared.LATEST, settle=timedelta(minutes=5)
    )
    town = started(Town(tmp_path, rules=ownership(task__notes=settle)))
    town.edit("one", "Build", "tom", notes="half a sen")

    town.run()
    assert town.shown("Build", "notes")["two"] is None
    town.later(minutes=6)
    town.run()
    assert town.shown("Build", "notes")["two"] == "half a sen"


def test_a_robot_of_no_name_is_nobody(town: Town) -> None:
    """A stranger's edit is a non-owner's edit."""
    world = town.worlds["one"]
    world.users["robot"] = replace(world.users["ben"], id="u-robot", name="Robot")
    town.edit("one", "Build", "robot", due="2026-12-24")

    town.run()

    assert set(town.shown("Build", "due").values()) == {"2026-11-30"}
    (proposal,) = town.store.proposals("acme")
    assert proposal.proposer == "Robot"


def test_a_service_on_a_persons_account_tells_her_edits_from_its_own(tmp_path: Path) -> None:
    """Own writes are known by content and intent: Maya's edits are still Maya's."""
    town = started(Town(tmp_path, users={"one": "maya", "two": "maya"}))
    town.edit("one", "Build", "maya", due="2026-12-10")
    town.run()
    town.later(minutes=1)
    town.edit("two", "Build", "maya", due="2026-12-11")
    town.run()

    assert town.shown("Build", "due") == {"one": "2026-12-11", "two": "2026-12-11"}
    town.later(minutes=5)
    town.edit("two", "Build", "anna", due="2026-12-24")
    town.run()
    assert town.shown("Build", "due") == {"one": "2026-12-11", "two": "2026-12-11"}


def test_twins_that_differ_meet_at_the_owners_home(tmp_path: Path) -> None:
    """At first contact the owner's home system wins; the other value is in the journal."""
    town = Town(tmp_path)
    a = town.worlds["one"].create("tom", "project", {"name": "Relaunch", "strategy": "old"})
    b = town.worlds["two"].create("anna", "project", {"name": "Relaunch", "strategy": "new"})
    town.worlds["one"].create("tom", "item", {"title": "Build", "due": "2026-12-01"}, a.id)
    town.worlds["two"].create("tom", "item", {"title": "Build", "due": "2026-12-02"}, b.id)

    town.run()

    assert set(town.shown("Relaunch", "strategy").values()) == {"new"}
    assert set(town.shown("Build", "due").values()) == {"2026-12-01"}
    lost = [e for e in town.store.journal("acme") if e.outcome == "overruled"]
    kinds = [(e.kind, e.new) for e in lost]
    assert sorted(kinds) == [("first_contact", "2026-12-02"), ("first_contact", "old")]


def test_two_candidates_are_held_and_never_guessed(tmp_path: Path) -> None:
    """Two things of the same key in one system are not matched and not doubled."""
    town = Town(tmp_path)
    a = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    b = town.worlds["two"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("tom", "item", {"title": "Build"}, a.id)
    town.worlds["two"].create("tom", "item", {"title": "Build"}, b.id)
    town.worlds["two"].create("tom", "item", {"title": "build"}, b.id)

    town.run()

    assert [len(world.things) for world in town.worlds.values()] == [2, 3]
    assert len([h for h in town.store.holds("acme") if h.kind == "match"]) == 3
    town.later(minutes=1)
    third = next(t for t in town.worlds["two"].things.values() if t.fields.get("title") == "build")
    town.worlds["two"].change("tom", third.id, {"title": "Something else"})
    town.run()
    assert [len(world.things) for world in town.worlds.values()] == [3, 3]
    assert town.store.holds("acme") == []


def test_a_write_that_is_refused_rests_and_is_tried_again(town: Town) -> None:
    """A refused write is parked with its reason, leaves the rest alone, and is tried later."""
    world = town.worlds["two"]

    def refuse(moment: str, call: str) -> None:
        if (moment, call) == ("before", "update"):
            raise SkipRecord("the board is read-only today")

    town.edit("one", "Build", "tom", due="2026-12-10")
    world.fault = refuse
    report = town.run()

    assert report.result is CycleResult.FAILED
    (parked,) = town.store.parked("acme")
    assert (parked.attempts, "read-only today" in parked.reason) == (1, True)
    calls = len(world.calls)
    town.run()
    assert "update" not in world.calls[calls:]
    town.later(minutes=6)
    world.fault = lambda _m, _c: None
    town.run()
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    assert town.store.parked("acme") == []


@pytest.mark.parametrize(
    "quirks",
    [Quirks(trim=True), Quirks(max_text=5), Quirks(finest="day"), Quirks(single_person=True)],
    ids=["trims", "cuts", "days", "one person"],
)
def test_whatever_a_vendor_does_to_a_value_the_next_run_is_quiet(
    tmp_path: Path, quirks: Quirks
) -> None:
    """A vendor that rewrites what it is sent causes no further write."""
    town = started(Town(tmp_path, quirks={"two": quirks}))
    town.edit(
        "one", "Build", "tom", notes="  a long *text*  \n", people=["u-maya", "u-tom"],
        due="2026-12-10T15:30:00.000Z",
    )  # fmt: skip
    town.run()
    before = town.writes()

    for full in (False, True):
        town.later(minutes=5)
        assert town.run(full=full).plan.actions == ()  # type: ignore[union-attr]

    assert town.writes() == before


def test_a_revoked_token_stops_that_connection_only(tmp_path: Path) -> None:
    """The others stay in step, and the report says which token was refused."""
    town = started(Town(tmp_path, systems=("one", "two", "three")))
    town.worlds["three"].revoked.add("syncer")
    town.edit("one", "Build", "tom", due="2026-12-10")

    report = town.run()

    assert list(report.down) == ["three"]
    assert {k: v for k, v in town.shown("Build", "due").items() if k != "three"} == {
        "one": "2026-12-10", "two": "2026-12-10",
    }  # fmt: skip


def test_a_plan_is_the_run(town: Town) -> None:
    """What `plan` shows is the very value that `run` carries out."""
    town.edit("one", "Build", "tom", due="2026-12-10", people=["u-tom"])
    town.edit("two", "Sketch", "anna", due="2026-12-11")
    planned = town.plan()
    assert planned.plan is not None

    ran = town.run()

    assert ran.plan is not None
    assert ran.plan.actions == planned.plan.actions
    assert len(planned.plan.actions) == 2


def test_a_robot_that_keeps_setting_a_field_is_left_and_listed(town: Town) -> None:
    """After three put-backs in a day against something that is no person, peace and one notice."""
    world = town.worlds["one"]
    world.users["robot"] = replace(world.users["ben"], id="u-robot", name="Robot")
    for day in range(1, 7):
        town.edit("one", "Build", "robot", due=f"2026-12-{day:02}")
        town.run()
        town.later(minutes=10)

    assert town.shown("Build", "due") == {"one": "2026-12-06", "two": "2026-11-30"}
    (hold,) = town.store.holds("acme")
    assert (hold.kind, "Robot" in hold.reason) == ("fight", True)
    town.edit("two", "Build", "tom", due="2026-12-20")
    town.run()
    assert set(town.shown("Build", "due").values()) == {"2026-12-20"}


def test_a_done_task_that_is_tidied_away_leaves_the_others(town: Town) -> None:
    """Archiving what is done unlinks it there, quietly."""
    town.edit("one", "Build", "tom", list={"name": "Done"})
    town.run()
    town.later(minutes=5)
    town.worlds["two"].archive("anna", town.find("two", "Build").id)

    town.run()

    assert town.find("one", "Build").existence == "present"
    assert town.store.proposals("acme") == []
    assert town.run().plan.actions == ()  # type: ignore[union-attr]


class Picky:
    """A condition that cannot be answered for one thing."""

    text = "!item.broken"
    source = Source("town.yaml", 9)

    def __init__(self) -> None:
        self.broken = ""

    def __call__(self, context: Mapping[str, Any]) -> bool:
        if context["item"]["title"] == self.broken:
            raise ValueError("item.broken is not known")
        return True


def test_one_bad_record_leaves_the_others_in_step(tmp_path: Path) -> None:
    """A record that cannot be dealt with is parked with its reason, and caught up later."""
    picky = Picky()
    task = mapping().entities["task"]
    town = started(Town(tmp_path, mappings={"one": mapping(task=replace(task, when=picky))}))
    picky.broken = "Build"
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.edit("one", "Sketch", "tom", due="2026-12-11")

    report = town.run()

    assert report.result is CycleResult.FAILED
    assert set(town.shown("Sketch", "due").values()) == {"2026-12-11"}
    assert town.shown("Build", "due") == {"one": "2026-12-10", "two": "2026-11-30"}
    (parked,) = town.store.parked("acme")
    assert "item.broken is not known" in parked.reason
    picky.broken = ""
    town.later(minutes=6)
    assert town.run().result is CycleResult.DONE
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    assert town.store.parked("acme") == []


def test_leaving_scope_unlinks_and_coming_back_links_again(tmp_path: Path) -> None:
    """A thing whose `when` no longer holds is left alone everywhere, never deleted."""

    class Scope(Picky):
        def __call__(self, context: Mapping[str, Any]) -> bool:
            return not str(context["item"]["title"]).startswith("Private")

    task = mapping().entities["task"]
    town = started(Town(tmp_path, mappings={"one": mapping(task=replace(task, when=Scope()))}))
    town.edit("one", "Build", "tom", title="Private build")
    town.run()
    assert town.find("two", "Build").existence == "present"
    town.edit("two", "Build", "tom", due="2026-12-10")
    town.run()
    assert town.find("one", "Private build").fields["due"] == "2026-11-30"

    town.edit("one", "Private build", "tom", title="Build")
    town.later(minutes=5)
    town.run()
    assert set(town.shown("Build", "due").values()) == {"2026-12-10"}
    assert {len(world.things) for world in town.worlds.values()} == {3}


def test_rivals_of_a_shared_field_stay_until_people_agree(tmp_path: Path) -> None:
    """Under `hold` nobody's text is overwritten, in this cycle or any later one."""
    held = Rule("task", "notes", Source("o.yaml", 1), shared=Shared.HOLD)
    town = started(Town(tmp_path, rules=ownership(task__notes=held)))
    town.edit("one", "Build", "tom", notes="from one")
    town.edit("two", "Build", "anna", notes="from two")

    for full in (False, False, True):
        town.run(full=full)
        town.later(minutes=5)
        assert town.shown("Build", "notes") == {"one": "from one", "two": "from two"}

    (hold,) = town.store.holds("acme")
    assert hold.kind == "rivals"
    assert len([e for e in town.store.journal("acme") if e.outcome == "held"]) == 2
    town.edit("two", "Build", "anna", notes="from one")
    town.run()
    assert town.store.holds("acme") == []
    town.edit("two", "Build", "anna", notes="both agree")
    town.later(minutes=5)
    town.run()
    assert set(town.shown("Build", "notes").values()) == {"both agree"}


def test_a_client_that_was_only_observed_starts_without_a_full_compare(tmp_path: Path) -> None:
    """While observing nothing is written; once that ends, the next run does what was planned."""
    town = Town(tmp_path, mode=Mode.OBSERVE)
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build"}, project.id)
    for _ in range(2):
        report = town.run()
        assert report.plan is not None
        assert [a.title for a in report.plan.actions] == ["Relaunch", "Build"]
        assert town.worlds["two"].things == {}

    town.mode = Mode.SYNC

    assert town.run().result is CycleResult.DONE
    assert len(town.worlds["two"].things) == 2


class Unsure:
    """A condition over the record that cannot be answered."""

    text = 'task.deadline >= "2026-01-01"'
    source = Source("town.yaml", 7)

    def __call__(self, context: Mapping[str, Any]) -> bool:
        assert context["client"]["key"] == "acme"
        if context["task"]["deadline"] is None:
            raise ValueError("task.deadline is empty")
        return True


def test_a_create_condition_that_cannot_be_answered_holds_that_record(tmp_path: Path) -> None:
    """The record waits, listed with the reason, until the condition can be answered."""
    task = replace(mapping().entities["task"], create=Unsure())
    town = Town(tmp_path, mappings={"two": mapping(task=task)})
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    town.worlds["one"].create("maya", "item", {"title": "Build"}, project.id)
    town.worlds["one"].create("maya", "item", {"title": "Test", "due": "2026-12-01"}, project.id)

    town.run()

    assert len(town.worlds["two"].things) == 2
    (hold,) = town.store.holds("acme")
    assert (hold.kind, hold.reason) == ("condition", "task.deadline is empty")
    town.later(minutes=5)
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.run()
    assert len(town.worlds["two"].things) == 3
    assert town.store.holds("acme") == []
