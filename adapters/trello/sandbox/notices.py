"""Whom Trello tells of a comment, and what somebody can click on in it.

Where it is not documented which of two ways Trello goes, this goes the one that tells more
people and makes more links: a text that does nothing here does nothing there.
"""

import re
from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from starlette.responses import Response

from adapters.trello.sandbox import feed, people
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object, Store
from syncer.adapterkit.sandbox import reply

MENTIONED: Final = "mentionedOnCard"
COMMENTED: Final = "commentCard"
MOST: Final = 1000

_NAME: Final = re.compile(r"(?<![A-Za-z0-9_])@([A-Za-z0-9_]+)")
"""Looked for in the raw text: neither a backslash nor code is in its way."""

_ADDRESS: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.|mailto:\w)\S+|(?:[\w-]+\.)+[^\W\d_]{2,}(?:[/?#]\S*)?",
    re.IGNORECASE,
)
"""What becomes a link by itself: addresses, and whatever looks like the name of a host."""

_READER: Final = MarkdownIt("commonmark")


def mentioned(store: Store, card: Object, text: str) -> set[str]:
    """Members of the board whom a text calls by name, by ``@card`` or by ``@board``."""
    seats = store.boards[card["idBoard"]].get("memberships") or []
    here = {seat["idMember"] for seat in seats if not seat.get("deactivated")}
    named = {store.members[id]["username"].lower(): id for id in here if id in store.members}
    found: set[str] = set()
    for name in calls(text):
        groups = {"card": here & set(card["idMembers"]), "board": here}
        found |= groups.get(name) or ({named[name]} if name in named else set())
    return found


def calls(text: str) -> list[str]:
    """The names that a text calls, whoever they belong to."""
    return [str(name) for name in _NAME.findall(text.lower())]


def spread(store: Store, card: Object, action: Object, old: str = "") -> None:
    """Tell those who are mentioned, and those who are on the card, but not the author.

    Of an edited comment only those hear whom the ``old`` text did not mention.
    """
    text, author = action["data"]["text"], action["idMemberCreator"]
    called = mentioned(store, card, text) - {author}
    told = dict.fromkeys(called - mentioned(store, card, old), MENTIONED)
    if not old:
        told |= dict.fromkeys(set(card["idMembers"]) - called - {author}, COMMENTED)
    for member, kind in sorted(told.items()):
        store.notifications.setdefault(member, []).append(_notice(store, action, kind))


def _notice(store: Store, action: Object, kind: str) -> Object:
    data = {key: action["data"][key] for key in ("board", "card", "text")}
    return {
        "id": store.new_id(),
        "unread": True,
        "type": kind,
        "date": store.now(),
        "dateRead": None,
        "data": data,
        "idMemberCreator": action["idMemberCreator"],
        "idAction": action["id"],
        "reactions": [],
        "memberCreator": action["memberCreator"],
    }


def told_of(store: Store, card: str) -> set[str]:
    """Members whom mentions under a card have notified."""
    return {
        member
        for member, listed in store.notifications.items()
        for one in listed
        if one["type"] == MENTIONED and one["data"]["card"]["id"] == card
    }


def get(call: Call) -> Response:
    """GET /members/{id}/notifications: one's own, newest first."""
    if people.member_of(call)["id"] != call.me:
        refuse(401, "unauthorized member permission requested")
    kinds, limit = set(call.many("filter") or ["all"]), call.number("limit", 50, MOST)
    mine = reversed(call.store.notifications.get(call.me, []))
    found = [one for one in mine if "all" in kinds or one["type"] in kinds]
    return reply([feed.pick(one, call.text("fields", "all")) for one in found[:limit]])


def links(text: str) -> list[str]:
    """The addresses that somebody can click on in a comment."""
    return [url for token in _READER.parse(text) for url in _of_line(token.children or [])]


def _of_line(tokens: list[Token]) -> Iterator[str]:
    inside = False
    for token in tokens:
        if token.type in ("link_open", "image"):
            yield str(token.attrs.get("href") or token.attrs.get("src"))
        inside = (inside or token.type == "link_open") and token.type != "link_close"
        if token.type == "text" and not inside:
            yield from (found[0] for found in _ADDRESS.finditer(token.content))
