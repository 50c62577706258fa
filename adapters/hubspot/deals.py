"""The feed of a client's deals.

While they fit one batch they are listed whole at each poll: the links of the company, then the
deals, two requests and strongly consistent. Beyond that a poll is one search for what changed
and one page of the archived list, and only a full pull lists them. Search tells which deals
changed; what they hold is read, for its index may show what was before our own last write.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from adapters.hubspot.changed import changed_rows
from adapters.hubspot.cursor import Cursor
from adapters.hubspot.decode import (
    absorbed_by,
    gone_of,
    is_newer,
    mark_of,
    pipeline_of,
    record_of,
    wanted_fields,
)
from adapters.hubspot.lost import where_they_went
from adapters.hubspot.options import ScopeOptions
from adapters.hubspot.schema import names_to_read
from adapters.hubspot.shapes import READ_MAX, chunks, following, word
from adapters.hubspot.wire import PAGE, Row, Wire, listed, records
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.seen import Sifted, sift
from syncer.model.feeds import Page
from syncer.model.remote import Gone, RemoteRecord

OVERLAP: Final = timedelta(minutes=5)
"""How far a search reaches back, for its index lags ("Search": overlap of at least 5 minutes)."""


BEHIND: Final = timedelta(hours=1)
"""How often, and how much further back, a search makes up for an index that is very late
("Search": a slow pass of at least an hour)."""


class Rows(Struct, frozen=True):
    """What a batch told: ``news`` as records, marks of all that counts, and what is as it was."""

    news: tuple[RemoteRecord, ...]
    marks: Mapping[str, str]
    sifted: Sifted

    def page(self, gone: tuple[Gone, ...] = ()) -> Page:
        """A page of it."""
        same = {"deal": tuple(self.sifted.same)} if self.sifted.same else {}
        return Page("deal", records=self.news, gone=gone, same=same, marks=self.sifted.marks)


class Deals:
    """One poll of one client's deals."""

    def __init__(self, wire: Wire, request: PullRequest, cursor: Cursor) -> None:
        self._wire = wire
        self._request = request
        self._cursor = cursor
        self._scope: ScopeOptions = request.scope.options
        self._fields = wanted_fields(request, "deal")
        self._known = dict(cursor.known)
        self._absorbed: set[str] = set()

    def pages(self) -> Iterator[Page]:
        """The pages of the feed."""
        if self._request.full or not self._cursor.since or len(self._known) <= READ_MAX:
            yield from self._whole()
        else:
            yield from self._changed(self._cursor.since)

    # Listed whole

    def _whole(self) -> Iterator[Page]:
        ids, since = self._linked()
        seen: dict[str, str] = {}
        outside: set[str] = set()
        for chunk in chunks(ids):
            read = self._read(chunk, outside, full=self._request.full)
            seen |= read.marks
            if read.news or read.sifted.same:
                yield read.page()
        lost = (self._known.keys() | set(ids)) - seen.keys() - outside
        yield Page(
            "deal",
            gone=(*self._moved(outside), *self._gone(lost)),
            done=True,
            cursor=replace(self._cursor, since=since, known=seen, archived=None).dump(),
            listed=self._pairs(),
        )

    def _linked(self) -> tuple[list[str], datetime | None]:
        company = self._cursor.company
        linked, since = self._wire.linked("company", [company], "deal")
        if linked[company] or not self._known:
            return linked[company], since
        # None left of those we knew: the company may have been merged into another.
        row = self._wire.one("company", company, ["hs_object_id"])
        other = word(row.get("id")) if row else ""
        if other in ("", company):
            return [], since
        self._cursor = self._cursor.of(other)
        linked, _ = self._wire.linked("company", [other], "deal")
        return linked[other], since

    def _pairs(self) -> frozenset[tuple[str, str | None]]:
        """What is listed in full; a poll tells only what is new, and who is gone."""
        if self._cursor.since and not self._request.full:
            return frozenset()
        containers = self._request.catalogue.containers
        return frozenset({("deal", id) for id in containers} | {("deal", None)})

    # By what changed

    def _changed(self, since: datetime) -> Iterator[Page]:
        begun: datetime | None = None
        company = self._cursor.company
        within = {"propertyName": "associations.company", "operator": "EQ", "value": company}
        start, behind = self._from(since)
        for rows, at in changed_rows(self._wire, "deal", [within], start):
            begun = begun or at
            newer = [id for row in rows if (id := word(row.get("id"))) and self._is_news(id, row)]
            for chunk in chunks(newer):
                yield self._reread(chunk)
        gone, further = self._archived()
        self._forget(gone)
        cursor = replace(self._cursor, since=begun or since, known=self._known, archived=further)
        cursor = replace(cursor, behind=behind)
        yield Page("deal", gone=gone, done=True, cursor=cursor.dump())

    def _from(self, since: datetime) -> tuple[datetime, datetime]:
        """Where the search begins, and when the last one began that reached further back."""
        last = self._cursor.behind or since
        if since - last < BEHIND:
            return since - OVERLAP, last
        return last - BEHIND, since

    def _is_news(self, id: str, row: Row) -> bool:
        return row.get("archived") is not True and is_newer(row, self._known.get(id))

    def _reread(self, ids: Sequence[str]) -> Page:
        outside: set[str] = set()
        read = self._read(ids, outside)
        named = set(ids) | self._absorbed
        lost = (named & self._known.keys()) - outside - read.marks.keys()
        gone = (*self._moved(outside), *self._gone(lost))
        self._forget(gone)
        self._known |= read.marks
        return read.page(gone)

    def _archived(self) -> tuple[tuple[Gone, ...], str | None]:
        """One page of the archived list, in turn: it can neither be filtered nor sorted."""
        after = self._cursor.archived
        body = self._wire.get(records("deal"), limit=PAGE, after=after, archived="true")
        rows = [row for row in listed(body) if word(row.get("id")) in self._known]
        return tuple(gone_of("deal", word(row["id"]), row) for row in rows), following(body)

    # Both

    def _read(self, ids: Sequence[str], outside: set[str], *, full: bool = False) -> Rows:
        """Deals as they are now: those that are news (all of them if ``full``), and marks of all.

        Those of pipelines that do not count go into ``outside``. Of what is as it was decided on,
        only that is told, and no record is made.
        """
        batch = self._wire.read("deal", ids, names_to_read("deal", self._fields))
        company, pipelines = self._cursor.company, self._scope.pipelines
        rows: dict[str, Row] = {}
        marks: dict[str, str] = {}
        for id, row in batch.rows.items():
            self._absorbed |= absorbed_by(row)
            if pipelines is not None and pipeline_of(row) not in pipelines:
                outside.add(id)
                continue
            marks[id] = mark_of(row, company)
            if full or marks[id] != self._known.get(id):
                rows[id] = row
        sifted = sift(self._request.seen, "deal", ((id, marks[id].encode()) for id in rows))
        other = (row for id, row in rows.items() if id not in sifted.same)
        read = (record_of("deal", row, self._fields, batch.at, company) for row in other)
        return Rows(tuple(record for record in read if record), marks, sifted)

    def _moved(self, outside: set[str]) -> list[Gone]:
        return [Gone("deal", id, moved=True) for id in sorted(outside & self._known.keys())]

    def _gone(self, lost: Iterable[str]) -> list[Gone]:
        return where_they_went(self._wire, "deal", list(lost), self._cursor.company)

    def _forget(self, gone: Iterable[Gone]) -> None:
        ids = {item.id for item in gone}
        self._known = {id: mark for id, mark in self._known.items() if id not in ids}
