"""What happened and how far we got, over both databases."""

import pytest
from msgspec.structs import replace

from syncer.model.records import IntentStatus
from syncer.state import ALL_CLIENTS, ClientState, Cycle, CycleStatus, Store
from tests.state.made import NOON, at, entry, intent


def test_a_change_is_journalled_once(store: Store) -> None:
    """The same change from feed and history, in one list or two cycles, is one line."""
    change = entry("first", connection="trello", key="a1", field="due")
    others = [
        replace(change, field="desc"),
        replace(change, field=None),
        replace(change, connection="asana"),
        replace(change, client="outdoor"),
    ]
    with store.transaction() as tx:
        tx.journal([change, replace(change, text="again"), *others])
    with store.transaction() as tx:
        tx.journal([replace(change, text="later", at=at(5)), replace(change, field=None)])

    assert {"first"} == {line.text for line in store.journal()}
    assert 5 == len(store.journal())


def test_what_has_no_key_is_journalled_each_time(store: Store) -> None:
    """Our own lines have no vendor's key and are never taken for repetitions."""
    with store.transaction() as tx:
        tx.journal([entry("same"), entry("same")])

    assert 2 == len(store.journal("bakery"))


def test_known_keys_are_those_of_the_connection(store: Store) -> None:
    """A key counts as known for its client and connection, for whatever field."""
    with store.transaction() as tx:
        tx.journal([entry(connection="trello", key="a1", field="due")])

    assert {"a1"} == store.known_keys("bakery", "trello", ["a1", "a2"])
    assert set() == store.known_keys("bakery", "asana", ["a1"])
    assert set() == store.known_keys("outdoor", "trello", ["a1"])


def test_the_journal_is_read_newest_first(store: Store) -> None:
    """By the time of the event, not of its arrival; filters and limit narrow it."""
    with store.transaction() as tx:
        tx.journal(
            [
                entry("b", at=at(2), record="r1", field="due"),
                entry("c", at=at(3), record="r1", field="desc"),
                entry("a", at=at(1), record="r1", field="due"),
                entry("d", at=at(4), record="r2", field="due", client="outdoor"),
            ]
        )

    assert "dcba" == "".join(line.text for line in store.journal())
    assert "ba" == "".join(line.text for line in store.journal(record="r1", field="due"))
    assert "cb" == "".join(line.text for line in store.journal("bakery", limit=2))


LINE = entry(
    "Honey & Rye wants Brötchen für 東京 (www.honeyandrye.example)",
    field="deadline",
    editor="maya",
    old="2026-03-31",
    new={"on": "2026-04-02"},
)


@pytest.fixture(scope="module")
def searchable(shared: Store) -> Store:
    """A journal of two lines."""
    with shared.transaction() as tx:
        tx.journal([LINE, entry("something else")])
    return shared


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("honey", True),
        ("RYE honey", True),
        ("honeyandrye", True),
        ("honeyandrye.example", True),
        ("2026-04", True),
        ("bröt", True),
        ("東京", True),
        ("deadline", True),
        ("maya", True),
        ("honey butter", False),
        ("andrye", False),
        ('" OR 1=1 --', False),
        ("NEAR(", False),
        ("!!!", False),
        ("a'b:c%s", False),
    ],
)
def test_the_journal_is_searched_by_words(searchable: Store, wanted: str, found: bool) -> None:
    """All words must be there, or words that begin so; signs and operators mean nothing."""
    assert ([LINE] if found else []) == searchable.journal(search=wanted)


def test_very_long_texts_can_be_journalled(store: Store) -> None:
    """A megabyte of brief is kept and found, whatever limit the text index has."""
    words = " ".join(f"word{n}" for n in range(150_000))
    with store.transaction() as tx:
        tx.journal([entry("first " + words)])

    [line] = store.journal(search="word77 first")

    assert words in line.text


def test_intents_are_found_until_they_are_answered(store: Store) -> None:
    """Those sent without an answer come back after a crash, oldest first."""
    late, early = intent("i1", created_at=at(2)), intent("i2", created_at=at(1))
    other = intent("i3", connection="asana")
    with store.transaction() as tx:
        tx.put_intents([late, early, other, intent("i4", client="outdoor")])
    done = replace(late, status=IntentStatus.DONE, done_at=at(3), remote_id="new", got={"name": 1})
    with store.transaction() as tx:
        tx.finish_intents([done])

    assert [other, early] == store.intents("bakery")
    assert [early] == store.intents("bakery", connection="trello")
    assert [done] == store.intents("bakery", [IntentStatus.DONE, IntentStatus.FAILED])


def test_own_writes_of_vendor_things_are_found(store: Store) -> None:
    """Made or answered since a time, or still open, of exactly these things."""
    sent = intent("sent", "x", created_at=at(-50))
    old = intent("old", "x", created_at=at(-9), done_at=at(-8), status=IntentStatus.DONE)
    slow = intent("slow", "x", created_at=at(-9), done_at=at(1), status=IntentStatus.DONE)
    new = intent("new", "y", created_at=NOON, status=IntentStatus.FAILED)
    elsewhere = intent("elsewhere", "x", object="board")
    with store.transaction() as tx:
        tx.put_intents([new, slow, old, sent, elsewhere])
    keys = [("trello", "card", "x"), ("trello", "card", "y")]

    assert [sent, slow, new] == store.intents_for("bakery", keys, NOON)
    assert [sent, old, slow, new] == store.intents_for("bakery", keys)
    assert [sent, slow] == store.intents_for("bakery", keys[:1], NOON)


