"""What is Trello's own about reading boards."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.trello import feed, pull
from syncer.adapterkit.contract import HistoryRequest
from syncer.adapterkit.errors import SkipRecord
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.remote import Op
from syncer.model.values import MISSING
from tests.adapters.trello.driving import Desk


def test_a_poll_is_one_request_a_board(desk: Desk) -> None:
    """A poll brings the board, its changed cards and who changed them in one request."""
    known, adapter = desk.catalogue(), desk.adapter()
    first = desk.pull(known=known)
    card = desk.card("Sitemap")
    desk.as_("tom").put(f"/cards/{card['id']}", {"due": "2026-10-01T15:00:00Z"})
    before = len(desk.running.requests)

    poll = desk.pull(first.cursors, known=known, adapter=adapter)

    assert desk.sent(before) == [f"GET /1/boards/{desk.board()}"]
    assert poll.cards[card["id"]].fields["due"] == "2026-10-01T15:00:00.000Z"
    (change,) = poll.told(card["id"], "due")
    assert (change.by, change.new) == (desk.id_of("tom"), "2026-10-01T15:00:00.000Z")
    assert change.old == "2026-09-18T16:00:00.000Z"


def test_a_first_pull_is_one_request_a_board(desk: Desk) -> None:
    """A board is read whole in one request; two more say which boards there are."""
    known, before = desk.catalogue(), len(desk.running.requests)

    pulled = desk.pull(known=known)

    asked = desk.sent(before)
    assert len(asked) == 3
    assert f"GET /1/boards/{desk.board()}" in asked
    assert pulled.listed == {("card", desk.board()), ("board", None)}
    assert len(pulled.cards) == 13


def test_the_first_look_tells_who_made_cards_but_no_edits(desk: Desk) -> None:
    """What happened before the first look is nobody's edit; makers are known all the same."""
    pulled = desk.pull()

    assert pulled.changes == []
    assert {record.created_by for record in pulled.cards.values()} == {desk.id_of("maya")}


def test_an_edit_that_shows_up_late_is_not_missed(desk: Desk) -> None:
    """Polls reach back; what was told already has the same key the second time."""
    card = desk.card("Sitemap")["id"]
    first = desk.pull()
    desk.as_("tom").put(f"/cards/{card}", {"name": "Site map"})
    once = desk.pull(first.cursors)
    twice = desk.pull(once.cursors)
    desk.later(minutes=40)
    third = desk.pull(twice.cursors)
    fourth = desk.pull(third.cursors)

    assert once.told(card, "name") == twice.told(card, "name") != []
    assert fourth.changes == []
    assert fourth.cards == {}


def test_more_than_a_page_of_actions_is_read_back(desk: Desk, monkeypatch: Any) -> None:
    """When a poll comes with a full page of actions, the older ones are fetched too."""
    monkeypatch.setattr(feed, "MOST", 5)
    monkeypatch.setitem(feed._ACTIONS, "actions_limit", "5")
    card = desk.card("Sitemap")["id"]
    first, tom = desk.pull(), desk.as_("tom")
    for number in range(23):
        tom.put(f"/cards/{card}", {"name": f"Site map {number}"})

    told = desk.pull(first.cursors).told(card, "name")

    assert [change.new for change in told] == [f"Site map {number}" for number in range(23)]


@pytest.mark.parametrize("refusal", [{"status": 504}, {"status": 403, "body": "{}"}])
def test_a_board_too_large_for_one_answer_is_read_in_pages(
    desk: Desk, monkeypatch: Any, refusal: dict[str, Any]
) -> None:
    """If the snapshot times out or is refused for its size, cards come a page at a time."""
    if refusal["status"] == 403:
        refusal["body"] = '{"error": "API_TOO_MANY_CARDS_REQUESTED", "message": "Too many"}'
    monkeypatch.setattr(feed, "MOST", 5)
    expected, known = desk.pull(), desk.catalogue()
    times = 4 if refusal["status"] == 504 else 1
    desk.running.fault(refusal, times=times, path=f"/boards/{desk.board()}$")

    pulled = desk.pull(known=known)

    assert pulled.pages == 4
    assert pulled.cards.keys() == expected.cards.keys()
    assert pulled.listed == expected.listed
    assert {c.created_by for c in pulled.cards.values()} == {desk.id_of("maya")}


def test_an_answer_as_long_as_a_page_is_not_trusted(desk: Desk, monkeypatch: Any) -> None:
    """If just as many cards come as a page holds, the next page is asked for."""
    monkeypatch.setattr(pull, "MOST", 13)
    known, before = desk.catalogue(), len(desk.running.requests)

    pulled = desk.pull(known=known)

    assert len(pulled.cards) == 13
    assert any("/cards/all" in line for line in desk.sent(before))


