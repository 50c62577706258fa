"""What records in memory hold, and what values they take."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from adapters.memory.options import Quirks
from syncer.adapterkit.errors import SkipRecord
from syncer.adapterkit.sandbox.world import LISTS, PRIORITIES
from syncer.model.values import FieldType, Kind, load, plain

PROJECT: Final = "project"
ITEM: Final = "item"

_TEXT, _RICH, _WHEN = FieldType(Kind.TEXT), FieldType(Kind.RICH_TEXT), FieldType(Kind.WHEN)
_CHOICE, _PERSON = FieldType(Kind.ENUMERATION), FieldType(Kind.PERSON)
_NUMBER, _MONEY = FieldType(Kind.NUMBER), FieldType(Kind.MONEY)

FIELDS: Final[Mapping[str, Mapping[str, FieldType]]] = {
    PROJECT: {
        "name": _TEXT,
        "brief": _RICH,
        "strategy": _RICH,
        "goals": _RICH,
        "start": _WHEN,
        "deadline": _WHEN,
        "status": _CHOICE,
        "producer": _PERSON,
        "account_manager": _PERSON,
        "price": _MONEY,
        "budget_hours": _NUMBER,
        "results": _RICH,
        "results_value": _NUMBER,
        "results_share": _NUMBER,
        "results_pace": _TEXT,
    },
    ITEM: {
        "title": _TEXT,
        "notes": _RICH,
        "start": _WHEN,
        "due": _WHEN,
        "list": _CHOICE,
        "people": FieldType(Kind.PERSON, many=True),
        "labels": FieldType(Kind.ENUMERATION, many=True),
        "priority": _CHOICE,
        "estimate": _NUMBER,
        "parent": FieldType(Kind.REFERENCE, target=ITEM),
        "done": FieldType(Kind.BOOLEAN),
        "project": FieldType(Kind.REFERENCE, target=PROJECT),
    },
}

CHOICES: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    (PROJECT, "status"): {"planned": "Planned", "active": "Active", "done": "Done"},
    (ITEM, "priority"): PRIORITIES,
    (ITEM, "list"): LISTS,
    (ITEM, "labels"): {},
}
"""Options that are there from the start; those of lists and labels are each project's own."""


def checked(name: str, kind: Kind, value: Any) -> Any:
    """A single raw value. Raises :class:`SkipRecord` if it is not of the form for its kind."""
    try:
        if kind is Kind.BOOLEAN and not isinstance(value, bool):
            raise TypeError
        load(FieldType(kind), value)
    except (ValueError, KeyError, TypeError):
        raise SkipRecord(f"{name} takes a {kind}, not {value!r}") from None
    return value


def rewritten(kind: Kind, value: Any, quirks: Quirks) -> Any:
    """What this vendor makes of a single value that it was sent, without a word."""
    if kind is Kind.NUMBER and quirks.decimals is not None:
        return plain(round(Decimal(str(value)), quirks.decimals))
    if kind is Kind.WHEN and not quirks.seconds and len(value) > len("2026-01-31T17:00"):
        return f"{value[:16]}:00.000Z"
    return value
