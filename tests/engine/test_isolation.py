"""What fails stops nothing else, is parked with its reason, and goes through once it can."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.memory.adapter import MemoryAdapter
from adapters.memory.options import Quirks
from syncer.adapterkit.errors import (
    AdapterError,
    AskPerson,
    LookFirst,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.engine import cycle, planning, views
from syncer.model.records import Parked
from syncer.model.report import CycleResult
from tests.engine.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """Two systems in step, with a project of three tasks."""
    return started(Town(tmp_path))


def started(town: Town) -> Town:
    """Fill the first system and bring everything into step."""
    project = town.worlds["one"].create("tom", "project", {"name": "Relaunch"})
    for title in ("Build", "Sketch", "Draw"):
        town.worlds["one"].create("maya", "item", {"title": title, "due": "2026-11-30"}, project.id)
    town.later(minutes=5)
    assert town.run().result is CycleResult.DONE
    town.later(minutes=5)
    return town


def parked(town: Town) -> list[Parked]:
    """What waits for another try."""
    return town.store.parked("acme")


def one(town: Town) -> Parked:
    """The one thing that does."""
    (found,) = parked(town)
    return found


def dues(town: Town, title: str) -> set[Any]:
    """Every system's due date."""
    return set(town.shown(title, "due").values())


def raising(call: str, error: Exception, *, moment: str = "before") -> Callable[[str, str], None]:
    """A fault at every call of a kind."""

    def fault(now: str, name: str) -> None:
        if (now, name) == (moment, call):
            raise error

    return fault


BUGS = ["whoami", "people", "describe", "pull", "update"]


@pytest.mark.parametrize("call", BUGS)
def test_a_bug_in_one_adapter_stops_that_system_only(tmp_path: Path, call: str) -> None:
    """An exception that no adapter may raise: the others are in step, it is named, it heals."""
    town = started(Town(tmp_path, systems=("one", "two", "three")))
    town.later(hours=7)
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.edit("three", "Sketch", "tom", due="2026-12-11")
    town.worlds["three"].fault = raising(call, KeyError("gid"))

    report = town.run()

    assert report.result is CycleResult.FAILED
    told = [*report.down.values(), *(text for texts in report.failed.values() for text in texts)]
    assert any("a fault in the adapter" in text and "KeyError: 'gid'" in text for text in told)
    assert {town.shown("Build", "due")[name] for name in ("one", "two")} == {"2026-12-10"}
    town.worlds["three"].fault = lambda _m, _c: None
    town.later(minutes=5)
    assert town.run().result is CycleResult.DONE
    assert dues(town, "Build") == {"2026-12-10"}
    assert dues(town, "Sketch") == {"2026-12-11"}
    assert parked(town) == []


def test_an_adapter_that_cannot_be_opened_stops_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug in an adapter's very beginning is a system that is down."""
    town = started(Town(tmp_path, systems=("one", "two", "three")))
    town.edit("one", "Build", "tom", due="2026-12-10")
    whole = MemoryAdapter.__init__

    def faulty(self: MemoryAdapter, opening: Any) -> None:
        if opening.connection == "three":
            raise AttributeError("no such thing")
        whole(self, opening)

    monkeypatch.setattr(MemoryAdapter, "__init__", faulty)
    report = town.run()

    assert list(report.down) == ["three"]
    assert "AttributeError: no such thing" in report.down["three"]
    assert {town.shown("Build", "due")[name] for name in ("one", "two")} == {"2026-12-10"}


ODD: list[dict[str, Any]] = [
    {"due": {"day": 1}},
    {"due": ["2026-12-01", 7]},
    {"people": [["u-tom"], {"id": 1}]},
    {"list": {"a": []}},
    {"title": 7.5},
    {"project": [{}]},
    {"estimate": "\ud800"},
    {"labels": [None, True, {"x": float("inf")}]},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: f"{odd}".encode("ascii", "replace").decode())
def test_a_record_that_cannot_be_read_stops_no_other(town: Town, odd: dict[str, Any]) -> None:
    """Whatever a system shows of one known thing and of one new thing, the others are in step."""
    world = town.worlds["one"]
    project = town.find("one", "Relaunch")
    new = world.create("maya", "item", {"title": "Fresh"}, project.id)
    build = town.find("one", "Build")
    world.change("tom", build.id, {"notes": "changed"})
    whole = dict(build.fields)
    for thing in (build, new):
        thing.fields.update(odd)
    town.edit("one", "Sketch", "tom", due="2026-12-11")

    town.run()

    assert dues(town, "Sketch") == {"2026-12-11"}
    build.fields.update({name: whole[name] for name in odd})
    new.fields.update({name: whole[name] if name != "title" else "Fresh" for name in odd})
    town.later(minutes=6)
    town.edit("one", "Draw", "tom", due="2026-12-12")
    assert town.run(full=True).result is CycleResult.DONE
    assert town.run().result is CycleResult.DONE
    assert len(town.worlds["two"].things) == 5
    assert (parked(town), town.store.holds("acme")) == ([], [])


