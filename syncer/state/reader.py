"""What all readers share: queries, and what of their rows is looked at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Engine,
    Integer,
    Select,
    Table,
    Text,
    select,
    type_coerce,
)

from syncer.model.entities import Schema
from syncer.model.records import Link, Record
from syncer.state import codec_links
from syncer.state.bulk import CHUNK, Values
from syncer.state.codec_records import READ, record_from_values
from syncer.state.columns import readable, unescape
from syncer.state.errors import translated
from syncer.state.tables import links, records
from syncer.state.tables_shapes import shapes


def stored(table: Table, names: Iterable[str]) -> Select[Any]:
    """A query for columns as they are stored: the coders read a whole row at once."""
    return select(*(as_stored(table.columns[name]) for name in names))


def as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as it is stored."""
    kind = Integer if isinstance(column.type, Boolean) else Text
    return type_coerce(column, kind)


def stored_records() -> Select[Any]:
    """A query for whole records, each with its shape."""
    shape = (type_coerce(shapes.c[name], Text) for name in SHAPE)
    return stored(records, READ).add_columns(*shape).select_from(records.outerjoin(shapes))


def stored_links() -> Select[Any]:
    """A query for whole links, each with what is agreed of its record, beside which it is read."""
    told = links.join(records).outerjoin(shapes)
    plain = (LINK_RECORD if name == "record" else links.columns[name] for name in codec_links.READ)
    return select(*map(as_stored, plain), *BESIDE).select_from(told)


Made = TypeVar("Made")

SHAPE: Final = ("number", "fields", "rules")
"""The columns that a shape is read from."""

LINK_RECORD: Final = records.c.id.label("record")
"""The id of a link's record, where records are joined to it."""

BESIDE: Final = tuple(
    type_coerce(column, Text) for column in (records.c.agreed, shapes.c.fields, records.c.title)
)
"""What a link is told beside."""


class Reader:
    """What all readers share. Safe to use from any thread; sees only what was committed."""

    def __init__(self, engine: Engine, schema: Schema, where: str) -> None:
        self._engine = engine
        self.schema = schema
        self.where = where
        """The file or database, without its password."""

    def _still_ours(self) -> None:
        """Raises :class:`StateError` if it is known not to be what was opened any more."""

    def _rows(self, *statements: Select[Any]) -> list[Mapping[str, Any]]:
        """The rows of these queries, read in one snapshot where the database gives one."""
        if not statements:
            return []
        with translated(self.where, self._still_ours), self._engine.connect() as connection:
            found: list[Mapping[str, Any]] = []
            for statement in statements:
                found.extend(dict(row) for row in connection.execute(statement).mappings())
            return found

    def _stored(self, *statements: Select[Any]) -> list[Values]:
        """The same as tuples, for queries that :func:`stored` made."""
        if not statements:
            return []
        with translated(self.where, self._still_ours), self._engine.connect() as connection:
            found: list[Values] = []
            for statement in statements:
                found.extend(map(tuple, connection.execute(statement)))
            return found

    def _texts(self, *statements: Select[Any]) -> list[str]:
        """The texts of queries for one such column."""
        return [unescape(text) for (text,) in self._stored(*statements)]

    def _links(self, *statements: Select[Any]) -> Iterator[Link]:
        rows = self._stored(*statements)
        yield from self._made(partial(codec_links.link_from_values, where=self.where), rows)

    def _records(self, *statements: Select[Any]) -> Iterator[Record]:
        return self._told(self._stored(*statements))

    def _told(self, rows: Iterable[Values]) -> Iterator[Record]:
        return self._made(partial(record_from_values, self.schema, where=self.where), rows)

    def _made(self, make: Callable[[Any], Made], rows: Iterable[Any]) -> Iterator[Made]:
        """What is made of each of these rows; of a damaged one, :class:`StateError`."""
        with translated(self.where):
            for row in rows:
                yield cast("Made", readable(make, row))

    def _pages(self, statement: Select[Any]) -> Iterator[Record]:
        """Records as they came, a page at a time, so that no long read holds the file's log back."""
        last = 0
        while True:
            number = records.c.number
            page = statement.where(number > last).order_by(number).limit(CHUNK)
            rows = self._stored(page.add_columns(number))
            yield from self._told([row[:-1] for row in rows])
            if len(rows) < CHUNK:
                return
            last = rows[-1][-1]
