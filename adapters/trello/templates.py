"""New things as copies of others: boards and cards, found by name."""

from typing import Any, Final

from adapters.trello.client import Trello, segment
from adapters.trello.shapes import Object, objects, the_list
from syncer.adapterkit.errors import SkipRecord

KEPT: Final = "attachments,checklists,customFields,stickers"
"""What a card takes from its template; the rest is the record's own."""


def card(trello: Trello, board: str, name: str) -> dict[str, Any]:
    """What a new card's body says to be a copy of the card of this name on the board.

    Raises:
        SkipRecord: there is none, or more than one.
    """
    query = {"fields": "id,name,isTemplate,closed"}
    listed = objects(the_list(trello.get(f"/boards/{segment(board)}/cards/all", query)))
    hits = [entry for entry in listed if entry.get("name") == name]
    marked = [entry for entry in hits if entry.get("isTemplate") is True]
    found = _only(marked or [e for e in hits if e.get("closed") is not True], "card", name)
    return {"idCardSource": found["id"], "keepFromSource": KEPT}


def board(trello: Trello, workspace: str, name: str) -> dict[str, Any]:
    """What a new board's body says to be a copy of the board of this name, with its cards.

    A board of the same workspace goes before others.

    Raises:
        SkipRecord: there is none, or more than one.
    """
    query = {"filter": "open", "fields": "id,name,idOrganization"}
    mine = objects(the_list(trello.get("/members/me/boards", query)))
    home = objects(the_list(trello.get(f"/organizations/{segment(workspace)}/boards", query)))
    hits = {entry["id"]: entry for entry in (*mine, *home) if entry.get("name") == name}
    near = [entry for entry in hits.values() if entry.get("idOrganization") == workspace]
    found = _only(near or list(hits.values()), "board", name)
    return {"idBoardSource": found["id"], "keepFromSource": "cards"}


def _only(hits: list[Object], what: str, name: str) -> Object:
    if len(hits) != 1:
        raise SkipRecord(f"the template: {len(hits)} {what}s are called {name!r}")
    return hits[0]
