"""Trello's actions: who did what, and when ("Action types")."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from adapters.trello.fields import CARD
from adapters.trello.shapes import Object, mapping, moment, objects, part, word
from syncer.model.remote import Gone

MADE: Final = ("createCard", "copyCard", "convertToCardFromCheckItem", "emailCard")
"""Actions that a new card begins with."""

LISTS_MOVED: Final = ("updateList:closed", "moveListFromBoard", "moveListToBoard")
"""Actions that concern all cards of a list without one action on any of them."""

LEFT: Final = ("moveCardFromBoard", "deleteCard")
"""Actions after which a card is not on the board any more."""

CARD_TYPES: Final = ",".join(
    (
        *MADE,
        *("updateCard", "addMemberToCard", "removeMemberFromCard", "updateCustomFieldItem"),
        *("moveCardToBoard", "moveCardFromBoard", "deleteCard"),
    )
)
"""What concerns one card. Label changes are not among what can be listed."""

TYPES: Final = ",".join((CARD_TYPES, "updateBoard", *LISTS_MOVED))
"""What a poll asks for."""

FIELDS: Final = "id,type,date,data,idMemberCreator,appCreator"
PEOPLE: Final = "username,fullName"

ROBOTS: Final = frozenset({"Butler"})
"""Trello's own automation, as the creating app of an action."""


class Action(Struct, frozen=True):
    """One action that can be used: it has an id, a type and a time."""

    id: str
    type: str
    at: datetime
    data: Object
    by: str | None
    automation: str | None
    raw: Object

    def id_of(self, *path: str) -> str:
        """The id of a thing that the action names."""
        return word(part(self.data, *path, "id"))


def read(listed: Any) -> list[Action]:
    """The actions of an answer, each once, oldest first."""
    found = {entry["id"]: action for entry in objects(listed) if (action := _read(entry))}
    return sorted(found.values(), key=lambda action: (action.at, action.id))


def _read(entry: Object) -> Action | None:
    at, kind = moment(entry.get("date")), word(entry.get("type"))
    if at is None or not kind:
        return None
    by, automation = author(entry)
    return Action(entry["id"], kind, at, mapping(entry.get("data")), by, automation, entry)


def author(entry: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Who did it: a member, or a robot; neither where Trello does not say.

    A robot is Trello's own automation, or an app that acts for no member. Whoever acts through
    another app, with their own token, is themselves: nothing tells a phone from a script.
    """
    by = word(entry.get("idMemberCreator")) or word(part(entry, "memberCreator", "id")) or None
    app = word(part(entry, "appCreator", "name"))
    if app in ROBOTS or by is None:
        return None, app or word(part(entry, "appCreator", "id")) or None
    return by, None


def makers(actions: Iterable[Action]) -> dict[str, str]:
    """Who made which card."""
    made = [action for action in actions if action.type in MADE and action.by]
    return {action.id_of("card"): str(action.by) for action in made}


def gone(actions: Iterable[Action], here: Iterable[str], in_scope: Iterable[str]) -> Iterator[Gone]:
    """Cards that were deleted, or that left for a board outside the scope.

    ``here`` are cards that the same answer shows on the board; they came back.
    """
    present, boards = set(here), set(in_scope)
    for action in actions:
        id = action.id_of("card")
        moved = action.type == "moveCardFromBoard" and action.id_of("boardTarget") not in boards
        if (moved or action.type == "deleteCard") and id and id not in present:
            yield Gone(CARD, id, action.at, action.by, moved=moved)


def lists_moved(actions: Iterable[Action]) -> list[Action]:
    """Actions after which all cards of a list have to be read: it was put away or moved."""
    moved = ("moveListFromBoard", "moveListToBoard")
    return [
        action
        for action in actions
        if action.id_of("list")
        and (
            action.type in moved
            or (action.type == "updateList" and "closed" in mapping(action.data.get("old")))
        )
    ]
