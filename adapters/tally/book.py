"""What is counted: one book of figures per name in the process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from syncer.adapterkit.sandbox.ids import Clock
from syncer.model.measures import Ask, Flag, Property


def no_fault(_call: str) -> None:
    """Nothing goes wrong."""


@dataclass(frozen=True)
class Count:
    """What was counted on one day, under these values of dimensions."""

    property: str
    day: date
    metric: str
    value: Decimal
    dimensions: tuple[tuple[str, str], ...] = ()


@dataclass
class Book:
    """All that one such vendor has counted.

    ``fault(call)`` is called before each call of a source and may raise what a vendor's client
    would. ``asked`` are the calls so far, each with its reports.
    """

    clock: Callable[[], datetime] = field(default_factory=Clock)
    properties: dict[str, Property] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)
    restricted: set[str] = field(default_factory=set)
    fault: Callable[[str], None] = no_fault
    asked: list[tuple[Ask, ...]] = field(default_factory=list)

    def count(
        self, property: str, metric: str, value: object, day: date, **dimensions: str
    ) -> None:
        """Count so much more."""
        under = tuple(sorted(dimensions.items()))
        self.counts.append(Count(property, day, metric, Decimal(str(value)), under))


_BOOKS: Final[dict[str, Book]] = {}


def put_book(name: str, book: Book) -> None:
    """Make a book known by a name."""
    _BOOKS[name] = book


def book_of(name: str) -> Book:
    """The book of this name. Raises ``KeyError``."""
    return _BOOKS[name]


def drop_book(name: str) -> None:
    """Forget it."""
    _BOOKS.pop(name, None)
