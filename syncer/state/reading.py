"""Reading records and links: always in batches, never one query a record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, Table, func, select

from syncer.model.entities import ARCHIVED, Schema
from syncer.model.records import Link, LinkStatus, Record
from syncer.state.bulk import CHUNK, chunks
from syncer.state.codec import link_from_row, record_from_row
from syncer.state.errors import translated
from syncer.state.tables import links, records

LinkKey = tuple[str, str, str]
"""(connection, object, remote id)."""


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

    def _pages(self, statement: Select[Any], table: Table) -> Iterator[Mapping[str, Any]]:
        """Rows by id, a page at a time, so that no long read holds the file's log back."""
        last = ""
        while True:
            page = statement.where(table.c.id > last).order_by(table.c.id).limit(CHUNK)
            rows = self._rows(page)
            yield from rows
            if len(rows) < CHUNK:
                return
            last = rows[-1]["id"]


def keyed(table: Table, keys: Iterable[LinkKey]) -> list[ColumnElement[bool]]:
    """Conditions that together cover these (connection, object, remote id) keys."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for connection, object_name, remote_id in keys:
        groups[connection, object_name].append(remote_id)
    return [
        (table.c.connection == connection)
        & (table.c.object == object_name)
        & table.c.remote_id.in_(part)
        for (connection, object_name), ids in sorted(groups.items())
        for part in chunks(ids)
    ]


class LinkReader(Reader):
    """Links: which vendor thing is a twin of which record."""

    def links(self, client: str, keys: Iterable[LinkKey]) -> dict[LinkKey, Link]:
        """The links of these vendor things, of any status; unknown keys are left out."""
        mine = select(links).where(links.c.client == client)
        rows = self._rows(*(mine.where(condition) for condition in keyed(links, keys)))
        return {link.key: link for link in map(link_from_row, rows)}

    def linked_records(self, client: str, keys: Iterable[LinkKey]) -> dict[LinkKey, str]:
        """The records whose links, of any status, these vendor things are: no more is read."""
        what = select(links.c.connection, links.c.object, links.c.remote_id, links.c.record)
        mine = what.where(links.c.client == client)
        rows = self._rows(*(mine.where(condition) for condition in keyed(links, keys)))
        return {(r["connection"], r["object"], r["remote_id"]): r["record"] for r in rows}

    def links_of(self, record_ids: Iterable[str]) -> dict[str, tuple[Link, ...]]:
        """Each record's links, of any status, in a stable order; () for one without."""
        ids = list(record_ids)
        ordered = select(links).order_by(links.c.connection, links.c.object, links.c.remote_id)
        rows = self._rows(*(ordered.where(links.c.record.in_(part)) for part in chunks(ids)))
        found: dict[str, list[Link]] = {record: [] for record in ids}
        for row in rows:
            found[row["record"]].append(link_from_row(row))
        return {record: tuple(twins) for record, twins in found.items()}

    def linked_places(self, client: str, connection: str, object: str) -> set[str]:
        """Ids of the boards or projects that ``LINKED`` twins of an object are in.

        Without those that were last seen archived.
        """
        query = (
            select(links.c.container)
            .distinct()
            .where(
                links.c.client == client,
                links.c.connection == connection,
                links.c.object == object,
                links.c.status == str(LinkStatus.LINKED),
                links.c.existence != ARCHIVED,
                links.c.container.is_not(None),
            )
        )
        return {row["container"] for row in self._rows(query)}

    def link_counts(self, client: str) -> dict[tuple[str, str], int]:
        """How many ``LINKED`` twins there are per (connection, object)."""
        group = (links.c.connection, links.c.object)
        query = (
            select(*group, func.count().label("count"))
            .where(links.c.client == client, links.c.status == str(LinkStatus.LINKED))
            .group_by(*group)
        )
        return {(row["connection"], row["object"]): row["count"] for row in self._rows(query)}

    def unverified(self, client: str) -> set[str]:
        """Ids of records with a twin whose history was not looked at since we wrote to it."""
        query = select(links.c.record).where(links.c.client == client, links.c.unverified)
        return {row["record"] for row in self._rows(query)}


class RecordReader(Reader):
    """Records: the canonical things."""

    def records(self, ids: Iterable[str]) -> dict[str, Record]:
        """These records; unknown ids are left out."""
        rows = self._rows(*(select(records).where(records.c.id.in_(p)) for p in chunks(ids)))
        return {row["id"]: record_from_row(self.schema, row) for row in rows}

    def record_ids(self, client: str, entity: str) -> list[str]:
        """Ids of all records of an entity, sorted."""
        query = select(records.c.id).where(records.c.client == client, records.c.entity == entity)
        return [row["id"] for row in self._rows(query.order_by(records.c.id))]

    def pending(self, client: str) -> list[str]:
        """Ids of records about which something is still to be done or looked at, sorted."""
        query = select(records.c.id).where(records.c.client == client, records.c.pending)
        return [row["id"] for row in self._rows(query.order_by(records.c.id))]

    def match_index(self, client: str, entity: str, fields: Sequence[str]) -> Iterator[Record]:
        """All records of an entity in which one of these fields has an agreed value.

        They are whole records, read a page at a time; writing meanwhile is allowed.
        """
        query = select(records).where(records.c.client == client, records.c.entity == entity)
        for row in self._pages(query, records):
            if any(row["agreed"].get(name, {}).get("value") is not None for name in fields):
                yield record_from_row(self.schema, row)

    def records_missing_link(self, client: str, entity: str, connection: str) -> Iterator[Record]:
        """Records of an entity that never had a twin in a connection, a page at a time.

        A link of any status counts as a twin: one that was deleted or left the scope is not
        made again just because it is not there.
        """
        twin = select(links.c.id).where(
            links.c.record == records.c.id, links.c.connection == connection
        )
        query = select(records).where(
            records.c.client == client, records.c.entity == entity, ~twin.exists()
        )
        for row in self._pages(query, records):
            yield record_from_row(self.schema, row)
