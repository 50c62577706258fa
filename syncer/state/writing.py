"""Writing: everything of one transaction is kept, or nothing. Bulk statements only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import field
from sqlalchemy import Table, bindparam, delete, select, update

from syncer.model.records import (
    Hold,
    Intent,
    IntentStatus,
    JournalEntry,
    Parked,
    Proposal,
    ProposalStatus,
)
from syncer.state.ahead import Ahead
from syncer.state.bulk import Values, append_values, change_values, chunks, put_values, upsert
from syncer.state.codec import proposal_to_row
from syncer.state.codec_journal import JOURNALLED, journal_rows
from syncer.state.codec_records import WRITTEN
from syncer.state.codec_work import (
    ENDED,
    cycle_to_row,
    ended_values,
    hold_to_row,
    intent_values,
    parked_to_row,
)
from syncer.state.facts import Cycle, CycleStatus
from syncer.state.tables import (
    cache,
    clients,
    cursors,
    cycles,
    holds,
    intents,
    journal,
    links,
    meta,
    parked,
    proposals,
    records,
)
from syncer.state.writing_records import RecordWriter

_META: Final = select(meta.c.value).where(meta.c.key == bindparam("key")).with_for_update()


class Transaction(RecordWriter, frozen=True):
    """What :meth:`Store.transaction` hands out; good until its block ends.

    ``put_*`` insert or replace by id. Empty lists are fine and cost nothing.
    """

    touched: set[str] = field(default_factory=set)
    """What was written of that which a cycle asks for again after it wrote."""

    # -- what happened -------------------------------------------------------------------

    def journal(self, entries: Sequence[JournalEntry]) -> None:
        """Append entries; a vendor's change (key, field) that is there already is ignored."""
        self._append(list(journal_rows(entries)))

    def _append(self, rows: Sequence[Values]) -> None:
        append_values(self.connection, journal, rows, names=JOURNALLED, unique=("client", "once"))

    def put_ahead(self, ahead: Ahead, told: Iterable[bytes], *, pending: bool) -> None:
        """Insert new records as they were told ahead, with all that was told of each.

        ``pending``: all of them are, whatever was told.
        """
        found = [ahead.read(parcel) for parcel in told]
        rows = [self._new(ahead, one.record, pending=pending) for one in found]
        put_values(self.connection, records, rows, names=WRITTEN)
        put_values(self.connection, links, [row for one in found for row in one.links])
        self.agreeing.extend(row for one in found for row in one.agreements)
        self._append([row for one in found for row in one.journal])

    def put_intents(self, items: Sequence[Intent]) -> None:
        """Insert or replace intents. Commit before the writes are sent."""
        put_values(self.connection, intents, [intent_values(item) for item in items])

    def finish_intents(self, items: Sequence[Intent]) -> None:
        """Record how stored intents ended: status, ``done_at``, ``got`` and where it landed."""
        change_values(self.connection, intents, [ended_values(item) for item in items], ENDED)

    def drop_intents(self, client: str, before: datetime) -> None:
        """Forget answered intents that ended before a time; the journal keeps what they did."""
        self.connection.execute(
            delete(intents).where(
                intents.c.client == client,
                intents.c.status != str(IntentStatus.SENT),
                intents.c.done_at < before,
            )
        )

    # -- what waits ----------------------------------------------------------------------

    def put_proposals(self, items: Sequence[Proposal]) -> None:
        """Insert or replace proposals.

        Raises :class:`StateError` on a second open one of the same (record, field, proposer).
        """
        # Closed ones first, so that a list may close one and open its successor.
        ordered = sorted(items, key=lambda item: item.status is ProposalStatus.OPEN)
        upsert(self.connection, proposals, [proposal_to_row(item) for item in ordered])

    def put_holds(self, items: Sequence[Hold]) -> None:
        """Insert or replace holds; one that is there keeps its ``since``."""
        told = [c.name for c in holds.columns if c.name not in ("client", "key", "since")]
        upsert(self.connection, holds, [hold_to_row(item) for item in items], only=told)

    def drop_holds(self, client: str, keys: Iterable[str]) -> None:
        """Remove holds; unknown keys are fine."""
        self._drop(holds, client, keys)

    def park(self, items: Sequence[Parked]) -> None:
        """Insert or replace parked work."""
        self.touched.update(["parked"] if items else ())
        upsert(self.connection, parked, [parked_to_row(item) for item in items])

    def due_now(self, client: str, keys: Iterable[str], at: datetime) -> None:
        """Let parked work be tried at once; what is not parked any more stays so."""
        for part in chunks(keys):
            this = (parked.c.client == client) & parked.c.key.in_(part)
            statement = update(parked).where(this, parked.c.next_try > at).values(next_try=at)
            self.connection.execute(statement)

    def unpark(self, client: str, keys: Iterable[str]) -> None:
        """Remove parked work; unknown keys are fine."""
        self._drop(parked, client, keys)

    def _drop(self, table: Table, client: str, keys: Iterable[str]) -> None:
        for part in chunks(keys):
            self.connection.execute(
                delete(table).where(table.c.client == client, table.c.key.in_(part))
            )

    # -- how far we got ------------------------------------------------------------------

    def put_cursors(
        self, client: str, connection: str, found: Mapping[str, dict[str, Any] | None]
    ) -> None:
        """Set these feeds' cursors; other feeds keep theirs, None forgets one."""
        self.touched.update(["cursors"] if found else ())
        place = {"client": client, "connection": connection}
        kept = [place | {"feed": feed, "cursor": c} for feed, c in found.items() if c is not None]
        upsert(self.connection, cursors, kept)
        for part in chunks(feed for feed, cursor in found.items() if cursor is None):
            mine = (cursors.c.client == client) & (cursors.c.connection == connection)
            self.connection.execute(delete(cursors).where(mine, cursors.c.feed.in_(part)))

    def cache(self, connection: str, client: str, kind: str, json: Any, at: datetime) -> None:
        """Keep JSON that is refreshed on a schedule; see :meth:`Store.cached`."""
        self.touched.add("cached")
        row = {"connection": connection, "client": client, "kind": kind}
        upsert(self.connection, cache, [row | {"content": json, "at": at}])

    def put_meta(self, key: str, json: Any) -> None:
        """Keep a value about the whole installation, or one that fits nowhere else."""
        self.touched.add(key)
        upsert(self.connection, meta, [{"key": key, "value": json}])

    def change_meta(self, key: str, change: Callable[[Any], Any]) -> None:
        """Put what ``change`` makes of a value in its place (None if there is none yet).

        Nobody else can have changed it in between.
        """
        self.put_meta(key, change(self.connection.execute(_META, {"key": key}).scalar()))

    def start_cycle(self, cycle: Cycle, before: Cycle | None = None) -> None:
        """Record that a cycle began; earlier ones of the client still running were killed.

        ``before`` is the last of them, where it is known: if that one ended, all did.
        """
        if before is None or before.status is CycleStatus.RUNNING:
            running = cycles.c.status == str(CycleStatus.RUNNING)
            mine = update(cycles).where(cycles.c.client == cycle.client, running)
            self.connection.execute(mine.values(status=str(CycleStatus.KILLED)))
        upsert(self.connection, cycles, [cycle_to_row(cycle)])

    def finish_cycle(self, cycle: Cycle) -> None:
        """Record how a cycle ended."""
        upsert(self.connection, cycles, [cycle_to_row(cycle)])

    def touch_client(
        self,
        client: str,
        *,
        last_ok_at: datetime | None = None,
        last_full_at: datetime | None = None,
    ) -> None:
        """Remember a client; sets the given times and leaves the others."""
        given = {"last_ok_at": last_ok_at, "last_full_at": last_full_at}
        told = {name: at for name, at in given.items() if at is not None}
        upsert(self.connection, clients, [{"key": client} | told], only=list(told))

    def pause(self, client: str, at: datetime) -> None:
        """Pause a client, or :data:`ALL_CLIENTS`."""
        upsert(
            self.connection,
            clients,
            [{"key": client, "paused_since": at}],
            only=["paused_since"],
        )

    def resume(self, client: str) -> None:
        """Let a client, or :data:`ALL_CLIENTS`, run again."""
        self.connection.execute(
            update(clients).where(clients.c.key == client).values(paused_since=None)
        )
