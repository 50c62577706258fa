"""Who may see and change a board (guide, 10 and traps 23 and 24: refusals are 401 in text)."""

from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import ROBOT, Object


def board_to_read(call: Call, board: str) -> Object:
    """The board, if the caller may see it."""
    found = call.find(call.store.boards, board)
    if not sees(call, found):
        refuse(401, "unauthorized permission requested")
    return found


def board_to_write(call: Call, board: str) -> Object:
    """The board, if the caller may change what is on it."""
    found = board_to_read(call, board)
    mine = call.store.board_membership(found["id"], call.me)
    ours = call.store.organization_membership(found["id"], call.me)
    member = mine is not None and mine["memberType"] in ("admin", "normal")
    if not member and not _robot(call) and (ours or {}).get("memberType") != "admin":
        refuse(401, "unauthorized permission requested")
    return found


def board_to_join(call: Call, board: str) -> Object:
    """The board, if the caller may become a member: it says ``prefs.selfJoin`` to colleagues."""
    found = board_to_read(call, board)
    prefs = found.get("prefs") or {}
    ours = call.store.organization_membership(found["id"], call.me)
    if ours and prefs.get("selfJoin") and prefs.get("permissionLevel") in ("org", "public"):
        return found
    return board_to_write(call, board)


def card_to_read(call: Call, card: str) -> Object:
    """The card, if the caller may see its board."""
    found = call.find(call.store.cards, card)
    if not sees(call, call.store.boards[found["idBoard"]]):
        refuse(401, "unauthorized card permission requested")
    return found


def card_to_write(call: Call, card: str) -> Object:
    """The card, if the caller may change it."""
    found = card_to_read(call, card)
    board_to_write(call, found["idBoard"])
    return found


def card_to_comment(call: Call, card: str) -> Object:
    """The card, if the caller may comment on it: ``prefs.comments`` of its board says who may."""
    found = card_to_read(call, card)
    board = call.store.boards[found["idBoard"]]
    who = (board.get("prefs") or {}).get("comments") or "members"
    ours = call.store.organization_membership(board["id"], call.me)
    allowed = {
        "observers": call.store.board_membership(board["id"], call.me) is not None,
        "org": ours is not None,
        "public": True,
    }
    if who == "disabled":
        refuse(401, "unauthorized card permission requested")
    # Each of these lets in those before it as well; members are who may write anyway.
    wide = _COMMENTING[: _COMMENTING.index(who) + 1] if who in _COMMENTING else ()
    if not any(allowed[kind] for kind in wide):
        board_to_write(call, board["id"])
    return found


_COMMENTING = ("observers", "org", "public")


def list_to_write(call: Call, entry: str) -> Object:
    """The list, if the caller may change its board."""
    found = call.find(call.store.lists, entry)
    board_to_write(call, found["idBoard"])
    return found


def _robot(call: Call) -> bool:
    """Trello's own automation works on every board and is a member of none."""
    return call.store.apps.get(call.me) is ROBOT


def sees(call: Call, board: Object) -> bool:
    """Whether the caller may see a board."""
    if _robot(call) or call.store.board_membership(board["id"], call.me):
        return True
    level = (board.get("prefs") or {}).get("permissionLevel")
    ours = call.store.organization_membership(board["id"], call.me)
    within = ours is not None and (level == "org" or ours["memberType"] == "admin")
    return level == "public" or within
