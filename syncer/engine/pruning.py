"""Old lines about our own writes leave the journal once a full compare is through."""

import structlog

from syncer.engine.context import Context
from syncer.state.pruning import MOST, prune_journal

log = structlog.get_logger()


def prune(ctx: Context) -> None:
    """Forget them, a commit for so many, and give the disk back what is free now."""
    before = ctx.now - ctx.config.keep.journal
    count, last = 0, MOST
    while last == MOST:
        with ctx.store.transaction() as tx:
            last = prune_journal(tx, ctx.client.key, before)
        count += last
    if count:
        log.info("journal.pruned", client=ctx.client.key, lines=count, before=before.isoformat())
    ctx.store.give_back(count)
