"""Tasks that were assigned for an answer are ticked off once nobody waits for it any more."""

from dataclasses import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.posts import Mail, Parcel
from syncer.model.comments import Message, Paragraph, Post, ToDo, Words
from syncer.model.notices import Posting, PostStatus
from syncer.model.records import Proposal, ProposalStatus

OVER = "Settled: nothing is left to do here."


def close_to_dos(ctx: Context, mail: Mail) -> None:
    """Tick off what is over. A task that nobody lets us change any more is left to people."""
    parcels: list[Parcel] = []
    for posting in ctx.store.open_to_dos(ctx.client.key):
        proposals = [ctx.store.proposal(id) for id, _ in posting.proposals]
        if posting.connection in mail.sites and all(_ended(each) for each in proposals):
            parcels.append(_parcel(mail, posting))
    mail.send(parcels)
    refused = {parcel.posting.ref: parcel.posting for parcel in mail.refused}
    with ctx.store.transaction() as tx:
        tx.put_postings(replace(posting, closed=True) for posting in refused.values())


def _ended(proposal: Proposal | None) -> bool:
    return proposal is None or proposal.status is not ProposalStatus.OPEN


def _parcel(mail: Mail, posting: Posting) -> Parcel:
    """The same task, done; its assignee stays who they were."""
    site = mail.sites[posting.connection]
    person = posting.to[0] if posting.to else ""
    user = site.directory.to_remote.get(person, "")
    text = Message((Paragraph((Words(OVER),)),))
    post = Post(posting.ref, posting.thread, text, posting.comment, ToDo(user, OVER, done=True))
    # Until it is known to be ticked off it counts as open: after a kill it is ticked off again.
    return Parcel(post, replace(posting, status=PostStatus.SENT))
