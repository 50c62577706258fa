"""Figures that are older than is said, and of which no goal speaks, are forgotten."""

from collections.abc import Iterable
from datetime import date

import structlog
from msgspec.structs import replace

from syncer.engine.asks import Wanted, cursor_of, reach_of
from syncer.engine.context import Context

log = structlog.get_logger()


def forget(ctx: Context, connection: str, wants: Iterable[Wanted], today: date) -> None:
    """Drop whole months before the last that is kept or wanted, and remember that they are gone.

    ``wants`` are all reports of the client in this connection. A goal that is written later and
    begins in those months has them asked for again.
    """
    oldest = min([today - ctx.config.keep.metrics, *(want.first for want in wants)])
    before = oldest.replace(day=1)
    cursors = ctx.store.cursors(ctx.client.key, connection)
    reaches = {feed: reach_of(cursor) for feed, cursor in cursors.items()}
    late = {feed: reach for feed, reach in reaches.items() if reach and reach.since < before}
    if not late:
        return
    moved = {feed: cursor_of(replace(reach, since=before)) for feed, reach in late.items()}
    with ctx.store.transaction() as tx:
        tx.drop_figures(ctx.client.key, before, connection=connection)
        tx.put_cursors(ctx.client.key, connection, moved)
    log.info("measure.forgotten", connection=connection, before=before.isoformat())
