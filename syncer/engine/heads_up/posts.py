"""One comment on its way: recorded before it is sent, and what became of it right after."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct
from msgspec.structs import replace

from syncer.adapterkit.errors import AdapterError, LookFirst, StopConnection, WaitAndRetry
from syncer.engine.context import Context
from syncer.engine.sites import Site
from syncer.model.comments import Post, Posted
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.model.records import JournalEntry, Proposal, ProposalStatus
from syncer.model.remote import Result
from syncer.reconcile.workdays import expiry
from syncer.state.writing import Transaction

log = structlog.get_logger()

HEADS_UP = "heads_up"
"""Kind of the journal's line about something that somebody was told."""

_WHOEVER = dict.fromkeys((NoticeKind.LEFT, NoticeKind.BACK), "whoever reads there")

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Parcel(Struct, frozen=True):
    """A post, what is remembered of it, and the notices that it tells."""

    post: Post
    posting: Posting
    notices: tuple[Notice, ...] = ()


def new_ref(ctx: Context) -> str:
    """A mark for a new comment: short enough to stand under it, and never the same twice."""
    digest = hashlib.sha256(ctx.new_id("m").encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:10])


class Mail:
    """Sends parcels, and records what became of each before the next."""

    def __init__(self, ctx: Context, sites: Mapping[str, Site]) -> None:
        self.ctx = ctx
        self.sites = sites
        self.landed: list[Parcel] = []
        self.failed: dict[str, str] = {}
        self.refused: list[Parcel] = []

    def send(self, parcels: Sequence[Parcel]) -> None:
        """Send everything, system by system; one that does not answer gets nothing more."""
        by_site: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            by_site[parcel.posting.connection].append(parcel)
        for name, mine in sorted(by_site.items()):
            for parcel in mine:
                if name not in self.failed:
                    self._one(self.sites[name], parcel)

    def _one(self, site: Site, parcel: Parcel) -> None:
        with self.ctx.store.transaction() as tx:
            tx.put_postings([parcel.posting])
        self.ctx.boundary("write.before")
        posted = self._call(site, parcel.post)
        self.ctx.boundary("write.after")
        why = posted.reason or str(posted.result)
        failed = _failed(self.ctx, parcel.posting, posted)
        with self.ctx.store.transaction() as tx:
            if posted.result is Result.DONE:
                self.landed.append(parcel)
                at = posted.at or site.adapter.now()
                landed(self.ctx, tx, parcel, posted.comment, at)
            else:
                tx.put_notices(replace(notice, why=why) for notice in parcel.notices)
            if posted.result not in (Result.DONE, Result.UNKNOWN):
                tx.put_postings([failed])
        if posted.result is Result.REFUSED:
            self.refused.append(replace(parcel, posting=failed))
        elif posted.result is not Result.DONE:
            self.failed[site.connection] = why
        if posted.result is not Result.DONE:
            place = parcel.posting.thread.id
            log.warning("heads_up.failed", connection=site.connection, thread=place, reason=why)

    def _call(self, site: Site, post: Post) -> Posted:
        assert site.commenter is not None, "nothing is sent where nobody can be spoken with"
        error: AdapterError = LookFirst("the adapter gave no outcome for this comment")
        try:
            for posted in site.commenter.comment([post], site.catalogue):
                return posted
        except AdapterError as found:
            error = found
        if isinstance(error, LookFirst):
            return Posted(post.ref, Result.UNKNOWN, reason=str(error))
        again = isinstance(error, WaitAndRetry | StopConnection)
        return Posted(post.ref, Result.RETRY if again else Result.REFUSED, reason=str(error))


def _failed(ctx: Context, posting: Posting, posted: Posted) -> Posting:
    """A comment that is not there; one of ours that was to be written anew is still there.

    One that we may not change, or that people removed, is no place for newer versions any more.
    """
    reason = posted.reason
    if posting.comment is None:
        return replace(posting, status=PostStatus.FAILED, done_at=ctx.clock(), reason=reason)
    kept = replace(posting, status=PostStatus.DONE, reason=reason)
    if posted.result is not Result.REFUSED:
        return kept
    known = ctx.store.notices_by_id(posting.notices).values()
    told = tuple(notice.id for notice in known if notice.ref == posting.ref)
    return replace(kept, comment=None, closed=posting.to_do, notices=told)


def landed(
    ctx: Context, tx: Transaction, parcel: Parcel, comment: str | None, at: datetime
) -> None:
    """Remember, in one commit, a comment that stands there and everybody who heard by it.

    Args:
        at: when it stood there, by the vendor's clock.
    """
    posting = parcel.posting
    told = [
        replace(n, status=NoticeStatus.TOLD, told_at=at, ref=posting.ref, why="")
        for n in parcel.notices
    ]
    known = comment or posting.comment
    over = posting.closed or (parcel.post.to_do is not None and parcel.post.to_do.done)
    done = replace(posting, status=PostStatus.DONE, comment=known, told_at=at, done_at=ctx.clock())
    done = replace(done, closed=over)
    tx.put_postings([done])
    tx.put_notices(told)
    tx.put_proposals(list(delivered(ctx, told, at)))
    tx.journal([_entry(ctx, notice, posting.connection) for notice in told])


def delivered(ctx: Context, told: Iterable[Notice], at: datetime) -> Iterator[Proposal]:
    """The proposals of which an owner knows now; from here their time runs."""
    asked = {n.proposal: n.version for n in told if n.kind is NoticeKind.ASK and n.proposal}
    for id, version in asked.items():
        proposal = ctx.store.proposal(id)
        if proposal is None or proposal.status is not ProposalStatus.OPEN:
            continue
        if proposal.version == version and proposal.delivered < version:
            fresh = replace(proposal, delivered=version, delivered_at=at)
            rule = ctx.config.ownership.rules.get((proposal.entity, proposal.field))
            zone = ZoneInfo(ctx.client.zone)
            until = expiry(fresh, rule, zone, ctx.config.balance) if rule else None
            yield replace(fresh, expires_at=until)


def _entry(ctx: Context, notice: Notice, connection: str) -> JournalEntry:
    return JournalEntry(
        client=ctx.client.key,
        at=ctx.now,
        kind=HEADS_UP,
        cycle=ctx.cycle,
        record=notice.record,
        entity=notice.entity,
        field=notice.field,
        connection=connection or None,
        outcome=str(notice.kind),
        rule=str(notice.facts.get("rule") or ""),
        text=f"told {notice.to or notice.facts.get('who') or _WHOEVER.get(notice.kind, 'who edited')}",
    )
