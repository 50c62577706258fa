"""What happens to cards, and the actions it leaves: one per changed field, with the old value.

Label changes leave actions that no list shows (guide, 6.2).
"""

from typing import Any

from adapters.trello.sandbox import shapes
from adapters.trello.sandbox.calls import refuse
from adapters.trello.sandbox.store import Object, Store, board_data, card_data, list_data

TOLD = ("name", "desc", "due", "start", "dueComplete", "closed", "pos", "isTemplate", "cover")
"""Fields of which an action tells the old and the new value alike."""


def context(store: Store, card: Object, *, with_list: bool = True) -> Object:
    """Card, board and list as an action about a card names them."""
    data = {"card": card_data(card), "board": board_data(store.boards[card["idBoard"]])}
    return {**data, "list": list_data(store.lists[card["idList"]])} if with_list else data


def add_card(store: Store, by: str, entry: Object, **more: Any) -> Object:
    """A new card in a list."""
    card = shapes.card(store, entry, **more)
    store.cards[card["id"]] = card
    _badge(card)
    store.log("createCard", by, context(store, card))
    return card


def change(store: Store, by: str, card: Object, key: str, value: Any) -> None:
    """Set one field; nothing happens if it is so already."""
    if shapes.with_defaults(card).get(key) == value:
        return
    old = shapes.with_defaults(card).get(key)
    card[key] = value
    _badge(card)
    store.touch(card)
    data = context(store, card)
    data["card"][key] = value
    store.log("updateCard", by, {**data, "old": {key: old}})


def move(store: Store, by: str, card: Object, entry: Object) -> None:
    """Into another list of the same board."""
    if card["idList"] == entry["id"]:
        return
    before = store.lists[card["idList"]]
    card["pos"] = shapes.last_in(store, entry["id"])
    card["idList"] = entry["id"]
    store.touch(card)
    data = context(store, card, with_list=False)
    data["card"]["idList"] = entry["id"]
    lists = {"listBefore": list_data(before), "listAfter": list_data(entry)}
    store.log("updateCard", by, {**data, **lists, "old": {"idList": before["id"]}})


def move_to_board(store: Store, by: str, card: Object, entry: Object) -> None:
    """To a list of another board: members who are not there are stripped (guide, trap 12)."""
    source, target = store.boards[card["idBoard"]], store.boards[entry["idBoard"]]
    leaving = context(store, card)
    store.log("moveCardFromBoard", by, {**leaving, "boardTarget": {"id": target["id"]}})
    numbers = [other.get("idShort") or 0 for other in store.on_board(store.cards, target["id"])]
    place = {
        "idBoard": target["id"],
        "idList": entry["id"],
        "pos": shapes.last_in(store, entry["id"]),
    }
    card.update(place, idShort=1 + max(numbers, default=0))
    card["idLabels"] = same_labels(store, card["idLabels"], target["id"])
    store.items.pop(card["id"], None)
    store.touch(card)
    store.log("moveCardToBoard", by, {**context(store, card), "boardSource": {"id": source["id"]}})
    for member in list(card["idMembers"]):
        if store.board_membership(target["id"], member) is None:
            remove_member(store, by, card, member)


def same_labels(store: Store, labels: list[str], board: str) -> list[str]:
    """The labels of the same name and colour on another board; the rest are lost (guide, 4.6)."""
    there = {(n["name"], n["color"]): n["id"] for n in store.on_board(store.labels, board)}
    known = [store.labels[label] for label in labels if label in store.labels]
    pairs = [(label["name"], label["color"]) for label in known]
    return [there[pair] for pair in pairs if pair in there]


def add_member(store: Store, by: str, card: Object, member: str) -> None:
    """Put somebody on a card; they must be on the board."""
    if member in card["idMembers"]:
        refuse(400, "member is already on the card")
    if store.board_membership(card["idBoard"], member) is None:
        refuse(400, "member not found on board" if member in store.members else "invalid id")
    card["idMembers"].append(member)
    store.touch(card)
    store.log("addMemberToCard", by, _member_data(store, card, member), member)


