"""Finding a record by what a person has at hand."""

from sqlalchemy import ColumnElement, case, collate, func, or_, select, type_coerce

from syncer.model.records import Link, Record
from syncer.state.codec import fold
from syncer.state.columns import PlainText
from syncer.state.reader import Reader, stored_links, stored_records
from syncer.state.tables import links, records

MOST = 50
"""More candidates than this help nobody."""


class Finder(Reader):
    """Looks a record up by id, remote id, address or title."""

    def resolve(self, ref: str, client: str | None = None) -> list[Record]:
        """The records that ``ref`` can mean, by the most exact reading that finds any.

        In this order: id; remote id or URL of a twin; whole title; beginning of an id; part of
        a title. Several records mean that ``ref`` is not exact enough. At most :data:`MOST`.
        """
        wanted = fold(ref)[:200]
        if not wanted:
            return []
        folded = self._folded()
        twin = or_(links.c.remote_id == ref, links.c.url == ref)
        readings: list[ColumnElement[bool]] = [
            records.c.id == ref,
            records.c.number.in_(select(links.c.record).where(twin)),
            folded == wanted,
            records.c.id.startswith(ref, autoescape=True),
            folded.contains(wanted, autoescape=True),
        ]
        for reading in readings:
            found = self._found(reading, client)
            if found:
                return found
        return []

    def _folded(self) -> ColumnElement[str]:
        """Titles as they are compared; of most, only the title itself is stored."""
        title: ColumnElement[str] = records.c.title
        if self._engine.dialect.name != "sqlite":
            title = collate(title, "C")  # in no language of its own, where i is another letter
        told = case((records.c.folded == "", func.lower(title)), else_=records.c.folded)
        return type_coerce(told, PlainText())

    def _found(self, reading: ColumnElement[bool], client: str | None) -> list[Record]:
        query = stored_records().where(reading)
        query = query.order_by(self._folded(), records.c.id).limit(MOST)
        if client is not None:
            query = query.where(records.c.client == client)
        return list(self._records(query))

    def links_at(
        self, connection: str, object: str, id: str, url: str = "", client: str | None = None
    ) -> list[Link]:
        """The links to one vendor thing, of any status; clients may share it. At most :data:`MOST`.

        Args:
            id: its remote id; ``url`` is how the addresses that are kept of it begin, where an
                address from a browser holds another id.
        """
        same = links.c.remote_id == id
        if url:
            same |= (links.c.url == url) | links.c.url.startswith(f"{url}/", autoescape=True)
        query = stored_links().where(
            links.c.connection == connection, links.c.object == object, same
        )
        if client is not None:
            query = query.where(links.c.client == client)
        return list(self._links(query.order_by(links.c.id).limit(MOST)))
