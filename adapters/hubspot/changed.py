"""What changed since a moment, by search: an index that lags and shows 10,000 rows a query.

Used for clients with more deals than one batch reads, and for answers to what was asked;
absence from it proves nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from adapters.hubspot.shapes import following, mapping, word
from adapters.hubspot.values import moment_or_none
from adapters.hubspot.wire import Row, Wire, listed

MODIFIED: Final = "hs_lastmodifieddate"
ID: Final = "hs_object_id"
PAGE: Final = 200
ROWS: Final = 10_000

Filter = dict[str, Any]
Found = tuple[list[Row], datetime]


class _Walk(Struct):
    """How far the pages of queries have led: to a time, an id, and whether more were hidden."""

    newest: int
    last: int = 0
    full: bool = False

    def pages(self, wire: Wire, object: str, query: Filter) -> Iterator[Found]:
        """The pages of one query, at most as many as it can show."""
        offset, self.full = 0, False
        while True:
            body, at = wire.search(object, {**query, "after": str(offset)})
            rows, after = listed(body), following(body)
            self.newest = max([self.newest, *map(changed_ms, rows)])
            ids = (word(row.get("id")) for row in rows)
            self.last = max([self.last, *(int(id) for id in ids if id.isdecimal())])
            told = int(after) if after is not None and after.isdecimal() else 0
            self.full = told > offset and told >= ROWS
            yield rows, at
            if told <= offset or self.full:
                return
            offset = told


def changed_rows(
    wire: Wire,
    object: str,
    within: Sequence[Filter],
    since: datetime,
    names: Sequence[str] = (),
) -> Iterator[Found]:
    """Pages of rows changed at or after ``since`` that one of the filters lets in, with when
    each was answered and what it said of the properties named.

    A query that shows no more rows starts again at the last time it showed. Many rows with one
    time (a bulk change) are walked by id within that millisecond.
    """
    walk = _Walk(int(since.timestamp() * 1000))
    while True:
        start = walk.newest
        query = _query(within, [_filter(MODIFIED, "GTE", start)], MODIFIED, names)
        yield from walk.pages(wire, object, query)
        if not walk.full:
            return
        if walk.newest == start:
            yield from _same_instant(wire, object, within, start, names)
            walk.newest += 1


def _same_instant(
    wire: Wire, object: str, within: Sequence[Filter], instant: int, names: Sequence[str]
) -> Iterator[Found]:
    walk = _Walk(instant, full=True)
    while walk.full:
        before = walk.last
        filters = [_filter(MODIFIED, "EQ", instant), _filter(ID, "GT", before)]
        yield from walk.pages(wire, object, _query(within, filters, ID, names))
        if walk.last == before:
            return


def _query(
    within: Sequence[Filter], filters: Sequence[Filter], sort: str, names: Sequence[str]
) -> Filter:
    return {
        "filterGroups": [{"filters": [one, *filters]} for one in within],
        "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
        "properties": [*names, MODIFIED],
        "limit": PAGE,
        "after": "0",
    }


def _filter(name: str, operator: str, value: object) -> Filter:
    # Search takes times as milliseconds, as text.
    return {"propertyName": name, "operator": operator, "value": str(value)}


def changed_ms(row: Row) -> int:
    """When a row was changed last, in milliseconds since 1970; 0 if it does not tell."""
    told = row.get("updatedAt") or mapping(row.get("properties")).get(MODIFIED)
    moment = moment_or_none(told)
    return int(moment.timestamp() * 1000) if moment else 0
