"""All of a transaction or nothing, whatever happens, over both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from syncer.model.records import Record
from syncer.state import StateError, Store
from tests.state.children import run, running
from tests.state.made import entry, keep, link, proposal, record

OPEN = """
import os, signal, sys
from syncer.state import StateError, Store
from tests.state.made import entry, keep, record
store = Store.open(sys.argv[1])
def die():
    os.kill(os.getpid(), signal.SIGKILL)
"""


def fail(store: Store, one: Record) -> None:
    """Write something, then fail."""
    with store.transaction() as tx:
        tx.put_records([one])
        tx.journal([entry("x")])
        raise ZeroDivisionError


def test_an_exception_keeps_nothing(store: Store) -> None:
    """What was written before it is gone; the next transaction works."""
    with pytest.raises(ZeroDivisionError):
        fail(store, record("r1"))

    assert {} == store.records(["r1"])
    assert [] == store.journal()

    keep(store, [record("r1")])

    assert {"r1"} == store.records(["r1"]).keys()


def test_a_refused_commit_stops_no_later_one(store: Store) -> None:
    """What only the commit finds wrong is dropped whole; the next transaction can begin."""
    with pytest.raises(StateError), store.transaction() as tx:
        tx.put_proposals([proposal("p1", "nobody")])

    keep(store, [record("r2")])

    assert [] == store.proposals()
    assert ["r2"] == store.record_ids("bakery", "task")


def test_a_read_sees_what_was_committed(store: Store) -> None:
    """Not what a transaction under way has written, from this thread or another."""
    with ThreadPoolExecutor() as threads, store.transaction() as tx:
        tx.put_records([record("r1")])

        assert {} == store.records(["r1"])
        assert {} == threads.submit(store.records, ["r1"]).result()


def test_transactions_do_not_nest(store: Store) -> None:
    """A second one in the same thread is a fault that is named, not a deadlock."""
    with (
        store.transaction(),
        pytest.raises(RuntimeError, match="do not nest"),
        store.transaction(),
    ):
        pass


def test_links_and_proposals_may_wait_for_the_end(store: Store) -> None:
    """What refers to a record is checked when the transaction ends."""
    with store.transaction() as tx:
        tx.put_proposals([proposal("p1", "r1")])
        tx.put_records([record("r1")])
        tx.put_links([link("l1", "r1")])

    assert ["p1"] == [one.id for one in store.proposals()]


def test_threads_take_turns(store: Store) -> None:
    """Clients that run side by side write into one store; each gets its turn."""

    def work(number: int) -> None:
        for turn in range(10):
            with store.transaction() as tx:
                tx.journal([entry(f"{number}.{turn}")])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))

    assert 80 == len(store.journal(limit=None))


def test_two_stores_write_at_once(place: str) -> None:
    """Two processes with the same state wait for each other and lose nothing."""

    def work(number: int) -> None:
        with Store.open(place) as store:
            for turn in range(10):
                with store.transaction() as tx:
                    tx.journal([entry(f"{number}.{turn}")])
                    tx.touch_client("bakery")
                assert store.journal(limit=1)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))

    with Store.open(place) as store:
        assert 40 == len({line.text for line in store.journal(limit=None)})


def test_a_write_waits_for_another(place: str) -> None:
    """A transaction that takes its time delays the other store's; it does not fail it."""
    with Store.open(place) as one, Store.open(place) as two:
        begun, done = threading.Event(), threading.Event()

        def other() -> None:
            begun.wait()
            keep(two, [record("r1", title="second")])
            done.set()

        with ThreadPoolExecutor() as threads:
            with one.transaction() as tx:
                tx.put_records([record("r1", title="first")])
                waiting = threads.submit(other)
                begun.set()
                assert not done.wait(0.2)
            waiting.result()

        assert "second" == one.records(["r1"])["r1"].value("title")


def test_the_boundary_is_told_around_each_commit(store: Store) -> None:
    """Before it nothing is kept yet, after it everything; a failed transaction has neither."""
    seen: list[bool] = []
    store.boundary = lambda moment: seen.append(bool(store.records(["r1"])))
    keep(store, [record("r1")])
    with pytest.raises(ZeroDivisionError), store.transaction():
        raise ZeroDivisionError

    assert [False, True] == seen


def test_killed_in_the_middle_loses_only_that(place: str) -> None:
    """A process killed while it writes loses that transaction and no earlier one."""
    code = OPEN + (
        "keep(store, [record('r1')])\n"
        "context = store.transaction()\n"
        "tx = context.__enter__()\n"
        "tx.put_records([record(f'x{n}') for n in range(2000)])\n"
        "tx.journal([entry('lost')])\n"
    )
    with running(code, place):
        pass

    with Store.open(place) as store:
        assert ["r1"] == store.record_ids("bakery", "task")
        assert [] == store.journal()
        keep(store, [record("r2")])


@pytest.mark.parametrize(("call", "kept"), [(1, False), (2, True)])
def test_killed_around_the_commit(place: str, call: int, kept: bool) -> None:
    """Right before the commit nothing is kept, right after it everything."""
    code = OPEN + (
        "calls = []\n"
        "def boundary(moment):\n"
        "    calls.append(moment)\n"
        f"    if len(calls) == {call}: die()\n"
        "store.boundary = boundary\n"
        "keep(store, [record('r1'), record('r2')])\n"
    )
    assert -9 == run(code, place)

    with Store.open(place) as store:
        assert (["r1", "r2"] if kept else []) == store.record_ids("bakery", "task")
