"""Record: verdicts before any write, cursors last of all."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from syncer.engine.cases import CASE, Gathered, is_case
from syncer.engine.context import Context
from syncer.engine.parking import parked_again
from syncer.engine.planning import Planned, Work
from syncer.engine.pull import Pulled
from syncer.model.decisions import Remap
from syncer.model.records import Hold, JournalEntry

CHUNK = 500
"""Records in one commit."""


def record_verdicts(
    ctx: Context,
    planned: Planned,
    holds: Mapping[str, Hold],
    settled: Iterable[str],
    down: Mapping[str, str],
) -> None:
    """Store what was decided: each record with its links, journal and proposals at once."""
    work = list(planned.work.values())
    for at in range(0, len(work), CHUNK):
        _record_chunk(ctx, work[at : at + CHUNK], bool(down))
    with ctx.store.transaction() as tx:
        tx.put_holds(list(holds.values()))
        tx.drop_holds(ctx.client.key, set(settled) - set(holds))
        tx.journal([_remap(ctx, remap) for remap in planned.plan.remaps])


def _record_chunk(ctx: Context, work: list[Work], down: bool) -> None:
    records = [
        replace(
            w.decided.record,
            # With a system down, what it still needs is not known yet: look again.
            pending=bool(w.actions) or w.decided.waiting or down,
        )
        for w in work
    ]
    with ctx.store.transaction() as tx:
        tx.put_records(records)
        tx.put_links([link for w in work for link in w.decided.links.values()])
        tx.journal([entry for w in work for entry in w.decided.journal])
        tx.put_proposals([p for w in work for p in w.decided.proposals.values()])
        tx.put_holds([h for w in work for h in w.decided.holds.values()])
        tx.drop_holds(ctx.client.key, {k for w in work for k in w.decided.cleared})


def _remap(ctx: Context, remap: Remap) -> JournalEntry:
    text = (
        f"the mapping now reads {remap.count} of {remap.entity}.{remap.field} in "
        f"{remap.connection} as {remap.now} (before: {remap.before})"
    )
    return JournalEntry(
        client=ctx.client.key,
        at=ctx.now,
        kind="remap",
        cycle=ctx.cycle,
        entity=remap.entity,
        field=remap.field,
        connection=remap.connection,
        outcome="remap",
        rule=remap.source,
        text=text,
    )


def record_cursors(ctx: Context, pulls: Mapping[str, Pulled]) -> None:
    """Move the cursors: everything they stand for is in the state now."""
    with ctx.store.transaction() as tx:
        for name, pulled in pulls.items():
            if pulled.error is None and pulled.cursors:
                tx.put_cursors(ctx.client.key, name, pulled.cursors)


def park_cases(ctx: Context, gathered: Gathered) -> None:
    """Park records that could not be decided; free those that could."""
    before = {p.key: p for p in ctx.store.parked(ctx.client.key) if is_case(p)}
    parked = [
        parked_again(
            ctx, before.get(CASE + id), CASE + id, id, "", reason, {"entity": case.record.entity}
        )
        for id, reason in gathered.failed.items()
        if (case := gathered.cases.get(id)) is not None and not case.new
    ]
    freed = {key for key in before if key.removeprefix(CASE) in gathered.cases}
    with ctx.store.transaction() as tx:
        tx.park(parked)
        tx.unpark(ctx.client.key, freed - {p.key for p in parked})
