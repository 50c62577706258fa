"""The service: configuration, state and adapters opened once, and cycles run for clients."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog

from syncer.adapterkit.errors import AdapterError
from syncer.adapterkit.limits import spending_for
from syncer.adapterkit.redact import clean
from syncer.adapterkit.registry import adapter_spec
from syncer.engine.alerts import alerting
from syncer.engine.beginning import Beginning
from syncer.engine.compare import remember
from syncer.engine.context import NO_ORDERS, Context, Orders, Progress
from syncer.engine.cycle import plan_cycle, run_cycle, undo_cycle
from syncer.engine.givens import fresh_id, utc_now
from syncer.engine.halting import halted
from syncer.engine.heap import unhurried
from syncer.engine.noting import ended_by, note_begin, note_end
from syncer.engine.pool import Pool, Specs
from syncer.engine.provisioning import provision
from syncer.engine.pruning import prune
from syncer.engine.retiring import end_work
from syncer.engine.spool import WHOLE
from syncer.engine.totals import Totals
from syncer.engine.workers import in_order
from syncer.model.configuration import Configuration
from syncer.model.report import CycleReport, CycleResult
from syncer.state import ClientStore, Cycle, LockHeld, StateError, Store

log = structlog.get_logger()

CLIENTS_AT_ONCE = 4
"""Clients worked on side by side; the vendors' limits, not this, bound how fast it goes."""

INTENTS_KEPT = timedelta(days=3)
"""How long answered writes are remembered, so that late feeds can tell them from edits."""


