"""Reading and writing records and their twins, over both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import event

from syncer.model.records import LinkStatus
from syncer.state import StateError, Store
from tests.state.made import keep, link, record


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*args: object) -> None:
        sent.append(str(args[2]))

    event.listen(store._engine, "before_cursor_execute", note)
    yield sent
    event.remove(store._engine, "before_cursor_execute", note)


def selects(sent: list[str]) -> int:
    """How many of these statements ask for rows."""
    return sum(statement.lstrip().upper().startswith("SELECT") for statement in sent)


def test_a_second_put_replaces(store: Store) -> None:
    """Records and links are known by their id; the last word stands."""
    keep(store, [record("r1", title="Old")], [link("l1", "r1", "x")])
    moved = link("l1", "r1", "y", status=LinkStatus.GONE)
    keep(store, [record("r1", title="New")], [moved])

    assert "New" == store.records(["r1"])["r1"].value("title")
    assert {} == store.links("bakery", [("trello", "card", "x")])
    assert {moved.key: moved} == store.links("bakery", [moved.key])


def test_the_last_of_the_same_id_in_one_list_stands(store: Store) -> None:
    """A list may name a record twice."""
    keep(store, [record("r1", title="One"), record("r1", title="Two")])

    assert "Two" == store.records(["r1"])["r1"].value("title")


def test_a_vendor_thing_is_a_twin_of_one_record(store: Store) -> None:
    """A second link to the same card of a client is refused, and nothing of it is kept."""
    keep(store, [record("r1"), record("r2")], [link("l1", "r1", "x")])

    with pytest.raises(StateError):
        keep(store, [record("r3")], [link("l2", "r2", "x")])

    assert {} == store.records(["r3"])


def test_clients_that_share_a_board_are_apart(store: Store) -> None:
    """The same remote id may be a twin in two clients; each sees its own."""
    keep(
        store,
        [record("r1", "bakery"), record("r2", "outdoor")],
        [link("l1", "r1", "x"), link("l2", "r2", "x")],
    )
    key = ("trello", "card", "x")

    assert "l1" == store.links("bakery", [key])[key].id
    assert "l2" == store.links("outdoor", [key])[key].id
    assert {key: "r1"} == store.linked_records("bakery", [key, ("trello", "card", "y")])
    assert {key: "r2"} == store.linked_records("outdoor", [key])
    assert {("trello", "card"): 1} == store.link_counts("bakery")


def test_a_link_needs_its_record(store: Store) -> None:
    """A link to nothing is a fault that says which record is missing."""
    with pytest.raises(StateError, match="record 'r9', which is not stored"):
        keep(store, [], [link("l1", "r9")])


def test_a_link_moves_to_another_record_and_client(store: Store) -> None:
    """A twin that is matched anew keeps its link; the client is always the record's."""
    one = link("l1", "r1", "x")
    keep(store, [record("r1"), record("r2", "outdoor")], [one])
    keep(store, [], [replace(one, record="r2")])

    assert {} == store.links("bakery", [one.key])
    assert "r2" == store.links("outdoor", [one.key])[one.key].record


def test_links_of_records_are_told_for_each(store: Store) -> None:
    """A record without twins has an empty tuple; order does not depend on writing."""
    twins = [link("l2", "r1", "b"), link("l1", "r1", "a", connection="asana", object="task")]
    keep(store, [record("r1"), record("r2")], twins)

    found = store.links_of(["r2", "r1", "r1", "unknown"])

    assert ["l1", "l2"] == [one.id for one in found["r1"]]
    assert () == found["r2"] == found["unknown"]


def test_linked_ids_are_those_kept_in_step(store: Store) -> None:
    """Deleted, unlinked and archived twins are not missed by a listing; a container narrows it."""
    keep(
        store,
        [record("r1")],
        [
            link("l1", "r1", "a", container="board1"),
            link("l2", "r1", "b", container="board2"),
            link("l3", "r1", "c", container="board1", status=LinkStatus.GONE),
            link("l4", "r1", "d", container="board1", status=LinkStatus.UNLINKED),
            link("l5", "r1", "e", object="board"),
            link("l6", "r1", "f", object="board", existence="archived"),
        ],
    )

    assert {"e"} == store.linked_ids("bakery", "trello", "board")
    assert {"a", "b"} == store.linked_ids("bakery", "trello", "card")
    assert {"a"} == store.linked_ids("bakery", "trello", "card", "board1")
    assert set() == store.linked_ids("outdoor", "trello", "card")
    assert {("trello", "card"): 2, ("trello", "board"): 2} == store.link_counts("bakery")
    assert [4, 3] == [store.counted_links("bakery", "trello", most) for most in (9, 3)]
    assert 0 == store.counted_links("bakery", "asana", 9)


def test_what_is_to_be_done_is_found(store: Store) -> None:
    """Pending records, and those to verify a twin of, are found per client until they are done."""
    checked = link("l1", "r1", verify=frozenset({"due", "desc"}))
    keep(
        store,
        [record("r1", pending=True), record("r2"), record("r3", "outdoor", pending=True)],
        [checked, link("l2", "r2")],
    )

    assert ["r1"] == store.pending("bakery")
    assert {"r1"} == store.unverified("bakery")
    assert set() == store.unverified("outdoor")

    keep(store, [record("r1")], [replace(checked, verify=frozenset())])

    assert [] == store.pending("bakery")
    assert set() == store.unverified("bakery")


