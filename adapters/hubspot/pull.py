"""What the feeds tell: one per object, of one client.

A client's company is one record, so each poll reads it. Its deals are listed whole while they
fit one batch (two requests, strongly consistent: the links of the company, then the deals);
beyond that a poll is one search for what changed and one page of the archived list, and only
a full pull lists them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from adapters.hubspot.changed import changed_rows
from adapters.hubspot.cursor import Cursor, cursor_of
from adapters.hubspot.decode import digest_of, gone_of, is_older, record_of
from adapters.hubspot.lost import where_they_went
from adapters.hubspot.options import ScopeOptions
from adapters.hubspot.schema import names_to_read
from adapters.hubspot.shapes import READ_MAX, TYPES, chunks, following, word
from adapters.hubspot.wire import PAGE, Row, Wire, listed, records
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.model.remote import FieldInfo, Gone, Page, RemoteRecord

OVERLAP: Final = timedelta(minutes=5)
"""How far a search reaches back, for its index lags ("Search": overlap of at least 5 minutes)."""

_log: Final = structlog.get_logger(__name__)


def wanted_fields(request: PullRequest, object: str) -> dict[str, FieldInfo]:
    """The fields wanted that are defined, by id."""
    info = request.catalogue.objects.get(object)
    ids = request.fields.get(object, frozenset())
    return {f.id: f for f in info.fields if f.id in ids} if info else {}


class Pull:
    """One pull of one scope."""

    def __init__(self, wire: Wire, request: PullRequest) -> None:
        self._wire = wire
        self._request = request
        self._scope: ScopeOptions = request.scope.options
        self._company: str | None = None

    def pages(self) -> Iterator[Page]:
        """The pages of every feed; the company goes first, for it may have been merged."""
        for object in sorted(self._request.fields):
            if object not in TYPES:
                raise SkipRecord(f"HubSpot has no object {object!r}")
            cursor = cursor_of(self._request.cursors.get(object), self._scope.company)
            if object == "company":
                yield self._one_company(cursor)
            elif self._lists(cursor):
                yield from self._all_deals(self._merged(cursor))
            else:
                yield from self._changed_deals(self._merged(cursor))

    def _lists(self, cursor: Cursor) -> bool:
        return self._request.full or cursor.since is None or len(cursor.known) <= READ_MAX

    def _merged(self, cursor: Cursor) -> Cursor:
        return replace(cursor, company=self._company) if self._company else cursor

    # The company

    def _one_company(self, cursor: Cursor) -> Page:
        fields = wanted_fields(self._request, "company")
        names = names_to_read("company", fields)
        batch = self._wire.read("company", [cursor.company], names)
        row = batch.rows.get(cursor.company) or self._survivor(cursor, names)
        record = record_of("company", row, fields, batch.at) if row else None
        if record is None:
            return self._lost_company(cursor, batch.at)
        self._company = record.id
        known = {record.id: digest_of(record)}
        gone = [Gone("company", id, moved=True) for id in cursor.known if id != record.id]
        return Page(
            "company",
            records=tuple(self._news([record], cursor.known)),
            gone=tuple(gone),
            done=True,
            cursor=Cursor(cursor.scope, record.id, batch.at, known).dump(),
            listed=frozenset({("company", None)}),
        )

    def _survivor(self, cursor: Cursor, names: list[str]) -> Row | None:
        """What a company was merged into; its old id still answers, with another id."""
        row = self._wire.one("company", cursor.company, ["hs_object_id"])
        id = word(row.get("id")) if row else ""
        if not id:
            return None
        if id != cursor.company:
            _log.warning("hubspot.company.merged", scope=cursor.scope, into=id)
        return self._wire.read("company", [id], names).rows.get(id)

    def _lost_company(self, cursor: Cursor, at: datetime) -> Page:
        if not cursor.known:
            raise AskPerson(f"HubSpot shows no company {cursor.scope}: look at the client's scope")
        return Page(
            "company",
            gone=tuple(where_they_went(self._wire, "company", list(cursor.known))),
            done=True,
            cursor=Cursor(cursor.scope, cursor.company, at).dump(),
            listed=frozenset({("company", None)}),
        )

    # Deals, listed whole

    def _all_deals(self, cursor: Cursor) -> Iterator[Page]:
        cursor, ids, since = self._linked_deals(cursor)
        fields = wanted_fields(self._request, "deal")
        names = names_to_read("deal", fields)
        known: dict[str, str] = {}
        outside: set[str] = set()
        for chunk in chunks(ids):
            batch = self._wire.read("deal", chunk, names)
            found = self._in_scope(batch.rows.values(), fields, batch.at, cursor.company, outside)
            known |= {record.id: digest_of(record) for record in found}
            if news := tuple(self._news(found, cursor.known)):
                yield Page("deal", records=news)
        yield Page(
            "deal",
            gone=self._left(cursor, ids, known, outside),
            done=True,
            cursor=Cursor(cursor.scope, cursor.company, since, known).dump(),
            listed=self._pairs(),
        )

    def _linked_deals(self, cursor: Cursor) -> tuple[Cursor, list[str], datetime | None]:
        linked, since = self._wire.linked("company", [cursor.company], "deal")
        ids = linked[cursor.company]
        if ids or not cursor.known:
            return cursor, ids, since
        # None left of those we knew: the company may have been merged into another.
        row = self._wire.one("company", cursor.company, ["hs_object_id"])
        other = word(row.get("id")) if row else ""
        if other in ("", cursor.company):
            return cursor, ids, since
        linked, _ = self._wire.linked("company", [other], "deal")
        return replace(cursor, company=other), linked[other], since

    def _left(
        self, cursor: Cursor, ids: Iterable[str], known: Mapping[str, str], outside: set[str]
    ) -> tuple[Gone, ...]:
        """Deals that we knew, or that were listed, and that are not there or not in scope."""
        moved = [Gone("deal", id, moved=True) for id in sorted(outside & cursor.known.keys())]
        lost = (cursor.known.keys() | set(ids)) - known.keys() - outside
        return (*moved, *where_they_went(self._wire, "deal", list(lost), cursor.company))

    def _pairs(self) -> frozenset[tuple[str, str | None]]:
        return frozenset(
            {("deal", id) for id in self._request.catalogue.containers} | {("deal", None)}
        )

    # Deals, by what changed

    def _changed_deals(self, cursor: Cursor) -> Iterator[Page]:
        assert cursor.since is not None
        fields = wanted_fields(self._request, "deal")
        names = names_to_read("deal", fields)
        within = {
            "propertyName": "associations.company",
            "operator": "EQ",
            "value": cursor.company,
        }
        known, begun = dict(cursor.known), None
        for rows, at in changed_rows(self._wire, "deal", within, cursor.since - OVERLAP, names):
            begun = begun or at
            outside: set[str] = set()
            found = self._in_scope(rows, fields, at, cursor.company, outside)
            news = list(self._news(found, known))
            known |= {record.id: digest_of(record) for record in news}
            left = [Gone("deal", id, moved=True) for id in sorted(outside & known.keys())]
            known = {id: mark for id, mark in known.items() if id not in outside}
            if news or left:
                yield Page("deal", records=tuple(news), gone=tuple(left))
        gone, further = self._archived(known, cursor.archived)
        known = {id: mark for id, mark in known.items() if id not in {item.id for item in gone}}
        step = replace(cursor, since=begun or cursor.since, known=known, archived=further)
        yield Page("deal", gone=gone, done=True, cursor=step.dump())

    def _archived(
        self, known: Mapping[str, str], after: str | None
    ) -> tuple[tuple[Gone, ...], str | None]:
        """One page of the archived list, in turn: it can neither be filtered nor sorted."""
        body = self._wire.get(records("deal"), limit=PAGE, after=after, archived="true")
        rows = [row for row in listed(body) if word(row.get("id")) in known]
        return tuple(gone_of("deal", word(row["id"]), row) for row in rows), following(body)

    # Both

    def _in_scope(
        self,
        rows: Iterable[Mapping[str, Any]],
        fields: Mapping[str, FieldInfo],
        at: datetime,
        company: str,
        outside: set[str],
    ) -> list[RemoteRecord]:
        found = []
        for row in rows:
            record = record_of("deal", row, fields, at, company)
            if record is None:
                continue
            pipelines = self._scope.pipelines
            if pipelines is not None and record.container not in pipelines:
                outside.add(record.id)
            else:
                found.append(record)
        return found

    def _news(
        self, found: Iterable[RemoteRecord], known: Mapping[str, str]
    ) -> Iterator[RemoteRecord]:
        """The records that differ from what was delivered last; all of them in a full pull."""
        for record in found:
            mark, before = digest_of(record), known.get(record.id)
            if self._request.full or (mark != before and not is_older(mark, before)):
                yield record