def remove_member(store: Store, by: str, card: Object, member: str) -> None:
    """Take somebody off a card."""
    if member not in card["idMembers"]:
        refuse(404, "member not found")
    card["idMembers"].remove(member)
    store.touch(card)
    data = {**_member_data(store, card, member), "deactivated": False}
    store.log("removeMemberFromCard", by, data, member)


def _member_data(store: Store, card: Object, member: str) -> Object:
    named = {"id": member, "name": store.members[member]["fullName"]}
    return {**context(store, card, with_list=False), "idMember": member, "member": named}


def set_members(store: Store, by: str, card: Object, members: list[str]) -> None:
    """Replace the whole set."""
    if len(set(members)) != len(members):
        refuse(400, "invalid value for idMembers")
    for member in [m for m in card["idMembers"] if m not in members]:
        remove_member(store, by, card, member)
    for member in [m for m in members if m not in card["idMembers"]]:
        add_member(store, by, card, member)


def add_label(store: Store, by: str, card: Object, label: str) -> None:
    """Put a label on a card."""
    found = store.labels.get(label)
    if found is None or found["idBoard"] != card["idBoard"] or label in card["idLabels"]:
        refuse(400, "label not found" if found is None else "invalid value for idLabels")
    card["idLabels"].append(label)
    found["uses"] = found.get("uses", 0) + 1
    store.touch(card, "labels")
    store.log("addLabelToCard", by, {**context(store, card), "label": _label_data(found)})


def remove_label(store: Store, by: str, card: Object, label: str) -> None:
    """Take a label off a card."""
    if label not in card["idLabels"]:
        refuse(404, "label not found")
    card["idLabels"].remove(label)
    found = store.labels[label]
    found["uses"] = max(0, found.get("uses", 0) - 1)
    store.touch(card, "labels")
    store.log("removeLabelFromCard", by, {**context(store, card), "label": _label_data(found)})


def _label_data(label: Object) -> Object:
    return {key: label.get(key) for key in ("id", "name", "color")}


def set_labels(store: Store, by: str, card: Object, labels: list[str]) -> None:
    """Replace the whole set. An id given twice fails the whole update (guide, trap 11)."""
    if len(set(labels)) != len(labels):
        refuse(400, "label not found")
    for label in [entry for entry in card["idLabels"] if entry not in labels]:
        remove_label(store, by, card, label)
    for label in [entry for entry in labels if entry not in card["idLabels"]]:
        add_label(store, by, card, label)


def delete_card(store: Store, by: str, card: Object) -> None:
    """For ever: what is left is an action with its id (guide, 5); comments go with the card."""
    data = context(store, card)
    data["card"] = {"id": card["id"], "idShort": card["idShort"]}
    del store.cards[card["id"]]
    for table in (store.items, store.attachments, store.plugins):
        table.pop(card["id"], None)
    for checklist in [c for c in store.checklists.values() if c["idCard"] == card["id"]]:
        del store.checklists[checklist["id"]]
    said = [a for a in store.actions if a["type"] == "commentCard" and _about(a, card)]
    store.actions = [action for action in store.actions if action not in said]
    store.log("deleteCard", by, data)


def _about(action: Object, card: Object) -> bool:
    return bool((action["data"].get("card") or {}).get("id") == card["id"])


def count_comment(store: Store, card: Object, by: int) -> None:
    """A comment more or less."""
    badges = card.setdefault("badges", shapes.badges())
    badges["comments"] = max(0, badges.get("comments", 0) + by)
    store.touch(card)


def _badge(card: Object) -> None:
    """Bring the counters on the front up to date."""
    shown = shapes.with_defaults(card)
    told = {key: shown[key] for key in ("due", "start", "dueComplete")}
    card.setdefault("badges", shapes.badges()).update(told, description=bool(card["desc"]))
