"""Boards and who belongs to them (guide, 4.2 and 4.7)."""

from starlette.responses import Response

from adapters.trello.sandbox import changes, feed, shapes, views
from adapters.trello.sandbox.access import board_to_read, board_to_write
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object, Store, board_data
from syncer.adapterkit.sandbox import reply

KINDS = {
    "admin": "makeAdminOfBoard",
    "normal": "makeNormalMemberOfBoard",
    "observer": "makeObserverOfBoard",
}
_DEFAULT_LISTS = ("To Do", "Doing", "Done")
_DEFAULT_COLOURS = ("green", "yellow", "orange", "red", "purple", "blue")
_LISTED = (
    "id,name,desc,descData,closed,dateClosed,dateLastActivity,idMemberCreator,idOrganization,"
    "url,shortUrl,shortLink,prefs,labelNames,memberships,pinned,starred"
)


def get(call: Call) -> Response:
    """GET /boards/{id}."""
    return reply(views.board(call, board_to_read(call, call.part("id"))))


def get_field(call: Call) -> Response:
    """GET /boards/{id}/{field}."""
    board = board_to_read(call, call.part("id"))
    return reply({"_value": board.get(call.part("field"))})


def listed(call: Call, found: list[Object]) -> Response:
    """Boards of a member or workspace, as far as the caller may see them."""
    which = call.text("filter", "all")
    wanted = {"open": (False,), "closed": (True,)}.get(which, (True, False))
    chosen = [board for board in found if board["closed"] in wanted]
    shown = [feed.pick(board, call.text("fields", _LISTED)) for board in chosen]
    if call.flag("organization"):
        fields = call.text("organization_fields", "all")
        for board, entry in zip(chosen, shown, strict=True):
            home = call.store.organizations.get(str(board["idOrganization"]))
            entry["organization"] = feed.pick(home, fields) if home else None
    return reply(shown)


def make(store: Store, by: str, name: str, desc: str, workspace: str | None, level: str) -> Object:
    """A new board with its maker as admin and nothing on it."""
    board = shapes.board(store, name, desc, workspace, level)
    board["idMemberCreator"] = by
    board["memberships"] = [shapes.membership(store, by, "admin")]
    store.boards[board["id"]] = board
    store.log("createBoard", by, {"board": board_data(board)})
    return board


def post(call: Call) -> Response:
    """POST /boards: empty, with Trello's own lists and labels, or a copy."""
    name = call.text("name", required=True)
    level = call.text("prefs_permissionLevel", "private")
    if level not in ("org", "private", "public"):
        refuse(400, "invalid value for prefs_permissionLevel")
    workspace = _workspace(call)
    if source := call.text("idBoardSource"):
        original = board_to_read(call, source)
        board = make(
            call.store, call.me, name, call.text("desc", original["desc"]), workspace, level
        )
        _copy(call, original, board)
        return reply(views.board(call, board))
    board = make(call.store, call.me, name, call.text("desc"), workspace, level)
    if call.flag("defaultLists", True):
        for title in _DEFAULT_LISTS:
            add_list(call.store, call.me, board, title)
    if call.flag("defaultLabels", True):
        for colour in _DEFAULT_COLOURS:
            label = shapes.label(call.store, board["id"], "", colour)
            call.store.labels[label["id"]] = label
    return reply(feed.pick(board, "all"))


def _workspace(call: Call) -> str | None:
    wanted = call.text("idOrganization")
    if not wanted:
        return None
    home = call.find(call.store.organizations, wanted, "name")
    if not any(entry["idMember"] == call.me for entry in home["memberships"]):
        refuse(401, "unauthorized org access")
    return str(home["id"])


def _copy(call: Call, original: Object, board: Object) -> None:
    """Lists, labels and custom fields always; cards as ``keepFromSource`` says."""
    store, twins = call.store, {}
    for label in store.on_board(store.labels, original["id"]):
        copy = shapes.label(store, board["id"], label["name"], label["color"])
        store.labels[copy["id"]] = copy
        twins[label["id"]] = copy["id"]
    for entry in store.on_board(store.lists, original["id"]):
        if not entry["closed"]:
            twins[entry["id"]] = add_list(store, call.me, board, entry["name"])["id"]
    for field in store.fields_of(original["id"]):
        copy = {**field, "id": store.new_id(), "idModel": board["id"]}
        store.fields[copy["id"]] = copy
    if call.text("keepFromSource", "cards") == "none":
        return
    for card in store.on_board(store.cards, original["id"]):
        if card["idList"] in twins and not card["closed"]:
            kept = {key: card[key] for key in ("name", "desc", "due")}
            labels = [twins[label] for label in card["idLabels"] if label in twins]
            changes.add_card(
                store, call.me, store.lists[twins[card["idList"]]], **kept, idLabels=labels
            )


