"""Cards (guide, 4.4). Only given fields change; sets given whole replace the whole set."""

from typing import Any

from starlette.responses import Response

from adapters.trello.sandbox import attachments, changes, feed, lists, shapes, views
from adapters.trello.sandbox.access import board_to_write, card_to_read, card_to_write
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object
from syncer.adapterkit.sandbox import reply

_TEXTS = ("name", "desc")
_FLAGS = ("dueComplete", "closed", "subscribed")
_MOMENTS = ("due", "start")
_KEEPABLE = "attachments checklists comments customFields due start labels members stickers"


def get(call: Call) -> Response:
    """GET /cards/{id}, by id or short link."""
    entry = card_to_read(call, call.part("id"))
    shown = views.card(call, entry)
    if call.flag("list"):
        shown["list"] = call.store.lists[entry["idList"]]
    if call.flag("board"):
        fields = call.text("board_fields", views.BOARD_FIELDS)
        shown["board"] = feed.pick(call.store.boards[entry["idBoard"]], fields)
    if call.text("actions", "none") not in ("none", "false"):
        shown["actions"] = feed.actions(call, feed.of_card(entry["id"]), nested=True)
    return reply(shown)


def get_field(call: Call) -> Response:
    """GET /cards/{id}/{field}."""
    shown = shapes.with_defaults(card_to_read(call, call.part("id")))
    if call.part("field") not in shown:
        refuse(404, "The requested resource was not found.")
    return reply({"_value": shown[call.part("field")]})


def post(call: Call) -> Response:
    """POST /cards."""
    entry = call.store.lists.get(call.text("idList"))
    if entry is None:
        refuse(400, "invalid value for idList")
    board_to_write(call, entry["idBoard"])
    told = _values(call)
    told.update(_source(call, told))
    labels, members = told.pop("idLabels", []), told.pop("idMembers", [])
    _check_sets(call, entry["idBoard"], labels, members)
    card = changes.add_card(call.store, call.me, entry, **told)
    if call.has("pos"):
        card["pos"] = _position(call, card, call.given["pos"])
    for label in labels:
        changes.add_label(call.store, call.me, card, label)
    for member in members:
        changes.add_member(call.store, call.me, card, member)
    if url := call.text("urlSource"):
        attachments.attach(call, card, url, url)
    _copy_fields(call, card)
    return reply(
        {**views.card(call, card), "attachments": call.store.attachments.get(card["id"], [])}
    )


def _values(call: Call) -> dict[str, Any]:
    """The plain fields that were sent, checked; a text of null is none (py-trello sends it)."""
    texts = [key for key in _TEXTS if call.given.get(key) is not None]
    told: dict[str, Any] = {key: call.text(key) for key in texts}
    told |= {key: call.flag(key) for key in _FLAGS if call.has(key)}
    told |= {key: call.moment(key) for key in _MOMENTS if call.has(key)}
    told |= {key: call.many(key) for key in ("idMembers", "idLabels") if call.has(key)}
    if call.has("dueReminder"):
        told["dueReminder"] = call.minutes("dueReminder")
    return told


def _check_sets(call: Call, board: str, labels: list[str], members: list[str]) -> None:
    on_board = {label["id"] for label in call.store.on_board(call.store.labels, board)}
    if len(set(labels)) != len(labels) or set(labels) - on_board:
        refuse(400, "label not found")
    strangers = [m for m in members if call.store.board_membership(board, m) is None]
    if len(set(members)) != len(members) or strangers:
        refuse(400, "invalid value for idMembers")


def _kept(call: Call) -> set[str]:
    kept = set(call.many("keepFromSource") or ["all"])
    return set(_KEEPABLE.split()) if "all" in kept else kept


def _source(call: Call, told: dict[str, Any]) -> dict[str, Any]:
    """What a new card takes from the one that it is copied from."""
    wanted = call.text("idCardSource")
    if not wanted:
        return {}
    source, kept = card_to_read(call, wanted), _kept(call)
    taken: dict[str, Any] = {key: source[key] for key in _TEXTS}
    taken |= {key: source.get(key) for key in _MOMENTS if key in kept}
    taken |= {"idLabels": list(source["idLabels"])} if "labels" in kept else {}
    taken |= {"idMembers": list(source["idMembers"])} if "members" in kept else {}
    return {key: value for key, value in taken.items() if key not in told}


