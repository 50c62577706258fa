"""Custom fields: definitions, options and values (guide, 4.5).

Numbers, ticks and dates travel as strings; an empty field has no item at all.
"""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from starlette.responses import Response

from adapters.trello.sandbox import changes
from adapters.trello.sandbox.access import (
    board_to_read,
    board_to_write,
    card_to_read,
    card_to_write,
)
from adapters.trello.sandbox.calls import Call, moment_of, refuse
from adapters.trello.sandbox.store import Object, Store, board_data
from syncer.adapterkit.sandbox import reply
from syncer.model.values import instant_text

KEYS: Final = {"text": "text", "number": "number", "checkbox": "checked", "date": "date"}
MOST: Final = 50
_WRONG: Final = "Invalid custom field item value"


def definition(store: Store, board: str, name: str, kind: str, options: list[str]) -> Object:
    """A new field on a board."""
    field: Object = {
        "id": store.new_id(),
        "idModel": board,
        "modelType": "board",
        "fieldGroup": "",
        "name": name,
        "pos": 16384 * (1 + len(store.fields_of(board))),
        "type": kind,
        "display": {"cardFront": True},
        "isSuggestedField": False,
    }
    if kind == "list":
        field["options"] = [
            option(store, field["id"], text, n) for n, text in enumerate(options, 1)
        ]
    store.fields[field["id"]] = field
    return field


def option(store: Store, field: str, text: str, place: int) -> Object:
    """A new choice of a list field."""
    return {
        "id": store.new_id(),
        "idCustomField": field,
        "value": {"text": text},
        "color": "none",
        "pos": 16384 * place,
    }


def post(call: Call) -> Response:
    """POST /customFields."""
    board, kind = board_to_write(call, call.text("idModel")), call.text("type")
    if kind not in (*KEYS, "list") or call.text("modelType") != "board":
        refuse(
            400, "invalid value for type" if kind not in (*KEYS, "list") else "invalid modelType"
        )
    if len(call.store.fields_of(board["id"])) >= MOST:
        refuse(403, "Board has reached its custom field limit")
    given = call.given.get("options") or []
    texts = [_text_of(entry) for entry in given] if isinstance(given, list) else []
    field = definition(call.store, board["id"], call.text("name", required=True), kind, texts)
    field["display"]["cardFront"] = call.flag("display_cardFront", True)
    call.store.log("createCustomField", call.me, {"board": board_data(board), **_named(field)})
    return reply(field)


def _text_of(entry: Any) -> str:
    value = entry.get("value") if isinstance(entry, dict) else None
    text = value.get("text") if isinstance(value, dict) else entry
    if not isinstance(text, str) or not text:
        refuse(400, "invalid value for options")
    return text


def _named(field: Object) -> Object:
    return {"customField": {key: field[key] for key in ("id", "name", "type")}}


def _field(call: Call, *, write: bool = False) -> Object:
    field = call.find(call.store.fields, call.part("field"))
    (board_to_write if write else board_to_read)(call, field["idModel"])
    return field


def get(call: Call) -> Response:
    """GET /customFields/{id}."""
    return reply(_field(call))


def put(call: Call) -> Response:
    """PUT /customFields/{id}: its name, and whether it shows on the front of cards."""
    field = _field(call, write=True)
    field["name"] = call.text("name", field["name"])
    shown = field["display"]["cardFront"]
    field["display"]["cardFront"] = call.flag("display/cardFront", shown)
    return reply(field)


def delete(call: Call) -> Response:
    """DELETE /customFields/{id}, with the values on every card."""
    field = _field(call, write=True)
    del call.store.fields[field["id"]]
    for card, items in call.store.items.items():
        call.store.items[card] = [i for i in items if i["idCustomField"] != field["id"]]
    return reply({})


def get_options(call: Call) -> Response:
    """GET /customFields/{id}/options."""
    return reply(_field(call).get("options", []))


