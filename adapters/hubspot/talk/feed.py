"""New comments under the threads that wait for an answer: two searches, notes and tasks.

The searches reach back, for the index lags; what was told already is known by when it was
changed and costs nothing more. When something is new: one batch read with history for what
was changed after it was made, and, with several threads, one reading of links per object.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from adapters.hubspot.changed import Filter, changed_ms, changed_rows
from adapters.hubspot.deals import BEHIND, OVERLAP
from adapters.hubspot.shapes import chunks, mapping, word
from adapters.hubspot.talk.reading import KINDS, by_object, said, settled, standing
from adapters.hubspot.talk.versions import names
from adapters.hubspot.values import moment_or_none
from adapters.hubspot.wire import Row, Wire
from syncer.adapterkit.contract import PullRequest
from syncer.model.comments import Comment, Thread
from syncer.model.feeds import Page
from syncer.model.values import instant_text

FEED: Final = "said"
MOST: Final = 120
"""Threads in one search: its body may hold 3,000 characters ("Search")."""

_BEGINNING: Final = datetime.fromtimestamp(0, UTC)


class Told(Struct, frozen=True):
    """Where the feed stands.

    Args:
        since: when the last poll began.
        behind: when the last one began that reached back further than the others.
        threads: what was asked after, as ``object:id``.
        known: by ``kind:id`` when each note or task was changed, as it was told last.
    """

    since: datetime | None = None
    behind: datetime | None = None
    threads: frozenset[str] = frozenset()
    known: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, stored: Any) -> "Told":
        """From a cursor; one that is not ours is a new beginning."""
        told = mapping(stored)
        threads = told.get("threads")
        known = mapping(told.get("known")).items()
        return cls(
            moment_or_none(told.get("since")),
            moment_or_none(told.get("behind")),
            frozenset(map(word, threads)) if isinstance(threads, list) else frozenset(),
            {key: ms for key, ms in known if isinstance(ms, int)},
        )

    def following(
        self, begun: datetime, asked: frozenset[str], wanted: datetime | None
    ) -> tuple[datetime, "Told"]:
        """From when on the poll that begins now must look, and where the feed stands then.

        Where nobody has looked before it looks from the time that is ``wanted`` on, and what
        is known, of other threads, counts for nothing.
        """
        last = self.since if asked & self.threads else None
        if last is None or not asked <= self.threads:
            times = [time - OVERLAP for time in (wanted, last) if time is not None]
            return min(times, default=_BEGINNING), Told(begun, begun, asked)
        behind = self.behind or last
        if begun - behind < BEHIND:
            return last - OVERLAP, Told(begun, behind, asked, self.known)
        return behind - BEHIND, Told(begun, begun, asked, self.known)

    def with_known(self, known: Mapping[str, int]) -> "Told":
        """The same, knowing what a later search may find again."""
        oldest = int(((self.behind or _BEGINNING) - BEHIND).timestamp() * 1000)
        return replace(self, known={key: ms for key, ms in known.items() if ms >= oldest})

    def dump(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "since": instant_text(self.since) if self.since else None,
            "behind": instant_text(self.behind) if self.behind else None,
            "threads": sorted(self.threads),
            "known": dict(self.known),
        }


def said_since(wire: Wire, request: PullRequest) -> Iterator[Page]:
    """The page of what was said; none, and no request, while nothing waits for an answer."""
    by = by_object(request.threads)
    threads = [thread for listed in by.values() for thread in listed]
    if not threads:
        return
    begun, before = wire.http.clock.now(), Told.read(request.cursors.get(FEED))
    asked = frozenset(f"{thread.object}:{thread.id}" for thread in threads)
    start, now = before.following(begun, asked, request.since)
    poll = _Poll(wire, threads, max(start, _BEGINNING), dict(now.known))
    comments = [comment for kind in KINDS for comment in poll.comments(kind)]
    comments.sort(key=lambda comment: (comment.at, comment.id))
    cursor = now.with_known(poll.known).dump()
    yield Page(FEED, done=True, cursor=cursor, comments=tuple(comments))


class _Poll(Struct):
    """One look for what was said."""

    wire: Wire
    threads: list[Thread]
    start: datetime
    known: dict[str, int]

    def comments(self, kind: str) -> Iterator[Comment]:
        """What notes, or tasks, say that was not told before."""
        for threads in chunks(self.threads, MOST):
            news = self._news(kind, self._within(threads))
            rows = settled(self.wire, kind, news)
            where = standing(self.wire, kind, list(rows), self.threads)
            yield from said(kind, rows, where)

    def _news(self, kind: str, within: list[Filter]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for rows, _ in changed_rows(self.wire, kind, within, self.start, names(kind)):
            for row in rows:
                id, ms = word(row.get("id")), changed_ms(row)
                if id and row.get("archived") is not True and self.known.get(f"{kind}:{id}") != ms:
                    found[id] = row
                    self.known[f"{kind}:{id}"] = ms
        return found

    @staticmethod
    def _within(threads: Sequence[Thread]) -> list[Filter]:
        """On which records: a filter per object, any of which will do."""
        return [
            {
                "propertyName": f"associations.{object}",
                "operator": "IN",
                "values": [thread.id for thread in listed],
            }
            for object, listed in by_object(threads).items()
        ]
