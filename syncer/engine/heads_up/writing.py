"""What is written under one thread in one cycle: one comment for all, or one of ours anew."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.errands import Errand
from syncer.engine.heads_up.listening import ASKING
from syncer.engine.heads_up.posts import Parcel, new_ref
from syncer.engine.heads_up.scenes import name_of
from syncer.engine.heads_up.spots import Spots
from syncer.engine.sites import Site
from syncer.model.comments import Mention, Message, Paragraph, Post, Thread, ToDo
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.model.texts import FAREWELL
from syncer.reconcile.leaving import in_one
from syncer.reconcile.lines import fill
from syncer.reconcile.sayings import message, subject

REWRITTEN = (NoticeKind.ASK, NoticeKind.WAITS)
"""Kinds of notice that a new version of a proposal changes where they stand."""


class Writer(Struct, frozen=True):
    """Makes parcels of errands that were placed."""

    ctx: Context
    sites: Mapping[str, Site]
    spots: Spots

    def parcels(self, placed: Mapping[tuple[str, Thread], Sequence[Errand]]) -> list[Parcel]:
        """What is to be sent, in order: a to-do goes before the comment that tells of it."""
        found: list[Parcel] = []
        for (connection, thread), errands in placed.items():
            site = self.sites[connection]
            single = [errand for errand in errands if not errand.in_one]
            notices = [notice for errand in single for notice in errand.notices]
            found += self._to_dos(site, thread, notices)
            found += self._comments(site, thread, notices, any(e.digest for e in single))
            found += [self._many(site, thread, e.notices) for e in errands if e.in_one]
        return found

    def _many(self, site: Site, thread: Thread, notices: Sequence[Notice]) -> Parcel:
        """A comment of its own that tells of many things at once."""
        posting = self._posting(site, new_ref(self.ctx), thread, notices)
        return self._parcel(site, posting, [in_one(notices)], notices, digest=False)

    def _comments(
        self, site: Site, thread: Thread, notices: Sequence[Notice], digest: bool
    ) -> Iterator[Parcel]:
        fresh: list[Notice] = []
        anew: dict[str, tuple[Posting, list[Notice]]] = {}
        for notice in notices:
            standing = self._standing(site, thread, notice)
            if standing is None:
                fresh.append(notice)
            else:
                anew.setdefault(standing.ref, (standing, []))[1].append(notice)
        for standing, changed in anew.values():
            yield self._anew(site, standing, changed)
        if fresh:
            ref = new_ref(self.ctx)
            posting = self._posting(site, ref, thread, fresh)
            yield self._parcel(site, posting, fresh, fresh, digest)

    def _anew(self, site: Site, standing: Posting, changed: Sequence[Notice]) -> Parcel:
        """A comment of ours in which newer versions take the places of older ones."""
        older = self.ctx.store.notices_by_id(standing.notices)
        newer = {_matter(notice): notice for notice in changed}
        kept = [older[id] for id in standing.notices if id in older]
        whole = [newer.pop(_matter(notice), notice) for notice in kept]
        posting = self._posting(site, standing.ref, standing.thread, [*whole, *newer.values()])
        posting = replace(posting, comment=standing.comment, created_at=standing.created_at)
        return self._parcel(site, posting, [*whole, *newer.values()], changed, digest=False)

    def _parcel(
        self,
        site: Site,
        posting: Posting,
        said: Sequence[Notice],
        told: Sequence[Notice],
        digest: bool,
    ) -> Parcel:
        text = self._message(site, said, digest)
        since = posting.created_at
        post = Post(posting.ref, posting.thread, text, posting.comment, since=since)
        return Parcel(post, posting, tuple(told))

    def _posting(
        self, site: Site, ref: str, thread: Thread, notices: Iterable[Notice], to_do: bool = False
    ) -> Posting:
        mine = list(notices)
        asked = {n.proposal: n.version for n in mine if n.kind in ASKING and n.proposal}
        return Posting(
            ref=ref,
            client=self.ctx.client.key,
            cycle=self.ctx.cycle,
            connection=site.connection,
            thread=thread,
            created_at=site.adapter.now(),
            to=tuple(sorted({n.to for n in mine if n.to})),
            notices=() if to_do else tuple(n.id for n in mine),
            proposals=tuple(sorted(asked.items())),
            to_do=to_do,
            status=PostStatus.SENT,
        )

    def _message(self, site: Site, notices: Sequence[Notice], digest: bool) -> Message:
        return message(
            notices,
            self.ctx.config.texts,
            self.ctx.client.key,
            name=lambda person: name_of(self.ctx, person),
            mention=lambda person: self._mention(site, person),
            digest=digest,
            numbered=site.named,
        )

    def _mention(self, site: Site, person: str) -> Mention | None:
        user = self.spots.user(site.connection, person)
        return Mention(user, name_of(self.ctx, person)) if user else None

    def _standing(self, site: Site, thread: Thread, notice: Notice) -> Posting | None:
        """Our comment there that told this person of an older version of the same proposal.

        One that stands elsewhere is left as it is: guests may read there by now.
        """
        if notice.kind not in REWRITTEN or notice.version < 2 or not notice.proposal:
            return None
        told = self.ctx.store.notices(
            self.ctx.client.key, (NoticeStatus.TOLD,), proposal=notice.proposal
        )
        refs = {n.ref for n in told if _matter(n) == _matter(notice) and n.ref}
        found = self.ctx.store.postings_by_ref(refs).values()
        here = [p for p in found if (p.connection, p.thread.key) == (site.connection, thread.key)]
        mine = [posting for posting in here if posting.comment]
        return mine[-1] if mine else None

    def farewell(self, standing: Posting) -> Parcel:
        """A comment of ours that asked something, which is withdrawn; what else it said stays."""
        site, client = self.sites[standing.connection], self.ctx.client
        told = self.ctx.store.notices_by_id(standing.notices).values()
        kept = [notice for notice in told if notice.kind not in ASKING]
        above = self._message(site, kept, digest=False).paragraphs if kept else ()
        lines = fill(self.ctx.config.texts.of(FAREWELL, client.key), {"client": client.name})
        text = Message((*above, *(Paragraph(line) for line in lines)))
        since = standing.created_at
        post = Post(standing.ref, standing.thread, text, standing.comment, since=since)
        return Parcel(post, replace(standing, status=PostStatus.SENT))

    def _to_dos(self, site: Site, thread: Thread, notices: Sequence[Notice]) -> Iterator[Parcel]:
        """A task for everybody who is asked, in a tool whose comments notify nobody."""
        if not site.named:
            return
        for notice in notices:
            user = self.spots.user(site.connection, notice.to or "")
            if notice.kind is NoticeKind.ASK and notice.proposal and user:
                standing = self._to_do_of(site, notice)
                if standing is not None and _says(standing, notice):
                    continue
                yield self._to_do(site, thread, notice, user, standing)

    def _to_do(
        self, site: Site, thread: Thread, notice: Notice, user: str, standing: Posting | None
    ) -> Parcel:
        ref = standing.ref if standing else new_ref(self.ctx)
        posting = self._posting(site, ref, standing.thread if standing else thread, [notice], True)
        posting = replace(posting, comment=standing.comment if standing else None)
        headline = subject(notice, self.ctx.config.texts, self.ctx.client.key)
        post = Post(
            ref,
            posting.thread,
            self._message(site, [notice], digest=False),
            posting.comment,
            ToDo(user, headline),
            posting.created_at,
        )
        return Parcel(post, posting)

    def _to_do_of(self, site: Site, notice: Notice) -> Posting | None:
        about = self.ctx.store.postings_about(self.ctx.client.key, [notice.proposal or ""])
        mine = [p for p in about if p.to_do and p.connection == site.connection]
        return next((p for p in mine if notice.to in p.to and not p.closed), None)


def _says(standing: Posting, notice: Notice) -> bool:
    """Whether a to-do is known to ask for this version; of one written anew that may have failed."""
    known = standing.told_at is not None
    return known and (notice.proposal, notice.version) in standing.proposals


def _matter(notice: Notice) -> tuple[str, str | None, str | None]:
    """What a notice is about, whatever its version."""
    return (str(notice.kind), notice.proposal, notice.to)
