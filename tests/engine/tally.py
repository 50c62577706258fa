"""A source without a wire: figures in this process. The engine's tests ask it.

It stands in for a vendor that counts; over a wire that is tests/system with Google Analytics.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from syncer.adapterkit.contract import Opening, Scope, Strict
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.adapterkit.measuring import SourceSpec, Unanswered
from syncer.adapterkit.sandbox.ids import Clock
from syncer.model.measures import Answer, Ask, Flag, Grain, Property, Row, Slice
from syncer.model.remote import RemotePerson


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

    ``refused`` are metrics that no report may hold. ``fault(call)`` is called before each call of a source and may raise what a vendor's client
    would. ``asked`` are the calls so far, each with its reports.
    """

    clock: Callable[[], datetime] = field(default_factory=Clock)
    properties: dict[str, Property] = field(default_factory=dict)
    counts: list[Count] = field(default_factory=list)
    flags: set[Flag] = field(default_factory=set)
    restricted: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    fault: Callable[[str], None] = no_fault
    asked: list[tuple[Ask, ...]] = field(default_factory=list)

    def count(
        self, property: str, metric: str, value: object, day: date, **dimensions: str
    ) -> None:
        """Count so much more."""
        under = tuple(sorted(dimensions.items()))
        self.counts.append(Count(property, day, metric, Decimal(str(value)), under))


class Options(Strict):
    """The book itself."""

    book: Any


class ScopeOptions(Strict):
    """A property, and for projects the values of one dimension that are theirs."""

    property: str
    projects: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)


class Tally:
    """One book, opened."""

    def __init__(self, opening: Opening) -> None:
        self._book: Book = opening.options.book

    def whoami(self) -> RemotePerson:
        """The one account there is."""
        return RemotePerson("tally", "Tally", None)

    def now(self) -> datetime:
        """The book's clock."""
        return self._book.clock()

    def slices(self, scope: Scope) -> list[Slice]:
        """The whole property, and each project's part of it."""
        options: ScopeOptions = scope.options
        parts = [Slice(options.property, name, f) for name, f in options.projects.items()]
        return [Slice(options.property), *parts]

    def properties(self) -> list[Property]:
        """Every property in the book."""
        self._book.fault("properties")
        return sorted(self._book.properties.values(), key=lambda each: each.id)

    def describe(self, property: str) -> Property:
        """A property's zone and currency. Raises :class:`AskPerson` for one that is not there."""
        self._book.fault("describe")
        if property not in self._book.properties:
            raise AskPerson(f"there is no property {property}")
        return self._book.properties[property]

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer | Unanswered]:
        """Add up what was counted."""
        self._book.fault("ask")
        self._book.asked.append(tuple(asks))
        for ask in asks:
            if self._book.refused & set(ask.metrics):
                yield Unanswered(ask, SkipRecord("there is no such metric"))
            else:
                yield self._answer(ask)

    def misfits(self, ask: Ask) -> list[str]:
        """Everything goes with everything."""
        return []

    def close(self) -> None:
        """Nothing is held open."""

    def _answer(self, ask: Ask) -> Answer:
        book, found = self._book, self._book.properties[ask.slice.property]
        sums: dict[tuple[date, tuple[str, ...]], dict[str, Decimal]] = defaultdict(dict)
        for count in book.counts:
            if _meant(count, ask):
                day = count.day.replace(day=1) if ask.grain is Grain.MONTH else count.day
                under = dict(count.dimensions)
                key = (day, tuple(under.get(name, "(not set)") for name in ask.dimensions))
                known = sums[key].get(count.metric, Decimal(0))
                sums[key][count.metric] = known + count.value
        rows = tuple(_row(ask, *key, values) for key, values in sorted(sums.items()))
        return Answer(
            ask=ask,
            rows=rows,
            at=book.clock(),
            zone=found.zone,
            currency=found.currency,
            flags=frozenset(book.flags),
            restricted=frozenset(book.restricted & set(ask.metrics)),
        )


def _row(ask: Ask, day: date, under: tuple[str, ...], values: Mapping[str, Decimal]) -> Row:
    return Row(day, values, dict(zip(ask.dimensions, under, strict=True)))


def _meant(count: Count, ask: Ask) -> bool:
    """Whether a count is of this report, its days and its part of the property."""
    if count.property != ask.slice.property or count.metric not in ask.metrics:
        return False
    under = dict(count.dimensions)
    filters = {**ask.slice.filters, **ask.filters}
    fits = all(under.get(name) in values for name, values in filters.items())
    return fits and ask.since <= count.day <= ask.until


TALLY = SourceSpec("tally", Tally, Options, ScopeOptions)
