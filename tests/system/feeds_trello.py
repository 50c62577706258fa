"""How Trello's feed fails: a thousand actions, late, lost and unlisted ones, times that stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from adapters.trello.sandbox import changes
from syncer.model.remote import Raw
from tests.system.feeds import CLIENT, PROJECT, Feeds, way

UNKNOWN = "somebody unknown"
DAY, DUE = "2027-03-04", "2027-03-04T17:00:00.000Z"


@contextmanager
def tuned(feeds: Feeds, **how: Any) -> Iterator[None]:
    """The stand-in behaves so for a while."""
    tuning = feeds.box("trello").tuning
    before = {name: getattr(tuning, name) for name in how}
    for name, value in how.items():
        setattr(tuning, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(tuning, name, value)


def due(feeds: Feeds, title: str, who: str = "maya", at: Raw = DUE) -> None:
    """Somebody sets a card's due date."""
    feeds.call("trello", who, "PUT", f"/cards/{feeds.id('trello', title)}", {"due": at})


def hours(feeds: Feeds, title: str, who: str, number: str) -> None:
    """Somebody sets a card's custom field."""
    card = feeds.id("trello", title)
    field = next(f["id"] for f in feeds.box("trello").store.fields.values() if f["name"] == "Hours")
    body = {"value": {"number": number}}
    feeds.call("trello", who, "PUT", f"/cards/{card}/customField/{field}/item", body)


@way("trello", "more than 1,000 actions between two polls", "3.1 and 5.1")
def many_actions(feeds: Feeds) -> None:
    """The oldest of eleven hundred actions counts as if it were the only one."""
    title, busy = feeds.task(), feeds.task()
    feeds.later(minutes=20)
    feeds.cycle()
    due(feeds, title)
    box = feeds.box("trello")
    card, anna = box.store.cards[feeds.id("trello", busy)], box.users["anna"].id
    for number in range(1100):
        changes.change(box.store, anna, card, "pos", 7000.5 + number)
    feeds.forget()
    feeds.cycle()
    board = feeds.id("trello", PROJECT, "project")
    asked = [path for _, path in feeds.requests("trello") if path.startswith(f"/1/boards/{board}")]
    assert asked == [f"/1/boards/{board}", f"/1/boards/{board}/actions"]
    feeds.in_step(title, trello=("due", DUE), asana=("due", DAY))
    assert feeds.told(title, "deadline") == [("maya", "taken")]
    feeds.later(minutes=20)
    feeds.settle()


@way("trello", "actions that come late", "3.1: overlap")
def late_actions(feeds: Feeds) -> None:
    """The card shows an edit before its action is listed: nobody is blamed for it, nothing lost."""
    title = feeds.task()
    feeds.cycle()
    with tuned(feeds, delay=timedelta(minutes=10)):
        due(feeds, title)
        feeds.cycle()
        feeds.later(minutes=11)
        feeds.cycle()
        assert feeds.told(title, "deadline")[-1] == ("maya", "taken")
        feeds.cycle()
        feeds.in_step(title, trello=("due", DUE), asana=("due", DAY))
        assert feeds.store.proposals(CLIENT, [feeds.record(CLIENT, title)[0].id]) == []
        feeds.settle()


@way("trello", "actions later than any overlap of a poll", "3.1: one day is read again")
def very_late_actions(feeds: Feeds) -> None:
    """What is listed hours later is found by the full compare, and judged as that person's."""
    title = feeds.task()
    feeds.cycle()
    with tuned(feeds, delay=timedelta(hours=2)):
        due(feeds, title)
        feeds.cycle()
        feeds.later(hours=1)
        feeds.cycle()
        feeds.later(hours=2)
        feeds.cycle()
        feeds.cycle(full=True)
        assert feeds.told(title, "deadline")[-1] == ("maya", "taken")
        feeds.in_step(title, trello=("due", DUE), asana=("due", DAY))
        feeds.settle()


@way("trello", "an action that is never listed", "5: bumped without a listable action")
def lost_action(feeds: Feeds) -> None:
    """A due date that no action explains is nobody's: held, journalled, and all are in step."""
    title = feeds.task()
    feeds.cycle()
    with tuned(feeds, losing=True):
        due(feeds, title)
    feeds.cycle()
    assert feeds.told(title, "deadline") == []
    feeds.in_step(title, trello=("due", DUE))
    feeds.cycle()
    assert feeds.told(title, "deadline") == [(UNKNOWN, "proposed")]
    feeds.settle()


@way("trello", "labels that move no time", "16: dateLastActivity, 6.2: no author")
def still_labels(feeds: Feeds) -> None:
    """No poll can see them; the full compare does, and says that nobody is named."""
    title = feeds.task()
    board = feeds.id("trello", PROJECT, "project")
    store = feeds.box("trello").store
    new = {"name": "Urgent", "color": "red", "idBoard": board}
    label = feeds.call("trello", "maya", "POST", "/labels", new)["id"]
    feeds.later(minutes=30)
    feeds.cycle()
    card = feeds.id("trello", title)
    with tuned(feeds, still=frozenset({"labels"})):
        feeds.call("trello", "maya", "POST", f"/cards/{card}/idLabels", {"value": label})
    feeds.cycle()
    assert feeds.told(title, "labels") == []
    feeds.healed(1)
    assert feeds.told(title, "labels") == [(UNKNOWN, "taken")]
    assert store.cards[card]["idLabels"] == [label]
    tags = feeds.raw("asana", CLIENT, feeds.record(CLIENT, title)[1]["asana"]).fields["tags"]
    assert isinstance(tags, list)
    assert len(tags) == 1
    feeds.settle()