def post_option(call: Call) -> Response:
    """POST /customFields/{id}/options: the answer says ``_id`` (guide, trap 18)."""
    field = _field(call, write=True)
    if field["type"] != "list" or len(field["options"]) >= MOST:
        refuse(400, "invalid custom field")
    text = _text_of({"value": call.given.get("value")})
    made = option(call.store, field["id"], text, 1 + len(field["options"]))
    field["options"].append(made)
    return reply({"_id": made["id"], **{key: made[key] for key in made if key != "id"}})


def get_option(call: Call) -> Response:
    """GET /customFields/{id}/options/{idOption}."""
    found = [o for o in _field(call).get("options", []) if o["id"] == call.part("option")]
    return reply(found[0]) if found else refuse(404, "The requested resource was not found.")


def delete_option(call: Call) -> Response:
    """DELETE /customFields/{id}/options/{idOption}."""
    field = _field(call, write=True)
    field["options"] = [o for o in field["options"] if o["id"] != call.part("option")]
    return reply(field["options"])


def get_items(call: Call) -> Response:
    """GET /cards/{id}/customFieldItems."""
    return reply(call.store.items.get(card_to_read(call, call.part("id"))["id"], []))


def put_item(call: Call) -> Response:
    """PUT /cards/{card}/customField/{field}/item."""
    card = card_to_write(call, call.part("id"))
    item = _checked(call, card, {**call.given, "idCustomField": call.part("field")})
    _store(call, card, item)
    return reply(item if item["value"] is not None or item["idValue"] else {})


def put_items(call: Call) -> Response:
    """PUT /cards/{card}/customFields: many at once, all or none."""
    card, wanted = card_to_write(call, call.part("id")), call.given.get("customFieldItems")
    if not isinstance(wanted, list) or not all(isinstance(entry, dict) for entry in wanted):
        refuse(400, "invalid value for customFieldItems")
    for item in [_checked(call, card, entry) for entry in wanted]:
        _store(call, card, item)
    return reply(call.store.items.get(card["id"], []))


def _checked(call: Call, card: Object, sent: Object) -> Object:
    """The item that a write asks for; without value and option where it clears."""
    field = call.store.fields.get(str(sent.get("idCustomField")))
    if field is None or field["idModel"] != card["idBoard"]:
        refuse(404, "Custom field not found")
    item: Object = {
        "id": call.store.new_id(),
        "idCustomField": field["id"],
        "idModel": card["id"],
        "modelType": "card",
        "value": None,
        "idValue": None,
    }
    if field["type"] == "list":
        item["idValue"] = _choice(field, sent.get("idValue"))
    elif sent.get("value", "") != "":
        item["value"] = _value(field["type"], sent["value"])
    return item


def _choice(field: Object, sent: Any) -> str | None:
    if sent in (None, ""):
        return None
    if sent not in [entry["id"] for entry in field["options"]]:
        refuse(400, _WRONG)
    return str(sent)


def _value(kind: str, sent: Any) -> Object:
    key = KEYS[kind]
    text = sent.get(key) if isinstance(sent, dict) and set(sent) == {key} else None
    if not isinstance(text, str):
        refuse(400, _WRONG)
    try:
        if kind == "number":
            Decimal(text)
        if kind == "date":
            text = instant_text(moment_of(text))
    except (InvalidOperation, ValueError, OverflowError):
        refuse(400, _WRONG)
    if kind == "checkbox" and text not in ("true", "false"):
        refuse(400, _WRONG)
    return {key: text}


def _store(call: Call, card: Object, item: Object) -> None:
    items = call.store.items.setdefault(card["id"], [])
    old = next((i for i in items if i["idCustomField"] == item["idCustomField"]), None)
    told = {key: (old or {}).get(key) for key in ("value", "idValue")}
    if told == {key: item[key] for key in told}:
        return
    if old is not None:
        item["id"] = old["id"]
        items.remove(old)
    if item["value"] is not None or item["idValue"] is not None:
        items.append(item)
    call.store.touch(card, "customFields")
    field = call.store.fields[item["idCustomField"]]
    data = {**changes.context(call.store, card, with_list=False), **_named(field)}
    data |= {"customFieldItem": dict(item), "old": told}
    call.store.log("updateCustomFieldItem", call.me, data)
