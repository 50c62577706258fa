"""The feed of a client's company: one record, read at each poll, in one request.

A merge gives it another id. The old one still answers when asked for alone, with the new one
in the answer; then the old record has moved and the new one is there.
"""

from typing import Final

import structlog

from adapters.hubspot.cursor import Cursor
from adapters.hubspot.decode import mark_of, record_of, wanted_fields
from adapters.hubspot.lost import where_they_went
from adapters.hubspot.schema import names_to_read
from adapters.hubspot.shapes import word
from adapters.hubspot.wire import Row, Wire
from syncer.adapterkit.contract import PullRequest
from syncer.adapterkit.errors import AskPerson
from syncer.model.feeds import Page
from syncer.model.remote import Gone

LISTED: Final = frozenset({("company", None)})
_log: Final = structlog.get_logger(__name__)


def company_page(wire: Wire, request: PullRequest, cursor: Cursor) -> Page:
    """The one page of this feed.

    Raises:
        AskPerson: there is no such company, and there never was as far as we know.
    """
    fields = wanted_fields(request, "company")
    names = names_to_read("company", fields)
    batch = wire.read("company", [cursor.company], names)
    row = batch.rows.get(cursor.company) or _survivor(wire, cursor, names)
    record = record_of("company", row, fields, batch.at) if row else None
    if record is None or row is None:
        if not cursor.known:
            raise AskPerson(f"HubSpot shows no company {cursor.scope}: look at the client's scope")
        gone = where_they_went(wire, "company", list(cursor.known))
        rest = Cursor(cursor.scope, cursor.company, batch.at)
        return Page("company", gone=tuple(gone), done=True, cursor=rest.dump())
    mark = mark_of(row)
    is_news = request.full or mark != cursor.known.get(record.id)
    return Page(
        "company",
        records=(record,) if is_news else (),
        gone=_merged(cursor, record.id),
        done=True,
        cursor=Cursor(cursor.scope, record.id, batch.at, {record.id: mark}).dump(),
        # A poll tells only what is new: nothing may be read out of who is not in it.
        listed=frozenset() if cursor.since and not request.full else LISTED,
    )


def _merged(cursor: Cursor, into: str) -> tuple[Gone, ...]:
    ids = (id for id in cursor.known if id != into)
    return tuple(Gone("company", id, moved=True, into=into) for id in ids)


def _survivor(wire: Wire, cursor: Cursor, names: list[str]) -> Row | None:
    """What the company was merged into."""
    row = wire.one("company", cursor.company, ["hs_object_id"])
    id = word(row.get("id")) if row else ""
    if not id:
        return None
    if id != cursor.company:
        _log.warning("hubspot.company.merged", scope=cursor.scope, into=id)
    return wire.read("company", [id], names).rows.get(id)
