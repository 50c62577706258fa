"""A client that the agency does not work for any more: its open work ends in good order.

Nothing in any tool is deleted or archived. Comments that ask something say that it is withdrawn,
tasks that were assigned for it are ticked off, and the state remembers everything there was.
"""

from collections.abc import Iterator, Mapping

import structlog
from msgspec import Struct, field
from msgspec.structs import replace

from syncer.adapterkit.contract import Adapter
from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.heads_up.closing import close_to_dos
from syncer.engine.heads_up.listening import tells
from syncer.engine.heads_up.lost import recover_posts
from syncer.engine.heads_up.posts import Mail
from syncer.engine.heads_up.spots import Spots
from syncer.engine.heads_up.writing import Writer
from syncer.engine.recover import recover
from syncer.engine.sites import Site, open_site, why_down
from syncer.model.notices import NoticeStatus, Posting
from syncer.model.records import JournalEntry, Proposal, ProposalStatus
from syncer.state import Store
from syncer.state.standstill import retire
from syncer.state.writing import Transaction

log = structlog.get_logger()

REASON = "the client was retired"
"""Why its proposals ended, for the journal and for ``syncer proposals``."""


class Open(Struct, frozen=True):
    """What is open about a client.

    Args:
        twins: per connection, things that are in step.
        proposals: open ones; ``asked`` are the comments and tasks that ask about them.
        waiting: notices that nobody was told yet.
        parked: work that failed; ``unanswered`` writes of which nobody knows what became.
    """

    twins: Mapping[str, int] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    asked: tuple[Posting, ...] = ()
    waiting: int = 0
    parked: int = 0
    unanswered: int = 0


def open_work(store: Store, client: str) -> Open:
    """Look up what is open about a client."""
    twins: dict[str, int] = {}
    for (connection, _), count in store.link_counts(client).items():
        twins[connection] = twins.get(connection, 0) + count
    proposals = tuple(store.proposals(client))
    return Open(
        twins=twins,
        proposals=proposals,
        asked=tuple(store.postings_about(client, [p.id for p in proposals])),
        waiting=len(store.notices(client)),
        parked=len(store.parked(client)),
        unanswered=len(store.intents(client)),
    )


def end_work(ctx: Context, adapters: Mapping[str, Adapter], by: str) -> dict[str, str]:
    """End what is open about a client, and mark it retired last of all.

    Killed in between, it can be done again. Gives why a tool could not be told.
    """
    sites, down = _sites(ctx, adapters)
    recover(ctx, sites)
    recover_posts(ctx, sites)
    mail = Mail(ctx, sites)
    if tells(ctx):
        writer = Writer(ctx, sites, Spots(ctx, sites))
        asked = open_work(ctx.store, ctx.client.key).asked
        mail.send([writer.farewell(p) for p in asked if _stands(p, sites)])
    with ctx.store.transaction() as tx:
        _withdraw(ctx, tx)
    if tells(ctx):
        close_to_dos(ctx, mail)
    with ctx.store.transaction() as tx:
        retire(tx, ctx.client.key, ctx.now, by)
        tx.journal([_command(ctx, by)])
    return down | mail.failed


def _stands(posting: Posting, sites: Mapping[str, Site]) -> bool:
    return posting.connection in sites and posting.comment is not None and not posting.to_do


def _sites(ctx: Context, adapters: Mapping[str, Adapter]) -> tuple[dict[str, Site], dict[str, str]]:
    sites: dict[str, Site] = {}
    down: dict[str, str] = {}
    for name, adapter in adapters.items():
        try:
            sites[name] = open_site(ctx, name, adapter)
        except AdapterError as error:
            log.warning("connection.down", connection=name, reason=str(error))
            down[name] = why_down(ctx, name, error)
    return sites, down


def _withdraw(ctx: Context, tx: Transaction) -> None:
    """What nobody is to answer or to hear any more."""
    proposals = ctx.store.proposals(ctx.client.key)
    ended = [
        replace(p, status=ProposalStatus.WITHDRAWN, closed_at=ctx.now, reason=REASON)
        for p in proposals
    ]
    tx.put_proposals(ended)
    tx.journal(list(_lines(ctx, proposals)))
    waiting = ctx.store.notices(ctx.client.key)
    tx.put_notices(replace(n, status=NoticeStatus.DROPPED, why=REASON) for n in waiting)


def _lines(ctx: Context, proposals: list[Proposal]) -> Iterator[JournalEntry]:
    for proposal in proposals:
        yield JournalEntry(
            client=ctx.client.key,
            at=ctx.now,
            kind="proposal",
            cycle=ctx.cycle,
            record=proposal.record,
            entity=proposal.entity,
            field=proposal.field,
            connection=proposal.connection,
            outcome=str(ProposalStatus.WITHDRAWN),
            rule=proposal.rule,
            text=f"{proposal.proposer}'s proposal: {REASON}",
        )


def _command(ctx: Context, by: str) -> JournalEntry:
    text = f"client retire {ctx.client.key}, typed by {by}"
    return JournalEntry(ctx.client.key, ctx.now, "command", outcome="retire", text=text)