@pytest.mark.parametrize("where", ["decide", "plan", "translate"])
def test_a_record_that_makes_the_program_fail_stops_no_other(
    town: Town, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A fault over one record: parked with its reason, not tried before its time, then healed."""
    target, name = {
        "decide": (cycle, "decide_case"),
        "plan": (planning, "plan_record"),
        "translate": (views, "view"),
    }[where]
    whole = getattr(target, name)

    def faulty(*args: Any) -> Any:
        if "Build" in repr(args[1] if where == "decide" else args[0]):
            raise IndexError("out of range")
        return whole(*args)

    monkeypatch.setattr(target, name, faulty)
    monkeypatch.setattr(cycle.log, "debug", lambda *_a, **_k: None, raising=False)
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.edit("one", "Sketch", "tom", due="2026-12-11")

    assert town.run().result is CycleResult.FAILED

    assert dues(town, "Sketch") == {"2026-12-11"}
    assert one(town).reason == "IndexError: out of range"
    town.later(minutes=1)
    assert town.run().result is CycleResult.DONE
    monkeypatch.undo()
    town.later(minutes=5)
    assert town.run().result is CycleResult.DONE
    assert dues(town, "Build") == {"2026-12-10"}
    assert parked(town) == []


def test_what_is_in_a_new_thing_that_fails_waits_with_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new project that cannot be decided takes its tasks with it; later all are twins, once."""
    world = town.worlds["one"]
    project = world.create("tom", "project", {"name": "Broken"})
    world.create("maya", "item", {"title": "Inside"}, project.id)
    whole = cycle.decide_case

    def faulty(ctx: Any, case: Any, *more: Any) -> Any:
        if any(t.record and t.record.fields.get("name") == "Broken" for t in case.twins.values()):
            raise RuntimeError("odd")
        return whole(ctx, case, *more)

    monkeypatch.setattr(cycle, "decide_case", faulty)
    monkeypatch.setattr(cycle.log, "debug", lambda *_a, **_k: None, raising=False)
    report = town.run()
    assert report.failed.keys() == {"Broken (new in one)", "Inside (new in one)"}
    assert sorted(p.detail["title"] for p in parked(town)) == ["Broken", "Inside"]
    monkeypatch.undo()
    town.later(minutes=6)

    assert town.run().result is CycleResult.DONE

    assert parked(town) == []
    inside = town.find("two", "Inside")
    assert inside.container == town.find("two", "Broken").id
    assert town.run().plan.actions == ()  # type: ignore[union-attr]


def test_a_field_that_is_not_taken_leaves_the_others_and_is_tried_again(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """One value a vendor rejects: the rest is written; it is asked for again, ever more rarely."""
    town = started(Town(tmp_path, quirks={"two": Quirks(max_text=20)}))
    world = town.worlds["two"]
    title = "Build, and much more than fits"
    world.quirks = Quirks()
    town.edit("one", "Build", "tom", title=title, due="2026-12-10")
    town.options = {"two": {"max_text": None}}
    strict = world.normal

    def picky(object: str, container: str | None, name: str, value: Any) -> Any:
        if name == "title" and len(str(value)) > 20:
            raise SkipRecord("title takes at most 20 characters")
        return strict(object, container, name, value)

    world.normal = picky  # type: ignore[method-assign]
    report = town.run()

    assert report.result is CycleResult.FAILED
    thing = town.find("two", "Build")
    assert thing.fields["due"] == "2026-12-10"
    found = one(town)
    assert (found.detail["field"], found.reason) == ("title", "title takes at most 20 characters")
    asked = 0
    for _ in range(3 * 24):
        town.later(hours=1)
        before = world.calls.count("update")
        assert town.run().result in (CycleResult.DONE, CycleResult.FAILED)
        asked += world.calls.count("update") - before
    record_property("figure", f"a field refused for ever: {asked} requests in 72 cycles of 3 days")
    assert asked <= 11
    world.normal = strict  # type: ignore[method-assign]
    town.later(hours=24)
    assert town.run().result is CycleResult.DONE
    assert thing.fields["title"] == title
    assert parked(town) == []


def test_a_record_that_fails_for_ever_costs_ever_less(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    """Pauses double from 5 minutes to a day, as the configuration says, and are never shorter."""
    world = town.worlds["two"]
    world.fault = raising("update", SkipRecord("the card is locked"))
    town.edit("one", "Build", "tom", due="2026-12-10")
    town.run()
    pauses: list[timedelta] = []
    for tries in range(2, 14):
        found = one(town)
        town.clock.advance(found.next_try - town.clock() - timedelta(minutes=1))
        calls = len(world.calls)
        assert town.run().result is CycleResult.DONE
        assert "update" not in world.calls[calls:]
        town.later(minutes=1)
        assert town.run().result is CycleResult.FAILED
        again = one(town)
        assert (again.attempts, again.since) == (tries, found.since)
        pauses.append(again.next_try - max(found.next_try, town.clock() - timedelta(minutes=1)))
    shown = [round(pause / timedelta(minutes=1)) for pause in pauses]
    record_property("figure", f"pauses in minutes: 5, {', '.join(map(str, shown))}")
    assert [5, *shown] == sorted([5, *shown])
    assert abs(shown[0] - 10) <= 1
    assert abs(shown[-1] - 24 * 60) <= 1


def test_what_fails_for_a_moment_is_tried_at_the_next_run(town: Town) -> None:
    """A 503 for one write: listed at once, tried by the next run, and only then with pauses."""
    world = town.worlds["two"]
    world.fault = raising("update", WaitAndRetry("is busy", status=503))
    town.edit("one", "Build", "tom", due="2026-12-10")
    assert town.run().result is CycleResult.FAILED
    assert (one(town).attempts, one(town).reason) == (1, "is busy")
    assert town.run().result is CycleResult.FAILED
    assert one(town).attempts == 2
    calls = len(world.calls)
    town.run()
    assert "update" not in world.calls[calls:]
    world.fault = lambda _m, _c: None
    town.later(minutes=6)

    assert town.run().result is CycleResult.DONE

    assert dues(town, "Build") == {"2026-12-10"}
    assert parked(town) == []


@pytest.mark.parametrize("error", [WaitAndRetry("is down"), LookFirst("no answer")])
def test_a_system_that_stops_answering_is_left_for_this_cycle(
    town: Town, error: AdapterError, record_property: Callable[[str, object], None]
) -> None:
    """Not every one of many writes is tried at a system that is gone."""
    project = town.find("one", "Relaunch")
    for number in range(30):
        town.worlds["one"].create("maya", "item", {"title": f"Part {number}"}, project.id)
    world = town.worlds["two"]
    world.fault = raising("create", error)
    calls = len(world.calls)

    report = town.run()

    tried = world.calls[calls:].count("create")
    record_property("figure", f"{type(error).__name__} at 30 creates: {tried} requests")
    assert tried < 10
    assert "two" in report.down
    assert len(report.failed) == 30
    world.fault = lambda _m, _c: None
    town.later(minutes=6)
    assert {town.run().result, town.run().result} == {CycleResult.DONE}
    assert len(world.things) == 34
    assert parked(town) == []


def test_a_token_revoked_in_the_middle_makes_nothing_twice(town: Town) -> None:
    """The credential is refused after a thing was made: named as down, and one twin later."""
    project = town.find("one", "Relaunch")
    for title in ("More", "Most"):
        town.worlds["one"].create("maya", "item", {"title": title}, project.id)
    world = town.worlds["two"]
    world.fault = raising("create", StopConnection("revoked", status=401), moment="after")

    report = town.run()

    assert report.down["two"].startswith("revoked (two: ")
    world.fault = lambda _m, _c: None
    town.later(minutes=6)
    assert town.run().result is CycleResult.DONE
    assert town.run().result is CycleResult.DONE
    for title in ("More", "Most"):
        town.find("two", title)
    assert parked(town) == []


def test_a_write_that_cannot_be_looked_up_is_not_looked_up_every_cycle(town: Town) -> None:
    """The vendor refuses the look-up: parked with its reason and pauses, and settled later."""
    project = town.find("one", "Relaunch")
    town.worlds["one"].create("maya", "item", {"title": "More"}, project.id)
    world = town.worlds["two"]
    world.fault = raising("create", LookFirst("no answer"), moment="after")
    town.run()
    world.fault = raising("find", AskPerson("no permission", status=403))
    for _ in range(3):
        town.run()
    assert world.calls.count("find") == 1
    assert one(town).reason == "whether it was written cannot be found out: no permission"
    world.fault = lambda _m, _c: None
    town.later(minutes=6)

    assert town.run().result is CycleResult.DONE

    town.find("two", "More")
    assert parked(town) == []


def test_what_is_held_is_not_forgotten_while_its_system_is_down(town: Town) -> None:
    """A thing held for a person stays listed when its system does not answer."""
    project = town.find("one", "Relaunch")
    town.worlds["one"].create("maya", "item", {"title": "Build it"}, project.id)
    town.worlds["two"].create(
        "maya", "item", {"title": "Build  It!"}, town.find("two", "Relaunch").id
    )
    town.run()
    held = {hold.key for hold in town.store.holds("acme")}
    assert held
    for call in ("pull", "fetch"):
        town.worlds["two"].fault = raising(call, WaitAndRetry("is down", status=503))
        town.edit("one", "Sketch", "tom", notes=f"during {call}")
        town.run()
        assert {hold.key for hold in town.store.holds("acme")} == held
