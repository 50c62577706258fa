"""Each vendor: who edits what another made a moment ago has edited it, also before any cycle."""

from collections.abc import Callable, Iterator

import pytest

from tests.system.feeds import CLIENT, PROJECT, Feeds
from tests.system.feeds_hubspot import deal, edit, stored

MADE, MOVED = "2027-03-04", "2027-03-09"
TIME = "T17:00:00.000Z"


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """One small agency in step."""
    with Feeds(tmp_path_factory.mktemp("newborn")) as feeds:
        feeds.cycle()
        feeds.settle()
        yield feeds


def in_asana(feeds: Feeds, title: str, maker: str, editor: str) -> None:
    """A task is made, and a minute later somebody moves its due date."""
    body = {"name": title, "projects": [feeds.id("asana", PROJECT, "project")], "due_on": MADE}
    task = feeds.call("asana", maker, "POST", "/tasks", body)["gid"]
    feeds.later(minutes=1)
    feeds.call("asana", editor, "PUT", f"/tasks/{task}", {"due_on": MOVED})


def in_trello(feeds: Feeds, title: str, maker: str, editor: str) -> None:
    """The same of a card."""
    board = feeds.id("trello", PROJECT, "project")
    row = next(row for row in feeds.call("trello", maker, "GET", f"/boards/{board}/lists"))
    body = {"name": title, "idList": row["id"], "due": MADE + TIME}
    card = feeds.call("trello", maker, "POST", "/cards", body)["id"]
    feeds.later(minutes=1)
    feeds.call("trello", editor, "PUT", f"/cards/{card}", {"due": MOVED + TIME})


@pytest.mark.parametrize("make", [in_asana, in_trello])
@pytest.mark.parametrize(
    ("maker", "editor", "agreed", "waits"),
    [("maya", "anna", MADE, 1), ("anna", "maya", MOVED, 0)],
    ids=["an owner's is kept", "an owner decides"],
)
def test_edited_before_it_was_seen(
    feeds: Feeds,
    make: Callable[[Feeds, str, str, str], None],
    maker: str,
    editor: str,
    agreed: str,
    waits: int,
) -> None:
    """The producer's deadline is agreed, whether they made the task or moved what another made."""
    title = f"{make.__name__} {maker}"
    make(feeds, title, maker, editor)
    feeds.cycle()
    feeds.settle()

    feeds.in_step(title, asana=("due", agreed), trello=("due", agreed + TIME))
    record, _ = feeds.record(CLIENT, title)
    assert (record.agreed["deadline"].by, record.agreed["deadline"].role) == ("maya", "producer")
    waiting = [p for p in feeds.store.proposals(CLIENT) if p.record == record.id]
    assert [p.proposer for p in waiting] == ["anna"] * waits
    assert (editor, "proposed" if waits else "taken") in feeds.told(title, "deadline")


def test_a_deals_price_edited_before_it_was_seen(feeds: Feeds) -> None:
    """The account manager's price stands against a producer's, though both are older than us."""
    id = deal(feeds, "Window poster", amount="100")
    feeds.later(minutes=1)
    edit(feeds, "deals", id, "maya", amount="200")
    feeds.cycle()
    feeds.settle()

    record, _ = feeds.record(CLIENT, "Window poster", "project")
    price = record.agreed["price"]
    assert (price.by, price.role) == ("anna", "account_manager")
    assert stored(feeds, "deals", id).values["amount"] == "100"
    assert feeds.told("Window poster", "price", "project")[-1] == ("maya", "reverted")


def test_a_deals_price_cleared_before_it_was_seen(feeds: Feeds) -> None:
    """It is put back as any other edit of it: that nothing stands there now is an edit too."""
    id = deal(feeds, "Door poster", amount="100")
    feeds.later(minutes=1)
    edit(feeds, "deals", id, "maya", amount="")
    feeds.cycle()
    feeds.settle()

    record, _ = feeds.record(CLIENT, "Door poster", "project")
    price = record.agreed["price"]
    assert (price.by, price.role) == ("anna", "account_manager")
    assert stored(feeds, "deals", id).values["amount"] == "100"
