"""That a cycle ran, and how it ended, written down: an uneventful one in one commit, at its end.

That it began must be known before anything is done outside, for a cycle that was killed may have
done what nobody remembers. It is written before all else that the cycle writes, and at the latest
when a system tells anything new; of one that is killed before that, nothing is left to tell.
"""

from datetime import datetime
from typing import Final

from syncer.engine.context import NO_ORDERS, Context
from syncer.engine.reporting import counts_of
from syncer.model.report import CycleReport, CycleResult
from syncer.state import ClientStore, Cycle, CycleStatus, Transaction

_STATUS = {
    CycleResult.DONE: CycleStatus.DONE,
    CycleResult.FAILED: CycleStatus.FAILED,
    CycleResult.REFUSED: CycleStatus.REFUSED,
}

_UNDER_WAY: Final = (None, CycleStatus.RUNNING)


def note_begin(ctx: Context, store: ClientStore, started: Cycle) -> None:
    """Have it written that a cycle began: at once, or, of an ordinary poll, with what comes first."""
    before = next(iter(store.cycles(started.client, limit=1)), None)

    def write(tx: Transaction) -> None:
        if before is None:
            tx.touch_client(started.client)
        tx.start_cycle(started, before)

    store.begins(write)
    poll = not started.full and ctx.orders == NO_ORDERS
    if not poll or (before.status if before else None) in _UNDER_WAY:
        store.begun()


def note_end(store: ClientStore, tx: Transaction, ended: Cycle) -> None:
    """Write how it ended. Where it was not written that it began, the one before it did end."""
    store.forgo()
    tx.finish_cycle(ended)


def ended_by(ctx: Context, started: Cycle, report: CycleReport, at: datetime) -> Cycle:
    """The cycle as it is to be remembered, once its report is there."""
    down = (f"{name}: {text}" for name, text in report.down.items())
    return Cycle(
        started.id,
        started.client,
        started.started_at,
        at,
        _STATUS.get(report.result, CycleStatus.FAILED),
        started.full,
        counts_of(ctx, report),
        "; ".join([*report.problems, *down])[:500],
    )
