"""Reading what waits for somebody: proposals, holds, parked work."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select, true

from syncer.model.records import Hold, Parked, Proposal, ProposalStatus
from syncer.state.bulk import chunks
from syncer.state.codec import proposal_from_row
from syncer.state.codec_work import hold_from_row, parked_from_row
from syncer.state.reader import Reader
from syncer.state.tables import holds, parked, proposals


class WaitingReader(Reader):
    """Proposals, holds and parked work."""

    def proposals(
        self,
        client: str | None = None,
        records: Iterable[str] | None = None,
        *,
        open_only: bool = True,
    ) -> list[Proposal]:
        """Proposals, oldest first; of one client and of these records, where given."""
        query = select(proposals)
        if client is not None:
            query = query.where(proposals.c.client == client)
        if open_only:
            query = query.where(proposals.c.status == str(ProposalStatus.OPEN))
        if records is None:
            rows = self._rows(query)
        else:
            parts = (query.where(proposals.c.record.in_(part)) for part in chunks(records))
            rows = self._rows(*parts)
        return sorted(self._proposals(rows), key=lambda proposal: (proposal.opened_at, proposal.id))

    def proposal(self, id: str) -> Proposal | None:
        """One proposal, open or closed."""
        rows = self._rows(select(proposals).where(proposals.c.id == id))
        return next(iter(self._proposals(rows)), None)

    def proposals_meant(self, ref: str, client: str | None = None) -> list[Proposal]:
        """The proposals that people can mean, by the most exact reading that finds any.

        In this order: id; number (``P3KX9Q``, in any case); beginning of the id of an open one;
        of any. Several mean that ``ref`` is not exact enough. Oldest first.
        """
        wanted = ref.strip()
        if not wanted:
            return []
        begins = proposals.c.id.startswith(wanted, autoescape=True)
        readings = (
            proposals.c.id == wanted,
            proposals.c.number == wanted.upper(),
            begins & (proposals.c.status == str(ProposalStatus.OPEN)),
            begins,
        )
        mine = select(proposals).order_by(proposals.c.opened_at, proposals.c.id)
        if client is not None:
            mine = mine.where(proposals.c.client == client)
        found = (self._rows(mine.where(reading)) for reading in readings)
        rows = next(filter(None, found), [])
        return self._proposals(rows)

    def _proposals(self, rows: Iterable[Any]) -> list[Proposal]:
        return list(self._made(partial(proposal_from_row, self.schema), rows))

    def holds(self, client: str | None = None) -> list[Hold]:
        """What is not decided until a person looks at it, sorted by key."""
        query = select(holds).order_by(holds.c.client, holds.c.key)
        if client is not None:
            query = query.where(holds.c.client == client)
        return list(self._made(hold_from_row, self._rows(query)))

    def oldest_waiting(self) -> dict[tuple[str, str], datetime]:
        """Since when the oldest of each client waits: (client, hold, parked or proposal)."""
        found: dict[tuple[str, str], datetime] = {}
        opened = proposals.c.status == str(ProposalStatus.OPEN)
        for kind, table, since, which in (
            ("hold", holds, holds.c.since, holds.c.since.is_not(None)),
            ("parked", parked, parked.c.since, true()),
            ("proposal", proposals, proposals.c.opened_at, opened),
        ):
            at = func.min(since, type_=since.type).label("at")
            query = select(table.c.client, at).where(which).group_by(table.c.client)
            found |= {(row["client"], kind): row["at"] for row in self._rows(query)}
        return found

    def parked(self, client: str | None = None) -> list[Parked]:
        """Work that failed and is tried again, due first."""
        query = select(parked).order_by(parked.c.next_try, parked.c.client, parked.c.key)
        if client is not None:
            query = query.where(parked.c.client == client)
        return list(self._made(parked_from_row, self._rows(query)))