def test_answered_intents_can_be_forgotten(store: Store) -> None:
    """Only those that ended before the time; an unanswered one is never forgotten."""
    ended = intent("i1", created_at=at(-9), done_at=at(-8), status=IntentStatus.DONE)
    fresh = intent("i2", created_at=at(-9), done_at=at(8), status=IntentStatus.DONE)
    unanswered = intent("i3", created_at=at(-99))
    with store.transaction() as tx:
        tx.put_intents([ended, fresh, unanswered])
        tx.drop_intents("bakery", NOON)

    assert [unanswered, fresh] == store.intents("bakery", list(IntentStatus))


def test_cursors_are_kept_per_feed(store: Store) -> None:
    """Setting some leaves the others; None forgets one."""
    with store.transaction() as tx:
        tx.put_cursors("bakery", "trello", {"b1": {"since": "1"}, "b2": {"since": "1"}})
        tx.put_cursors("bakery", "asana", {"b1": {"sync": "x"}})
    with store.transaction() as tx:
        tx.put_cursors("bakery", "trello", {"b1": {"since": "2"}, "b2": None, "b3": {}})

    assert {"b1": {"since": "2"}, "b3": {}} == store.cursors("bakery", "trello")
    assert {"b1": {"sync": "x"}} == store.cursors("bakery", "asana")
    assert {} == store.cursors("outdoor", "trello")


def test_the_cache_is_replaced(store: Store) -> None:
    """One entry per connection, client and kind, with the time it was read."""
    with store.transaction() as tx:
        tx.cache("trello", "bakery", "people", [1], NOON)
        tx.cache("trello", "bakery", "people", [2], at(1))

    assert ([2], at(1)) == store.cached("trello", "bakery", "people")
    assert store.cached("trello", "bakery", "definitions") is None


def test_meta_keeps_anything(store: Store) -> None:
    """Values about the whole installation."""
    assert store.meta("fingerprint") is None
    for value in ({"a": 1}, None):
        with store.transaction() as tx:
            tx.put_meta("fingerprint", value)

        assert value == store.meta("fingerprint")


def test_a_cycle_that_never_ended_was_killed(store: Store) -> None:
    """The next cycle of that client says so; other clients are not concerned."""
    first, other = Cycle("c1", "bakery", at(0)), Cycle("c2", "outdoor", at(1))
    second = Cycle("c3", "bakery", at(2), full=True)
    done = replace(second, finished_at=at(3), status=CycleStatus.DONE, counts={"pulled": 7})
    with store.transaction() as tx:
        tx.start_cycle(first)
        tx.start_cycle(other)
        tx.start_cycle(second)
        tx.finish_cycle(done)

    killed = replace(first, status=CycleStatus.KILLED)
    assert [done, other, killed] == store.cycles()
    assert [done] == store.cycles("bakery", limit=1)
    assert {"bakery": done, "outdoor": other} == store.last_cycles()


def test_touching_a_client_sets_only_what_is_given(store: Store) -> None:
    """Times that are not given stay."""
    assert ClientState("bakery") == store.client("bakery")
    with store.transaction() as tx:
        tx.touch_client("bakery")
        tx.touch_client("bakery", last_ok_at=at(1))
        tx.touch_client("bakery", last_full_at=at(2))
        tx.touch_client("bakery")

    assert ClientState("bakery", None, at(1), at(2)) == store.client("bakery")
    assert [store.client("bakery")] == store.clients()


def test_pausing_one_or_all(store: Store) -> None:
    """A pause of all holds for every client, also for new ones; resuming ends just that."""
    with store.transaction() as tx:
        tx.touch_client("bakery", last_ok_at=NOON)
        tx.pause("bakery", at(2))
        tx.pause(ALL_CLIENTS, at(1))

    assert at(1) == store.paused("bakery") == store.paused("new")
    assert ["bakery"] == [client.key for client in store.clients()]

    with store.transaction() as tx:
        tx.resume(ALL_CLIENTS)

    assert at(2) == store.paused("bakery")
    assert store.paused("new") is None

    with store.transaction() as tx:
        tx.resume("bakery")
        tx.resume("never paused")

    assert store.paused("bakery") is None
    assert NOON == store.client("bakery").last_ok_at


def test_an_answer_that_is_what_was_asked_for_is_kept_once(store: Store) -> None:
    """Answers come back to the letter: also those that only look alike, and the vendor's own."""
    long = "a long text " * 50
    asked = {"name": long, "n": 1, "flag": True, "list": ["a"], "none": None}
    got = {"name": long, "n": 1.0, "flag": True, "list": ["a"], "none": None, "own": None}
    done = intent("i1", fields=asked, got=got, done_at=at(1), status=IntentStatus.DONE)
    with store.transaction() as tx:
        tx.put_intents([done])

    [found] = store.intents("bakery", [IntentStatus.DONE])

    assert repr(got) == repr({name: found.got[name] for name in got})
    assert got.keys() == found.got.keys()
    with store._engine.connect() as connection:
        [text] = connection.exec_driver_sql("SELECT got FROM intents").scalars()
    assert long not in text
