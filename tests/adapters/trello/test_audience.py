"""Who can read a board: by Trello's levels, memberships and workspaces, as they are now."""

import json
from typing import Any

import pytest

from adapters.trello.adapter import TrelloAdapter
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import StopConnection
from syncer.model.comments import Audience, Thread
from tests.adapters.trello.driving import Desk


def seen(
    desk: Desk, thread: Thread | None = None, adapter: TrelloAdapter | None = None
) -> Audience:
    """Who can read there."""
    thread = thread or Thread("board", desk.board())
    return (adapter or desk.adapter()).audience(desk.scope(), [thread])[thread]


def seat(desk: Desk, user: str, kind: str = "normal") -> None:
    path = f"/boards/{desk.board()}/members/{desk.id_of(user)}"
    desk.as_("maya").put(path, {"type": kind})


def membership(desk: Desk, user: str) -> dict[str, Any]:
    found = desk.sandbox.store.board_membership(desk.board(), desk.id_of(user))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("level", "public"),
    [("private", False), ("org", False), ("public", True), ("enterprise", True)],
)
def test_the_level_of_a_board_decides(desk: Desk, level: str, public: bool) -> None:
    """Its members and its workspace are the agency; anybody, or a whole enterprise, is not."""
    desk.sandbox.store.boards[desk.board()]["prefs"]["permissionLevel"] = level
    assert seen(desk) == Audience(public=public)


def test_a_level_nobody_knows_is_not_trusted(desk: Desk) -> None:
    """A level that Trello may invent is unknown, which counts as open."""
    board = {"id": desk.board(), "prefs": {"permissionLevel": "friends"}, "memberships": []}
    body = json.dumps([{"200": board}])
    desk.running.fault({"status": 200, "body": body}, method="GET", path="/batch$")
    assert seen(desk).unknown == "the board is visible to friends"


@pytest.mark.parametrize("kind", ["normal", "observer", "admin"])
def test_who_is_not_of_the_workspace_is_a_guest(desk: Desk, kind: str) -> None:
    """Whatever they may do on the board; they are told with their names."""
    seat(desk, "freya", kind)
    [guest] = seen(desk).guests
    assert (guest.id, guest.name, guest.aliases) == (
        desk.id_of("freya"), "Freya Holm", ("freyaholm",),
    )  # fmt: skip
    assert guest.guest


def test_who_was_only_invited_is_a_guest_and_who_is_deactivated_is_not(desk: Desk) -> None:
    """An invitation can be accepted at any time; a deactivated account reads nothing."""
    seat(desk, "freya")
    membership(desk, "freya")["unconfirmed"] = True
    assert len(seen(desk).guests) == 1
    membership(desk, "freya")["deactivated"] = True
    assert seen(desk).guests == ()


def test_who_left_the_workspace_is_a_guest(desk: Desk) -> None:
    """Whoever leaves the agency and stays on a board is a guest there from then on."""
    home = desk.sandbox.store.organizations[str(desk.sandbox.scope_of("bakery")["workspace"])]
    adapter, tom = desk.adapter(), desk.id_of("tom")
    assert seen(desk, adapter=adapter).guests == ()
    home["memberships"] = [one for one in home["memberships"] if one["idMember"] != tom]
    assert [guest.id for guest in seen(desk, adapter=adapter).guests] == [tom]


def test_without_a_workspace_nobody_is_of_the_agency(desk: Desk) -> None:
    """On a board of its own all but our account are guests: nothing tells who they are."""
    board = desk.sandbox.store.boards[desk.board()]
    board["idOrganization"] = None
    others = {one["idMember"] for one in board["memberships"]} - {desk.id_of("syncer")}
    [told] = desk.adapter().audience(Scope("bakery", None), [Thread("board", board["id"])]).values()
    assert {guest.id for guest in told.guests} == others


def test_a_workspace_that_does_not_tell_is_unknown(desk: Desk) -> None:
    """Who is only a guest of a workspace cannot know who belongs to it."""
    seat(desk, "freya")
    told = seen(desk, adapter=desk.adapter("freya"))
    assert told.unknown == "who belongs to the board's workspace cannot be seen"


def test_a_card_is_looked_for_where_it_is(desk: Desk) -> None:
    """A card that went to another board meanwhile is read by those who read that one."""
    home = desk.sandbox.scope_of("bakery")["workspace"]
    body = {"name": "Open house", "idOrganization": home, "prefs_permissionLevel": "public"}
    other = desk.as_("maya").post("/boards", body).json()["id"]
    thread = desk.thread("Sitemap")
    assert seen(desk, thread) == Audience()
    desk.as_("maya").put(f"/cards/{thread.id}", {"idBoard": other})
    assert seen(desk, thread).public


def test_many_places_are_one_request_once_their_workspace_is_known(desk: Desk) -> None:
    """Nine cards and their board are a batch, and the workspace one more; later it is one of them."""
    adapter, board = desk.adapter(), desk.board()
    cards = desk.sandbox.store.on_board(desk.sandbox.store.cards, board)
    threads = [Thread("card", card["id"], board) for card in cards[:8]]
    asked = []
    for _ in range(2):
        before = len(desk.running.requests)
        assert set(adapter.audience(desk.scope(), threads).values()) == {Audience()}
        asked.append(desk.sent(before))
    assert asked == [["GET /1/batch"] * 2, ["GET /1/batch"]]
    assert adapter.audience(desk.scope(), []) == {}


def test_what_cannot_be_seen_does_not_hide_the_rest(desk: Desk) -> None:
    """A card that is gone and a board that is not ours are unknown; the others are told."""
    good, bad = Thread("board", desk.board()), Thread("card", "f" * 24)
    hidden = Thread("board", "e" * 24)
    told = desk.adapter().audience(desk.scope(), [bad, good, hidden])
    assert told[good] == Audience()
    assert "cannot be seen" in told[bad].unknown
    assert "cannot be seen" in told[hidden].unknown


def test_a_bad_credential_stops_the_connection(desk: Desk) -> None:
    """That nobody can be asked at all is an error like everywhere."""
    adapter = desk.adapter()
    desk.sandbox.revoked.add("syncer")
    with pytest.raises(StopConnection):
        seen(desk, adapter=adapter)
