"""What a process still knows of a client from its last cycle, for as long as nobody wrote since."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.state.facts import ClientState, Cycle
from syncer.state.outset import FEW, Outset
from syncer.state.store import Standing


class Kept(Struct):
    """The outset of a client's next cycle in this process, if nothing comes in between.

    To be used under the client's lock.
    """

    _outset: Outset | None = None
    _standing: Standing | None = None

    def at(self, standing: Standing | None) -> Outset | None:
        """What the database would tell now; None where it must be asked."""
        return self._outset if standing is not None and standing == self._standing else None

    def forget(self) -> None:
        """Something else is written."""
        self._outset = self._standing = None

    def after(
        self,
        outset: Outset | None,
        standing: Standing | None,
        ended: Cycle,
        ok_at: datetime | None,
        full_at: datetime | None,
    ) -> None:
        """A cycle that began with this ended, and wrote nothing else, all in one commit.

        Args:
            standing: as it was before the outset was read.
            ended: the cycle, as it was written; ``ok_at`` and ``full_at`` are what it set.
        """
        if outset is None or standing is None:
            return
        was = outset.clients.get(ended.client, ClientState(ended.client))
        now = replace(
            was,
            last_ok_at=was.last_ok_at if ok_at is None else ok_at,
            last_full_at=was.last_full_at if full_at is None else full_at,
        )
        self._outset = replace(
            outset,
            clients={**outset.clients, ended.client: now},
            cycles=[ended, *outset.cycles][:FEW],
        )
        self._standing = standing._replace(client=standing.client + 1)
