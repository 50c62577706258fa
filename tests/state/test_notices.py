"""What people are told, over both databases: once, and where it stands is known."""

import sqlite3
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import event

from syncer.model.comments import Thread
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.state import Store
from tests.state import strategies as some
from tests.state.made import NOON, at, notice, posting

ALL = tuple(NoticeStatus)


def put(store: Store, *items: Notice | Posting) -> None:
    """Keep notices and postings."""
    with store.transaction() as tx:
        tx.notify(item for item in items if isinstance(item, Notice))
        tx.put_postings(item for item in items if isinstance(item, Posting))


def test_notices_are_listed_oldest_first(store: Store) -> None:
    """Those that wait, unless said otherwise; of one client, proposal or record where asked."""
    second = notice("n1", created_at=at(2), proposal="p1")
    first = notice("n2", created_at=at(1), record="r2", urgent=True, not_before=at(9))
    told = notice("n3", created_at=at(0), status=NoticeStatus.TOLD, proposal="p1")
    foreign = notice("n4", created_at=at(3), client="outdoor", record=None)
    put(store, second, told, foreign, first)

    assert [first, second] == store.notices("bakery")
    assert [first, second, foreign] == store.notices(None)
    assert [first] == store.notices(None, limit=1)
    assert [told] == store.notices("bakery", [NoticeStatus.TOLD])
    assert [told, second] == store.notices(None, ALL, proposal="p1")
    assert [first] == store.notices("bakery", ALL, record="r2")
    assert [] == store.notices("bakery", [])
    assert {"n1": second, "n4": foreign} == store.notices_by_id(["n4", "n1", "n9"])


def test_a_thing_is_told_once(store: Store) -> None:
    """The same notice made again changes nothing, however it stands by now."""
    put(store, notice("n1"))
    told = notice("n1", status=NoticeStatus.TOLD, told_at=at(5), ref="k7f3q2")
    with store.transaction() as tx:
        tx.put_notices([told])

    put(store, notice("n1", facts={"old": "later"}), notice("n1", to="anna"))

    assert [told] == store.notices("bakery", ALL)


def test_what_became_of_a_notice_is_kept(store: Store) -> None:
    """Its status, times, reason and posting; what it says stays as it was made."""
    made = notice("n1", facts={"who": "Anna"}, proposal="p1", version=2)
    outcome = {"why": "quiet hours", "not_before": at(3), "ref": "k7f3q2", "told_at": at(4)}
    put(store, made)
    with store.transaction() as tx:
        tx.put_notices([replace(made, facts={}, to=None, version=9, **outcome)])

    assert [replace(made, **outcome)] == store.notices("bakery")


def test_a_posting_is_replaced_by_its_ref(store: Store) -> None:
    """What it asks about as well: proposals that it does not name any more are forgotten."""
    sent = posting("k7f3q2", proposals=(("p1", 1), ("p2", 1)), notices=("n1", "n2"))
    done = replace(
        sent,
        proposals=(("p1", 2),),
        status=PostStatus.DONE,
        comment="c9",
        told_at=at(1),
    )
    put(store, sent, posting("z1", client="outdoor"))

    assert [sent] == store.postings("bakery")
    assert [] == store.postings_about("bakery", ["p1"])  # it may not stand there

    put(store, done)

    assert [] == store.postings("bakery")
    assert [done] == store.postings("bakery", [PostStatus.DONE])
    assert [done] == store.postings_about("bakery", ["p1", "p9"])
    assert [] == store.postings_about("bakery", ["p2"])
    assert [] == store.postings_about("outdoor", ["p1"])


def test_postings_about_proposals(store: Store) -> None:
    """Each once, oldest first, however many of its proposals are asked for."""
    given = {"status": PostStatus.DONE, "told_at": NOON}
    both = posting("b", created_at=at(1), proposals=(("p2", 1), ("p1", 3)), **given)
    to_do = posting("a", created_at=at(2), proposals=(("p1", 3),), to_do=True, **given)
    put(store, to_do, both, posting("c", proposals=(("p3", 1),), **given))

    assert [both, to_do] == store.postings_about("bakery", ["p1", "p2"])
    assert [both] == store.postings_about("bakery", ["p2"])
    assert [] == store.postings_about("bakery", [])


def test_many_postings_at_once(store: Store) -> None:
    """More than fit into one question to the database."""
    many = [posting(f"r{n:04}", proposals=((f"p{n}", n),)) for n in range(1100)]
    put(store, *many)
    put(store, *many)

    assert many == store.postings("bakery")


def test_comments_are_counted_by_person(store: Store) -> None:
    """What stands there since a moment, of all clients; no to-do, nothing that failed."""
    done = {"status": PostStatus.DONE, "told_at": at(5)}
    put(
        store,
        posting("a", **done),
        posting("b", **(done | {"told_at": at(4)}), to=("anna", "tom")),
        posting("c", **(done | {"told_at": None}), done_at=at(5), client="outdoor"),
        posting("d", **(done | {"to_do": True})),
        posting("e", **(done | {"status": PostStatus.SENT})),
        posting("f", **(done | {"status": PostStatus.FAILED})),
        posting("g", **(done | {"told_at": at(1)}), done_at=at(5)),
        posting("h", **(done | {"told_at": None}), done_at=at(1)),
        posting("i", **done, to=("tommy", "to")),
    )

    assert 3 == store.comments_told("tom", at(4))
    assert 2 == store.comments_told("tom", at(5))
    assert 1 == store.comments_told("anna", at(2))
    assert 0 == store.comments_told("eve", at(0))