def test_a_deleted_card_is_gone_and_by_whom(desk: Desk) -> None:
    """A deletion leaves an action, which names no more than the card's id."""
    first, card = desk.pull(), desk.card("Sitemap")["id"]
    desk.as_("anna").delete(f"/cards/{card}")

    (gone,) = desk.pull(first.cursors).gone

    assert (gone.object, gone.id, gone.by, gone.moved) == ("card", card, desk.id_of("anna"), False)


def test_a_card_that_leaves_the_scope_has_moved(desk: Desk) -> None:
    """A card moved to a board of another client is gone from here, not deleted."""
    first, card = desk.pull(), desk.card("Sitemap")["id"]
    other = desk.board("outdoor")
    desk.as_("tom").put(f"/cards/{card}", {"idBoard": other})

    poll = desk.pull(first.cursors)

    assert [(gone.id, gone.moved) for gone in poll.gone] == [(card, True)]
    back = desk.as_("tom").put(f"/cards/{card}", {"idBoard": desk.board()})
    assert back.ok
    again = desk.pull(first.cursors)
    assert again.gone == []
    assert again.cards[card].container == desk.board()


def test_a_move_within_the_scope_is_a_change_of_board(desk: Desk) -> None:
    """A card that moves between two boards of a client keeps its id; nothing is gone."""
    boards = (desk.board(), desk.board("outdoor"))
    scope = desk.scope(boards=boards, workspace=None)
    first, card = desk.pull(scope=scope), desk.card("Sitemap")["id"]
    desk.as_("tom").put(f"/cards/{card}", {"idBoard": boards[1]})

    poll = desk.pull(first.cursors, scope=scope)

    assert poll.gone == []
    assert poll.cards[card].container == boards[1]
    (change,) = poll.told(card, "board")
    assert (change.old, change.new, change.by) == (*boards, desk.id_of("tom"))


def test_cards_in_an_archived_list_are_archived(desk: Desk) -> None:
    """Nobody sees the cards of a list that was put away: they are archived, by whoever did it."""
    first, entry = desk.pull(), desk.lists()["To do"]
    here = {c["id"] for c in desk.sandbox.store.cards.values() if c["idList"] == entry}
    desk.as_("maya").put(f"/lists/{entry}", {"closed": True})

    poll = desk.pull(first.cursors)

    assert {id for id, card in poll.cards.items() if card.existence == ARCHIVED} == here
    told = [change for change in poll.changes if change.field == EXISTENCE]
    assert {(c.id, c.by, c.old, c.new) for c in told} == {
        (id, desk.id_of("maya"), PRESENT, ARCHIVED) for id in here
    }
    assert len({c.key for c in told}) == len(here)
    desk.as_("tom").put(f"/lists/{entry}", {"closed": False})
    back = desk.pull(poll.cursors)
    assert {card.existence for id, card in back.cards.items() if id in here} == {PRESENT}
    full = desk.pull(first.cursors, full=True)
    assert {c.key for c in full.changes} >= {c.key for c in (*poll.changes, *back.changes)}


def test_a_list_that_moves_away_takes_its_cards_along(desk: Desk) -> None:
    """Moving a list to a board outside the scope leaves no action on its cards; they have moved."""
    first, entry = desk.pull(), desk.lists()["Review"]
    here = {c["id"] for c in desk.sandbox.store.cards.values() if c["idList"] == entry}
    desk.as_("tom").put(f"/lists/{entry}", {"idBoard": desk.board("outdoor")})

    gone = desk.pull(first.cursors).gone

    assert {(g.id, g.moved) for g in gone} == {(id, True) for id in here} != set()


def test_closing_a_board_is_told(desk: Desk) -> None:
    """A board that was closed just now is still in scope, archived, and by whom is known."""
    first, board = desk.pull(), desk.board()
    desk.as_("tom").put(f"/boards/{board}", {"closed": True, "name": "Relaunch, done"})

    poll = desk.pull(first.cursors)

    assert poll.records[board].existence == ARCHIVED
    (change,) = poll.told(board, EXISTENCE)
    assert (change.by, change.old, change.new) == (desk.id_of("tom"), PRESENT, ARCHIVED)
    (renamed,) = poll.told(board, "name")
    assert (renamed.old, renamed.new) == ("Website relaunch", "Relaunch, done")
    desk.later(days=15)
    assert board not in desk.catalogue().containers


def test_an_unreadable_card_leaves_the_listing_open(desk: Desk) -> None:
    """A card without an id cannot be told; then nobody may say that the listing was whole."""
    body = '{"id": "%s", "lists": [], "actions": [], "cards": [{"name": "?"}, {"id": "%s"}]}'
    text = body % (desk.board(), "6" * 24)
    known = desk.catalogue()
    json = {"content-type": "application/json"}
    desk.running.fault({"status": 200, "body": text, "headers": json}, path="/boards/[0-9a-f]+$")

    pulled = desk.pull(known=known)

    assert list(pulled.cards) == ["6" * 24]
    assert ("card", desk.board()) not in pulled.listed


