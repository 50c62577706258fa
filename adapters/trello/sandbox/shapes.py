"""New objects in the shapes that Trello gives them (guide, 4)."""

from typing import Any, Final
from urllib.parse import quote

from adapters.trello.sandbox.store import Object, Store

COLOURS: Final = frozenset(
    f"{name}{shade}"
    for name in "green yellow orange red purple blue sky lime pink black".split()
    for shade in ("", "_light", "_dark")
)
"""Thirty on the wire; the vendor's document names ten (guide, trap 17)."""

STEP: Final = 16384.0
"""How far apart new things are put."""

_CARD_DEFAULTS: Final[Object] = {
    "address": None,
    "cardRole": None,
    "checkItemStates": None,
    "closed": False,
    "coordinates": None,
    "creationMethod": None,
    "dueComplete": False,
    "dueReminder": None,
    "isTemplate": False,
    "locationName": None,
    "mirrorSourceId": None,
    "pinned": False,
    "start": None,
}
"""What cards have got since exports began; those that lack it show this."""


def with_defaults(card: Object) -> Object:
    """A card with everything that a card has today."""
    return {**_CARD_DEFAULTS, **card}


_PREFS: Final[Object] = {"comments": "members", "isTemplate": False, "selfJoin": True}


def board(store: Store, name: str, desc: str, workspace: str | None, level: str) -> Object:
    """A new board."""
    id, link = store.new_id(), store.ids.short()
    return {
        "id": id,
        "name": name,
        "desc": desc,
        "descData": None,
        "closed": False,
        "dateClosed": None,
        "idOrganization": workspace,
        "idEnterprise": None,
        "limits": limits(),
        "pinned": False,
        "starred": False,
        "url": f"https://trello.com/b/{link}/{slug(name)}",
        "prefs": {"permissionLevel": level, **_PREFS},
        "shortLink": link,
        "subscribed": False,
        "labelNames": dict.fromkeys(sorted(COLOURS), ""),
        "dateLastActivity": store.now(),
        "dateLastView": None,
        "shortUrl": f"https://trello.com/b/{link}",
        "creationMethod": None,
        "memberships": [],
        "nodeId": f"ari:cloud:trello::board/workspace/{workspace}/{id}",
    }


def limits() -> Object:
    """The limits of a board's account that matter to clients (guide, 4.11)."""
    five = {"status": "ok", "disableAt": 5000, "warnAt": 4500}
    lists = {"status": "ok", "disableAt": 500, "warnAt": 400}
    return {
        "cards": {"openPerBoard": five, "openPerList": five},
        "lists": {"openPerBoard": lists},
        "labels": {"perBoard": {"status": "ok", "disableAt": 1000, "warnAt": 800}},
    }


def card(store: Store, entry: Object, **more: Any) -> Object:
    """A new card in a list."""
    link, name = store.ids.short(), str(more.get("name", ""))
    others = store.on_board(store.cards, entry["idBoard"])
    number = 1 + max((other.get("idShort") or 0 for other in others), default=0)
    shown = {
        "id": store.new_id(),
        "badges": badges(),
        "closed": False,
        "cover": {"idAttachment": None, "color": None, "size": "normal", "brightness": "dark"},
        "dateLastActivity": store.now(),
        "desc": "",
        "descData": None,
        "due": None,
        "email": None,
        "idAttachmentCover": None,
        "idBoard": entry["idBoard"],
        "idList": entry["id"],
        "idShort": number,
        "manualCoverAttachment": False,
        "pos": last_in(store, entry["id"]),
        "shortLink": link,
        "shortUrl": f"https://trello.com/c/{link}",
        "subscribed": False,
        "url": f"https://trello.com/c/{link}/{number}-{slug(name)}",
    }
    sets: Object = {key: [] for key in ("idChecklists", "idLabels", "idMembers", "idMembersVoted")}
    return {**with_defaults(shown), **sets, **more}


def badges() -> Object:
    """The counters on the front of a card with nothing on it."""
    return {
        "attachments": 0,
        "attachmentsByType": {"trello": {"board": 0, "card": 0}},
        "checkItems": 0,
        "checkItemsChecked": 0,
        "checkItemsEarliestDue": None,
        "comments": 0,
        "description": False,
        "due": None,
        "dueComplete": False,
        "fogbugz": "",
        "lastUpdatedByAi": False,
        "location": False,
        "start": None,
        "subscribed": False,
        "viewingMemberVoted": False,
        "votes": 0,
    }


def last_in(store: Store, entry: str) -> float:
    """The position after the last card of a list."""
    here = [card for card in store.cards.values() if card["idList"] == entry]
    return STEP + max((card.get("pos") or 0.0 for card in here), default=0.0)


def list_(store: Store, board_id: str, name: str) -> Object:
    """A new list at the end of a board."""
    others = store.on_board(store.lists, board_id)
    last = max((entry.get("pos") or 0.0 for entry in others), default=0.0)
    return {
        "id": store.new_id(),
        "name": name,
        "closed": False,
        "color": None,
        "idBoard": board_id,
        "pos": last + STEP,
        "subscribed": False,
        "softLimit": None,
        "type": None,
        "datasource": {"filter": False},
        "limits": {},
    }


def label(store: Store, board_id: str, name: str, color: str | None) -> Object:
    """A new label."""
    return {"id": store.new_id(), "idBoard": board_id, "name": name, "color": color, "uses": 0}


def member(id: str, username: str, full_name: str) -> Object:
    """A member, without the e-mail address that only they themselves see."""
    initials = "".join(word[0] for word in full_name.split())[:2].upper()
    return {
        "id": id,
        "activityBlocked": False,
        "avatarHash": None,
        "avatarUrl": None,
        "bio": "",
        "bioData": None,
        "confirmed": True,
        "fullName": full_name,
        "idEnterprise": None,
        "idMemberReferrer": None,
        "initials": initials,
        "memberType": "normal",
        "nonPublic": {},
        "nonPublicAvailable": False,
        "products": [],
        "status": "disconnected",
        "url": f"https://trello.com/{username}",
        "username": username,
    }


def organization(store: Store, id: str, display_name: str) -> Object:
    """A workspace."""
    name = "".join(letter for letter in display_name.lower() if letter.isalnum())
    return {
        "id": id,
        "name": name,
        "displayName": display_name,
        "desc": "",
        "descData": None,
        "url": f"https://trello.com/w/{name}",
        "website": None,
        "teamType": None,
        "idEnterprise": None,
        "offering": "trello.business_class",
        "premiumFeatures": [],
        "prefs": {"permissionLevel": "private"},
        "memberships": [],
        "dateLastActivity": store.now(),
    }


def membership(store: Store, member_id: str, kind: str) -> Object:
    """How a member belongs to a board or workspace."""
    return {
        "id": store.new_id(),
        "idMember": member_id,
        "memberType": kind,
        "unconfirmed": False,
        "deactivated": False,
    }


def slug(name: str) -> str:
    """A name as it stands in a link."""
    return quote("-".join(name.lower().split())[:60])
