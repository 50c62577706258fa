"""What people are told, and where: notices, postings, and the items kept for heads-ups."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, select

from syncer.model.comments import Thread
from syncer.model.notices import Notice, NoticeKind, NoticeStatus, Posting, PostStatus
from syncer.model.structs import names
from syncer.state.agreements import AgreementWriter
from syncer.state.bulk import chunks, upsert
from syncer.state.codec import Row, plain_row
from syncer.state.reader import Reader
from syncer.state.tables_notices import notices, posting_proposals, postings, rooms

_OUTCOME: Final = ("status", "told_at", "not_before", "why", "ref")


def notice_to_row(notice: Notice) -> Row:
    """A row of ``notices``; ``to`` and ``at`` are called by what they hold."""
    row = plain_row(notice)
    row |= {"person": row.pop("to"), "connection": row.pop("at")}
    row |= {"kind": str(notice.kind), "status": str(notice.status)}
    return row | {"facts": dict(notice.facts)}


def notice_from_row(row: Mapping[str, Any]) -> Notice:
    """The inverse of :func:`notice_to_row`."""
    given = dict(row) | {"to": row["person"], "at": row["connection"]}
    given |= {"kind": NoticeKind(row["kind"]), "status": NoticeStatus(row["status"])}
    return Notice(**{name: given[name] for name in names(Notice)})


def posting_to_row(posting: Posting) -> Row:
    """A row of ``postings``; the proposals have rows of their own."""
    row = plain_row(posting)
    thread: Thread = row.pop("thread")
    del row["proposals"]
    row |= {"object": thread.object, "thread": thread.id, "container": thread.container}
    row |= {"people": list(row.pop("to")), "notices": list(posting.notices)}
    return row | {"status": str(posting.status)}


def posting_from_row(row: Mapping[str, Any], proposals: Iterable[tuple[str, int]]) -> Posting:
    """The inverse of :func:`posting_to_row`."""
    given = dict(row) | {"thread": Thread(row["object"], row["thread"], row["container"])}
    given |= {"to": tuple(row["people"]), "notices": tuple(row["notices"])}
    given |= {"proposals": tuple(proposals), "status": PostStatus(row["status"])}
    return Posting(**{name: given[name] for name in names(Posting)})


def _asked_rows(posting: Posting) -> list[Row]:
    whole = {"posting": posting.ref, "client": posting.client}
    asked = enumerate(posting.proposals)
    return [whole | {"position": n, "proposal": id, "version": v} for n, (id, v) in asked]


class NoticeReader(Reader):
    """What people are to be told, and what they were told where."""

    def notices(
        self,
        client: str | None,
        statuses: Collection[NoticeStatus] = (NoticeStatus.WAITING,),
        *,
        proposal: str | None = None,
        record: str | None = None,
        limit: int | None = None,
    ) -> list[Notice]:
        """Notices by status, oldest first; of one client (None: all), proposal, record."""
        query = select(notices).where(notices.c.status.in_([str(one) for one in statuses]))
        given = {"client": client, "proposal": proposal, "record": record}
        said = {name: value for name, value in given.items() if value is not None}
        query = query.filter_by(**said)
        ordered = query.order_by(notices.c.created_at, notices.c.id).limit(limit)
        return list(self._made(notice_from_row, self._rows(ordered)))

    def notices_by_id(self, ids: Iterable[str]) -> dict[str, Notice]:
        """These notices, whatever became of them; unknown ids are left out."""
        rows = self._rows(*(select(notices).where(notices.c.id.in_(p)) for p in chunks(ids)))
        return dict(
            zip((row["id"] for row in rows), self._made(notice_from_row, rows), strict=True)
        )

    def postings(
        self, client: str, statuses: Collection[PostStatus] = (PostStatus.SENT,)
    ) -> list[Posting]:
        """Postings by status, oldest first; by default those that may or may not stand there."""
        mine = (postings.c.client == client) & postings.c.status.in_([str(s) for s in statuses])
        return self._postings(select(postings).where(mine))

    def postings_about(self, client: str, proposals: Iterable[str]) -> list[Posting]:
        """The postings that stand there and ask about one of these proposals, oldest first."""
        done = select(postings).where(
            postings.c.client == client, postings.c.status == str(PostStatus.DONE)
        )
        asked = select(posting_proposals.c.posting)
        parts = [asked.where(posting_proposals.c.proposal.in_(p)) for p in chunks(proposals)]
        return self._postings(*(done.where(postings.c.ref.in_(part)) for part in parts))

    def open_to_dos(self, client: str) -> list[Posting]:
        """The tasks that stand there and were not ticked off by us, oldest first."""
        mine = (postings.c.client == client) & (postings.c.status == str(PostStatus.DONE))
        still = postings.c.to_do & postings.c.closed.is_(False)
        return self._postings(select(postings).where(mine & still))

    def postings_by_ref(self, refs: Iterable[str]) -> dict[str, Posting]:
        """These postings, whatever became of them, oldest first; unknown refs are left out."""
        found = self._postings(
            *(select(postings).where(postings.c.ref.in_(p)) for p in chunks(refs))
        )
        return {posting.ref: posting for posting in found}

    def _postings(self, *queries: Select[Any]) -> list[Posting]:
        found = {row["ref"]: row for row in self._rows(*queries)}
        links = select(posting_proposals).order_by(posting_proposals.c.position)
        asked: dict[str, list[tuple[str, int]]] = {ref: [] for ref in found}
        here = posting_proposals.c.posting
        for row in self._rows(*(links.where(here.in_(part)) for part in chunks(found))):
            asked[row["posting"]].append((row["proposal"], row["version"]))
        read = self._made(lambda row: posting_from_row(row, asked[row["ref"]]), found.values())
        return sorted(read, key=lambda posting: (posting.created_at, posting.ref))

    def comments_told(self, person: str, since: datetime) -> int:
        """How many comments and messages reached a person since then, of all clients.

        To-dos are not counted: each comes with a comment of its own. Where no time was told at
        which one stood there, when its outcome was recorded counts.
        """
        unknown = postings.c.told_at.is_(None) & (postings.c.done_at >= since)
        query = select(postings.c.people).where(
            (postings.c.told_at >= since) | unknown,
            postings.c.status == str(PostStatus.DONE),
            postings.c.to_do.is_(False),
        )
        return sum(person in row["people"] for row in self._rows(query))

    def rooms(self, client: str, connection: str) -> dict[str, Thread]:
        """The item that is kept for heads-ups, by the board or project that it is for."""
        query = select(rooms).where(rooms.c.client == client, rooms.c.connection == connection)
        return {
            row["container"]: Thread(row["object"], row["thread"], row["inside"])
            for row in self._rows(query)
        }


class NoticeWriter(AgreementWriter, frozen=True):
    """The part of a transaction that writes what people are told."""

    def notify(self, items: Iterable[Notice]) -> None:
        """Insert notices; one that is there stays as it is, for a thing is told once."""
        upsert(self.connection, notices, [notice_to_row(item) for item in items], only=())

    def put_notices(self, items: Iterable[Notice]) -> None:
        """Record what became of notices: status, times, why not, and the posting."""
        upsert(self.connection, notices, [notice_to_row(item) for item in items], only=_OUTCOME)

    def put_postings(self, items: Iterable[Posting]) -> None:
        """Insert or replace postings by their ref. Commit before the comments are sent."""
        kept = {item.ref: item for item in items}
        upsert(self.connection, postings, [posting_to_row(item) for item in kept.values()])
        for part in chunks(kept):
            mine = posting_proposals.c.posting.in_(part)
            self.connection.execute(delete(posting_proposals).where(mine))
        rows = [row for item in kept.values() for row in _asked_rows(item)]
        upsert(self.connection, posting_proposals, rows)

    def put_room(self, client: str, connection: str, container: str, thread: Thread) -> None:
        """Remember the item that is kept for heads-ups in a board or project."""
        key = {"client": client, "connection": connection, "container": container}
        where = {"object": thread.object, "thread": thread.id, "inside": thread.container}
        upsert(self.connection, rooms, [key | where])

    def drop_room(self, client: str, connection: str, container: str) -> None:
        """Forget such an item, which is gone; an unknown one is fine."""
        key = {"client": client, "connection": connection, "container": container}
        self.connection.execute(delete(rooms).filter_by(**key))
