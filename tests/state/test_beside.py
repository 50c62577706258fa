"""A link is stored beside what is agreed of its record, and is what it was when that changes."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import text

from syncer.model.records import Agreed, Link, LinkField, Record
from syncer.model.values import MISSING
from syncer.state import StateError, Store
from tests.state.made import at, keep

LONG = "Photos are in the shared folder. " * 20
SEEN = {
    "title": LinkField("Bake", "Bake", remote="name"),
    "notes": LinkField(LONG, LONG, remote="notes"),
    "status": LinkField("st-4", "done", remote="status"),
    "priority": LinkField("pr-1", "low", remote="rank"),
    "size": LinkField(None, None, remote="size"),
    "labels": LinkField(["a"], ["a"], LONG, ["a"], at(1), remote="tags"),
    "start": LinkField("x", "x", "x", "x", at(1), remote="start"),
    "code": LinkField("7", "7"),
}
AGREED = {
    "title": Agreed("Bake"),
    "notes": Agreed(LONG),
    "status": Agreed("done"),
    "priority": Agreed("low"),
    "size": Agreed(None),
    "labels": Agreed(frozenset({"a"})),
    "start": Agreed("x"),
    "code": Agreed("7"),
}
RECORD = Record("r1", "bakery", "task", AGREED)
LINK = Link("l1", "r1", "trello", "card", "c1", fields=SEEN)


def stored(store: Store, column: str = "fields", table: str = "links") -> str:
    """What stands in the one row of a table."""
    with store._engine.connect() as connection:
        return str(connection.execute(text(f"SELECT {column} FROM {table}")).scalar_one())


def seen(store: Store) -> Mapping[str, LinkField]:
    """What is known of the fields of the one link."""
    [link] = store.links_of(["r1"])["r1"]
    return dict(link.fields)


def test_what_is_agreed_is_not_stored_again(store: Store) -> None:
    """A link that shows what is agreed costs a few bytes a field, and is read in full."""
    keep(store, [RECORD], [LINK])

    assert seen(store) == SEEN
    assert "Photos" not in stored(store).replace(f'"asked":"{LONG}"', "")
    assert len(stored(store)) - len(LONG) < 300


@pytest.mark.parametrize("name", SEEN, ids=list(SEEN))
def test_another_agreed_value_changes_no_link(store: Store, name: str) -> None:
    """Until a system shows it, that one is known to show what it showed."""
    keep(store, [RECORD], [LINK])
    other: Any = frozenset({"b"}) if name == "labels" else "another"
    with store.transaction() as tx:
        tx.put_records([replace(RECORD, agreed={**AGREED, name: Agreed(other)})])

    assert seen(store) == SEEN

    with store.transaction() as tx:
        tx.put_records([replace(RECORD, agreed={})])

    assert seen(store) == SEEN


def test_names_of_fields_stand_once(store: Store) -> None:
    """A link that has most fields of its record does not name them; one that has few does."""
    keep(store, [RECORD], [LINK])
    assert '"status"' not in stored(store)

    few = {"status": SEEN["status"], "odd": LinkField("x", "x")}
    with store.transaction() as tx:
        tx.put_links([replace(LINK, fields=few)])

    assert '"status"' in stored(store)
    assert few == seen(store)


@pytest.mark.parametrize("more", [{}, {"first": Agreed("x")}], ids=["sorted", "one more"])
def test_agreed_in_another_order_it_is_the_same(store: Store, more: dict[str, Agreed]) -> None:
    """A field that is agreed for the first time, or told before others, moves no other."""
    keep(store, [RECORD], [LINK])
    with store.transaction() as tx:
        tx.put_records([replace(RECORD, agreed=more | dict(sorted(AGREED.items())))])

    assert seen(store) == SEEN


def test_a_link_may_be_stored_before_its_record(store: Store) -> None:
    """The order of writes within a transaction is free."""
    with store.transaction() as tx:
        tx.put_links([LINK], "bakery")
        tx.put_records([RECORD])

    assert seen(store) == SEEN


def test_a_link_of_a_record_that_never_comes(store: Store) -> None:
    """It is refused at the end, and named; one that was dropped meanwhile, or moved, is fine."""
    refused = pytest.raises(StateError, match="record 'r1', which is not stored")
    with refused, store.transaction() as tx:
        tx.put_links([LINK], "bakery")

    with store.transaction() as tx:
        tx.put_links([LINK, replace(LINK, id="l2", remote_id="c2")], "bakery")
        tx.drop_links(["l1"])
        tx.put_records([replace(RECORD, id="r2")])
        tx.put_links([replace(LINK, id="l2", record="r2")], "bakery")

    assert {"r1": (), "r2": (replace(LINK, id="l2", record="r2"),)} == store.links_of(["r1", "r2"])


def test_a_link_that_was_read_before_is_written_as_it_was(store: Store) -> None:
    """What was read beside one agreed value may be kept in the transaction that agrees another."""
    keep(store, [RECORD], [LINK])
    [link] = store.links_of(["r1"])["r1"]
    other = replace(RECORD, agreed={**AGREED, "notes": Agreed("short"), "title": Agreed("Cake")})
    with store.transaction() as tx:
        tx.put_records([other])
        tx.put_links([replace(link, mark=7)])

    assert seen(store) == SEEN

    with store.transaction() as tx:
        tx.put_links([link])
        tx.put_records([RECORD])

    assert seen(store) == SEEN


def test_what_was_not_looked_into_is_written_as_it_stands(store: Store) -> None:
    """A link that only got another mark keeps its text, to the letter."""
    keep(store, [RECORD], [LINK])
    before = stored(store)
    [link] = store.links_of(["r1"])["r1"]
    with store.transaction() as tx:
        tx.put_links([replace(link, mark=7)])

    assert before == stored(store)


def test_a_value_that_was_never_agreed_is_damage(store: Store) -> None:
    """A link that goes by an agreed value that is not there is told, with the way out."""
    keep(store, [RECORD], [LINK])
    with store._engine.begin() as connection:
        connection.execute(text("UPDATE records SET agreed = '[[],{}]'"))

    with pytest.raises(StateError, match="the file is damaged"):
        seen(store)


_NAMES = st.sampled_from(["title", "notes", "status"])
_VALUES = st.sampled_from([None, "", "a", "b"])
_RAW = st.one_of(_VALUES, st.sampled_from([1, True, ["a"], {"a": "b"}]))
_KNOWN = st.one_of(st.just(MISSING), _RAW)
_AT = st.sampled_from([None, at(1), at(2)])
_REMOTE = st.sampled_from([None, "", "title", "notes", "due"])
_FIELDS = st.builds(
    LinkField,
    seen=st.one_of(_RAW, _KNOWN),
    read=st.one_of(_VALUES, _KNOWN),
    asked=st.one_of(st.just(MISSING), _KNOWN),
    got=st.one_of(st.just(MISSING), _KNOWN),
    asked_at=_AT,
    cut=st.booleans(),
    remote=_REMOTE,
)
_LINKS = st.dictionaries(_NAMES, _FIELDS)
_AGREED = st.dictionaries(_NAMES, st.builds(Agreed, _VALUES))
_STEPS = st.lists(
    st.tuples(st.sampled_from(["agree", "see", "both", "again", "after"]), _AGREED, _LINKS)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(agreed=_AGREED, fields=_LINKS, steps=_STEPS)
def test_whatever_is_agreed_and_seen_in_turn(
    store: Store, agreed: Any, fields: Any, steps: list[tuple[str, Any, Any]]
) -> None:
    """In any order, of either or both at once: each is what was last said of it."""
    record, link = replace(RECORD, agreed=agreed), replace(LINK, fields=fields)
    keep(store, [record], [link])
    for what, values, shown in steps:
        [kept] = store.links_of(["r1"])["r1"]
        with store.transaction() as tx:
            if what == "after":
                link = replace(link, fields=shown)
                tx.put_links([link])
            if what != "see":
                record = replace(record, agreed=values)
                tx.put_records([record])
            if what in ("see", "both"):
                link = replace(link, fields=shown)
                tx.put_links([link])
            if what == "again":
                tx.put_links([kept])
        assert (link.fields, record.agreed) == (
            seen(store),
            dict(store.records(["r1"])["r1"].agreed),
        )
