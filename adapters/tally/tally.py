"""Reads a book of figures as a source is read."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from adapters.tally.book import Book, Count, book_of
from syncer.adapterkit.contract import Opening, Scope, Strict
from syncer.adapterkit.errors import AskPerson
from syncer.adapterkit.measuring import Unanswered
from syncer.model.measures import Answer, Ask, Grain, Property, Row, Slice
from syncer.model.remote import RemotePerson


class Options(Strict):
    """The name of the book in this process."""

    book: str


class ScopeOptions(Strict):
    """A property, and for projects the values of one dimension that are theirs."""

    property: str
    projects: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)


class Tally:
    """One book, opened."""

    def __init__(self, opening: Opening) -> None:
        self._book: Book = book_of(opening.options.book)

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
