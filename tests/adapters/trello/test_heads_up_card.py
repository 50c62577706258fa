"""The card of a board that heads-ups stand under: no task, and found again whatever people do."""

from typing import Any

import pytest

from adapters.trello import headsup
from adapters.trello.adapter import TrelloAdapter
from syncer.model.comments import Thread
from syncer.model.remote import Op
from tests.adapters.trello.driving import Desk


@pytest.fixture
def adapter(desk: Desk) -> TrelloAdapter:
    return desk.adapter()


def item(desk: Desk, adapter: TrelloAdapter) -> Thread:
    return adapter.heads_up_item(desk.board(), desk.catalogue())


def card_of(desk: Desk, thread: Thread) -> dict[str, Any]:
    return desk.sandbox.store.cards[thread.id]


def kept(desk: Desk) -> list[str]:
    """Ids of the cards that have the line, in the stand-in itself."""
    cards = desk.sandbox.store.on_board(desk.sandbox.store.cards, desk.board())
    return [card["id"] for card in cards if headsup.SIGN.marked(card["desc"])]


def test_it_is_made_at_the_bottom_of_the_first_open_list(
    desk: Desk, adapter: TrelloAdapter
) -> None:
    """It tells what it is for, and costs a look, the lists and one write; then one look."""
    known, before = desk.catalogue(), len(desk.running.requests)
    thread = adapter.heads_up_item(desk.board(), known)
    board = f"/1/boards/{desk.board()}"
    assert desk.sent(before) == [f"GET {board}", f"GET {board}/lists", "POST /1/cards"]
    card = card_of(desk, thread)
    first = desk.sandbox.store.on_board(desk.sandbox.store.lists, desk.board())[0]
    here = [c for c in desk.sandbox.store.cards.values() if c["idList"] == first["id"]]
    assert (card["name"], max(here, key=lambda c: c["pos"])["id"]) == ("Heads-up", card["id"])
    assert card["desc"].startswith("Who decides about this board")
    before = len(desk.running.requests)
    assert adapter.heads_up_item(desk.board(), known) == thread
    assert desk.sent(before) == [f"GET {board}"]


def test_a_card_that_was_put_away_is_brought_back(desk: Desk, adapter: TrelloAdapter) -> None:
    """Archived, or in an archived list: people see it again before somebody is asked there."""
    thread, maya = item(desk, adapter), desk.as_("maya")
    maya.put(f"/cards/{thread.id}", {"closed": True})
    assert item(desk, adapter) == thread
    assert card_of(desk, thread)["closed"] is False
    gone = card_of(desk, thread)["idList"]
    maya.put(f"/lists/{gone}", {"closed": True})
    assert item(desk, adapter) == thread
    assert card_of(desk, thread)["idList"] not in (gone, None)
    assert kept(desk) == [thread.id]


def test_one_that_people_see_is_used_before_one_they_do_not(
    desk: Desk, adapter: TrelloAdapter
) -> None:
    """Of a card and its copy the visible one speaks, else the older; neither is a task."""
    thread, maya = item(desk, adapter), desk.as_("maya")
    place = {"idList": card_of(desk, thread)["idList"], "idCardSource": thread.id}
    copy = maya.post("/cards", place).json()["id"]
    assert item(desk, adapter) == thread
    maya.put(f"/cards/{thread.id}", {"closed": True})
    assert item(desk, adapter).id == copy
    assert {thread.id, copy}.isdisjoint(desk.pull(adapter=adapter).cards)


def test_a_task_of_that_name_is_a_task(desk: Desk, adapter: TrelloAdapter) -> None:
    """Somebody's own card may be called Heads-up: it is pulled, and never spoken under."""
    place = {"idList": desk.lists()["Doing"], "name": "Heads-up"}
    theirs = desk.as_("maya").post("/cards", place).json()["id"]
    assert item(desk, adapter).id != theirs
    assert theirs in desk.pull(adapter=adapter).cards