def add_list(store: Store, by: str, board: Object, name: str) -> Object:
    """A new list at the end."""
    entry = shapes.list_(store, board["id"], name)
    store.lists[entry["id"]] = entry
    data = {"board": board_data(board), "list": {"id": entry["id"], "name": name}}
    store.log("createList", by, data)
    return entry


def put(call: Call) -> Response:
    """PUT /boards/{id} with any of name, desc, closed, idOrganization, and some settings."""
    board = board_to_write(call, call.part("id"))
    for key in ("name", "desc", "closed", "idOrganization"):
        if call.has(key):
            _set(call, board, key, key)
    for key, known in _PREFS.items():
        if call.has(f"prefs/{key}"):
            _prefer(call, board, key, known)
    return reply(feed.pick(board, "all"))


_PREFS = {
    "comments": ("disabled", "members", "observers", "org", "public"),
    "permissionLevel": ("private", "org", "public"),
}


def _prefer(call: Call, board: Object, key: str, known: tuple[str, ...]) -> None:
    value = call.text(f"prefs/{key}")
    if value not in known:
        refuse(400, f"invalid value for prefs/{key}")
    old, board["prefs"] = board["prefs"], {**board["prefs"], key: value}
    told = {"board": {**board_data(board), "prefs": {key: value}}}
    call.store.log("updateBoard", call.me, {**told, "old": {"prefs": {key: old.get(key)}}})


def put_field(call: Call) -> Response:
    """PUT /boards/{id}/{field} with a value."""
    board, key = board_to_write(call, call.part("id")), call.part("field")
    if key not in ("name", "desc", "closed", "idOrganization"):
        refuse(404, "The requested resource was not found.")
    _set(call, board, key, "value")
    return reply(feed.pick(board, "all"))


def _set(call: Call, board: Object, key: str, sent: str) -> None:
    value = call.flag(sent) if key == "closed" else call.text(sent, required=key == "name")
    old = board[key]
    if old == value:
        return
    board[key] = value
    data = {"board": {**board_data(board), key: value}, "old": {key: old}}
    call.store.log("updateBoard", call.me, data)


def delete(call: Call) -> Response:
    """DELETE /boards/{id}: for ever, with all that is on it."""
    board, store = board_to_write(call, call.part("id")), call.store
    for table in (store.cards, store.lists, store.labels, store.checklists):
        for entry in store.on_board(table, board["id"]):
            del table[entry["id"]]
    for field in store.fields_of(board["id"]):
        del store.fields[field["id"]]
    del store.boards[board["id"]]
    return reply({"_value": None})


def get_actions(call: Call) -> Response:
    """GET /boards/{id}/actions."""
    board = board_to_read(call, call.part("id"))
    return reply(feed.actions(call, feed.of_board(board["id"])))


def get_cards(call: Call) -> Response:
    """GET /boards/{id}/cards and /cards/{filter}; an id in its place gives that card."""
    board = board_to_read(call, call.part("id"))
    which = call.request.path_params.get("filter") or call.text("filter", "open")
    if which in call.store.cards:
        return reply(views.card(call, call.store.cards[which]))
    return reply(views.cards(call, call.store.on_board(call.store.cards, board["id"]), which))


def get_lists(call: Call) -> Response:
    """GET /boards/{id}/lists and /lists/{filter}, with their cards if wanted."""
    board = board_to_read(call, call.part("id"))
    which = call.request.path_params.get("filter") or call.text("filter", "open")
    found = views.lists(call, board["id"], which)
    shown = [feed.pick(entry, call.text("fields", "all")) for entry in found]
    if (cards := call.text("cards", "none")) != "none":
        everything = call.store.on_board(call.store.cards, board["id"])
        for entry in shown:
            here = [card for card in everything if card["idList"] == entry["id"]]
            entry["cards"] = views.cards(call, here, cards, "card_")
    return reply(shown)


def get_labels(call: Call) -> Response:
    """GET /boards/{id}/labels."""
    board = board_to_read(call, call.part("id"))
    found = views.labels(call, board["id"], "limit")
    return reply([feed.pick(entry, call.text("fields", "all")) for entry in found])


def get_fields(call: Call) -> Response:
    """GET /boards/{id}/customFields."""
    return reply(call.store.fields_of(board_to_read(call, call.part("id"))["id"]))


def get_checklists(call: Call) -> Response:
    """GET /boards/{id}/checklists."""
    board = board_to_read(call, call.part("id"))
    return reply(call.store.on_board(call.store.checklists, board["id"]))
