"""A board export as Trello's "Print and export" menu writes it, as state of the stand-in.

Exports of different years differ in their keys: what is missing stays missing in the state,
and what is there is served as it is.
"""

from typing import Any, Final

from adapters.trello.sandbox import shapes
from adapters.trello.sandbox.store import Object, Store
from syncer.adapterkit.sandbox import SandboxUser, made_up_token
from syncer.model.values import Json

_TABLES: Final = ("actions", "cards", "labels", "lists", "members", "checklists", "customFields")
_BESIDE: Final = ("customFieldItems", "attachments", "pluginData", "actions")


def load(store: Store, users: dict[str, SandboxUser], exported: Json) -> str:
    """Fill the store from an export; gives the board's id. Raises ``ValueError``."""
    if not isinstance(exported, dict) or not isinstance(exported.get("id"), str):
        raise ValueError("not a Trello board export: it has no id")
    if not isinstance(exported.get("cards"), list) or not isinstance(exported.get("lists"), list):
        raise ValueError("not a Trello board export: it has no lists and cards")
    board = {key: value for key, value in exported.items() if key not in _TABLES}
    board.setdefault("memberships", [])
    board.setdefault("prefs", {})
    store.boards[board["id"]] = board
    tables = {key: _objects(exported, key) for key in _TABLES}
    for key, table in (("labels", store.labels), ("lists", store.lists)):
        table.update({entry["id"]: entry for entry in tables[key]})
    store.fields.update({entry["id"]: entry for entry in tables["customFields"]})
    store.checklists.update({entry["id"]: entry for entry in tables["checklists"]})
    for card in tables["cards"]:
        _card(store, card)
    store.actions.extend(sorted(tables["actions"], key=lambda a: (a["date"], a["id"])))
    _people(store, users, board, tables)
    return str(board["id"])


def _objects(exported: Object, key: str) -> list[Object]:
    found = exported.get(key) or []
    return [dict(entry) for entry in found if isinstance(entry, dict) and "id" in entry]


def _card(store: Store, card: Object) -> None:
    """A card, with what an export nests in it kept where the API keeps it."""
    id = card["id"]
    for key, table in (
        ("customFieldItems", store.items),
        ("attachments", store.attachments),
        ("pluginData", store.plugins),
    ):
        if card.get(key):
            table[id] = [dict(entry) for entry in card[key]]
    kept: dict[str, Any] = {key: value for key, value in card.items() if key not in _BESIDE}
    for key in ("idLabels", "idMembers", "idChecklists"):
        kept[key] = list(kept.get(key) or [])
    store.cards[id] = kept


def _people(
    store: Store, users: dict[str, SandboxUser], board: Object, tables: dict[str, list[Object]]
) -> None:
    """Members with tokens, and the service's account as admin of the board's workspace."""
    creators = [action.get("memberCreator") or {} for action in tables["actions"]]
    for member in [*tables["members"], *(entry for entry in creators if "id" in entry)]:
        if member["id"] not in store.members:
            store.members[member["id"]] = dict(member)
            _user(users, member)
    workspace = board.get("idOrganization")
    if not isinstance(workspace, str):
        workspace = board["idOrganization"] = store.new_id()
    home = store.organizations.setdefault(
        workspace, shapes.organization(store, workspace, f"Workspace of {board.get('name')}")
    )
    known = {entry["idMember"] for entry in home["memberships"]}
    bots = [user.id for user in users.values() if user.bot]
    ranks = {**{m["id"]: "normal" for m in tables["members"]}, **dict.fromkeys(bots, "admin")}
    for id, rank in ranks.items():
        if id not in known:
            home["memberships"].append(shapes.membership(store, id, rank))


def _user(users: dict[str, SandboxUser], member: Object) -> None:
    name = str(member.get("username") or member["id"])
    full_name = str(member.get("fullName") or name)
    key = member["id"] if name in users else name
    token = made_up_token("trello", member["id"], 76, "ATTA")
    users[key] = SandboxUser(key, member["id"], full_name, f"{name}@export.example", token)