@pytest.mark.parametrize("ask", ["told", "about", "waiting", "number"])
def test_no_question_reads_everything(tmp_path: Path, ask: str) -> None:
    """What each cycle asks is found by an index, however much was told in the past."""
    plans: list[str] = []

    def explain(_: object, cursor: object, statement: str, given: Any, *more: object) -> None:
        if isinstance(cursor, sqlite3.Cursor) and statement.startswith("SELECT"):
            driver = cursor.connection
            lines = driver.execute(f"EXPLAIN QUERY PLAN {statement}", given).fetchall()
            plans.extend(line[-1] for line in lines)

    with Store.open(tmp_path / "state.db") as store:
        put(store, posting("a", proposals=(("p1", 1),), status=PostStatus.DONE, told_at=NOON))
        event.listen(store._engine, "before_cursor_execute", explain)
        questions = {
            "told": lambda: store.comments_told("tom", at(0)),
            "about": lambda: store.postings_about("bakery", ["p1"]),
            "waiting": lambda: store.notices(None),
            "number": lambda: store.proposals_meant("P3KX9Q"),
        }
        questions[ask]()

    assert any("USING INDEX" in plan or "USING COVERING INDEX" in plan for plan in plans)
    if ask != "number":  # what is no number may be the beginning of an id
        assert not [plan for plan in plans if plan.startswith("SCAN")]


def test_rooms_are_kept_by_place(store: Store) -> None:
    """One for a board or project of a client; a new one takes the old one's place."""
    first, second = Thread("card", "c1", "board1"), Thread("card", "c2", "board1")
    with store.transaction() as tx:
        tx.put_room("bakery", "trello", "board1", first)
        tx.put_room("bakery", "asana", "77", Thread("task", "t1"))
        tx.put_room("outdoor", "trello", "board1", first)
        tx.put_room("bakery", "trello", "board2", Thread("card", "c3", "board3"))
    with store.transaction() as tx:
        tx.put_room("bakery", "trello", "board1", second)
        tx.drop_room("bakery", "trello", "board2")
        tx.drop_room("bakery", "trello", "unknown")

    assert {"board1": second} == store.rooms("bakery", "trello")
    assert {"77": Thread("task", "t1")} == store.rooms("bakery", "asana")
    assert {"board1": first} == store.rooms("outdoor", "trello")


def test_nothing_is_kept_of_a_failed_transaction(store: Store) -> None:
    """Verdicts and what is to be told of them are one commit: both, or neither."""

    def fail() -> None:
        with store.transaction() as tx:
            tx.notify([notice("n1")])
            tx.put_postings([posting("a", proposals=(("p1", 1),))])
            tx.put_room("bakery", "trello", "board1", Thread("card", "c1"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert [] == store.notices(None, ALL)
    assert [] == store.postings("bakery", list(PostStatus))
    assert {} == store.rooms("bakery", "trello")


def test_other_tools_read_what_was_told(tmp_path: Path) -> None:
    """Datasette and its kin see people, places and times as plain columns."""
    with Store.open(tmp_path / "state.db") as store:
        put(
            store,
            notice("n1", at="trello", facts={"who": "Anna", "new": "2026-12-03"}),
            posting("k7f3q2", proposals=(("p1", 2),), notices=("n1",)),
        )

    with sqlite3.connect(tmp_path / "state.db") as connection:
        database = sqlite_utils.Database(connection, execute_plugins=False)
        (told,) = database.query("SELECT person, connection, kind, created_at, urgent FROM notices")
        (stands,) = database.query("SELECT object, thread, container, people FROM postings")
        (asked,) = database.table("posting_proposals").rows

    assert ("tom", "trello", "ask", "2026-03-01T12:00:00.000000Z", 0) == tuple(told.values())
    assert ("card", "card1", "board1", '["tom"]') == tuple(stands.values())
    assert ("k7f3q2", 0, "bakery", "p1", 2) == tuple(asked.values())
    assert NoticeKind.ASK == told["kind"]


@some.FEW
@given(some.notices)
def test_any_notice(shared: Store, notice: Notice) -> None:
    """Any facts and texts, for anybody, also about nothing that is stored."""
    notice = replace(notice, id=uuid.uuid4().hex, client=uuid.uuid4().hex)
    put(shared, notice)
    assert {notice.id: notice} == shared.notices_by_id([notice.id])

    ended = replace(notice, status=NoticeStatus.DROPPED, why="over")
    with shared.transaction() as tx:
        tx.put_notices([ended])
    assert [ended] == shared.notices(notice.client, ALL)


@some.FEW
@given(some.postings, st.data())
def test_any_posting(shared: Store, posting: Posting, data: st.DataObject) -> None:
    """Any place, people, notices and proposals; the same proposal may be asked about twice."""
    client = uuid.uuid4().hex
    posting = replace(posting, ref=uuid.uuid4().hex, client=client)
    put(shared, posting)
    assert [posting] == shared.postings(client, list(PostStatus))

    later = data.draw(some.postings)
    later = replace(later, ref=posting.ref, client=client, status=PostStatus.DONE)
    put(shared, later)
    assert [later] == shared.postings(client, list(PostStatus))
    asked = [proposal for proposal, _ in later.proposals]
    assert ([later] if asked else []) == shared.postings_about(client, asked)


@some.FEW
@given(some.texts, some.texts, some.threads)
def test_any_room(shared: Store, connection: str, container: str, thread: Thread) -> None:
    """Any place and item."""
    client = uuid.uuid4().hex
    with shared.transaction() as tx:
        tx.put_room(client, connection, container, thread)
    assert {container: thread} == shared.rooms(client, connection)

    with shared.transaction() as tx:
        tx.drop_room(client, connection, container)
    assert {} == shared.rooms(client, connection)
