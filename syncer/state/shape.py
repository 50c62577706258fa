"""What many records have in common: which fields are agreed of them, and each by which rule."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from syncer.model.records import Agreed
from syncer.state.columns import from_text

APART: Final = -1
"""The place of a field that has none among those of a shape."""


class Shape(Struct, frozen=True):
    """Names and rules of agreed fields, in the order in which their values are stored.

    Args:
        number: by which records refer to it.
        places: where each name stands.
        fields: the names as they are stored.
    """

    number: int
    names: tuple[str, ...]
    rules: tuple[str, ...]
    places: Mapping[str, int]
    fields: str

    def places_of(self, names: Iterable[str]) -> list[int]:
        """Where each of these fields stands; from the first that is out of order on: apart."""
        found, least = [], 0
        for name in names:
            place = self.places.get(name, APART)
            if place < least:
                place, least = APART, len(self.names)
            else:
                least = place + 1
            found.append(place)
        return found

    def strays(self, agreed: Mapping[str, Agreed]) -> int:
        """How many fields must be told by themselves where these are stored by this shape."""
        if self.names == tuple(agreed):
            told = (one.rule for one in agreed.values())
            return sum(one != other for one, other in zip(told, self.rules, strict=True))
        places = self.places_of(agreed)
        listed = [place for place in places if place != APART]
        gaps = listed[-1] + 1 - len(listed) if listed else 0
        pairs = zip(places, agreed.values(), strict=True)
        return gaps + sum(at == APART or self.rules[at] != one.rule for at, one in pairs)


@lru_cache(maxsize=512)
def shape_from(number: int, fields: str, rules: str) -> Shape:
    """A shape as it stands in its table. Raises ``ValueError`` for what never stood there."""
    names, told = _texts(fields), _texts(rules)
    if len(names) != len(told):
        raise ValueError(f"shape {number} has {len(names)} fields and {len(told)} rules")
    places = {name: place for place, name in enumerate(names)}
    return Shape(number, names, told, places, fields)


@lru_cache(maxsize=512)
def names_from(fields: str) -> tuple[str, ...]:
    """The names alone."""
    return _texts(fields)


def _texts(stored: str) -> tuple[str, ...]:
    told: Any = from_text(stored)
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise ValueError("no list of texts")
    return tuple(told)
