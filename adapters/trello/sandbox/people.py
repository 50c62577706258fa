"""Members, workspaces, memberships and tokens (guide, 1.1, 4.1 and 4.7)."""

from starlette.responses import Response

from adapters.trello.sandbox import boards, changes, feed, shapes, views
from adapters.trello.sandbox.access import board_to_join, board_to_read, board_to_write
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object, Store, board_data
from syncer.adapterkit.sandbox import SandboxUser, reply
from syncer.model.values import instant_text


def get_member(call: Call) -> Response:
    """GET /members/{id}: the e-mail address only to the member themselves."""
    member = member_of(call)
    shown = feed.pick(member, call.text("fields", "all"))
    wanted = call.text("fields", "all").split(",")
    if member["id"] == call.me and ("all" in wanted or "email" in wanted):
        shown["email"] = call.request.user.email
    elif "all" in wanted:
        shown["email"] = None
    return reply(shown)


def member_of(call: Call) -> Object:
    """The member that the path names."""
    wanted = call.part("id")
    return call.find(call.store.members, call.me if wanted == "me" else wanted, "username")


def get_boards(call: Call) -> Response:
    """GET /members/{id}/boards: where they are members."""
    member = member_of(call)["id"]
    found = [b for b in call.store.boards.values() if call.store.board_membership(b["id"], member)]
    return boards.listed(call, found)


def get_organizations(call: Call) -> Response:
    """GET /members/{id}/organizations."""
    member = member_of(call)["id"]
    found = [home for home in call.store.organizations.values() if _belongs(home, member)]
    return reply([feed.pick(home, call.text("fields", "all")) for home in found])


def _belongs(home: Object, member: str) -> bool:
    return any(entry["idMember"] == member for entry in home["memberships"])


def _organization(call: Call) -> Object:
    home = call.find(call.store.organizations, call.part("id"), "name")
    if not _belongs(home, call.me):
        refuse(401, "unauthorized org access")
    return home


def get_organization(call: Call) -> Response:
    """GET /organizations/{idOrName}."""
    return reply(feed.pick(_organization(call), call.text("fields", "all")))


def get_organization_boards(call: Call) -> Response:
    """GET /organizations/{id}/boards: those that the caller may see."""
    home = _organization(call)
    rank = next(m["memberType"] for m in home["memberships"] if m["idMember"] == call.me)
    found = [
        board
        for board in call.store.boards.values()
        if board["idOrganization"] == home["id"]
        and (
            rank == "admin"
            or board["prefs"]["permissionLevel"] != "private"
            or call.store.board_membership(board["id"], call.me)
        )
    ]
    return boards.listed(call, found)


def get_organization_members(call: Call) -> Response:
    """GET /organizations/{id}/members."""
    ids = [entry["idMember"] for entry in _organization(call)["memberships"]]
    return reply(views.members(call, ids, call.text("fields", "fullName,username")))


def get_organization_memberships(call: Call) -> Response:
    """GET /organizations/{id}/memberships."""
    return reply(views.memberships(call, _organization(call)))


_FILTERS = {
    "all": tuple(boards.KINDS),
    "normal": ("normal",),
    "admins": ("admin",),
    "owners": ("admin",),
    "none": (),
}


def get_board_members(call: Call) -> Response:
    """GET /boards/{id}/members: all, or those who belong to it in one way."""
    board = board_to_read(call, call.part("id"))
    kinds = _FILTERS.get(call.text("filter", "all"))
    if kinds is None:
        refuse(400, "invalid value for filter")
    chosen = [entry for entry in board.get("memberships") or [] if entry["memberType"] in kinds]
    ids = [entry["idMember"] for entry in chosen]
    return reply(views.members(call, ids, call.text("fields", "fullName,username")))


def get_board_memberships(call: Call) -> Response:
    """GET /boards/{id}/memberships."""
    return reply(views.memberships(call, board_to_read(call, call.part("id"))))


def join(store: Store, by: str, board: Object, member: str, kind: str) -> None:
    """Make somebody a member of a board, or another kind of member."""
    known = store.board_membership(board["id"], member)
    data = {"board": board_data(board)}
    if known is None:
        board.setdefault("memberships", []).append(shapes.membership(store, member, kind))
        more = {"idMemberAdded": member, "memberType": kind}
        store.log("addMemberToBoard", by, {**data, **more}, member)
    elif known["memberType"] != kind:
        known["memberType"] = kind
        store.log(boards.KINDS[kind], by, {**data, "idMember": member}, member)


def put_board_member(call: Call) -> Response:
    """PUT /boards/{id}/members/{idMember}; oneself where the workspace's members may join."""
    member = call.find(call.store.members, call.part("member"), "username")
    kind = call.text("type", required=True)
    joins = member["id"] == call.me and kind == "normal"
    board = (board_to_join if joins else board_to_write)(call, call.part("id"))
    if kind not in boards.KINDS:
        refuse(400, "invalid value for type")
    join(call.store, call.me, board, member["id"], kind)
    return reply({"id": board["id"], "memberships": board["memberships"], "members": []})


def delete_board_member(call: Call) -> Response:
    """DELETE /boards/{id}/members/{idMember}: they leave the cards of the board as well."""
    board, member = board_to_write(call, call.part("id")), call.part("member")
    if call.store.board_membership(board["id"], member) is None:
        refuse(404, "member not found")
    board["memberships"] = [m for m in board["memberships"] if m["idMember"] != member]
    for card in call.store.on_board(call.store.cards, board["id"]):
        if member in card["idMembers"]:
            changes.remove_member(call.store, call.me, card, member)
    data = {"board": board_data(board), "idMember": member}
    call.store.log("removeMemberFromBoard", call.me, data, member)
    return reply({"id": board["id"], "memberships": board["memberships"]})


def get_token(call: Call, user: SandboxUser, changed: Object) -> Response:
    """GET /tokens/{token}: what a token may do; ``changed`` is what this one has otherwise."""
    rights = [
        {"idModel": "*", "modelType": kind, "read": True, "write": True}
        for kind in ("board", "organization")
    ]
    token = {
        "id": user.id,
        "identifier": "Sandbox",
        "idMember": user.id,
        "dateCreated": instant_text(call.store.clock()),
        "dateExpires": None,
        "permissions": rights,
    }
    return reply(token | changed)
