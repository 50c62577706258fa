"""Writes without an answer that could not be looked up yet: what shows as they asked is ours."""

from collections.abc import Mapping

from syncer.engine.cases import Gathered
from syncer.engine.context import Context
from syncer.engine.recover import compared
from syncer.engine.sites import Site
from syncer.model.remote import Op


def claim(ctx: Context, sites: Mapping[str, Site], gathered: Gathered) -> None:
    """Compare what was pulled with the updates that are still unanswered.

    The intents stay open: a feed may be late, so that something is not shown settles nothing.
    """
    for intent in ctx.store.intents(ctx.client.key):
        case, site = gathered.cases.get(intent.record), sites.get(intent.connection)
        twin = case.twins.get(intent.connection) if case else None
        if intent.op is not Op.UPDATE or site is None or twin is None or twin.record is None:
            continue
        if (twin.link.object, twin.was or twin.link.remote_id) == (intent.object, intent.remote_id):
            twin.link = compared(ctx, site, twin.link, intent, twin.record)
