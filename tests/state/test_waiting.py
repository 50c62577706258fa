"""Proposals, holds and parked work, and how clients fare, over both databases."""

import pytest
from msgspec.structs import replace

from syncer.model.records import LinkStatus, ProposalStatus
from syncer.state import ALL_CLIENTS, Cycle, StateError, Store
from syncer.state.health import health, in_step_at, last_ok
from tests.state.made import NOON, at, hold, intent, keep, link, parked, proposal, record


def test_proposals_are_listed_oldest_first(store: Store) -> None:
    """Open ones by default; of one client and of some records where asked."""
    first = proposal("p1", "r1", opened_at=at(1))
    second = proposal("p2", "r2", opened_at=at(2))
    other = proposal("p3", "r3", opened_at=at(3), client="outdoor")
    closed = proposal("p4", "r1", opened_at=at(0), status=ProposalStatus.DECLINED)
    keep(store, [record("r1"), record("r2"), record("r3", "outdoor")])
    with store.transaction() as tx:
        tx.put_proposals([other, second, closed, first])

    assert [first, second, other] == store.proposals()
    assert [first, second] == store.proposals("bakery")
    assert [first] == store.proposals("bakery", ["r1"])
    assert [closed, first] == store.proposals(records=["r1"], open_only=False)
    assert closed == store.proposal("p4")
    assert store.proposal("p9") is None


def test_a_proposal_is_found_by_what_people_type(store: Store) -> None:
    """Its id, its number in any case, or the beginning of its id; open ones are meant first."""
    closed = proposal("01A", opened_at=at(1), status=ProposalStatus.DECLINED)
    first = proposal("01AB", opened_at=at(3))
    second = proposal("01AC", "r2", opened_at=at(2), client="outdoor")
    keep(store, [record("r1"), record("r2", "outdoor")])
    with store.transaction() as tx:
        tx.put_proposals([closed, first, second])

    assert [closed] == store.proposals_meant("01A")
    assert [second, first] == store.proposals_meant("01")
    assert [first] == store.proposals_meant("01", "bakery")
    assert [first] == store.proposals_meant(first.number)
    assert [closed] == store.proposals_meant(f" {closed.number.lower()} ")
    for nothing in ("", "01D", "%", second.number[:3]):
        assert [] == store.proposals_meant(nothing)


def test_one_open_proposal_per_record_field_and_proposer(store: Store) -> None:
    """A second one is refused by the database itself; a closed one makes room."""
    keep(store, [record("r1")])
    with store.transaction() as tx:
        tx.put_proposals([proposal("p1"), proposal("p2", proposer="ben")])
        tx.put_proposals([proposal("p3", field="notes")])
    with pytest.raises(StateError), store.transaction() as tx:
        tx.put_proposals([proposal("p4")])

    ended = proposal("p1", status=ProposalStatus.SUPERSEDED)
    with store.transaction() as tx:
        tx.put_proposals([proposal("p4"), ended])

    assert {"p2", "p3", "p4"} == {one.id for one in store.proposals()}


def test_a_proposal_needs_its_record(store: Store) -> None:
    """A proposal about nothing is refused when the transaction ends."""
    with pytest.raises(StateError), store.transaction() as tx:
        tx.put_proposals([proposal("p1", "nobody")])


def test_a_hold_keeps_its_first_time(store: Store) -> None:
    """It is listed once for as long as it lasts, with its latest reason."""
    with store.transaction() as tx:
        tx.put_holds([hold("k", since=NOON), hold("k", client="outdoor", since=NOON)])
        tx.put_holds([hold("k", since=at(9), reason="three", candidates=("a", "b"))])

    latest = hold("k", since=NOON, reason="three", candidates=("a", "b"))
    assert [latest] == store.holds("bakery")
    assert 2 == len(store.holds())

    with store.transaction() as tx:
        tx.drop_holds("bakery", ["k", "unknown"])

    assert [] == store.holds("bakery")
    assert ["outdoor"] == [one.client for one in store.holds()]


