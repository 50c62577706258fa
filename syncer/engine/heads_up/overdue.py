"""Proposals whose time has run out, and those for which time stands still."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from syncer.engine.context import Context
from syncer.engine.heads_up.listening import tells
from syncer.model.records import Link, LinkStatus, Proposal
from syncer.reconcile.workdays import expiry


def asleep(ctx: Context, proposals: Iterable[Proposal]) -> frozenset[str]:
    """Ids of proposals about records of which no twin is in step: nobody is asked about them."""
    mine = list(proposals)
    links = ctx.store.links_of({proposal.record for proposal in mine}) if mine else {}
    awake = {id for id, found in links.items() if any(_kept(link) for link in found)}
    return frozenset(proposal.id for proposal in mine if proposal.record not in awake)


def _kept(link: Link) -> bool:
    return link.status is not LinkStatus.UNLINKED


def overdue(ctx: Context, proposals: Iterable[Proposal] | None = None) -> list[Proposal]:
    """Those of these, or of all open ones, whose time is over.

    It stands still where nobody is told of them, and where nothing is in step any more.
    """
    if not tells(ctx):
        return []
    zone = ZoneInfo(ctx.client.zone)
    found: list[Proposal] = []
    mine = list(ctx.store.proposals(ctx.client.key) if proposals is None else proposals)
    resting = asleep(ctx, mine)
    for proposal in mine:
        rule = ctx.config.ownership.rules.get((proposal.entity, proposal.field))
        until = expiry(proposal, rule, zone, ctx.config.balance) if rule else None
        if until is not None and until <= ctx.now and proposal.id not in resting:
            found.append(proposal)
    return found
