"""Reading what happened and how far we got: journal, intents, cursors, cycles, cache."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, func, or_, select

from syncer.model.records import Intent, IntentStatus, JournalEntry
from syncer.state.bulk import chunks
from syncer.state.codec_journal import about, holds_words, journal_from_row
from syncer.state.codec_work import cycle_from_row, intent_from_row
from syncer.state.facts import ALL_CLIENTS, ClientState, Cycle
from syncer.state.reader import Reader
from syncer.state.reading import LinkKey, keyed
from syncer.state.search import matching
from syncer.state.tables import cache, clients, cursors, cycles, intents, journal, meta


class JournalReader(Reader):
    """The append-only history."""

    def known_keys(self, client: str, connection: str, keys: Iterable[str]) -> set[str]:
        """Which of these change keys of a vendor were journalled before, for any field."""
        mine = select(journal.c.key).where(
            journal.c.client == client, journal.c.connection == connection
        )
        rows = self._rows(*(mine.where(journal.c.key.in_(part)) for part in chunks(keys)))
        return {row["key"] for row in rows}

    def journal(
        self,
        client: str | None = None,
        record: str | None = None,
        field: str | None = None,
        *,
        limit: int | None = 100,
        search: str | None = None,
    ) -> list[JournalEntry]:
        """Entries, newest first by vendor time; ``limit`` None gives all.

        ``search`` finds words, or their beginnings, in texts, values, names and rules; an
        entry must hold all of them.
        """
        query = select(journal).order_by(journal.c.at.desc(), journal.c.id.desc())
        given = {"client": client, "record": record}
        query = query.filter_by(**{name: value for name, value in given.items() if value})
        if field:
            query = query.where(about(field))
        if search:
            query = query.where(matching(self._engine.dialect.name, search))
        return self._lines(query, field, search, limit)

    def _lines(
        self, query: Select[Any], field: str | None, search: str | None, limit: int | None
    ) -> list[JournalEntry]:
        """The first lines of these rows that are meant: a row may hold many, and others."""
        rows = limit
        while True:
            stored = self._rows(query.limit(rows))
            told = self._made(journal_from_row, stored)
            lines = [line for row in told for line in reversed(row)]
            found = [
                line
                for line in lines
                if (not field or line.field == field) and (not search or holds_words(line, search))
            ]
            if rows is None or limit is None or len(found) >= limit or len(stored) < rows:
                return found[:limit]
            rows *= 4


class IntentReader(Reader):
    """Writes that were about to be sent."""

    def intents(
        self,
        client: str,
        statuses: Collection[IntentStatus] = (IntentStatus.SENT,),
        connection: str | None = None,
    ) -> list[Intent]:
        """Intents by status, oldest first; by default those that may or may not have happened."""
        query = select(intents).where(
            intents.c.client == client, intents.c.status.in_([str(s) for s in statuses])
        )
        if connection is not None:
            query = query.where(intents.c.connection == connection)
        return self._read(query)

    def intents_for(
        self, client: str, keys: Iterable[LinkKey], since: datetime | None = None
    ) -> list[Intent]:
        """Our own writes of these vendor things, oldest first.

        With ``since``, those made or answered at or after it, and all still unanswered.
        """
        query = select(intents).where(intents.c.client == client)
        if since is not None:
            late = or_(intents.c.created_at >= since, intents.c.done_at >= since)
            query = query.where(late | (intents.c.status == str(IntentStatus.SENT)))
        return self._read(*(query.where(condition) for condition in keyed(intents, keys)))

    def _read(self, *queries: Select[Any]) -> list[Intent]:
        found = self._made(intent_from_row, self._rows(*queries))
        return sorted(found, key=lambda intent: (intent.created_at, intent.id))


class ProgressReader(Reader):
    """How far we got, and what was learnt on the way."""

    def cursors(self, client: str, connection: str) -> dict[str, dict[str, Any]]:
        """Per feed, the cursor that its last recorded poll returned."""
        query = select(cursors).where(
            cursors.c.client == client, cursors.c.connection == connection
        )
        return {row["feed"]: row["cursor"] for row in self._rows(query)}

    def cached(self, connection: str, client: str, kind: str) -> tuple[Any, datetime] | None:
        """Cached JSON (``definitions``, ``people``, ...) and when it was read."""
        query = select(cache).where(
            cache.c.connection == connection, cache.c.client == client, cache.c.kind == kind
        )
        return next(((row["content"], row["at"]) for row in self._rows(query)), None)

    def meta(self, key: str) -> Any:
        """A value kept by :meth:`Transaction.put_meta`, or None."""
        rows = self._rows(select(meta.c.value).where(meta.c.key == key))
        return rows[0]["value"] if rows else None

    def cycles(self, client: str | None = None, limit: int = 20) -> list[Cycle]:
        """The last cycles, newest first."""
        query = select(cycles).order_by(cycles.c.started_at.desc(), cycles.c.id.desc())
        if client is not None:
            query = query.where(cycles.c.client == client)
        return list(self._made(cycle_from_row, self._rows(query.limit(limit))))

    def cycles_begun(self, at: Mapping[str, datetime]) -> dict[str, Cycle]:
        """Each client's cycle that began at the moment given for it."""
        query = select(cycles).where(cycles.c.started_at.in_(set(at.values())))
        found = self._made(cycle_from_row, self._rows(query))
        return {cycle.client: cycle for cycle in found if at.get(cycle.client) == cycle.started_at}

    def last_cycles(self) -> dict[str, Cycle]:
        """Each client's latest cycle."""
        latest = select(cycles.c.client, func.max(cycles.c.started_at).label("at"))
        newest = latest.group_by(cycles.c.client).subquery()
        query = select(cycles).join(
            newest, (newest.c.client == cycles.c.client) & (newest.c.at == cycles.c.started_at)
        )
        found = self._made(cycle_from_row, self._rows(query.order_by(cycles.c.id)))
        return {cycle.client: cycle for cycle in found}

    def cycles_by_status(self) -> dict[tuple[str, str], int]:
        """How many cycles of each client stand or ended in each way."""
        query = select(cycles.c.client, cycles.c.status, func.count().label("count"))
        rows = self._rows(query.group_by(cycles.c.client, cycles.c.status))
        return {(row["client"], row["status"]): row["count"] for row in rows}

    def first_cycle_at(self, client: str) -> datetime | None:
        """When the client's first cycle began; None if it never had one."""
        query = select(func.min(cycles.c.started_at, type_=cycles.c.started_at.type).label("at"))
        found: datetime | None = self._rows(query.where(cycles.c.client == client))[0]["at"]
        return found

    def count_by_client(
        self, table: Table, condition: ColumnElement[bool] | None = None
    ) -> list[tuple[str, int]]:
        """How many rows of a table each client has; for reports."""
        query = select(table.c.client, func.count().label("count")).group_by(table.c.client)
        if condition is not None:
            query = query.where(condition)
        return [(row["client"], row["count"]) for row in self._rows(query)]

    def client(self, client: str) -> ClientState:
        """What is remembered of a client as a whole; nothing yet for a new one."""
        rows = self._rows(select(clients).where(clients.c.key == client))
        return ClientState(**rows[0]) if rows else ClientState(client)

    def clients(self) -> list[ClientState]:
        """All clients that were ever touched, sorted by key, without :data:`ALL_CLIENTS`."""
        query = select(clients).where(clients.c.key != ALL_CLIENTS).order_by(clients.c.key)
        return [ClientState(**row) for row in self._rows(query)]

    def paused(self, client: str) -> datetime | None:
        """Since when this client, or every client, is paused; None when it runs."""
        query = select(clients.c.paused_since).where(
            clients.c.key.in_([client, ALL_CLIENTS]), clients.c.paused_since.is_not(None)
        )
        return min((row["paused_since"] for row in self._rows(query)), default=None)
