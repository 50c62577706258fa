"""Which companies of the account have deals (guide, "Search" and "Companies")."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from adapters.hubspot.shapes import mapping, word
from adapters.hubspot.values import moment_or_none
from adapters.hubspot.wire import Row, Wire, listed
from syncer.adapterkit.errors import WaitAndRetry
from syncer.model.surveys import Spot

_DEALS: Final = "num_associated_deals"
_ID: Final = "hs_object_id"
_MODIFIED: Final = "hs_lastmodifieddate"
_OWNER: Final = "hubspot_owner_id"
_READ: Final = ("name", "domain", _DEALS, _OWNER, _MODIFIED)
_PAGE: Final = 200
"""Rows of one answer to a search at most."""


def spots(wire: Wire) -> Iterator[Spot]:
    """Companies with a deal, a request for each 200 of them.

    Years of leads that never bought anything are not listed. A query ends after 10,000 rows, so
    the next page begins after the last id, in the order of ids, however many there are.
    """
    last = "0"
    while True:
        body, _ = wire.search("company", _question(last))
        rows = listed(body)
        yield from (_company(row) for row in rows if word(row.get("id")).isdigit())
        if len(rows) < _PAGE:
            return
        before, last = last, word(rows[-1].get("id"))
        if not last.isdigit() or int(last) <= int(before):
            raise WaitAndRetry("paging does not advance")


def _question(last: str) -> Mapping[str, Any]:
    filters = [
        {"propertyName": _DEALS, "operator": "GT", "value": "0"},
        {"propertyName": _ID, "operator": "GT", "value": last},
    ]
    return {
        "filterGroups": [{"filters": filters}],
        "sorts": [{"propertyName": _ID, "direction": "ASCENDING"}],
        "properties": list(_READ),
        "limit": _PAGE,
        "after": "0",
    }


def _company(row: Row) -> Spot:
    told = mapping(row.get("properties"))
    id, deals = word(row.get("id")), word(told.get(_DEALS))
    return Spot(
        kind="company",
        id=id,
        name=word(told.get("name")) or word(told.get("domain")),
        scope={"company": id},
        size=int(deals) if deals.isascii() and deals.isdigit() and len(deals) < 10 else None,
        unit="deals",
        active=moment_or_none(told.get(_MODIFIED)),
        domain=word(told.get("domain")),
        owner=word(told.get(_OWNER)),
    )
