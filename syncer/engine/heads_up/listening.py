"""Under which things an answer may stand, and what was said there since the last cycle."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from syncer.engine.context import Context
from syncer.engine.pull import Pulled
from syncer.engine.sites import Site
from syncer.model.comments import Comment, Thread
from syncer.model.configuration import HeadsUp, Mode
from syncer.model.notices import NoticeKind, NoticeStatus, Posting
from syncer.model.structs import as_dict
from syncer.reconcile.replies import Asked, Reply, parse
from syncer.state.writing import Transaction

UNHEARD = "unheard"
"""Kind of what is remembered of replies whose record could not be decided."""


class Hearing(Struct, frozen=True):
    """A reply that may be about a record, with everything that is asked where it stands.

    ``named`` says that it must name what it answers; ``key`` is what it is journalled under.
    """

    record: str
    comment: Comment
    reply: Reply
    asked: tuple[Asked, ...]
    named: bool
    key: str


Place = tuple[str, tuple[str, str]]
"""Connection, then object and id of a thread."""

Hearings = Mapping[str, list[Hearing]]
"""Record id to what was said that may be an answer about it."""


def tells(ctx: Context) -> bool:
    """Whether people of this client are told anything in their tools."""
    return ctx.config.heads_up is HeadsUp.IN_TOOLS and ctx.client.mode is Mode.SYNC


def notes(ctx: Context) -> bool:
    """Whether it is noted who is to hear what; of a client that is only observed nobody is told."""
    return ctx.config.heads_up is HeadsUp.IN_TOOLS


def listen(ctx: Context, sites: Mapping[str, Site]) -> None:
    """Name, for each site, the threads in which something is asked that is still open."""
    if not tells(ctx):
        return
    waiting = [proposal.id for proposal in ctx.store.proposals(ctx.client.key)]
    asked: dict[str, list[Posting]] = defaultdict(list)
    for posting in ctx.store.postings_about(ctx.client.key, waiting) if waiting else ():
        asked[posting.connection].append(posting)
    for name, postings in asked.items():
        if name in sites:
            sites[name].threads = frozenset(posting.thread for posting in postings)
            sites[name].since = min(p.told_at or p.created_at for p in postings)


def heard(ctx: Context, sites: Mapping[str, Site], pulls: Mapping[str, Pulled]) -> Hearings:
    """What people said there and nobody has dealt with yet."""
    found: dict[str, list[Hearing]] = defaultdict(list)
    if not tells(ctx):
        return found
    said = {name: _said(ctx, name, pulled) for name, pulled in sorted(pulls.items())}
    asked = _asked(ctx) if any(said.values()) else {}
    for name, comments in said.items():
        hearings = [each for c in comments for each in _hearings(sites[name], c, asked)]
        known = ctx.store.known_keys(ctx.client.key, name, {h.key for h in hearings})
        for hearing in hearings:
            if hearing.key not in known:
                found[hearing.record].append(hearing)
    return found


def _hearings(
    site: Site, told: Sequence[Comment], asked: Mapping[Place, tuple[Asked, ...]]
) -> Iterator[Hearing]:
    """A comment, once for each record that was asked about there before it was written.

    Args:
        told: the same comment under each thing that it stands on.
    """
    comment = told[0]
    about = _joined(a for c in told for a in asked.get((site.connection, c.thread.key), ()))
    said = comment.edited_at or comment.at
    if about and said >= min(at for each in about for at, _ in each.told):
        for record in sorted({each.proposal.record for each in about}):
            key = f"{_key(comment)}:{record}"
            yield Hearing(record, comment, _reply(site, comment), about, site.named, key)


def _joined(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Each proposal once, with all the times at which it was told."""
    found: dict[str, Asked] = {}
    for each in asked:
        known = found.get(each.proposal.id)
        told = tuple(sorted({*each.told, *(known.told if known else ())}))
        found[each.proposal.id] = Asked(each.proposal, told)
    return tuple(found.values())


def _said(ctx: Context, name: str, pulled: Pulled) -> list[list[Comment]]:
    """Comments of people that read like an answer; one that stands on two things is one."""
    answers = ctx.config.texts.answers
    names = [person.name for person in ctx.config.people.values()]
    found: dict[str, list[Comment]] = defaultdict(list)
    for comment in (*_unheard(ctx, name), *pulled.comments):
        ours = comment.ref is not None or comment.automation is not None
        if not ours and parse(comment.text, answers, names):
            found[_key(comment)].append(comment)
    return list(found.values())


def _asked(ctx: Context) -> dict[Place, tuple[Asked, ...]]:
    """Per thread, what is asked there, and since when each version of it."""
    waiting = {p.id: p for p in ctx.store.proposals(ctx.client.key)}
    threads = {p.ref: p for p in ctx.store.postings_about(ctx.client.key, waiting)}
    told: dict[Place, dict[str, list[tuple[datetime, int]]]] = {}
    for id in waiting:
        for notice in ctx.store.notices(ctx.client.key, (NoticeStatus.TOLD,), proposal=id):
            posting = threads.get(notice.ref or "")
            if notice.kind in ASKING and posting is not None and notice.told_at is not None:
                place = told.setdefault((posting.connection, posting.thread.key), {})
                place.setdefault(id, []).append((notice.told_at, notice.version))
    return {
        place: tuple(Asked(waiting[id], tuple(sorted(times))) for id, times in asked.items())
        for place, asked in told.items()
    }


ASKING = (NoticeKind.ASK, NoticeKind.AGAIN, NoticeKind.REMINDER, NoticeKind.WAITS)
"""Kinds of notice after which an answer may come: the owner's, or the proposer's own."""


def _reply(site: Site, comment: Comment) -> Reply:
    return Reply(
        id=comment.id,
        connection=site.connection,
        person=site.directory.person(comment.by),
        shown=site.directory.shown(comment.by) if comment.by else "somebody unknown",
        at=comment.edited_at or comment.at,
        text=comment.text,
    )


def _key(comment: Comment) -> str:
    """The same for the same words: who writes others into their comment says something new."""
    words = hashlib.sha256(comment.text.encode()).hexdigest()[:12]
    return f"comment:{comment.id}:{words}"


def _unheard(ctx: Context, connection: str) -> Iterator[Comment]:
    found = ctx.store.cached(connection, ctx.client.key, UNHEARD)
    for line in found[0] if found else ():
        edited_at = line["edited_at"] and datetime.fromisoformat(line["edited_at"])
        at = datetime.fromisoformat(line["at"])
        thread = Thread(**line["thread"])
        yield Comment(**{**line, "thread": thread, "at": at, "edited_at": edited_at})


def keep_unheard(
    ctx: Context, tx: Transaction, pulls: Mapping[str, Pulled], left: Iterable[Hearing]
) -> None:
    """Remember, as the cursors move past them, answers about records that were not decided."""
    lines: dict[str, dict[str, Any]] = {name: {} for name in pulls}
    for hearing in left:
        comment = hearing.comment
        times = {"at": comment.at.isoformat()}
        times["edited_at"] = comment.edited_at.isoformat() if comment.edited_at else ""
        lines[hearing.reply.connection][hearing.key] = as_dict(comment) | times
    for name, found in lines.items():
        if found or ctx.store.cached(name, ctx.client.key, UNHEARD) is not None:
            tx.cache(name, ctx.client.key, UNHEARD, list(found.values()), ctx.now)
