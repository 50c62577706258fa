"""Comments by py-trello while the service speaks and listens on the same card."""

from typing import Any

from trello import Member, Unauthorized


def room(crew: Any, who: str, other: str, workspace: str) -> dict[str, str]:
    """A board with a card to speak on, for a colleague and the service. Gives their ids."""
    trello = crew[who]
    home = trello.get_organization(workspace)
    board = trello.add_board("Talking shop", organization_id=workspace, default_lists=False)
    for name in (other, "syncer"):
        home.add_member(Member(trello, crew.id(name)), "normal")
        board.add_member(Member(trello, crew.id(name)), "normal")
    card = board.add_list("Said").add_card("Spoken of")
    return {"board": board.id, "card": card.id}


def answers(crew: Any, who: str, other: str, card: str, asked: str) -> list[list[str]]:
    """What the service asked is read and answered. Gives id and author of what stands there."""
    mine, theirs = crew[who].get_card(card), crew[other].get_card(card)
    [read] = [entry for entry in mine.get_comments() if entry["id"] == asked]
    crew.same("who asks", crew.id("syncer"), read["idMemberCreator"])
    me = crew[who].get_member("me").username
    crew.same("one name is called", 1, read["data"]["text"].count(f"@{me}"))
    crew.refused(
        "to edit what the service asked", Unauthorized, lambda: mine.update_comment(asked, "x")
    )
    first = mine.comment("aprove")["id"]
    mine.update_comment(first, "**approve**")
    second = theirs.comment("Ask `them` & me\n\n> approve")["id"]
    spare = theirs.comment("Never mind")
    theirs.delete_comment(spare)
    told = {entry["id"]: entry for entry in crew[who].get_card(card).get_comments()}
    crew.so("what was said stands there", {asked, first, second} <= set(told))
    crew.so("what was taken back does not", spare["id"] not in told)
    edited = ["dateLastEdited" in told[id]["data"] for id in (first, second)]
    crew.same("one was edited", [True, False], edited)
    return [[first, who], [second, other]]


def told(crew: Any, who: str, asked: str) -> list[str]:
    """How Trello has told somebody of a comment."""
    mine = crew[who].fetch_json("/members/me/notifications", query_params={"limit": "1000"})
    return [entry["type"] for entry in mine if entry["idAction"] == asked]


def rewritten(crew: Any, who: str, card: str, asked: str, words: str) -> None:
    """The service wrote its comment anew: it is the same one, at its place."""
    read = [entry for entry in crew[who].get_card(card).get_comments() if entry["id"] == asked]
    crew.same("it is one", 1, len(read))
    crew.so("it says something else", words in read[0]["data"]["text"])
    crew.so("and that it was edited", read[0]["data"]["dateLastEdited"] > read[0]["date"])


def opened(crew: Any, who: str, other: str, board: str) -> None:
    """Somebody from outside is let into a board, and may look on only."""
    path = f"/boards/{board}/members/{crew.id(other)}"
    send = crew[who].fetch_json
    send(path, http_method="PUT", post_args={"type": "observer"})
    look = crew[other].get_board(board)
    crew.same("they look on", board, look.id)
    card = look.open_cards()[0]
    crew.refused("but do not comment", Unauthorized, lambda: card.comment("Hello"))
    send(f"/boards/{board}", http_method="PUT", post_args={"prefs/comments": "observers"})
    crew.so("unless the board lets them", card.comment("Hello")["id"])


def closed(crew: Any, who: str, other: str, board: str) -> None:
    """And shown out again."""
    crew[who].fetch_json(f"/boards/{board}/members/{crew.id(other)}", http_method="DELETE")
    left = crew[who].fetch_json(f"/boards/{board}/memberships")
    crew.so("they are gone", crew.id(other) not in {seat["idMember"] for seat in left})
