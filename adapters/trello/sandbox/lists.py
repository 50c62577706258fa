"""Lists and labels (guide, 4.3 and 4.6)."""

from starlette.responses import Response

from adapters.trello.sandbox import boards, changes, feed, shapes, views
from adapters.trello.sandbox.access import board_to_read, board_to_write, list_to_write
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object, board_data, list_data
from syncer.adapterkit.sandbox import reply


def post(call: Call) -> Response:
    """POST /lists and POST /boards/{id}/lists."""
    board = board_to_write(call, call.request.path_params.get("id") or call.text("idBoard"))
    entry = boards.add_list(call.store, call.me, board, call.text("name", required=True))
    if call.has("pos"):
        entry["pos"] = _position(call, entry, call.given["pos"])
    return reply(entry)


def get(call: Call) -> Response:
    """GET /lists/{id}."""
    entry = call.find(call.store.lists, call.part("id"))
    board_to_read(call, entry["idBoard"])
    return reply(feed.pick(entry, call.text("fields", "all")))


def put(call: Call) -> Response:
    """PUT /lists/{id} with any of name, closed, idBoard, pos."""
    entry = list_to_write(call, call.part("id"))
    for key in ("name", "closed", "pos", "subscribed"):
        if call.has(key):
            _set(call, entry, key, key)
    if call.has("idBoard"):
        _move(call, entry, call.text("idBoard"))
    return reply(entry)


def put_field(call: Call) -> Response:
    """PUT /lists/{id}/{field} with a value."""
    entry, key = list_to_write(call, call.part("id")), call.part("field")
    if key == "idBoard":
        _move(call, entry, call.text("value"))
    elif key in ("name", "closed", "pos", "subscribed"):
        _set(call, entry, key, "value")
    else:
        refuse(404, "The requested resource was not found.")
    return reply(entry)


def _set(call: Call, entry: Object, key: str, sent: str) -> None:
    value = call.flag(sent) if key in ("closed", "subscribed") else call.given.get(sent)
    if key == "name":
        value = call.text(sent, required=True)
    if key == "pos":
        value = _position(call, entry, value)
    old = entry.get(key)
    if old == value:
        return
    entry[key] = value
    if key == "subscribed":
        return  # that is between a member and the list: no action tells of it
    board = call.store.boards[entry["idBoard"]]
    data = {"board": board_data(board), "list": {**list_data(entry), key: value}}
    call.store.log("updateList", call.me, {**data, "old": {key: old}})


def _position(call: Call, entry: Object, value: object) -> float:
    places = [other["pos"] for other in call.store.on_board(call.store.lists, entry["idBoard"])]
    ends = {"top": min(places) / 2, "bottom": max(places) + shapes.STEP}
    try:
        return ends.get(str(value)) or float(str(value))
    except ValueError:
        refuse(400, "invalid value for pos")


def _move(call: Call, entry: Object, target: str) -> None:
    """To another board, with its cards, which leave no actions of their own."""
    board, store = board_to_write(call, target), call.store
    source = store.boards[entry["idBoard"]]
    data = {"board": board_data(source), "list": list_data(entry)}
    store.log("moveListFromBoard", call.me, {**data, "boardTarget": {"id": board["id"]}})
    for card in [c for c in store.cards.values() if c["idList"] == entry["id"]]:
        card["idBoard"] = board["id"]
        card["idLabels"] = changes.same_labels(store, card["idLabels"], board["id"])
    entry["idBoard"] = board["id"]
    data = {"board": board_data(board), "list": list_data(entry)}
    store.log("moveListToBoard", call.me, {**data, "boardSource": {"id": source["id"]}})


def get_cards(call: Call) -> Response:
    """GET /lists/{id}/cards."""
    entry = call.find(call.store.lists, call.part("id"))
    board_to_read(call, entry["idBoard"])
    here = call.store.on_board(call.store.cards, entry["idBoard"])
    found = [card for card in here if card["idList"] == entry["id"]]
    return reply(views.cards(call, found, call.text("filter", "open")))


def get_actions(call: Call) -> Response:
    """GET /lists/{id}/actions."""
    entry = call.find(call.store.lists, call.part("id"))
    board_to_read(call, entry["idBoard"])
    return reply(feed.actions(call, feed.of_list(entry["id"])))


def archive_all(call: Call) -> Response:
    """POST /lists/{id}/archiveAllCards: the answer does not say which."""
    entry = list_to_write(call, call.part("id"))
    for card in [c for c in call.store.cards.values() if c["idList"] == entry["id"]]:
        changes.change(call.store, call.me, card, "closed", True)
    return reply({})


def move_all(call: Call) -> Response:
    """POST /lists/{id}/moveAllCards."""
    entry, target = list_to_write(call, call.part("id")), list_to_write(call, call.text("idList"))
    for card in [c for c in call.store.cards.values() if c["idList"] == entry["id"]]:
        same = target["idBoard"] == entry["idBoard"]
        (changes.move if same else changes.move_to_board)(call.store, call.me, card, target)
    return reply([])


def post_label(call: Call) -> Response:
    """POST /labels and POST /boards/{id}/labels."""
    board = board_to_write(call, call.request.path_params.get("id") or call.text("idBoard"))
    return reply(new_label(call, board))


def new_label(call: Call, board: Object) -> Object:
    """A label as the request wants it, on a board."""
    if not call.has("name"):
        refuse(400, "invalid value for name")
    label = shapes.label(call.store, board["id"], call.text("name"), _colour(call, "color"))
    call.store.labels[label["id"]] = label
    data = {"board": board_data(board), "label": {"id": label["id"], "name": label["name"]}}
    call.store.log("createLabel", call.me, data)
    return label


def _colour(call: Call, name: str) -> str | None:
    value = call.given.get(name)
    if value in (None, "", "null"):
        return None
    if value not in shapes.COLOURS:
        refuse(400, "invalid value for color")
    return str(value)


def get_label(call: Call) -> Response:
    """GET /labels/{id} and /boards/{id}/labels/{id}."""
    label = call.find(call.store.labels, call.part("label"))
    board_to_read(call, label["idBoard"])
    return reply(feed.pick(label, call.text("fields", "all")))


def put_label(call: Call) -> Response:
    """PUT /labels/{id}."""
    label = call.find(call.store.labels, call.part("label"))
    board = board_to_write(call, label["idBoard"])
    old = dict(label)
    if call.has("name"):
        label["name"] = call.text("name")
    if call.has("color"):
        label["color"] = _colour(call, "color")
    if old != label:
        data = {"board": board_data(board), "label": {"id": label["id"], "name": label["name"]}}
        call.store.log("updateLabel", call.me, data)
    return reply(label)


def delete_label(call: Call) -> Response:
    """DELETE /labels/{id}: it leaves every card without a trace."""
    label = call.find(call.store.labels, call.part("label"))
    board = board_to_write(call, label["idBoard"])
    del call.store.labels[label["id"]]
    for card in call.store.on_board(call.store.cards, board["id"]):
        card["idLabels"] = [entry for entry in card["idLabels"] if entry != label["id"]]
    call.store.log(
        "deleteLabel", call.me, {"board": board_data(board), "label": {"id": label["id"]}}
    )
    return reply({"limits": {}})
