"""Comments in the stand-in: who may, who hears of it, and what its lists show of them."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.trello.sandbox.notices import calls, links
from syncer.adapterkit.errors import AskPerson
from tests.adapters.trello.driving import Desk
from tests.adapters.trello.test_sandbox import refused


def notices(desk: Desk, user: str) -> list[tuple[str, str]]:
    """What a member's own list of notifications shows, newest first."""
    told = desk.as_(user).get("/members/me/notifications").json()
    return [(one["type"], one["data"]["text"]) for one in told]


def may(desk: Desk, user: str) -> bool:
    """Whether somebody may comment."""
    try:
        desk.say(user, desk.thread("Sitemap"), "Hello")
    except AskPerson:
        return False
    return True


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("disabled", []),
        ("members", ["maya"]),
        ("observers", ["maya", "freya"]),
        ("org", ["maya", "freya", "ben"]),
        ("public", ["maya", "freya", "ben"]),
    ],
)
def test_a_board_says_who_may_comment(desk: Desk, who: str, allowed: list[str]) -> None:
    """Members, observers as well, or the whole workspace; a setting of the board."""
    maya, board = desk.as_("maya"), desk.board()
    maya.put(f"/boards/{board}/members/{desk.id_of('freya')}", {"type": "observer"})
    maya.delete(f"/boards/{board}/members/{desk.id_of('ben')}")
    maya.put(f"/boards/{board}", {"prefs/comments": who})
    assert [user for user in ("maya", "freya", "ben") if may(desk, user)] == allowed
    assert refused(maya, "PUT", f"/boards/{board}", {"prefs/comments": "all"})[0] == 400


def test_mentions_notify_members_of_the_board(desk: Desk) -> None:
    """By name, all of the card, all of the board; nobody twice, not the author, no strangers."""
    thread = desk.thread("Wireframes")
    members = {desk.id_of(user): user for user in desk.sandbox.users}
    on_card = [members[id] for id in desk.sandbox.store.cards[thread.id]["idMembers"]]
    names = {user: desk.sandbox.store.members[desk.id_of(user)]["username"] for user in on_card}
    assert on_card == ["maya", "tom"]
    desk.say("syncer", thread, "a plain remark")
    assert desk.sandbox.notified(thread.id) == []
    assert notices(desk, on_card[0])[0] == ("commentCard", "a plain remark")
    text = f"@{names[on_card[0]]}, @freyaholm and @nobody"
    desk.say("syncer", thread, text)
    assert desk.sandbox.notified(thread.id) == on_card[:1]
    assert notices(desk, on_card[0])[0] == ("mentionedOnCard", text)
    desk.say("syncer", thread, "@card")
    assert set(desk.sandbox.notified(thread.id)) == set(on_card)
    desk.say("maya", thread, "@board @card")
    assert {"tom", "anna", "ben", "syncer"} <= set(desk.sandbox.notified(thread.id))
    assert refused(desk.as_("maya"), "GET", f"/members/{desk.id_of('tom')}/notifications")[0] == 401


def test_an_edit_notifies_those_who_are_new_in_it(desk: Desk) -> None:
    """A comment that is edited tells nobody a second time."""
    thread = desk.thread("Sitemap")
    id = desk.say("syncer", thread, "Hm.")
    tom = desk.sandbox.store.members[desk.id_of("tom")]["username"]
    anna = desk.sandbox.store.members[desk.id_of("anna")]["username"]
    desk.as_("syncer").put(f"/actions/{id}", {"text": f"@{tom}"})
    desk.as_("syncer").put(f"/actions/{id}", {"text": f"@{tom} @{anna}"})
    mentions = {user: [k for k, _ in notices(desk, user)].count("mentionedOnCard")
                for user in ("tom", "anna")}  # fmt: skip
    assert mentions == {"tom": 1, "anna": 1}


def test_lists_show_comments_as_they_are_now(desk: Desk) -> None:
    """An edited one stays at its place with the time of the edit, a deleted one is gone."""
    thread, maya = desk.thread("Sitemap"), desk.as_("maya")
    first, second = desk.say("maya", thread, "First"), desk.say("tom", thread, "Second")
    maya.put(f"/cards/{thread.id}/actions/{first}/comments", {"text": "First, mended"})

    def listed(path: str, **query: str) -> list[dict[str, Any]]:
        told = maya.get(path, {"filter": "commentCard", **query}).json()
        return [one for one in told if one["data"]["card"]["id"] == thread.id]

    card, board = f"/cards/{thread.id}/actions", f"/boards/{thread.container}/actions"
    assert [a["id"] for a in listed(card)] == [a["id"] for a in listed(board)] == [second, first]
    mended = listed(card)[1]
    assert mended["data"]["text"] == "First, mended"
    assert mended["data"]["dateLastEdited"] > mended["date"]
    assert [a["id"] for a in listed(board, since=mended["date"])] == [second]
    assert [a["id"] for a in listed(board, before=listed(card)[0]["date"])] == [first]
    assert refused(desk.as_("tom"), "DELETE", f"/actions/{first}")[0] == 401
    desk.as_("syncer").delete(f"/actions/{second}")  # an admin of the board
    assert [a["id"] for a in listed(board)] == [first]
    maya.delete(f"/cards/{thread.id}")
    assert listed(board) == []
    assert refused(maya, "PUT", f"/actions/{first}", {"text": "x"})[0] == 404


def test_a_card_lists_its_comments_at_once_however_late_the_feed_is(desk: Desk) -> None:
    """Whoever opens a card sees what was just said; the board's list may lag."""
    desk.sandbox.tuning.delay = timedelta(minutes=5)
    thread = desk.thread("Sitemap")
    desk.say("maya", thread, "Now")
    query = {"filter": "commentCard"}
    assert len(desk.as_("tom").get(f"/cards/{thread.id}/actions", query).json()) == 1
    assert desk.as_("tom").get(f"/boards/{thread.container}/actions", query).json() == []


@pytest.mark.parametrize(("length", "taken"), [(16384, True), (16385, False)])
def test_texts_have_a_limit(desk: Desk, length: int, taken: bool) -> None:
    """A comment has 16,384 characters at most; a longer one is refused in plain text."""
    maya, thread = desk.as_("maya"), desk.thread("Sitemap")
    path = f"/cards/{thread.id}/actions/comments"
    if taken:
        assert maya.post(path, {"text": "x" * length}).ok
    else:
        assert refused(maya, "POST", path, {"text": "x" * length}) == (
            400, "invalid value for text",
        )  # fmt: skip


def test_what_calls_and_what_can_be_clicked_on() -> None:
    """Mentions are looked for in the raw text; what looks like an address is one."""
    assert calls(r"@maya, `@tom` and \@anna; not b@en") == ["maya", "tom", "anna"]
    text = "[a](https://b.example/c) https://d.example www.e.f g.example/h `i.example`"
    assert links(text) == [
        "https://b.example/c", "https://d.example", "www.e.f", "g.example/h",
    ]  # fmt: skip
