"""Links and files that hang on cards (guide, 4.9). What is in a file is not kept."""

from starlette.responses import Response

from adapters.trello.sandbox import changes, shapes
from adapters.trello.sandbox.access import card_to_read, card_to_write
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object
from syncer.adapterkit.sandbox import reply


def attach(call: Call, card: Object, url: str, name: str, **more: object) -> Object:
    """Hang a link on a card, or a file that is described by ``more``."""
    store = call.store
    entry: Object = {
        "id": store.new_id(),
        "bytes": None,
        "date": store.now(),
        "edgeColor": None,
        "idMember": call.me,
        "isUpload": False,
        "mimeType": None,
        "name": name,
        "fileName": None,
        "pos": shapes.STEP,
        "previews": [],
        "url": url,
        "isMalicious": False,
    }
    entry |= more
    store.attachments.setdefault(card["id"], []).append(entry)
    counters = card.setdefault("badges", shapes.badges())
    counters["attachments"] = len(store.attachments[card["id"]])
    store.touch(card)
    told = {key: entry[key] for key in ("id", "name", "url")}
    data = {**changes.context(store, card), "attachment": told}
    store.log("addAttachmentToCard", call.me, data)
    return entry


def listing(call: Call) -> Response:
    """GET /cards/{id}/attachments."""
    card = card_to_read(call, call.part("id"))
    return reply(call.store.attachments.get(card["id"], []))


def post(call: Call) -> Response:
    """POST /cards/{id}/attachments with a link, or with a file in a multipart body."""
    card, file = card_to_write(call, call.part("id")), call.file("file")
    if file is not None:
        about = {"isUpload": True, "bytes": len(file.content), "mimeType": file.kind}
        home = f"https://trello.com/1/cards/{card['id']}/attachments/download"
        name = call.text("name", file.name)
        return reply(attach(call, card, f"{home}/{file.name}", name, fileName=file.name, **about))
    url = call.text("url")
    if not url.startswith(("http://", "https://")):
        refuse(400, "invalid value for url")
    return reply(attach(call, card, url, call.text("name", url)))


def delete(call: Call) -> Response:
    """DELETE /cards/{id}/attachments/{idAttachment}."""
    card, store = card_to_write(call, call.part("id")), call.store
    found = [a for a in store.attachments.get(card["id"], []) if a["id"] == call.part("attachment")]
    if not found:
        refuse(404, "The requested resource was not found.")
    store.attachments[card["id"]].remove(found[0])
    card["badges"]["attachments"] = len(store.attachments[card["id"]])
    store.touch(card)
    told = {key: found[0][key] for key in ("id", "name")}
    data = {**changes.context(store, card), "attachment": told}
    store.log("deleteAttachmentFromCard", call.me, data)
    return reply({"limits": {}})
