"""What hangs on cards beside comments and attachments: checklists (guide, 4.8)."""

from starlette.responses import Response

from adapters.trello.sandbox import changes, shapes
from adapters.trello.sandbox.access import card_to_read, card_to_write
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object, card_data
from syncer.adapterkit.sandbox import reply


def get_checklists(call: Call) -> Response:
    """GET /cards/{id}/checklists."""
    card = card_to_read(call, call.part("id"))
    return reply([c for c in call.store.checklists.values() if c["idCard"] == card["id"]])


def post_checklist(call: Call) -> Response:
    """POST /checklists and POST /cards/{id}/checklists."""
    card = card_to_write(call, call.request.path_params.get("id") or call.text("idCard"))
    checklist: Object = {
        "id": call.store.new_id(),
        "name": call.text("name", "Checklist"),
        "idBoard": card["idBoard"],
        "idCard": card["id"],
        "pos": shapes.STEP,
        "checkItems": [],
    }
    call.store.checklists[checklist["id"]] = checklist
    card["idChecklists"].append(checklist["id"])
    call.store.touch(card)
    named = {"id": checklist["id"], "name": checklist["name"]}
    data = {**changes.context(call.store, card), "checklist": named}
    call.store.log("addChecklistToCard", call.me, data)
    return reply(checklist)


def _checklist(call: Call) -> tuple[Object, Object]:
    checklist = call.find(call.store.checklists, call.part("checklist"))
    return checklist, card_to_write(call, checklist["idCard"])


def get_checklist(call: Call) -> Response:
    """GET /checklists/{id}."""
    checklist = call.find(call.store.checklists, call.part("checklist"))
    card_to_read(call, checklist["idCard"])
    return reply(checklist)


def put_checklist(call: Call) -> Response:
    """PUT /checklists/{id} with a name, and PUT /checklists/{id}/name with a value."""
    checklist, card = _checklist(call)
    old = checklist["name"]
    checklist["name"] = call.text("name", call.text("value", old))
    call.store.touch(card)
    named = {"id": checklist["id"], "name": checklist["name"]}
    data = {**changes.context(call.store, card), "checklist": named, "old": {"name": old}}
    call.store.log("updateChecklist", call.me, data)
    return reply(checklist)


def delete_checklist(call: Call) -> Response:
    """DELETE /checklists/{id}."""
    checklist, card = _checklist(call)
    del call.store.checklists[checklist["id"]]
    card["idChecklists"].remove(checklist["id"])
    call.store.touch(card)
    named = {"id": checklist["id"], "name": checklist["name"]}
    data = {**changes.context(call.store, card), "checklist": named}
    call.store.log("removeChecklistFromCard", call.me, data)
    return reply({"limits": {}})


def post_item(call: Call) -> Response:
    """POST /checklists/{id}/checkItems."""
    checklist, card = _checklist(call)
    item: Object = {
        "id": call.store.new_id(),
        "idChecklist": checklist["id"],
        "name": call.text("name", required=True),
        "nameData": None,
        "pos": shapes.STEP * (1 + len(checklist["checkItems"])),
        "state": "complete" if call.flag("checked") else "incomplete",
        "due": None,
        "dueReminder": None,
        "idMember": None,
    }
    checklist["checkItems"].append(item)
    _count(call, card)
    return reply(item)


def delete_item(call: Call) -> Response:
    """DELETE /checklists/{id}/checkItems/{idCheckItem}."""
    checklist, card = _checklist(call)
    kept = [item for item in checklist["checkItems"] if item["id"] != call.part("item")]
    if len(kept) == len(checklist["checkItems"]):
        refuse(404, "The requested resource was not found.")
    checklist["checkItems"] = kept
    _count(call, card)
    return reply({"limits": {}})


def _count(call: Call, card: Object) -> None:
    mine = [c for c in call.store.checklists.values() if c["idCard"] == card["id"]]
    items = [item for checklist in mine for item in checklist["checkItems"]]
    done = sum(item["state"] == "complete" for item in items)
    card.setdefault("badges", shapes.badges()).update(checkItems=len(items), checkItemsChecked=done)
    call.store.touch(card)


def put_item(call: Call) -> Response:
    """PUT /cards/{id}/checkItem/{idCheckItem}: name, state, due date and member."""
    card, id = card_to_write(call, call.part("id")), call.part("item")
    mine = [c for c in call.store.checklists.values() if c["idCard"] == card["id"]]
    found = [(c, item) for c in mine for item in c["checkItems"] if item["id"] == id]
    if not found:
        refuse(404, "The requested resource was not found.")
    checklist, item = found[0]
    item["name"] = call.text("name", item["name"])
    if call.has("due"):
        item["due"] = call.moment("due")
    if call.has("idMember"):
        item["idMember"] = call.text("idMember") or None
    state = call.text("state", item["state"])
    if state != item["state"]:
        item["state"] = state
        named = {"id": checklist["id"], "name": checklist["name"]}
        data = {"card": card_data(card), "checklist": named, "checkItem": dict(item)}
        data["board"] = changes.context(call.store, card)["board"]
        call.store.log("updateCheckItemStateOnCard", call.me, data)
    _count(call, card)
    return reply(item)


def get_plugins(call: Call) -> Response:
    """GET /cards/{id}/pluginData."""
    return reply(call.store.plugins.get(card_to_read(call, call.part("id"))["id"], []))