def test_the_marks_stand_in_for_each_other(desk: Desk, adapter: TrelloAdapter) -> None:
    """Without its link it is known by its line, or by its title once a poll has seen it."""
    thread, known = item(desk, adapter), desk.catalogue()
    first = desk.pull(known=known, adapter=adapter)
    maya = desk.as_("maya")
    [link] = desk.sandbox.store.attachments[thread.id]
    assert link["url"].endswith("#syncer-heads-up")
    maya.delete(f"/cards/{thread.id}/attachments/{link['id']}")
    assert item(desk, desk.adapter()) == thread
    maya.put(f"/cards/{thread.id}", {"desc": "Mine now"})
    poll = desk.pull(first.cursors, known=known, adapter=adapter)
    assert thread.id not in poll.cards
    maya.put(f"/cards/{thread.id}", {"due": "2026-12-01T10:00:00.000Z"})
    poll = desk.pull(poll.cursors, known=known, adapter=adapter)
    assert thread.id not in poll.cards
    maya.put(f"/cards/{thread.id}", {"name": "Mine as well"})
    poll = desk.pull(poll.cursors, known=known, adapter=adapter)
    assert thread.id in poll.cards, "with no mark at all it is theirs"


def test_what_becomes_of_it_is_no_news(desk: Desk, adapter: TrelloAdapter) -> None:
    """No change, no deletion and no move of it is told, in polls and in full."""
    thread, known = item(desk, adapter), desk.catalogue()
    cursors = desk.pull(known=known, adapter=adapter).cursors
    maya = desk.as_("maya")
    maya.put(f"/cards/{thread.id}", {"due": "2026-12-01T10:00:00.000Z"})
    maya.post(f"/cards/{thread.id}/idMembers", {"value": desk.id_of("maya")})
    maya.put(f"/cards/{thread.id}", {"idList": desk.lists()["Doing"]})
    for full in (False, True):
        pulled = desk.pull(cursors, full=full, known=known, adapter=adapter)
        assert thread.id not in pulled.cards
        assert [c for c in pulled.changes if c.id == thread.id] == []
    maya.delete(f"/cards/{thread.id}")
    gone = desk.pull(pulled.cursors, known=known, adapter=adapter)
    assert [g for g in gone.gone if g.id == thread.id] == []
    assert gone.changes == [c for c in gone.changes if c.id != thread.id]


def test_it_is_not_taken_for_a_lost_create(desk: Desk, adapter: TrelloAdapter) -> None:
    """A task of the same name whose create was lost is not mistaken for it."""
    since = desk.sandbox.now()
    item(desk, adapter)
    outcome = desk.push(Op.CREATE, fields={"name": "Heads-up"}, adapter=adapter, since=since)
    assert outcome.id not in kept(desk)


def test_a_board_too_large_for_one_answer_is_searched_in_pages(
    desk: Desk, adapter: TrelloAdapter
) -> None:
    """Where Trello refuses all cards at once they are read in pages, and the card is found."""
    thread = item(desk, adapter)
    refusal: dict[str, Any] = {"status": 403, "headers": {"content-type": "application/json"}}
    refusal["body"] = '{"error": "API_TOO_MANY_CARDS_REQUESTED", "message": "Too many"}'
    known, before = desk.catalogue(), len(desk.running.requests)
    desk.running.fault(refusal, method="GET", path=f"/boards/{desk.board()}$")
    assert desk.adapter().heads_up_item(desk.board(), known) == thread
    assert f"GET /1/boards/{desk.board()}/cards/all" in desk.sent(before)
    assert kept(desk) == [thread.id]


def test_a_board_without_an_open_list_gets_one(desk: Desk, adapter: TrelloAdapter) -> None:
    """Where every list is archived there is a place for it all the same."""
    for entry in desk.lists().values():
        desk.as_("maya").put(f"/lists/{entry}", {"closed": True})
    thread = item(desk, adapter)
    place = desk.sandbox.store.lists[card_of(desk, thread)["idList"]]
    assert (place["name"], place["closed"]) == ("Heads-up", False)
