"""What a cycle knows from its outset holds until it writes of the same, and no longer."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from syncer.state import ClientStore, Cycle, CycleStatus, Kept, Store, Transaction
from tests.state.made import NOON, at, parked

KEYS: Final = ("places", "owed")
_NUMBERS: Final = count()

Step = Callable[[Transaction, str, int], object]
STEPS: Final[dict[str, Step]] = {
    "a cursor": lambda tx, client, n: tx.put_cursors(client, "trello", {"main": {"since": n}}),
    "no cursor": lambda tx, client, _: tx.put_cursors(client, "trello", {"main": None}),
    "what was asked": lambda tx, client, n: tx.cache("trello", client, "people", [n], at(n)),
    "a value": lambda tx, _, n: tx.put_meta("places", n),
    "a value of before": lambda tx, _, n: tx.change_meta("owed", lambda old: [old, n][-1]),
    "parked": lambda tx, client, n: tx.park([parked(f"k{n % 3}", client=client)]),
    "freed": lambda tx, client, n: tx.unpark(client, [f"k{n % 3}"]),
    "something else": lambda tx, client, n: tx.touch_client(client, last_ok_at=at(n)),
}


def known(store: Store, client: str) -> list[Any]:
    """All that holds from the outset on."""
    cached = store.cached("trello", client, "people")
    metas = [store.meta(key) for key in KEYS]
    return [store.cursors(client, "trello"), cached, metas, store.parked(client)]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=8), before=st.integers(0, 8))
def test_a_cycle_reads_back_what_it_wrote(shared: Store, steps: list[str], before: int) -> None:
    """Whatever was there as it began and was written since, its answers are what is stored."""
    client = f"client{next(_NUMBERS)}"
    cycle = ClientStore(shared, client, KEYS)
    for number, name in enumerate(steps):
        used = shared if number < before else cycle
        with used.transaction() as transaction:
            STEPS[name](transaction, client, number)
        if number + 1 >= before:
            assert known(shared, client) == known(cycle, client)
    assert known(shared, client) == known(cycle, client)


@pytest.fixture
def asked(store: Store) -> list[str]:
    """Every statement but those that begin a transaction."""
    found: list[str] = []

    def told(*given: object) -> None:
        if not str(given[2]).startswith("BEGIN"):
            found.append(str(given[2]))

    event.listen(store._engine, "before_cursor_execute", told)
    return found


def test_what_was_not_written_is_not_asked_again(store: Store, asked: list[str]) -> None:
    """A cycle that wrote something asks nothing of what nobody but it may write."""
    with store.transaction() as transaction:
        for name in ("a cursor", "what was asked", "a value"):
            STEPS[name](transaction, "bakery", 1)
    cycle = ClientStore(store, "bakery", KEYS)
    before = known(cycle, "bakery")
    with cycle.transaction() as transaction:
        STEPS["something else"](transaction, "bakery", 2)
    asked.clear()
    assert before == known(cycle, "bakery")
    assert [] == asked


def test_a_write_that_failed_leaves_what_is_stored(store: Store) -> None:
    """What was not committed is not believed."""
    cycle = ClientStore(store, "bakery", KEYS)
    before = known(cycle, "bakery")
    with suppress(ZeroDivisionError), cycle.transaction() as transaction:
        for name in ("a cursor", "what was asked", "a value", "parked"):
            STEPS[name](transaction, "bakery", 1)
        raise ZeroDivisionError
    assert before == known(cycle, "bakery") == known(store, "bakery")


def polled(store: Store, kept: Kept) -> bool:
    """A cycle that ends in one commit; whether it found the client paused."""
    cycle = ClientStore(store, "bakery", KEYS, kept)
    found = cycle.client("bakery").paused_since is not None
    ended = Cycle("c1", "bakery", NOON, NOON, CycleStatus.DONE)
    with cycle.transaction() as transaction:
        transaction.finish_cycle(ended)
        transaction.touch_client("bakery", last_ok_at=NOON)
    cycle.ended(ended, NOON, None)
    return found


@pytest.mark.parametrize("commits", range(4))
def test_a_write_that_failed_hides_nothing_that_others_wrote(tmp_path: Path, commits: int) -> None:
    """A pause is seen by the next cycle, also where the write of another client failed before."""
    file, kept = tmp_path / "state.db", Kept()
    with Store.open(file) as store, Store.open(file) as elsewhere:
        for _ in range(commits):
            with elsewhere.transaction() as transaction:
                transaction.touch_client("outdoor")
            polled(store, kept)
        assert [False, False] == [polled(store, kept) for _ in range(2)]
        other = ClientStore(store, "outdoor")
        with suppress(ZeroDivisionError), other.transaction() as transaction:
            transaction.touch_client("outdoor")
            raise ZeroDivisionError
        with elsewhere.transaction() as transaction:
            transaction.pause("bakery", NOON)
        with other.transaction() as transaction:
            transaction.touch_client("outdoor")
        assert polled(store, kept)
