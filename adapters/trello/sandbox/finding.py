"""What people find again: search, their stars, their cards (guide, 4.2 and 11).

The index of the real search lags by about ten seconds; this one knows everything at once.
"""

import re

from starlette.responses import Response

from adapters.trello.sandbox import feed, people, views
from adapters.trello.sandbox.access import board_to_read, sees
from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object
from syncer.adapterkit.sandbox import reply

_KINDS = frozenset("actions boards cards members organizations".split())
_MOST = 1000


def search(call: Call) -> Response:
    """GET /search: cards and boards that the caller may see, by whole words or beginnings."""
    wanted = set(call.many("modelTypes") or ["all"])
    if wanted - _KINDS - {"all"}:
        refuse(400, "invalid value for modelTypes")
    words = re.findall(r"\w+", call.text("query", required=True).lower())
    found: Object = {"options": {"terms": [{"text": word} for word in words], "modifiers": []}}
    for kind in sorted(_KINDS if "all" in wanted else wanted):
        found[kind] = _FINDERS[kind](call, words) if kind in _FINDERS else []
    return reply(found)


def _cards(call: Call, words: list[str]) -> list[Object]:
    only = set(call.many("idBoards"))
    seen = [card for card in call.store.cards.values() if _visible(call, card["idBoard"])]
    hits = [card for card in seen if _hit(call, f"{card['name']} {card['desc']}", words)]
    chosen = [card for card in hits if not only or card["idBoard"] in only]
    return [views.card(call, card) for card in chosen[: call.number("cards_limit", 10, _MOST)]]


def _boards(call: Call, words: list[str]) -> list[Object]:
    seen = [board for id, board in call.store.boards.items() if _visible(call, id)]
    hits = [board for board in seen if _hit(call, f"{board['name']} {board['desc']}", words)]
    fields = call.text("board_fields", "name,idOrganization")
    return [feed.pick(board, fields) for board in hits[: call.number("boards_limit", 10, _MOST)]]


_FINDERS = {"cards": _cards, "boards": _boards}


def _visible(call: Call, board: str) -> bool:
    return sees(call, call.store.boards[board])


def _hit(call: Call, text: str, words: list[str]) -> bool:
    known = re.findall(r"\w+", text.lower())
    if call.flag("partial"):
        return all(any(each.startswith(word) for each in known) for word in words)
    return set(words) <= set(known)


def get_stars(call: Call) -> Response:
    """GET /members/{id}/boardStars: one's own."""
    return reply(_stars(call))


def post_star(call: Call) -> Response:
    """POST /members/{id}/boardStars."""
    stars, board = _stars(call), board_to_read(call, call.text("idBoard"))
    places = [star["pos"] for star in stars]
    place = min(places, default=2) / 2 if call.text("pos") == "top" else max(places, default=0) + 1
    star: Object = {"id": call.store.new_id(), "idBoard": board["id"], "pos": place}
    stars.append(star)
    return reply(star)


def delete_star(call: Call) -> Response:
    """DELETE /members/{id}/boardStars/{idStar}."""
    stars = _stars(call)
    found = [star for star in stars if star["id"] == call.part("star")]
    if not found:
        refuse(404, "The requested resource was not found.")
    stars.remove(found[0])
    return reply({"_value": None})


def _stars(call: Call) -> list[Object]:
    if people.member_of(call)["id"] != call.me:
        refuse(401, "unauthorized member permission requested")
    return call.store.stars.setdefault(call.me, [])


def get_cards(call: Call) -> Response:
    """GET /members/{id}/cards: those they are on, on boards that the caller may see."""
    member = people.member_of(call)["id"]
    mine = [card for card in call.store.cards.values() if member in card["idMembers"]]
    found = [card for card in mine if _visible(call, card["idBoard"])]
    return reply(views.cards(call, found, call.text("filter", "visible")))
