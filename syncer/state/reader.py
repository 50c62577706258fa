"""What all readers share: queries, and what of their rows is looked at."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Boolean, Engine, Integer, Select, Table, Text, select, type_coerce

from syncer.model.entities import Schema
from syncer.model.records import Link, Record
from syncer.state import codec_links
from syncer.state.bulk import CHUNK, Values
from syncer.state.codec_records import record_from_values
from syncer.state.columns import unescape
from syncer.state.errors import translated
from syncer.state.tables import links, records


def stored(table: Table, names: Iterable[str]) -> Select[Any]:
    """A query for columns as they are stored: the coders read a whole row at once."""
    told = (table.columns[name] for name in names)
    plain = [type_coerce(c, Integer if isinstance(c.type, Boolean) else Text) for c in told]
    return cast("Select[Any]", select(*plain))


def stored_links() -> Select[Any]:
    """A query for whole links, each with what is agreed of its record, beside which it is read."""
    agreed = type_coerce(records.c.agreed, Text)
    return stored(links, codec_links.READ).add_columns(agreed).join(records)


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
        with translated(self.where):
            for row in rows:
                yield codec_links.link_from_values(row, self.where)

    def _records(self, *statements: Select[Any]) -> Iterator[Record]:
        rows = self._stored(*statements)
        with translated(self.where):
            for row in rows:
                yield record_from_values(self.schema, row, self.where)

    def _pages(self, statement: Select[Any]) -> Iterator[Record]:
        """Records by id, a page at a time, so that no long read holds the file's log back."""
        last = ""
        while True:
            page = statement.where(records.c.id > last).order_by(records.c.id).limit(CHUNK)
            found = list(self._records(page))
            yield from found
            if len(found) < CHUNK:
                return
            last = found[-1].id
