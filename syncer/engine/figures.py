"""Figures: what a report answered, stored in place of what the same days showed before."""

from collections.abc import Iterator
from datetime import date

import structlog
from msgspec.structs import replace

from syncer.engine.asks import Wanted, cursor_of
from syncer.engine.context import Context
from syncer.model.measures import Answer, Figure
from syncer.reconcile.windows import Reach, reached
from syncer.state import Transaction

log = structlog.get_logger()


def keep(
    ctx: Context, connection: str, want: Wanted, reach: Reach | None, answer: Answer, today: date
) -> None:
    """Replace the days that were asked for, and remember how far the report is read.

    Days that had figures and are empty now are believed only the second time: an answer without
    rows is also what a vendor in trouble gives.
    """
    if reach is not None and not reach.doubted and _emptied(ctx, connection, want, answer):
        log.warning("measure.empty", connection=connection, report=want.report)
        doubted = replace(reach, doubted=True)
        with ctx.store.transaction() as tx:
            tx.put_cursors(ctx.client.key, connection, {want.feed: cursor_of(doubted)})
        return
    now = reached(reach, answer.ask.metrics, answer.ask.since, today)
    with ctx.store.transaction() as tx:
        moved = _replaced(tx, ctx.client.key, connection, answer)
        if now != reach:
            tx.put_cursors(ctx.client.key, connection, {want.feed: cursor_of(now)})
    rows = len(answer.rows)
    log.info("measure.kept", connection=connection, report=want.report, rows=rows, moved=moved)


def _replaced(tx: Transaction, client: str, connection: str, answer: Answer) -> bool:
    ask = answer.ask
    return tx.replace_figures(
        client,
        connection,
        ask.slice.property,
        ask.slice.project,
        ask.report,
        ask.grain,
        ask.since,
        ask.until,
        _figures(connection, answer),
    )


def _emptied(ctx: Context, connection: str, want: Wanted, answer: Answer) -> bool:
    """Whether an answer has nothing for days that had something."""
    if answer.rows:
        return False
    found = ctx.store.figures(
        ctx.client.key,
        connection=connection,
        project=want.slice.project,
        report=want.report,
        since=answer.ask.since,
        until=answer.ask.until,
    )
    return any(figure.value for figure in found if figure.grain is want.grain)


def _figures(connection: str, answer: Answer) -> Iterator[Figure]:
    """Each number by itself; one that our account may not see is there without a value."""
    ask = answer.ask
    for row in answer.rows:
        for metric in ask.metrics:
            if metric in row.values or metric in answer.restricted:
                yield Figure(
                    connection=connection,
                    property=ask.slice.property,
                    project=ask.slice.project,
                    report=ask.report,
                    grain=ask.grain,
                    day=row.day,
                    metric=metric,
                    value=None if metric in answer.restricted else row.values[metric],
                    read_at=answer.at,
                    dimensions=row.dimensions,
                    currency=answer.currency,
                    flags=answer.flags,
                )