class Service:
    """Runs cycles. Use as a context manager.

    Args:
        config: the checked configuration.
        store: the open state.
        clock: tells the time (UTC); new_id: makes ids from a prefix.
        progress: told of long work.
        boundary: told around every vendor write, for tests that kill the process there.
        specs: gives an adapter's description by name.
        whole: of so many records a cycle holds all in memory that it decides; of more, new ones
            wait on disk beside the state.
    """

    def __init__(
        self,
        config: Configuration,
        store: Store,
        *,
        clock: Callable[[], datetime] = utc_now,
        new_id: Callable[[str], str] = fresh_id,
        progress: Progress | None = None,
        boundary: Callable[[str], None] = lambda _: None,
        specs: Specs = adapter_spec,
        whole: int = WHOLE,
    ) -> None:
        self.config = config
        self.store = store
        self.clock = clock
        self.boundary = boundary
        self.pool = Pool(config, specs)
        self.begin = Beginning(config, store, clock, new_id, progress, self._at, whole)

    def _at(self, moment: str) -> None:
        self.boundary(moment)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.pool.close()

    def clients(self, wanted: str | None = None) -> list[str]:
        """Client keys to work on, in order. Raises ``KeyError`` for one that is not configured."""
        known = sorted({*self.config.clients, *self.config.broken})
        if wanted is None:
            return known
        if wanted not in known:
            raise KeyError(wanted)
        return [wanted]

    def run(self, wanted: str | None = None, orders: Orders = NO_ORDERS) -> Iterator[CycleReport]:
        """One cycle for each client, or one; some side by side, and none stops another.

        With a saved plan: for those clients that it is of.
        """
        clients, totals = self._meant(wanted, orders), Totals()
        reports = self._each(clients, lambda key: self._cycle(key, orders, totals))
        yield from totals.rest(self.store, alerting(self.config, self.store, self.clock, reports))

    def plan(self, wanted: str | None = None, orders: Orders = NO_ORDERS) -> Iterator[CycleReport]:
        """What ``run`` would do with these orders, for each client."""
        yield from self._each(self.clients(wanted), lambda key: self._plan(key, orders))

    def _meant(self, wanted: str | None, orders: Orders) -> list[str]:
        keys = self.clients(wanted)
        return [key for key in keys if orders.saved is None or orders.saved.of(key)]

    def _each(self, keys: list[str], do: Callable[[str], CycleReport]) -> Iterator[CycleReport]:
        with unhurried():
            yield from self._reports(keys, do)

    def _reports(self, keys: list[str], do: Callable[[str], CycleReport]) -> Iterator[CycleReport]:
        for key, result in in_order(keys, _in_turn(do), CLIENTS_AT_ONCE):
            if isinstance(result, CycleReport):
                yield result
            elif isinstance(result, StateError):
                yield CycleReport(key, CycleResult.FAILED, problems=(clean(str(result)),))
            else:
                log.debug("cycle.crashed", client=key, exc_info=result)
                text = clean(f"a fault of the program: {type(result).__name__}: {result}")
                yield CycleReport(key, CycleResult.FAILED, problems=(text,))

    def _plan(self, key: str, orders: Orders) -> CycleReport:
        with self._alone(key, pausing=False) as store:
            if isinstance(store, CycleReport):
                return store
            client = self.config.clients[key]
            ctx = self.begin.of(client, orders, store)
            return plan_cycle(ctx, self.pool.of(client), self.pool.sources(client))

    def provision(self, wanted: str | None = None, *, dry_run: bool = True) -> list[str]:
        """Make the custom fields that mappings need; returns a line for each."""
        lines: list[str] = []
        for key in self.clients(wanted):
            client = self.config.clients[key]
            ctx = self.begin.of(client, NO_ORDERS)
            lines += provision(ctx, self.pool.of(client), dry_run=dry_run)
        return list(dict.fromkeys(lines))

    def retire(self, key: str, by: str) -> dict[str, str]:
        """End a client's open work and run it no more; gives why a tool could not be told.

        Raises ``LockHeld`` while a run works on it.
        """
        with self.store.lock(key):
            client = self.config.clients[key]
            return end_work(self.begin.of(client, NO_ORDERS), self.pool.of(client), by)

    @contextmanager
    def _alone(self, key: str, *, pausing: bool) -> Iterator[ClientStore | CycleReport]:
        """What a cycle of this client uses of the state, with its lock held; else why none is."""
        try:
            with self.store.lock(key):
                store = self.begin.store_of(key)
                yield halted(self.config, store, key, pausing=pausing) or store
        except LockHeld as error:
            held = CycleReport(key, CycleResult.LOCKED, problems=(str(error),))
            yield halted(self.config, self.store, key, pausing=pausing) or held

    def _cycle(self, key: str, orders: Orders, totals: Totals) -> CycleReport:
        # Who pauses a client may well want to undo something.
        with self._alone(key, pausing=orders.undo is None) as store:
            if isinstance(store, CycleReport):
                return store
            ctx = self.begin.of(self.config.clients[key], orders, store)
            return self._locked_cycle(ctx, store, totals)

    def _locked_cycle(self, ctx: Context, store: ClientStore, totals: Totals) -> CycleReport:
        started = Cycle(ctx.cycle, ctx.client.key, ctx.now, full=ctx.full)
        note_begin(ctx, store, started)
        try:
            report = self._worked(ctx)
        except AdapterError as error:
            report = CycleReport(
                ctx.client.key,
                CycleResult.FAILED,
                ctx.cycle,
                ctx.now,
                self.clock(),
                problems=(str(error),),
            )
        except Exception:
            store.begun()
            raise
        self._finish(ctx, store, started, report, totals)
        return report

    def _worked(self, ctx: Context) -> CycleReport:
        if ctx.orders.undo is not None:
            return undo_cycle(ctx, self.pool.of(ctx.client))
        return run_cycle(ctx, self.pool.of(ctx.client), self.pool.sources(ctx.client))

    def _finish(
        self,
        ctx: Context,
        store: ClientStore,
        started: Cycle,
        report: CycleReport,
        totals: Totals,
    ) -> None:
        ended = ended_by(ctx, started, report, self.clock())
        fine = report.result is CycleResult.DONE and ctx.orders.undo is None
        first_full = store.client(ctx.client.key).last_full_at is None
        with store.transaction() as tx:
            note_end(store, tx, ended)
            if ctx.full:  # once a day is often enough to look through all that was written
                tx.drop_intents(ctx.client.key, before=ctx.now - INTENTS_KEPT)
            full_at = remember(ctx, tx, report) or (ctx.now if fine and first_full else None)
            ok_at = ctx.now if fine else None
            tx.touch_client(ctx.client.key, last_ok_at=ok_at, last_full_at=full_at)
            totals.tell(tx, {ctx.client.key: report.written})
        if fine:  # of a failed one nobody knows whether what it was lent is as it was
            store.ended(ended, ok_at, full_at)
        if ctx.full and fine:
            prune(ctx)
        log.info("cycle.finished", client=ctx.client.key, result=str(report.result), **ended.counts)


def _in_turn(do: Callable[[str], CycleReport]) -> Callable[[str], CycleReport]:
    """Work on a client whose requests take turns with those of others at the same tool."""

    def work(key: str) -> CycleReport:
        with spending_for(key):
            return do(key)

    return work
