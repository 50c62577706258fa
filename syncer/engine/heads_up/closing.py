"""Tasks that were assigned for an answer are ticked off once nobody waits for it any more."""

from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.posts import Mail, Parcel
from syncer.model.comments import Message, Paragraph, Post, ToDo
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.texts import OVER
from syncer.reconcile.lines import fill
from syncer.reconcile.sayings import subject


def close_to_dos(ctx: Context, mail: Mail) -> None:
    """Tick off what is over. A task that nobody lets us change any more is left to people."""
    parcels: list[Parcel] = []
    for posting in ctx.store.open_to_dos(ctx.client.key):
        proposals = [ctx.store.proposal(id) for id, _ in posting.proposals]
        if posting.connection in mail.sites and all(_ended(each) for each in proposals):
            parcels.append(_parcel(ctx, mail, posting))
    mail.send(parcels)
    refused = {parcel.posting.ref: parcel.posting for parcel in mail.refused}
    with ctx.store.transaction() as tx:
        tx.put_postings(replace(posting, closed=True) for posting in refused.values())


def _ended(proposal: Proposal | None) -> bool:
    return proposal is None or proposal.status is not ProposalStatus.OPEN


def _parcel(ctx: Context, mail: Mail, posting: Posting) -> Parcel:
    """The same task, done; its assignee and its subject stay what they were."""
    site, texts, client = mail.sites[posting.connection], ctx.config.texts, ctx.client.key
    person = posting.to[0] if posting.to else ""
    user = site.directory.to_remote.get(person, "")
    over = tuple(Paragraph(line) for line in fill(texts.of(OVER, client), {}))
    notice = _told(ctx, posting, person)
    headline = subject(notice, texts, client) if notice else Message(over).plain
    done = ToDo(user, headline, done=True)
    post = Post(posting.ref, posting.thread, Message(over), posting.comment, done)
    # Until it is known to be ticked off it counts as open: after a kill it is ticked off again.
    return Parcel(post, replace(posting, status=PostStatus.SENT))


def _told(ctx: Context, posting: Posting, person: str) -> Notice | None:
    """What the task asked its assignee."""
    every = (NoticeStatus.TOLD, NoticeStatus.DROPPED)
    for id, version in posting.proposals:
        for notice in ctx.store.notices(ctx.client.key, every, proposal=id):
            if (notice.kind, notice.to, notice.version) == (NoticeKind.ASK, person, version):
                return notice
    return None
