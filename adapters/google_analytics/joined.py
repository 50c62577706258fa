"""Pages of a report, and parts of its metrics, put together again."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeVar

from msgspec.structs import replace

from adapters.google_analytics.answered import Key, Piece, Unreadable
from adapters.google_analytics.asked import Part
from syncer.model.measures import Answer, Property, Row

T = TypeVar("T")

_ZERO: Final = Decimal(0)


class Pages:
    """The pages of one request as they come.

    They are queries of their own over figures that may change in between, so it is looked at
    that no row was told twice and none lost.
    """

    def __init__(self, part: Part) -> None:
        self._part = part
        self._pages: list[Piece] = []
        self._rows: dict[Key, Mapping[str, Decimal]] = {}
        self.count = 0

    @property
    def more(self) -> bool:
        """Whether there is a page to come."""
        return not self._pages or self.count < self._pages[0].total

    def add(self, page: Piece) -> None:
        """Take the next page. Raises :class:`Unreadable` if it does not follow."""
        first = self._pages[0] if self._pages else page
        if page.total != first.total or self._rows.keys() & page.rows.keys():
            raise Unreadable(self._part, "changed while its pages were read")
        if not page.count and self.count < page.total:
            raise Unreadable(self._part, "ends before its last row")
        self._pages.append(page)
        self._rows.update(page.rows)
        self.count += page.count

    def piece(self) -> Piece:
        """All of them as one."""
        first = self._pages[0]
        flags = _union(page.flags for page in self._pages)
        restricted = _union(page.restricted for page in self._pages)
        return replace(first, rows=self._rows, flags=flags, restricted=restricted)


def answer_of(parts: Sequence[Part], pieces: Sequence[Piece], known: Property) -> Answer:
    """What the requests of one ask answered together.

    Args:
        parts: one request for each piece.
        pieces: in the same order.
        known: the property, for what an answer leaves out.
    """
    restricted = _union(piece.restricted for piece in pieces)
    own = [name for name in parts[0].dimensions if name != parts[0].time]
    keys = sorted({key for piece in pieces for key in piece.rows})
    return Answer(
        ask=parts[0].ask,
        rows=tuple(
            Row(day, _values(pieces, (day, said)), dict(zip(own, said, strict=True)))
            for day, said in keys
        ),
        at=pieces[0].at,
        zone=next((piece.zone for piece in pieces if piece.zone), known.zone),
        currency=next((piece.currency for piece in pieces if piece.currency), known.currency),
        flags=_union(piece.flags for piece in pieces),
        restricted=restricted,
    )


def _values(pieces: Sequence[Piece], key: Key) -> dict[str, Decimal]:
    """All metrics of a row. One that a request leaves out was 0 in all of that request's."""
    found: dict[str, Decimal] = {}
    for piece in pieces:
        zeros = {name: _ZERO for name in piece.metrics if name not in piece.restricted}
        found |= piece.rows.get(key, zeros)
    return found


def _union(sets: Iterable[frozenset[T]]) -> frozenset[T]:
    return frozenset(each for found in sets for each in found)
