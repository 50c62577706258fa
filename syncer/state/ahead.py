"""New records as the rows that they will be: told once, while all of it is at hand, written later.

A large cycle decides on many records before it may write the first of them. What waits meanwhile
need not be told in a form of its own, to be read and told once more when it is written.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder
from sqlalchemy import Select

from syncer.model.agreements import Agreement
from syncer.model.entities import Schema
from syncer.model.records import Agreed, JournalEntry, Link, Record
from syncer.state.agreements import agreement_values
from syncer.state.beside import beside
from syncer.state.bulk import Values
from syncer.state.codec_journal import journal_rows
from syncer.state.codec_links import READ, link_from_values, link_values
from syncer.state.codec_records import WRITTEN, kept_as, record_values
from syncer.state.columns import to_text, unescape
from syncer.state.shape import Shape, shape_from
from syncer.state.shapes import FEW, MOST, Place, counted, latest, nearest, shapes_from
from syncer.state.tables import links

CLIENT: Final = WRITTEN.index("client")
ENTITY: Final = WRITTEN.index("entity")
TITLE: Final = WRITTEN.index("title")
PENDING: Final = WRITTEN.index("pending")
AGREED: Final = WRITTEN.index("agreed")
SHAPE: Final = WRITTEN.index("shape")
_LINK: Final = [links.columns.keys().index(name) for name in READ]

REMEMBERED: Final = 1_000
"""Choices of a shape that are kept; there may be as many as there are records."""


class Ready(Struct, frozen=True, array_like=True, gc=False):
    """One new record with what belongs to it, as rows.

    A ``shape`` below zero at the end of the record's row is one that was only drafted.
    """

    record: Values
    links: list[Values]
    agreements: list[Values]
    journal: list[Values]


_encode: Final = Encoder().encode
_decode: Final = Decoder(Ready).decode


class Ahead:
    """Makes rows of one cycle's new records, before anything of these is written.

    Args:
        stored: reads what the database holds, as it is stored.
        where: that database, for errors.
    """

    def __init__(
        self, schema: Schema, stored: Callable[[Select[Any]], list[Values]], where: str
    ) -> None:
        self._schema = schema
        self._stored = stored
        self._where = where
        self._known: dict[Place, dict[int, Shape]] = {}
        self._chosen: dict[tuple[Any, ...], Shape | None] = {}
        self._room: dict[Place, int] = {}
        self.drafts: dict[int, Shape] = {}
        """Shapes that are not in the database yet, by numbers below zero."""

    def tell(
        self,
        record: Record,
        twins: Iterable[Link],
        agreements: Iterable[Agreement],
        lines: Iterable[JournalEntry],
    ) -> bytes:
        """A new record, and all that is to be written of it, as :meth:`read` takes it.

        Raises ``OverflowError`` where a link's fingerprint has more than 64 bits.
        """
        shape = self._best((record.client, record.entity), record.agreed)
        kept = kept_as(self._schema, record, shape)
        by = beside(kept)
        ready = Ready(
            record_values(record, kept),
            [link_values(record.client, link, by) for link in twins],
            list(map(agreement_values, agreements)),
            list(journal_rows(lines)),
        )
        return _encode(ready)

    def read(self, parcel: bytes) -> Ready:
        """The rows again."""
        return _decode(parcel)

    def links(self, parcel: bytes) -> list[Link]:
        """The links of what was told, as they will be."""
        ready = _decode(parcel)
        shape = self._shape(ready.record)
        fields = shape.fields if shape else None
        by = (ready.record[AGREED], fields, ready.record[TITLE])
        rows = ((*(row[at] for at in _LINK), *by) for row in ready.links)
        return [link_from_values(row, self._where) for row in rows]

    def _shape(self, row: Values) -> Shape | None:
        number = row[SHAPE]
        if number is None:
            return None
        if number in self.drafts:
            return self.drafts[number]
        return self._known[self.place(row)][number]

    @staticmethod
    def place(row: Values) -> Place:
        """Whose shape it is that a record's row refers to."""
        return unescape(row[CLIENT]), unescape(row[ENTITY])

    def _best(self, place: Place, agreed: Mapping[str, Agreed]) -> Shape | None:
        """By which it is told, as :meth:`Shapes.best` chooses it; a new one is a draft."""
        if len(agreed) <= FEW:
            return None
        key = (place, *agreed, *(one.rule for one in agreed.values()))
        if key not in self._chosen:
            if len(self._chosen) >= REMEMBERED:
                self._chosen.clear()
            if place not in self._known:
                self._known[place] = shapes_from(self._stored(latest(place)))
                [[count]] = self._stored(counted(place))
                self._room[place] = MOST - count
            known = self._known[place]
            self._chosen[key] = nearest(known.values(), agreed) or self._draft(place, agreed)
        return self._chosen[key]

    def _draft(self, place: Place, agreed: Mapping[str, Agreed]) -> Shape | None:
        if self._room[place] <= 0:
            return None
        self._room[place] -= 1
        rules = [one.rule for one in agreed.values()]
        draft = shape_from(-1 - len(self.drafts), to_text(list(agreed)), to_text(rules))
        self.drafts[draft.number] = self._known[place][draft.number] = draft
        return draft
