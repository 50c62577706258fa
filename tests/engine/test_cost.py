"""What a cycle thinks about: only what is news, and with as many statements however much that is."""

import gc
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from syncer.engine import cycle
from syncer.engine.fields import FieldDecider
from syncer.engine.heap import UNHURRIED
from syncer.model.decisions import Bound, Reading
from syncer.model.remote import Raw
from syncer.model.report import CycleReport
from syncer.reconcile import reading
from syncer.reconcile.lookup import Lookup
from syncer.state.reading import LinkReader
from tests.engine.town import Town

FEW, MANY = 8, 40
ALLOWED = frozenset({"first_contact", "writes", "creates", "updates", "configuration"})


def filled(folder: Path, items: int) -> Town:
    """A town in which one system holds two projects with so many items."""
    town = Town(folder, options={"two": {"batch": 100}})
    world = town.worlds["one"]
    places = [world.create("maya", "project", {"name": f"Project {n}"}).id for n in range(2)]
    more_items(town, places, items)
    return town


def more_items(town: Town, places: list[str], items: int) -> None:
    """People add items, some with a deadline."""
    for n in range(items):
        number = len(town.worlds["one"].things)
        fields = {
            "title": f"Task {number} of it",
            "notes": "Some *notes*",
            "project": places[n % 2],
        }
        due = {"due": "2026-12-01"} if n % 3 else {}
        town.worlds["one"].create("maya", "item", fields | due, places[n % 2])


def projects(town: Town) -> list[str]:
    """The ids of the projects in the first system."""
    return [t.id for t in town.worlds["one"].things.values() if t.object == "project"]


def items(town: Town) -> list[Any]:
    """The items in the first system."""
    return [t for t in town.worlds["one"].things.values() if t.object == "item"]


@pytest.fixture
def decided(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fields that are decided, one for each record and field, in this order."""
    names: list[str] = []
    decide = FieldDecider.decide

    def counting(self: FieldDecider, name: str) -> None:
        names.append(name)
        decide(self, name)

    monkeypatch.setattr(FieldDecider, "decide", counting)
    return names


def run(town: Town) -> CycleReport:
    """A cycle, some time after the last."""
    town.later(minutes=10)
    return town.run(allowed=ALLOWED)


def test_an_echo_is_not_decided(tmp_path: Path, decided: list[str]) -> None:
    """What the systems tell of our own writes ends before any field is decided."""
    town = filled(tmp_path, FEW)
    run(town)
    assert decided
    decided.clear()

    report = run(town)

    assert report.pulled["two"] > FEW
    assert decided == []


def test_of_an_edit_only_its_field_is_decided(tmp_path: Path, decided: list[str]) -> None:
    """Somebody edits two fields of two records: these are decided, and nothing beside them."""
    town = filled(tmp_path, FEW)
    run(town), run(town)
    first, second, *_ = items(town)
    decided.clear()

    town.worlds["one"].change("maya", first.id, {"title": "Another title"})
    town.worlds["one"].change("maya", second.id, {"due": "2026-12-24"})
    run(town)

    assert sorted(decided) == ["deadline", "title"]
    assert town.shown("Another title", "title")["two"] == "Another title"
    assert town.find("two", second.fields["title"]).fields["due"] == "2026-12-24"


def counted(town: Town, monkeypatch: pytest.MonkeyPatch, what: Callable[[], object]) -> int:
    """How many statements thinking takes in one cycle."""
    statements: Counter[bool] = Counter()
    thinking = [False]
    think = cycle.think

    def noted(*args: Any) -> Any:
        thinking[0] = True
        try:
            return think(*args)
        finally:
            thinking[0] = False

    def seen(*_: Any) -> None:
        statements[thinking[0]] += 1

    engine = town.store._engine
    event.listen(engine, "before_cursor_execute", seen)
    with monkeypatch.context() as patched:
        patched.setattr(cycle, "think", noted)
        what()
    event.remove(engine, "before_cursor_execute", seen)
    return statements[True]


def test_statements_do_not_grow_with_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first sync, its echo, edits of all and new things take as many statements of each size."""
    found: list[list[int]] = []
    for size in (FEW, MANY):
        folder = tmp_path / str(size)
        folder.mkdir()
        town = filled(folder, size)

        def edits(town: Town = town) -> object:
            for item in items(town):
                town.worlds["one"].change("anna", item.id, {"due": "2027-01-01"})
                town.worlds["two"].change(
                    "maya", town.find("two", item.fields["title"]).id, {"notes": "New"}
                )
            return run(town)

        def news(town: Town = town, size: int = size) -> object:
            more_items(town, projects(town), size)
            return run(town)

        steps = [lambda town=town: run(town)] * 2 + [edits, lambda town=town: run(town), news]
        found.append([counted(town, monkeypatch, step) for step in steps])

    assert all(found[0])
    assert found[0] == found[1]


def test_the_collector_is_as_it_was_after_a_cycle(tmp_path: Path) -> None:
    """Rings are looked for less often while a cycle runs, and as before when it is over."""
    before, within = gc.get_threshold(), set()
    town = filled(tmp_path, 1)
    with town.service() as service:
        for _ in service.run("acme"):
            within.add(gc.get_threshold())

    assert within == {UNHURRIED}
    assert gc.get_threshold() == before


def test_a_day_is_read_once_for_all_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Things of different projects that show the same day share how it reads."""
    town, found = filled(tmp_path, FEW), Counter[str]()
    read = reading._read

    def counting(bound: Bound, raw: Raw, lookup: Lookup) -> Reading:
        found[str(raw)] += 1
        return read(bound, raw, lookup)

    monkeypatch.setattr(reading, "_read", counting)
    run(town)
    assert 1 <= found["2026-12-01"] <= len(town.systems)


def test_no_more_is_counted_than_can_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a change is too much of what is linked is told without looking at all of it."""
    town, asked = filled(tmp_path, MANY), list[int]()
    run(town)
    run(town)
    count = LinkReader.counted_links

    def counting(self: LinkReader, client: str, connection: str, most: int) -> int:
        asked.append(most)
        return count(self, client, connection, most)

    monkeypatch.setattr(LinkReader, "counted_links", counting)
    monkeypatch.delattr(LinkReader, "link_counts")
    town.worlds["one"].change("maya", items(town)[0].id, {"title": "Another"})
    assert 1 == run(town).written
    assert {max(town.limits.floor, 5 * town.limits.archives + 1)} == set(asked)
