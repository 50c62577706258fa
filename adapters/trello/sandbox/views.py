"""How objects are shown: chosen fields, nested resources, pages (guide, 3)."""

from typing import Any, Final

from adapters.trello.sandbox import feed, shapes
from adapters.trello.sandbox.calls import Call, is_id, moment_of, refuse, refuse_json
from adapters.trello.sandbox.feed import pick
from adapters.trello.sandbox.store import Object

BOARD_FIELDS: Final = (
    "name,desc,descData,closed,idOrganization,pinned,url,shortUrl,prefs,labelNames"
)
MEMBER_FIELDS: Final = "avatarHash,fullName,initials,username"
TOO_MANY: Final = 300
"""Cards with their own actions that one request may ask for; the real number is not told."""

CARD_FILTERS: Final = frozenset("all closed complete incomplete none open visible".split())


def card(call: Call, entry: Object, prefix: str = "") -> Object:
    """A card with what the request wants nested in it."""
    store, id = call.store, entry["id"]
    labels = [store.labels[label] for label in entry["idLabels"] if label in store.labels]
    shown = pick(
        {**shapes.with_defaults(entry), "labels": labels}, call.text(f"{prefix}fields", "all")
    )
    if call.flag(f"{prefix}customFieldItems"):
        shown["customFieldItems"] = store.items.get(id, [])
    if call.text(f"{prefix}attachments", "false") != "false":
        fields = call.text(f"{prefix}attachment_fields", "all")
        shown["attachments"] = [pick(one, fields) for one in store.attachments.get(id, [])]
    if call.flag(f"{prefix}pluginData"):
        shown["pluginData"] = store.plugins.get(id, [])
    if call.flag(f"{prefix}members"):
        shown["members"] = members(call, entry["idMembers"])
    if call.text(f"{prefix}checklists", "none") not in ("none", "false"):
        shown["checklists"] = [c for c in store.checklists.values() if c["idCard"] == id]
    return shown


def cards(call: Call, found: list[Object], which: str, prefix: str = "") -> list[Object]:
    """Cards of a board or list: filtered, paged by their making, shown."""
    nested = bool(prefix)
    if call.has("actions" if not nested else "card_actions") and len(found) > TOO_MANY:
        refuse_json(403, "API_TOO_MANY_CARDS_REQUESTED", "Too many cards requested with actions")
    chosen = [entry for entry in found if _passes(call, entry, which)]
    if nested and (since := call.text("cards_modifiedSince")):
        chosen = [entry for entry in chosen if _touched(entry, since)]
    if not nested:
        chosen = _page(call, chosen)
    return [card(call, entry, prefix) for entry in chosen]


def _touched(entry: Object, since: str) -> bool:
    try:
        moment = moment_of(since)
    except (ValueError, OverflowError):
        refuse(400, "invalid value for cards_modifiedSince")
    last = entry.get("dateLastActivity")
    return last is None or moment_of(last) >= moment


def _passes(call: Call, entry: Object, which: str) -> bool:
    if which not in CARD_FILTERS:
        refuse(400, "invalid value for filter")
    shown = shapes.with_defaults(entry)
    put_away = call.store.lists.get(entry["idList"], {}).get("closed", False)
    passes: dict[str, bool] = {
        "all": True,
        "closed": shown["closed"],
        "complete": shown["dueComplete"],
        "incomplete": not shown["dueComplete"],
        "none": False,
        "open": not shown["closed"],
        "visible": not shown["closed"] and not put_away,
    }
    return passes[which]


def _page(call: Call, found: list[Object]) -> list[Object]:
    """``before`` and ``since`` compare the making, never the changing (guide, trap 8)."""
    since, before = _stamp(call, "since"), _stamp(call, "before")
    chosen = [
        entry
        for entry in found
        if (since is None or entry["id"] > since) and (before is None or entry["id"] < before)
    ]
    if not call.has("limit"):
        return chosen
    newest = sorted(chosen, key=lambda entry: str(entry["id"]), reverse=True)
    kept = {entry["id"] for entry in newest[: call.number("limit", 1000, 1000)]}
    # They are the newest, but arrive in the order of the board.
    return [entry for entry in chosen if entry["id"] in kept]


def _stamp(call: Call, name: str) -> str | None:
    text = call.text(name)
    if not text:
        return None
    try:
        return text if is_id(text) else f"{int(moment_of(text).timestamp()):08x}{'0' * 16}"
    except (ValueError, OverflowError):
        refuse(400, f"invalid value for {name}")


def members(call: Call, ids: list[str], fields: str = MEMBER_FIELDS) -> list[Object]:
    """Members as others see them."""
    known = [call.store.members[id] for id in ids if id in call.store.members]
    return [pick(member, fields) for member in known]


def memberships(call: Call, holder: Object) -> list[Object]:
    """Who belongs to a board or workspace and how, with who they are if wanted."""
    listed = [dict(entry) for entry in holder.get("memberships") or []]
    if call.flag("member"):
        fields = call.text("member_fields", "fullName,username")
        for entry in listed:
            entry["member"] = next(iter(members(call, [entry["idMember"]], fields)), None)
    return listed


def lists(call: Call, board: str, which: str) -> list[Object]:
    """The lists of a board."""
    if which not in ("all", "closed", "none", "open"):
        refuse(400, "invalid value for filter")
    wanted = {"all": (True, False), "closed": (True,), "open": (False,), "none": ()}[which]
    return [
        e for e in call.store.on_board(call.store.lists, board) if e.get("closed", False) in wanted
    ]


def labels(call: Call, board: str, limit: str) -> list[Object]:
    """The labels of a board: fifty unless more are asked for (guide, trap 3)."""
    return call.store.on_board(call.store.labels, board)[: call.number(limit, 50, 1000)]


def board(call: Call, entry: Object) -> Object:
    """A board with what the request wants nested in it (guide, 3.2)."""
    store, id = call.store, entry["id"]
    shown: dict[str, Any] = pick(entry, call.text("fields", BOARD_FIELDS))
    which = call.text("cards", "none")
    if which != "none":
        shown["cards"] = cards(call, store.on_board(store.cards, id), which, "card_")
    if (which := call.text("actions", "all")) not in ("none", "false"):
        shown["actions"] = feed.actions(call, feed.of_board(id), nested=True)
    if (which := call.text("lists", "open")) not in ("none", "false"):
        found = lists(call, id, which)
        shown["lists"] = [pick(each, call.text("list_fields", "all")) for each in found]
    if call.text("labels", "none") not in ("none", "false"):
        found = labels(call, id, "labels_limit")
        shown["labels"] = [pick(each, call.text("label_fields", "all")) for each in found]
    if call.text("members", "none") not in ("none", "false"):
        ids = [m["idMember"] for m in entry.get("memberships") or []]
        shown["members"] = members(call, ids, call.text("member_fields", MEMBER_FIELDS))
    if call.text("memberships", "none") not in ("none", "false"):
        shown["memberships"] = entry.get("memberships") or []
    if call.flag("customFields"):
        shown["customFields"] = store.fields_of(id)
    if call.text("checklists", "none") not in ("none", "false"):
        shown["checklists"] = store.on_board(store.checklists, id)
    if call.flag("organization"):
        workspace = store.organizations.get(str(entry.get("idOrganization")))
        shown["organization"] = pick(workspace or {}, call.text("organization_fields", "all"))
    return shown
