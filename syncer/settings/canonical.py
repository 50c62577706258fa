"""A canonical value as people write it in YAML."""

import re
from collections.abc import Collection
from datetime import datetime, tzinfo
from typing import Final

from msgspec import Struct

from syncer.model.values import (
    FieldType,
    Kind,
    Money,
    Value,
    instant_text,
    load,
    normalise,
    parse_number,
)
from syncer.settings.places import Place
from syncer.settings.problems import Problem, suggestion
from syncer.settings.wording import found

_MONEY: Final = re.compile(r"(\S+) ([A-Z]{3})")
_LIKE: Final = {
    Kind.DATE: ("a day", 'write it like "2026-01-31"'),
    Kind.INSTANT: ("a moment", 'write it like "2026-01-31 17:00"'),
    Kind.WHEN: ("a day or a moment", 'write it like "2026-01-31" or "2026-01-31 17:00"'),
    Kind.NUMBER: ("a number", ""),
    Kind.MONEY: ("an amount of money", 'write it like "1200 EUR"'),
    Kind.BOOLEAN: ("true or false", ""),
}

Read = tuple[Value, list[Problem]]


class Form(Struct, frozen=True):
    """What may stand at a place.

    Args:
        zone: of a moment that names none.
        known: what a text may be; None for any. ``what`` names these in a message.
    """

    type: FieldType
    zone: tzinfo
    known: Collection[str] | None = None
    what: str = "values"


def value_at(place: Place, form: Form) -> Read:
    """The value that stands at a place; None, with a problem, where it is none of this form."""
    if place.data is None:
        return None, []
    if not form.type.many:
        return _one(place, form)
    if not isinstance(place.data, list):
        text = f"expected a list, found {found(place.data)}"
        return None, [place.problem(text, value=True)]
    parts = [_one(place / index, form) for index in range(len(place.data))]
    values = frozenset(value for value, _ in parts if value is not None)
    return normalise(form.type, values), [each for _, problems in parts for each in problems]


def _one(place: Place, form: Form) -> Read:
    kind = form.type.kind
    written = place.document.texts.get(place.path, place.data)
    try:
        value = normalise(FieldType(kind), _scalar(kind, written, form.zone))
    except ValueError:
        sort, fix = _LIKE.get(kind, ("text", ""))
        return None, [place.problem(f"not {sort}", fix, value=True)]
    if form.known is not None and isinstance(value, str) and value not in form.known:
        text = f'"{value}" is not one of the {form.what}'
        return None, [place.problem(text, suggestion(value, form.known, form.what), value=True)]
    return value, []


def _scalar(kind: Kind, written: object, zone: tzinfo) -> Value:
    """One value of a kind. Raises ``ValueError``."""
    if kind is Kind.BOOLEAN and isinstance(written, bool):
        return written
    if not isinstance(written, str):
        raise ValueError(written)
    text = written.strip()
    if kind is Kind.NUMBER:
        return parse_number(text)
    if kind is Kind.MONEY:
        parts = _MONEY.fullmatch(text)
        if parts is None:
            raise ValueError(text)
        return Money(parse_number(parts[1]), parts[2])
    if kind in (Kind.INSTANT, Kind.WHEN) and len(text) > len("2026-01-31"):
        moment = datetime.fromisoformat(text)
        text = instant_text(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    return load(FieldType(kind), written if kind in (Kind.TEXT, Kind.RICH_TEXT) else text)