def test_records_without_a_twin_somewhere(store: Store) -> None:
    """A twin of any status counts: what was deleted is not made again."""
    keep(
        store,
        [record("r1"), record("r2"), record("r3"), record("p1", entity="project")],
        [
            link("l1", "r1"),
            link("l2", "r2", status=LinkStatus.GONE),
            link("l3", "r3", connection="asana"),
        ],
    )

    missing = store.records_missing_link("bakery", "task", "trello")

    assert ["r3"] == [one.id for one in missing]


def test_match_index_gives_whole_records(store: Store) -> None:
    """Records in which a match key has a value, with all their other fields."""
    named = record("r1", title="Bake", notes="n", project="p")
    keep(store, [named, record("r2", notes="n"), record("r3", title=None), record("r4", "x")])

    assert [named] == list(store.match_index("bakery", "task", ["title", "project"]))


def test_streams_go_on_while_others_write(store: Store) -> None:
    """A long walk over records neither blocks a write nor breaks by it, nor skips a page."""
    keep(store, [record(f"r{n:04}", title=str(n)) for n in range(1201)])
    seen = []

    for one in store.match_index("bakery", "task", ["title"]):
        if len(seen) % 300 == 0:
            keep(store, [replace(one, pending=True)])
        seen.append(one.id)

    assert sorted(f"r{n:04}" for n in range(1201)) == seen
    assert seen == store.record_ids("bakery", "task")
    assert 5 == len(store.pending("bakery"))


def test_reads_are_batched(store: Store) -> None:
    """A thousand records, with their links, cost a handful of queries, never one a record."""
    ids = [f"r{n:04}" for n in range(1000)]
    keep(store, [record(one) for one in ids], [link(f"l{one}", one) for one in ids])
    keys = [("trello", "card", f"l{one}") for one in ids]

    with counted(store) as sent:
        assert 1000 == len(store.records(ids))
        assert 1000 == len(store.links("bakery", keys))
        assert 1000 == len(store.links_of(ids))

    assert 6 == selects(sent)


def test_writes_are_batched(store: Store) -> None:
    """A thousand records and links are two statements, beside few looks for what is there.

    These are for the links' clients, and for what was agreed before: 500 of each at once.
    """
    ids = [f"r{n:04}" for n in range(1000)]

    with counted(store) as sent:
        keep(store, [record(one) for one in ids], [link(f"l{one}", one) for one in ids])

    assert 2 == sum(statement.startswith("INSERT") for statement in sent)
    assert 4 == selects(sent)


def test_what_is_done_is_not_pending(store: Store) -> None:
    """Records are marked as done in one statement, whatever else they hold."""
    ids = [f"r{n:04}" for n in range(300)]
    keep(store, [replace(record(one, title=one), pending=True) for one in ids])

    with counted(store) as sent, store.transaction() as tx:
        tx.settle([*ids[1:], "unknown"])
        tx.settle([])

    found = store.records(ids)
    assert [ids[0]] == [one.id for one in found.values() if one.pending]
    assert ids[1] == found[ids[1]].value("title")
    assert 1 == sum(statement.startswith("UPDATE") for statement in sent)


def test_nothing_costs_nothing(store: Store) -> None:
    """Empty questions are answered without a query."""
    with counted(store) as sent:
        assert {} == store.records([])
        assert {} == store.links("bakery", [])
        assert {} == store.links_of([])
        assert set() == store.known_keys("bakery", "trello", [])
        assert [] == store.intents_for("bakery", [])
        assert [] == store.proposals(records=[])

    assert 0 == selects(sent)


def test_a_forgotten_link_makes_room(store: Store) -> None:
    """After a link is dropped the record has no twin there, and the vendor thing is free."""
    keep(store, [record("r1"), record("r2")], [link("l1", "r1", "x"), link("l2", "r2", "y")])
    with store.transaction() as tx:
        tx.drop_links(["l1", "unknown"])

    assert ["r1"] == [one.id for one in store.records_missing_link("bakery", "task", "trello")]
    keep(store, [], [link("l3", "r2", "x")])
    assert ["l3", "l2"] == [one.id for one in store.links_of(["r2"])["r2"]]


def test_what_is_open_is_found_by_its_index(tmp_path: Path) -> None:
    """Few records and links wait for anything: they are found without a look at all others."""
    with Store.open(tmp_path / "state.db") as store:
        asked: list[tuple[str, Any]] = []

        @event.listens_for(store._engine, "before_cursor_execute")
        def note(*told: Any) -> None:
            asked.append((told[2], told[3]))

        store.pending("bakery")
        store.unverified("bakery")
        store.known_keys("bakery", "trello", ["a"])
        with store._engine.connect() as connection:
            plans = [
                connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()[0][3]
                for query, values in list(asked)
                if query.startswith("SELECT")
            ]

    indexes = [plan.split("INDEX ")[1].split()[0] for plan in plans]
    assert indexes == [
        "ix_records_client_pending",
        "ix_links_client_unverified",
        "ix_journal_client_key",
    ]