def test_one_board_that_fails_leaves_the_others(desk: Desk) -> None:
    """A board that cannot be read is told at the end, after all others were."""
    boards = (desk.board(), desk.board("outdoor"))
    scope = desk.scope(boards=boards, workspace=None)
    known, seen = desk.catalogue(scope), []
    desk.running.fault({"status": 404}, path=f"/boards/{min(boards)}$")

    with pytest.raises(SkipRecord):
        seen += [page.feed for page in desk.adapter().pull(desk.request(known=known, scope=scope))]
    desk.running.fault({"status": 404}, path=f"/boards/{min(boards)}$")
    pages = desk.adapter().pull(desk.request(known=known, scope=scope))
    seen = [next(pages)]

    assert [page.feed for page in seen] == [max(boards)]
    assert ("board", None) not in seen[0].listed


def test_a_board_made_since_the_last_look_spoils_no_listing(desk: Desk) -> None:
    """If there is a board that the catalogue does not know, the boards are not all listed."""
    known = desk.catalogue()
    made = desk.push(Op.CREATE, None, {"name": "New"}, object="board", known=known)

    pulled = desk.pull(known=known)

    assert made.id is not None
    assert pulled.listed == {("card", desk.board())}


def test_robots_are_named_and_strangers_keep_their_id(desk: Desk) -> None:
    """Trello's automation is told by name, a guest by an id that is in no list of people."""
    first, card = desk.pull(), desk.card("Sitemap")["id"]
    desk.as_("maya").put(
        f"/boards/{desk.board()}/members/{desk.id_of('freya')}", {"type": "normal"}
    )
    desk.as_("butler").put(f"/cards/{card}", {"dueComplete": True})
    desk.as_("freya").put(f"/cards/{card}", {"desc": "Mine"})

    poll = desk.pull(first.cursors)

    (robot,) = poll.told(card, "dueComplete")
    assert (robot.by, robot.automation, robot.old, robot.new) == (None, "Butler", False, True)
    (stranger,) = poll.told(card, "desc")
    assert (stranger.by, stranger.automation) == (desk.id_of("freya"), None)


def test_labels_have_no_author(desk: Desk) -> None:
    """A change of labels shows, and the feed does not say who made it."""
    first, card = desk.pull(), desk.card("Launch")["id"]
    store = desk.sandbox.store
    label = store.on_board(store.labels, desk.board())[0]["id"]
    desk.as_("anna").post(f"/cards/{card}/idLabels", {"value": label})

    poll = desk.pull(first.cursors)

    assert poll.cards[card].fields["labels"] == [label]
    assert poll.told(card, "labels") == []


def test_history_is_what_the_feed_told(desk: Desk) -> None:
    """A card's history has the same keys and values as the feed, oldest first."""
    first, card = desk.pull(), desk.card("Wireframes")["id"]
    tom, hours = desk.as_("tom"), desk.custom("Hours").removeprefix("cf:")
    tom.put(f"/cards/{card}", {"due": None, "name": "Wire frames"})
    tom.put(f"/cards/{card}/customField/{hours}/item", {"value": {"number": "20"}})
    tom.delete(f"/cards/{card}/idMembers/{desk.id_of('tom')}")
    desk.as_("anna").put(f"/lists/{desk.lists()['Review']}", {"closed": True})
    poll = desk.pull(first.cursors)
    asked = frozenset({"due", "name", "members", EXISTENCE, desk.custom("Hours")})

    request = HistoryRequest("card", card, asked, poll.records[card].as_of - timedelta(hours=1))
    told = list(desk.adapter().history([request], desk.catalogue()))

    assert told == [c for c in poll.changes if c.id == card and c.field in asked]
    assert {c.field for c in told} == asked
    (number,) = [c for c in told if c.field == desk.custom("Hours")]
    assert (number.old, number.new) == ("16.5", "20")
    (people,) = [c for c in told if c.field == "members"]
    assert people.old == sorted([desk.id_of("maya"), desk.id_of("tom")])
    assert people.new == [desk.id_of("maya")]


def test_history_of_a_board_and_of_what_is_gone(desk: Desk) -> None:
    """A board has a history of its texts; a card that was deleted has none left."""
    board, card = desk.board(), desk.card("Sitemap")["id"]
    desk.as_("tom").put(f"/boards/{board}", {"desc": "Another brief"})
    desk.as_("tom").delete(f"/cards/{card}")
    requests = [
        HistoryRequest("card", card, frozenset({"name"})),
        HistoryRequest("board", board, frozenset({"desc"})),
    ]
    told = list(desk.adapter().history(requests, desk.catalogue()))

    assert [(c.id, c.new, c.by) for c in told] == [(board, "Another brief", desk.id_of("tom"))]
    assert told[0].old not in (None, MISSING)
