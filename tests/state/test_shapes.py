"""What many records have in common stands once, whatever becomes of the rules and the fields."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from syncer.model.entities import Schema
from syncer.model.records import Agreed, Record
from syncer.state import StateError, Store
from syncer.state import shapes as choosing
from tests.state.made import NOON, at, keep, link

NAMES = ("title", "notes", "status", "priority", "size", "code")


def told(id: str, *, first: int = 7, names: Iterable[str] = NAMES, **told: Any) -> Record:
    """A record of which each field is agreed by a rule on a line of its own."""
    agreed = {
        name: Agreed(f"{name} of {id}", "maya", None, "one", NOON, f"rules.yaml:{line}")
        for line, name in enumerate(names, first)
    }
    return Record(id, "bakery", "task", agreed, since=NOON, **told)


def stored(store: Store, query: str) -> list[Any]:
    """The first column of what a query finds."""
    with store._engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def shapes(store: Store) -> int:
    """How many shapes there are."""
    return len(stored(store, "SELECT number FROM shapes"))


def same(store: Store, *wanted: Record) -> None:
    """These are read back as they are, their fields in this order."""
    found = store.records([one.id for one in wanted])
    for one in wanted:
        assert one == found[one.id]
        assert list(one.agreed) == list(found[one.id].agreed)


def test_records_of_the_same_fields_share_them(store: Store) -> None:
    """Neither names nor rules, nor the time, nor the title stand in the row again."""
    many = [told(f"r{n}") for n in range(9)]
    keep(store, many)

    same(store, *many)
    assert 1 == shapes(store)
    rows = stored(store, "SELECT agreed FROM records")
    assert not any(sign in row for row in rows for sign in ("yaml", "2026", "title", '"code"'))


def test_one_field_that_differs_is_told_by_itself(store: Store) -> None:
    """Set by another, by another rule, not there, new: the others stay as short as they are."""
    first = told("r1")
    keep(store, [first])
    changed = [
        first.agreed | {"status": Agreed("x", "anna", "producer", "two", at(1), "rules.yaml:9")},
        first.agreed | {"status": Agreed("x", rule="by hand")},
        {name: one for name, one in first.agreed.items() if name != "status"},
        first.agreed | {"odd": Agreed("x", rule="rules.yaml:90")},
        first.agreed | {"title": Agreed(None), "notes": Agreed("title of r1")},
    ]
    for agreed in changed:
        one = replace(first, agreed=agreed)
        keep(store, [one])
        same(store, one)
    assert 1 == shapes(store)


def test_rules_that_moved_make_one_shape_more(store: Store) -> None:
    """A line put in before all of them: records are told anew as they change, and no other way."""
    keep(store, [told("r1"), told("r2")])
    moved = [told("r2", first=8), told("r3", first=8)]
    keep(store, moved)

    same(store, told("r1"), *moved)
    assert 2 == shapes(store)
    keep(store, [told("r1"), told("r2")])
    same(store, told("r1"), told("r2"))
    assert 2 == shapes(store)


def test_few_fields_are_told_by_name(store: Store) -> None:
    """What two fields have in common is less than what a shape costs."""
    keep(store, [told("r1", names=NAMES[:3])])

    assert 0 == shapes(store)
    same(store, told("r1", names=NAMES[:3]))


def test_shapes_come_to_an_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that differ from record to record are told by name: nothing grows without end."""
    monkeypatch.setattr(choosing, "MOST", 3)
    monkeypatch.setattr(choosing, "LATEST", 2)
    many = [told(f"r{n}", first=100 * n + 1) for n in range(6)]
    for one in many:
        keep(store, [one])

    same(store, *many)
    assert 3 == shapes(store)
    keep(store, [many[0]])
    same(store, *many)
    assert 3 == shapes(store)


def test_what_was_given_up_gives_no_shape(store: Store) -> None:
    """A shape of a transaction that was not kept is not referred to by the next one."""
    with pytest.raises(StateError, match="not stored"):
        keep(store, [told("r1")], [link("l1", "nobody")])
    keep(store, [told("r1", first=50)])
    keep(store, [told("r2")])

    same(store, told("r1", first=50), told("r2"))


def test_what_was_not_looked_into_stays_to_the_letter(store: Store) -> None:
    """A record that was only read keeps its text; with another time or title it is told anew."""
    keep(store, [told("r1")])
    before = stored(store, "SELECT agreed FROM records")
    [found] = store.records(["r1"]).values()
    keep(store, [replace(found, pending=True)])
    assert before == stored(store, "SELECT agreed FROM records")

    keep(store, [replace(found, since=at(5))])
    same(store, replace(told("r1"), since=at(5)))


def test_another_field_is_the_title_now(place: str, tmp_path: Path) -> None:
    """Whatever the configuration calls the title, each field keeps its value."""
    with Store.open(place) as store:
        keep(store, [told("r1")])
        schema: Schema = dict(store.schema)
    schema["task"] = replace(schema["task"], title="notes")
    with Store.open(place, schema) as store:
        [found] = store.records(["r1"]).values()
        keep(store, [replace(found, pending=True)])

        same(store, told("r1", pending=True))
        assert ["notes of r1"] == stored(store, "SELECT title FROM records")


def test_a_record_of_another_state_brings_its_own(tmp_path: Path) -> None:
    """What was read from one file and not looked into is right in another one too."""
    with Store.open(tmp_path / "a.db") as one, Store.open(tmp_path / "b.db") as two:
        keep(one, [told("r1")])
        keep(two, [told("r2", first=50)])
        keep(two, list(one.records(["r1"]).values()))

        same(two, told("r1"), told("r2", first=50))


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE shapes SET fields = '[\"title\"]'",
        "UPDATE shapes SET fields = '{}'",
        "UPDATE shapes SET rules = '[1, 2, 3, 4, 5, 6]'",
        "UPDATE records SET agreed = '[[[null,null,null,null]],[7]]'",
        "UPDATE records SET agreed = '[[],[\"x\"]]'",
        "UPDATE records SET agreed = '[[[null,null,null,null]],[\"x\"],{},[[9,0]]]'",
        "UPDATE records SET agreed = '[[[null,null,null,true]],[\"x\"]]', since = NULL",
        "UPDATE records SET shape = NULL",
    ],
    ids=["too few", "no list", "no texts", "a number", "no setting", "no place", "no time", "none"],
)
def test_what_was_never_stored_is_damage(store: Store, harm: str) -> None:
    """It is told with the way out when it is looked at, and nothing is taken for empty."""
    keep(store, [told("r1")])
    with store._engine.begin() as connection:
        connection.execute(text(harm))

    with pytest.raises(StateError, match="the file is damaged"):
        dict(store.records(["r1"])["r1"].agreed)
