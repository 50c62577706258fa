"""Proposals whose time has run out."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from syncer.engine.context import Context
from syncer.engine.heads_up.listening import tells
from syncer.model.records import Proposal
from syncer.reconcile.workdays import expiry


def overdue(ctx: Context, proposals: Iterable[Proposal] | None = None) -> list[Proposal]:
    """Those of these, or of all open ones, whose time is over.

    It stands still where nobody is told of them.
    """
    if not tells(ctx):
        return []
    zone = ZoneInfo(ctx.client.zone)
    found: list[Proposal] = []
    for proposal in ctx.store.proposals(ctx.client.key) if proposals is None else proposals:
        rule = ctx.config.ownership.rules.get((proposal.entity, proposal.field))
        until = expiry(proposal, rule, zone, ctx.config.balance) if rule else None
        if until is not None and until <= ctx.now:
            found.append(proposal)
    return found
