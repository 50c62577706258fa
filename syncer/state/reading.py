"""Reading records and links: always in batches, never one query a record."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Table,
    func,
    select,
)

from syncer.model.entities import ARCHIVED
from syncer.model.records import Link, LinkStatus, Record
from syncer.state.bulk import chunks
from syncer.state.reader import LINK_RECORD, Reader, stored, stored_links, stored_records
from syncer.state.tables import links, records

LinkKey = tuple[str, str, str]
"""(connection, object, remote id)."""


_LINKS: Final = stored_links()
_RECORDS: Final = stored_records()
_IDS: Final = stored(records, ["id"])


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
        mine = _LINKS.where(links.c.client == client)
        return {
            link.key: link
            for link in self._links(*(mine.where(condition) for condition in keyed(links, keys)))
        }

    def linked_records(self, client: str, keys: Iterable[LinkKey]) -> dict[LinkKey, str]:
        """The records whose links, of any status, these vendor things are: no more is read."""
        what = select(links.c.connection, links.c.object, links.c.remote_id, LINK_RECORD)
        mine = what.join_from(links, records).where(links.c.client == client)
        rows = self._rows(*(mine.where(condition) for condition in keyed(links, keys)))
        return {(r["connection"], r["object"], r["remote_id"]): r["record"] for r in rows}

    def links_of(self, record_ids: Iterable[str]) -> dict[str, tuple[Link, ...]]:
        """Each record's links, of any status, in a stable order; () for one without."""
        found: dict[str, list[Link]] = {record: [] for record in record_ids}
        if not found:
            return {}
        ordered = _LINKS.order_by(links.c.connection, links.c.object, links.c.remote_id)
        parts = (ordered.where(records.c.id.in_(part)) for part in chunks(found))
        for link in self._links(*parts):
            found[link.record].append(link)
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

    def counted_links(self, client: str, connection: str, most: int) -> int:
        """How many ``LINKED`` twins a connection has; it stops counting at ``most``."""
        query = (
            select(links.c.id)
            .where(
                links.c.client == client,
                links.c.connection == connection,
                links.c.status == str(LinkStatus.LINKED),
            )
            .limit(most)
            .subquery()
        )
        found: int = self._rows(select(func.count().label("count")).select_from(query))[0]["count"]
        return found

    def unverified(self, client: str) -> set[str]:
        """Ids of records with a twin whose history was not looked at since we wrote to it."""
        query = _IDS.join(links).where(links.c.client == client, links.c.unverified)
        return set(self._texts(query))


class RecordReader(Reader):
    """Records: the canonical things."""

    def records(self, ids: Iterable[str]) -> dict[str, Record]:
        """These records; unknown ids are left out."""
        found = self._records(*(_RECORDS.where(records.c.id.in_(part)) for part in chunks(ids)))
        return {record.id: record for record in found}

    def record_ids(self, client: str, entity: str) -> list[str]:
        """Ids of all records of an entity, sorted."""
        query = _IDS.where(records.c.client == client, records.c.entity == entity)
        return self._texts(query.order_by(records.c.id))

    def pending(self, client: str) -> list[str]:
        """Ids of records about which something is still to be done or looked at, sorted."""
        query = _IDS.where(records.c.client == client, records.c.pending)
        return self._texts(query.order_by(records.c.id))

    def match_index(self, client: str, entity: str, fields: Sequence[str]) -> Iterator[Record]:
        """All records of an entity in which one of these fields has an agreed value.

        They are whole records, read a page at a time; writing meanwhile is allowed.
        """
        query = _RECORDS.where(records.c.client == client, records.c.entity == entity)
        for record in self._pages(query):
            if any(record.value(name) is not None for name in fields):
                yield record

    def records_missing_link(self, client: str, entity: str, connection: str) -> Iterator[Record]:
        """Records of an entity that never had a twin in a connection, a page at a time.

        A link of any status counts as a twin: one that was deleted or left the scope is not
        made again just because it is not there.
        """
        twin = select(links.c.id).where(
            links.c.record == records.c.number, links.c.connection == connection
        )
        query = _RECORDS.where(
            records.c.client == client, records.c.entity == entity, ~twin.exists()
        )
        yield from self._pages(query)
