"""Comments: actions of the type ``commentCard`` (guide, 4.10 and 6)."""

from starlette.responses import Response

from adapters.trello.sandbox import changes, feed, notices
from adapters.trello.sandbox.access import board_to_read, card_to_comment, card_to_read
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object
from syncer.adapterkit.sandbox import reply


def get_actions(call: Call) -> Response:
    """GET /cards/{id}/actions: comments and moves unless told otherwise (guide, trap 9)."""
    card = card_to_read(call, call.part("id"))
    default, prompt = "commentCard,updateCard:idList", frozenset({"commentCard"})
    return reply(feed.actions(call, feed.of_card(card["id"]), default=default, prompt=prompt))


def _action(call: Call, id: str) -> Object:
    found = [action for action in call.store.actions if action["id"] == id]
    if not found:
        refuse(404, "The requested resource was not found.")
    board = (found[0]["data"].get("board") or {}).get("id")
    if board in call.store.boards:
        board_to_read(call, board)
    return found[0]


def get_action(call: Call) -> Response:
    """GET /actions/{id}: also the types that no list shows."""
    return reply(_action(call, call.part("action")))


def post_comment(call: Call) -> Response:
    """POST /cards/{id}/actions/comments."""
    card = card_to_comment(call, call.part("id"))
    text = call.text("text", required=True)
    changes.count_comment(call.store, card, 1)
    action = call.store.log(
        "commentCard", call.me, {**changes.context(call.store, card), "text": text}
    )
    notices.spread(call.store, card, action)
    return reply(action)


def _comment(call: Call) -> tuple[Object, Object]:
    """A comment and its card."""
    action = _action(call, call.part("action"))
    card = (action["data"].get("card") or {}).get("id")
    if action["type"] != "commentCard" or card not in call.store.cards:
        refuse(400, "invalid action type")
    return action, call.store.cards[card]


def put_comment(call: Call) -> Response:
    """PUT /actions/{id} and /cards/{id}/actions/{id}/comments: by its author only.

    It stays where it is in every list; that it was edited is told by webhooks alone.
    """
    action, card = _comment(call)
    if action["idMemberCreator"] != call.me:
        refuse(401, "unauthorized action permission requested")
    old, text = action["data"]["text"], call.text("text", required=True)
    action["data"] |= {"text": text, "dateLastEdited": call.store.now()}
    told = {"action": {"id": action["id"], "text": text}, "old": {"text": old}}
    call.store.log("updateComment", call.me, {"board": action["data"]["board"], **told})
    notices.spread(call.store, card, action, old)
    return reply(action)


def delete_comment(call: Call) -> Response:
    """DELETE the same: by its author, or by an admin of the board."""
    action, card = _comment(call)
    mine = call.store.board_membership(card["idBoard"], call.me) or {}
    if action["idMemberCreator"] != call.me and mine.get("memberType") != "admin":
        refuse(401, "unauthorized action permission requested")
    call.store.actions.remove(action)
    changes.count_comment(call.store, card, -1)
    data = {"board": action["data"]["board"], "action": {"id": action["id"]}}
    call.store.log("deleteComment", call.me, data)
    return reply({"_value": None})
