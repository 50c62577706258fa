"""What the boards in scope hold: lists, labels and custom fields, live."""

from collections.abc import Iterable
from typing import Final

from adapters.trello import results
from adapters.trello import scope as scopes
from adapters.trello.client import Trello, segment
from adapters.trello.decode import label_name, option_name
from adapters.trello.fields import (
    BOARD,
    CARD,
    CUSTOM,
    KINDS,
    LONGEST,
    board_fields,
    card_fields,
)
from adapters.trello.options import ScopeOptions
from adapters.trello.shapes import MOST, Object, objects, the_object, word
from syncer.model.remote import Author, Catalogue, FieldInfo, ObjectInfo, Option
from syncer.model.values import FieldType, Kind

DEFINITIONS: Final = {
    "fields": "id,name",
    "actions": "none",
    "cards": "none",
    "lists": "all",
    "list_fields": "id,name,closed",
    "labels": "all",
    "label_fields": "id,name,color",
    "labels_limit": str(MOST),
    "customFields": "true",
}
"""One request per board. Without its limit a board shows fifty labels only."""


def describe(trello: Trello, scope: ScopeOptions, wanted: frozenset[str]) -> Catalogue:
    """The catalogue of a scope: one request per board, and two to find the boards."""
    place = scopes.find(trello, scope)
    found: dict[str, ObjectInfo] = {}
    if BOARD in wanted:
        found[BOARD] = _board(place)
    if CARD in wanted:
        boards = [
            {**the_object(trello.get(f"/boards/{segment(id)}", DEFINITIONS)), "id": id}
            for id in place.boards
        ]
        found[CARD] = _card(boards)
    return Catalogue(found, place.names)


def _board(place: scopes.Place) -> ObjectInfo:
    home = place.workspace
    named = word((home or {}).get("displayName")) or word((home or {}).get("name"))
    options = [Option(home["id"], named)] if home else []
    return ObjectInfo(
        BOARD,
        (*board_fields(options), results.INFO),
        creatable=home is not None,
        home=home["id"] if home else None,
    )


def _card(boards: Iterable[Object]) -> ObjectInfo:
    lists, labels, custom = [], [], []
    for board in boards:
        lists += list_options(board.get("lists"), board["id"])
        labels += label_options(board.get("labels"), board["id"])
        custom += custom_fields(board.get("customFields"), board["id"])
    fields = (*card_fields(lists, labels), *custom)
    return ObjectInfo(CARD, fields, inside=BOARD, comments=True)


def list_options(listed: object, board: str) -> list[Option]:
    """Lists as choices; one that is put away is not written any more."""
    return [
        Option(entry["id"], word(entry.get("name")), board, entry.get("closed") is not True)
        for entry in objects(listed)
    ]


def label_options(listed: object, board: str) -> list[Option]:
    """Labels as choices, called by their name or their colour."""
    return [Option(entry["id"], label_name(entry), board) for entry in objects(listed)]


def custom_fields(listed: object, board: str) -> list[FieldInfo]:
    """A board's custom fields; types that came later than this code are left out."""
    return [_custom(entry, board) for entry in objects(listed) if entry.get("type") in KINDS]


def _custom(entry: Object, board: str) -> FieldInfo:
    kind = KINDS[entry["type"]]
    choices = objects(entry.get("options")) if kind is Kind.ENUMERATION else []
    return FieldInfo(
        id=CUSTOM + entry["id"],
        name=word(entry.get("name")),
        type=FieldType(kind),
        options=tuple(Option(choice["id"], option_name(choice), board) for choice in choices),
        # That the feed tells of custom fields is seen, but not documented.
        author=Author.FEED_ONLY,
        container=board,
        custom=True,
        max_length=LONGEST if kind is Kind.TEXT else None,
        extensible=kind is Kind.ENUMERATION,
    )