def _copy_fields(call: Call, card: Object) -> None:
    """Custom fields come along only where ``keepFromSource`` says so (guide, 4.5)."""
    source = call.text("idCardSource")
    if source and "customFields" in _kept(call):
        items = call.store.items.get(call.find(call.store.cards, source)["id"], [])
        fresh = [{**i, "id": call.store.new_id(), "idModel": card["id"]} for i in items]
        call.store.items[card["id"]] = fresh


def put(call: Call) -> Response:
    """PUT /cards/{id}."""
    card = card_to_write(call, call.part("id"))
    told = _values(call)
    if call.has("idBoard") or call.has("idList"):
        _move(call, card)
    if "subscribed" in told:
        card["subscribed"] = told.pop("subscribed")  # a member's own: no action tells of it
    for key in (*_TEXTS, *_MOMENTS, *_FLAGS, "dueReminder"):
        if key in told:
            changes.change(call.store, call.me, card, key, told[key])
    if "idMembers" in told:
        changes.set_members(call.store, call.me, card, told["idMembers"])
    if "idLabels" in told:
        changes.set_labels(call.store, call.me, card, told["idLabels"])
    if call.has("pos"):
        changes.change(call.store, call.me, card, "pos", _position(call, card, call.given["pos"]))
    return reply(views.card(call, card))


def _move(call: Call, card: Object) -> None:
    """To a list, perhaps of another board; without one to the first list there."""
    target = call.text("idBoard") or card["idBoard"]
    board = board_to_write(call, target)
    open_lists = views.lists(call, board["id"], "open")
    wanted = call.text("idList") or (card["idList"] if target == card["idBoard"] else "")
    entry = call.store.lists.get(wanted) if wanted else next(iter(open_lists), None)
    if entry is None or entry["idBoard"] != board["id"]:
        refuse(400, "invalid value for idList")
    if entry["idBoard"] == card["idBoard"]:
        changes.move(call.store, call.me, card, entry)
    else:
        changes.move_to_board(call.store, call.me, card, entry)


def _position(call: Call, card: Object, value: object) -> float:
    if value == "bottom":
        return shapes.last_in(call.store, card["idList"])
    here = [c["pos"] for c in call.store.cards.values() if c["idList"] == card["idList"]]
    try:
        return min(here) / 2 if value == "top" else float(str(value))
    except ValueError:
        refuse(400, "invalid value for pos")


def put_field(call: Call) -> Response:
    """PUT /cards/{id}/{field} with a value, as older clients do it."""
    key = call.part("field")
    places = {"idList", "idBoard", "pos"}
    writable = {*_TEXTS, *_FLAGS, *_MOMENTS, *places, "idMembers", "idLabels", "dueReminder"}
    if key not in writable:
        refuse(404, "The requested resource was not found.")
    call.given[key] = call.given.pop("value", None)
    return put(call)


def delete(call: Call) -> Response:
    """DELETE /cards/{id}."""
    changes.delete_card(call.store, call.me, card_to_write(call, call.part("id")))
    return reply({"limits": {}})


def post_member(call: Call) -> Response:
    """POST /cards/{id}/idMembers."""
    card = card_to_write(call, call.part("id"))
    changes.add_member(call.store, call.me, card, call.text("value", required=True))
    return reply(views.members(call, card["idMembers"]))


def delete_member(call: Call) -> Response:
    """DELETE /cards/{id}/idMembers/{idMember}."""
    card = card_to_write(call, call.part("id"))
    changes.remove_member(call.store, call.me, card, call.part("member"))
    return reply(views.members(call, card["idMembers"]))


def post_label(call: Call) -> Response:
    """POST /cards/{id}/idLabels."""
    card = card_to_write(call, call.part("id"))
    changes.add_label(call.store, call.me, card, call.text("value", required=True))
    return reply(card["idLabels"])


def post_new_label(call: Call) -> Response:
    """POST /cards/{id}/labels: a new label of the board, put on the card at once."""
    card = card_to_write(call, call.part("id"))
    label = lists.new_label(call, board_to_write(call, card["idBoard"]))
    changes.add_label(call.store, call.me, card, label["id"])
    return reply(label)


def delete_label(call: Call) -> Response:
    """DELETE /cards/{id}/idLabels/{idLabel}."""
    card = card_to_write(call, call.part("id"))
    changes.remove_label(call.store, call.me, card, call.part("label"))
    return reply({"_value": None})