@way("trello", "a custom field that moves no time", "16: dateLastActivity")
def still_custom_field(feeds: Feeds) -> None:
    """Its action tells: the card is read, the value spreads, and none is written back."""
    title = feeds.task()
    feeds.later(minutes=30)
    feeds.cycle()
    with tuned(feeds, still=frozenset({"customFields"})):
        hours(feeds, title, "maya", "12")
    feeds.forget()
    feeds.cycle()
    assert feeds.writes()["trello"] == []
    assert feeds.told(title, "estimate") == [("maya", "taken")]
    feeds.settle()


@way("trello", "a custom field whose actions are not listed", "16: updateCustomFieldItem")
def unlisted_custom_field(feeds: Feeds) -> None:
    """With neither a time nor an action it takes the full compare; then it is nobody's."""
    title = feeds.task()
    feeds.later(minutes=30)
    feeds.cycle()
    hidden = frozenset({"updateCustomFieldItem"})
    with tuned(feeds, still=frozenset({"customFields"}), unlisted=hidden):
        hours(feeds, title, "maya", "13")
        feeds.cycle()
        assert feeds.told(title, "estimate") == []
        feeds.healed(1)
        assert feeds.told(title, "estimate") == [(UNKNOWN, "proposed")]
        feeds.settle()


@way("trello", "a deletion whose action is lost", "5: a deleted card simply disappears")
def lost_deletion(feeds: Feeds) -> None:
    """Only a complete listing shows it; it is proposed as nobody's, and nothing spreads."""
    title = feeds.task()
    feeds.cycle()
    with tuned(feeds, losing=True):
        feeds.call("trello", "maya", "DELETE", f"/cards/{feeds.id('trello', title)}")
    feeds.cycle()
    assert feeds.told(title, "existence") == []
    feeds.healed(1)
    assert feeds.told(title, "existence") == [(UNKNOWN, "proposed")]
    assert feeds.existence("asana", title) == "present"
    feeds.settle()


@way("trello", "a card that leaves the scope and no action says so", "5: disappears")
def lost_move(feeds: Feeds) -> None:
    """It is not on the board any more but somewhere else: it has left, nobody has deleted it."""
    title = feeds.task()
    new = {"name": "Elsewhere", "defaultLists": "true"}
    other = feeds.call("trello", "maya", "POST", "/boards/", new)["id"]
    feeds.call(
        "trello", "maya", "PUT", f"/boards/{other}/members/{feeds.box('trello').users['syncer'].id}",
        {"type": "normal"},
    )  # fmt: skip
    feeds.cycle()
    with tuned(feeds, losing=True):
        card = feeds.id("trello", title)
        feeds.call("trello", "maya", "PUT", f"/cards/{card}", {"idBoard": other})
    feeds.cycle()
    feeds.healed(1)
    assert feeds.told(title, "existence") == []
    assert str(feeds.record(CLIENT, title)[1]["trello"].status) == "unlinked"
    assert feeds.existence("asana", title) == "present"
    feeds.settle()


@way("trello", "a change exactly at the cursor", "16: whether since is inclusive")
def at_the_cursor(feeds: Feeds) -> None:
    """An action with the very time at which the last poll ended is told by the next."""
    title = feeds.task()
    feeds.cycle()
    board = feeds.id("trello", PROJECT, "project")
    since = feeds.store.cursors(CLIENT, "trello")[board]["since"]
    due(feeds, title)
    store = feeds.box("trello").store
    store.actions[-1]["date"] = store.cards[feeds.id("trello", title)]["dateLastActivity"] = since
    feeds.cycle()
    assert feeds.told(title, "deadline") == [("maya", "taken")]
    feeds.settle()


@way("trello", "the same action told twice", "3.1: overlap and de-duplicate")
def told_twice(feeds: Feeds) -> None:
    """Polls reach back a quarter of an hour: every action comes again, and counts once."""
    title = feeds.task()
    feeds.cycle()
    due(feeds, title, "maya", "2027-07-08T17:00:00.000Z")
    due(feeds, title, "anna", "2027-07-09T17:00:00.000Z")
    for _ in range(3):
        feeds.cycle()
    assert feeds.told(title, "deadline") == [("maya", "taken"), ("anna", "proposed")]
    feeds.settle()


WAYS = (
    many_actions,
    late_actions,
    very_late_actions,
    lost_action,
    still_labels,
    still_custom_field,
    unlisted_custom_field,
    lost_deletion,
    lost_move,
    at_the_cursor,
    told_twice,
)