def test_parked_work_is_listed_by_when_it_is_due(store: Store) -> None:
    """Parking again replaces; unparking removes it from that client only."""
    soon, later = parked("a", next_try=at(1)), parked("b", next_try=at(2))
    with store.transaction() as tx:
        tx.park([later, soon, parked("a", client="outdoor")])
        tx.park([replace(soon, attempts=2, next_try=at(3))])

    assert [later, replace(soon, attempts=2, next_try=at(3))] == store.parked("bakery")

    with store.transaction() as tx:
        tx.unpark("bakery", ["a", "b"])

    assert ["outdoor"] == [one.client for one in store.parked()]


def test_health_counts_what_matters(store: Store) -> None:
    """One line per client that anything is known of, paused by itself or with all."""
    cycle = Cycle("c1", "bakery", NOON)
    keep(
        store,
        [record("r1", pending=True), record("r2"), record("r3", "outdoor")],
        [link("l1", "r1"), link("l2", "r2", status=LinkStatus.GONE)],
    )
    with store.transaction() as tx:
        tx.touch_client("bakery", last_ok_at=at(1), last_full_at=at(2))
        tx.touch_client("quiet")
        tx.start_cycle(cycle)
        tx.put_proposals([proposal("p1"), proposal("p2", "r2", status=ProposalStatus.LAPSED)])
        tx.put_holds([hold("h")])
        tx.park([parked("a"), parked("b")])
        tx.put_intents([intent("i1")])
        tx.pause(ALL_CLIENTS, at(5))
        tx.pause("outdoor", at(4))

    bakery, outdoor, quiet = health(store)

    assert ("bakery", 2, 1, 1, 1, 1, 2, 1) == (
        *(bakery.client, bakery.records, bakery.pending, bakery.twins, bakery.proposals),
        *(bakery.holds, bakery.parked, bakery.unanswered),
    )
    assert (at(5), cycle, at(1), at(2)) == (
        *(bakery.paused_since, bakery.last_cycle),
        *(bakery.last_ok_at, bakery.last_full_at),
    )
    assert ("outdoor", 1, at(4), None) == (
        *(outdoor.client, outdoor.records, outdoor.paused_since, outdoor.last_cycle),
    )
    assert ("quiet", 0) == (quiet.client, quiet.records)
    assert at(1) == last_ok(store, "bakery") == in_step_at(store, "bakery") == bakery.in_step_at
    assert last_ok(store, "outdoor") is None


def test_a_client_that_never_was_in_step_counts_from_its_first_cycle(store: Store) -> None:
    """Not from its last: a client whose every cycle fails grows old."""
    with store.transaction() as tx:
        tx.touch_client("new")
        tx.touch_client("idle")
        for number in (3, 1, 2):
            tx.start_cycle(Cycle(f"c{number}", "new", at(number)))

    idle, new = health(store)

    assert (at(1), at(1), at(1)) == (new.known_since, new.in_step_at, in_step_at(store, "new"))
    assert (None, None) == (idle.in_step_at, in_step_at(store, "idle"))


def test_the_oldest_that_waits(store: Store) -> None:
    """By client and kind; what is closed, or has no time, does not count."""
    keep(store, [record("r1"), record("r2")], [])
    with store.transaction() as tx:
        tx.start_cycle(Cycle("c1", "bakery", NOON))
        tx.put_proposals([proposal("p1"), proposal("p2", "r2", status=ProposalStatus.LAPSED)])
        tx.park([parked("a"), replace(parked("b"), since=at(9))])

    assert {
        ("bakery", "parked"): min(parked("a").since, at(9)),
        ("bakery", "proposal"): proposal("p1").opened_at,
    } == store.oldest_waiting()
    assert {("bakery", "running"): 1} == store.cycles_by_status()
