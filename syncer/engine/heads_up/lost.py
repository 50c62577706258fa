"""Comments that were about to be written when a cycle ended: looked up, never repeated blindly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

import structlog
from msgspec.structs import replace

from syncer.adapterkit.errors import AdapterError
from syncer.engine.context import Context
from syncer.engine.heads_up.posts import Parcel, landed
from syncer.engine.sites import Site
from syncer.model.comments import Comment, Message, Post
from syncer.model.notices import Notice, Posting, PostStatus

log = structlog.get_logger()

MARGIN = timedelta(minutes=5)
"""How far clocks may differ; a comment is found by its mark, so more is never wrong."""


def recover_posts(ctx: Context, sites: Mapping[str, Site]) -> int:
    """Settle every open posting of this client whose system can be reached."""
    open_ones: dict[str, list[Posting]] = defaultdict(list)
    for posting in ctx.store.postings(ctx.client.key):
        open_ones[posting.connection].append(posting)
    settled = 0
    for name, postings in sorted(open_ones.items()):
        # One that was to be written anew is still there, with the old words or the new ones: what
        # it was to tell waits still, and is written once more as soon as its system answers.
        anew = [p for p in postings if p.comment is not None and name in sites]
        with ctx.store.transaction() as tx:
            tx.put_postings([replace(posting, status=PostStatus.DONE) for posting in anew])
        fresh = [posting for posting in postings if posting.comment is None]
        if name not in ctx.client.mappings:
            # A mail cannot be looked up, nor can a tool that is left. Better heard twice than never.
            with ctx.store.transaction() as tx:
                tx.put_postings([replace(p, status=PostStatus.FAILED) for p in fresh])
        elif name in sites and fresh:
            settled += _look_up(ctx, sites[name], fresh)
    return settled


def underway(ctx: Context, waiting: Iterable[Notice]) -> Iterator[str]:
    """Ids of what was told perhaps: it waits until its system says whether it stands there."""
    open_ones = ctx.store.postings(ctx.client.key)
    for notice in waiting:
        for posting in open_ones:
            asked = posting.to_do and notice.to in posting.to
            if notice.id in posting.notices or (
                asked and (notice.proposal, notice.version) in posting.proposals
            ):
                yield notice.id


def _look_up(ctx: Context, site: Site, postings: list[Posting]) -> int:
    threads = list(dict.fromkeys(posting.thread for posting in postings))
    since = min(posting.created_at for posting in postings) - MARGIN
    if site.commenter is None:
        return 0
    try:
        found = {
            comment.ref: comment
            for comment in site.commenter.comments(threads, since, site.catalogue)
            if comment.ref is not None
        }
    except AdapterError as error:
        log.warning("heads_up.not_looked_up", connection=site.connection, reason=str(error))
        return 0
    for posting in postings:
        _settle(ctx, posting, found.get(posting.ref))
    return len(postings)


def _settle(ctx: Context, posting: Posting, comment: Comment | None) -> None:
    with ctx.store.transaction() as tx:
        if comment is None:
            gone = replace(posting, status=PostStatus.FAILED, done_at=ctx.clock())
            tx.put_postings([gone])
            return
        notices = tuple(ctx.store.notices_by_id(posting.notices).values())
        post = Post(posting.ref, posting.thread, Message(()))
        landed(ctx, tx, Parcel(post, posting, notices), comment.id, comment.at)
