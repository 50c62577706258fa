"""Full compares: which connections owe one, and what one found that the feeds had not told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from syncer.engine.contact import widened
from syncer.engine.context import Context
from syncer.engine.planning import Planned
from syncer.engine.pull import Pulled
from syncer.engine.sites import Site
from syncer.engine.works import Work
from syncer.model.configuration import ClientConfig, Intervals
from syncer.model.report import CycleReport, CycleResult
from syncer.state import Store, Transaction

_COMPARED: Final = "compared"
"""What is remembered of a connection that was compared while another one was down."""


def is_due(store: Store, client: ClientConfig, now: datetime, every: Intervals) -> bool:
    """Whether everything is to be compared again; first contact counts as the first time."""
    last = store.client(client.key).last_full_at
    return last is not None and now - last >= every.full_compare


def not_again(
    store: Store, client: ClientConfig, now: datetime, every: Intervals
) -> frozenset[str]:
    """Connections that were compared while another was down: they do not do it again for that."""
    last = store.client(client.key).last_full_at
    found = {name: store.cached(name, client.key, _COMPARED) for name in client.mappings}
    moments = {name: kept[1] for name, kept in found.items() if kept is not None}
    let_in = widened(store, client)  # what the rules let in only now was told of long ago
    return frozenset(
        name
        for name, at in moments.items()
        if name not in let_in and (last is None or at > last) and now - at < every.full_compare
    )


def remember(ctx: Context, tx: Transaction, report: CycleReport) -> datetime | None:
    """Note who was compared in this cycle; gives the time if by now that is every connection."""
    recorded = report.plan is not None and report.result is not CycleResult.REFUSED
    if not ctx.full or not recorded:
        return None
    if not report.down:
        return ctx.now
    for name in ctx.client.mappings.keys() - report.down.keys() - ctx.compared:
        tx.cache(name, ctx.client.key, _COMPARED, True, ctx.now)
    return None


def healed(
    ctx: Context, sites: Mapping[str, Site], planned: Planned, pulls: Mapping[str, Pulled]
) -> int:
    """Edits, new things and departures older than the last good poll, which told of none."""
    last = ctx.store.client(ctx.client.key).last_ok_at
    if not ctx.full or last is None:
        return 0
    compared = {name: last + site.ahead for name, site in sites.items() if ctx.full_of(name)}
    return sum(_missed(work, pulls, compared) for work in planned.work.whole.values())


def _missed(work: Work, pulls: Mapping[str, Pulled], compared: Mapping[str, datetime]) -> int:
    count = 0
    for entry in work.decided.journal:
        name = entry.connection
        if name is None or name not in compared:
            continue
        last = compared[name]
        if entry.kind == "edit":
            count += entry.at < last
        elif entry.outcome == "unlinked":
            link = work.decided.links[name]
            gone = pulls[name].gone.get((link.object, link.remote_id))
            count += gone is not None and (gone.at is None or gone.at < last)
    return count
