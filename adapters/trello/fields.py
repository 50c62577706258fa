"""Our field ids and the keys they have in Trello's JSON."""

from collections.abc import Iterable, Mapping
from typing import Final

from syncer.model.remote import Author, Catalogue, FieldInfo, Option
from syncer.model.values import FieldType, Kind

BOARD: Final = "board"
CARD: Final = "card"
CUSTOM: Final = "cf:"
"""How ids of custom fields begin."""

RESULTS: Final = "results_card"
"""The field of a board that is the description of a card of its own."""

LONGEST: Final = 16384
"""Characters of a name or description (documented)."""

WIRE: Final[Mapping[str, str]] = {
    "name": "name",
    "desc": "desc",
    "due": "due",
    "start": "start",
    "dueComplete": "dueComplete",
    "list": "idList",
    "members": "idMembers",
    "labels": "idLabels",
    "board": "idBoard",
    "is_template": "isTemplate",
    "role": "cardRole",
    "url": "shortUrl",
}
"""Card fields: our id to Trello's key."""

FROM_WIRE: Final = {wire: field for field, wire in WIRE.items()}

BOARD_WIRE: Final[Mapping[str, str]] = {
    "name": "name",
    "desc": "desc",
    "workspace": "idOrganization",
    "url": "shortUrl",
}

_TEXT, _RICH = FieldType(Kind.TEXT), FieldType(Kind.RICH_TEXT)
_INSTANT, _CHOICE = FieldType(Kind.INSTANT), FieldType(Kind.ENUMERATION)
_YES_NO = FieldType(Kind.BOOLEAN)

KINDS: Final[Mapping[str, Kind]] = {
    "text": Kind.TEXT,
    "number": Kind.NUMBER,
    "checkbox": Kind.BOOLEAN,
    "date": Kind.INSTANT,
    "list": Kind.ENUMERATION,
}
"""Types of custom fields."""


def card_fields(lists: Iterable[Option], labels: Iterable[Option]) -> tuple[FieldInfo, ...]:
    """The fields that every card has.

    Labels: Trello's feed does not list who set them (documented: webhook only).
    """
    people = FieldType(Kind.PERSON, many=True)
    return (
        FieldInfo("name", "name", _TEXT, max_length=LONGEST),
        FieldInfo("desc", "desc", _RICH, max_length=LONGEST),
        FieldInfo("due", "due", _INSTANT),
        FieldInfo("start", "start", _INSTANT),
        FieldInfo("dueComplete", "due_complete", _YES_NO),
        FieldInfo("list", "list", _CHOICE, options=tuple(lists), extensible=True),
        FieldInfo("members", "members", people),
        FieldInfo(
            "labels",
            "labels",
            FieldType(Kind.ENUMERATION, many=True),
            options=tuple(labels),
            author=Author.NO,
            extensible=True,
        ),
        FieldInfo("board", "board", FieldType(Kind.REFERENCE, target=BOARD)),
        FieldInfo("is_template", "is_template", _YES_NO, writable=False, author=Author.NO),
        FieldInfo("role", "role", _TEXT, writable=False, author=Author.NO),
        FieldInfo("url", "url", _TEXT, writable=False, author=Author.NO),
    )


def board_fields(workspaces: Iterable[Option]) -> tuple[FieldInfo, ...]:
    """The fields of a board."""
    return (
        FieldInfo("name", "name", _TEXT, max_length=LONGEST),
        FieldInfo("desc", "desc", _RICH, max_length=LONGEST),
        FieldInfo(
            "workspace",
            "workspace",
            _CHOICE,
            options=tuple(workspaces),
            writable=False,
            author=Author.NO,
        ),
        FieldInfo("url", "url", _TEXT, writable=False, author=Author.NO),
    )


def custom_of(catalogue: Catalogue, board: str) -> dict[str, FieldInfo]:
    """The custom fields of a board by our id."""
    card = catalogue.objects.get(CARD)
    found = card.fields if card else ()
    return {info.id: info for info in found if info.custom and info.container == board}


def card_field(catalogue: Catalogue, id: str) -> FieldInfo | None:
    """What the catalogue says about a card's field."""
    card = catalogue.objects.get(CARD)
    return next((info for info in card.fields if info.id == id), None) if card else None
