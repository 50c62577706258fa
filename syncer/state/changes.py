"""Reading what cycles changed: what an undoing goes by."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from syncer.model.notices import PostStatus
from syncer.model.records import JournalEntry
from syncer.model.undoing import PUT_AWAY, UNDO
from syncer.state.codec_journal import WRITE, about, journal_from_row
from syncer.state.codec_work import cycle_from_row
from syncer.state.facts import Cycle
from syncer.state.reader import Reader
from syncer.state.tables import cycles, journal
from syncer.state.tables_notices import postings

_KINDS = ("verdict", WRITE, "edit", UNDO)
MOST = 20
"""More candidates than this help nobody."""


class ChangeReader(Reader):
    """What was decided and written, by cycle, record and time."""

    def changes(
        self,
        client: str,
        *,
        cycle: str | None = None,
        record: str | None = None,
        field: str | None = None,
        since: datetime | None = None,
    ) -> list[JournalEntry]:
        """Edits, verdicts and writes in the order in which they were journalled."""
        query = select(journal).where(journal.c.client == client, journal.c.kind.in_(_KINDS))
        given = {"cycle": cycle, "record": record}
        query = query.filter_by(**{name: value for name, value in given.items() if value})
        if field:
            query = query.where(about(field))
        if since is not None:
            query = query.where(journal.c.at >= since)
        rows = self._rows(query.order_by(journal.c.id))
        told = self._made(journal_from_row, rows)
        lines = (line for row in told for line in row)
        return [line for line in lines if not field or line.field == field]

    def editors_in(self, record: str, connection: str) -> set[str]:
        """Whose edits of a record in one connection were ever journalled."""
        query = select(journal.c.editor).where(
            journal.c.record == record,
            journal.c.connection == connection,
            journal.c.kind == "edit",
            journal.c.editor.is_not(None),
        )
        return {row["editor"] for row in self._rows(query.distinct())}

    def put_away(self, client: str, record: str) -> set[str]:
        """The connections in which an undoing put a twin of this record away."""
        query = select(journal.c.connection).where(
            journal.c.client == client,
            journal.c.record == record,
            journal.c.kind == UNDO,
            journal.c.outcome == PUT_AWAY,
        )
        return {row["connection"] for row in self._rows(query.distinct())}

    def cycles_meant(self, ref: str) -> list[Cycle]:
        """The cycles whose id is, or begins with, what somebody typed."""
        query = select(cycles).where(cycles.c.id.startswith(ref, autoescape=True))
        rows = self._rows(query.order_by(cycles.c.started_at.desc()).limit(MOST))
        found = list(self._made(cycle_from_row, rows))
        return [cycle for cycle in found if cycle.id == ref] or found

    def comments_of(self, client: str, ids: Collection[str]) -> int:
        """How many comments of ours were written in these cycles."""
        query = select(func.count().label("count")).where(
            postings.c.client == client,
            postings.c.cycle.in_(list(ids)),
            postings.c.status == str(PostStatus.DONE),
        )
        return int(self._rows(query)[0]["count"])
