"""A deal's company: a link, not a property, and without a history.

So it is read again right before it is written. Setting it makes the new company the primary
one; only the company that we believed to be there is taken away ("Associations").
"""

from collections.abc import Sequence
from typing import Any, Final

from adapters.hubspot.rows import Pending
from adapters.hubspot.schema import COMPANY
from adapters.hubspot.shapes import word
from adapters.hubspot.wire import Wire, links
from syncer.adapterkit.errors import SkipRecord

_DEFINED: Final = "HUBSPOT_DEFINED"
PLAIN, PRIMARY = 341, 5
"""Type ids of the link from a deal to a company."""

TYPES: Final = [
    {"associationCategory": _DEFINED, "associationTypeId": PRIMARY},
    {"associationCategory": _DEFINED, "associationTypeId": PLAIN},
]


def to_company(id: str) -> dict[str, Any]:
    """The link that a new deal is made with."""
    return {"to": {"id": id}, "types": TYPES}


def relink(wire: Wire, rows: Sequence[Pending]) -> None:
    """Set the companies of deals; what is stale or refused is noted in the rows."""
    asked = [row for row in rows if COMPANY in row.write.fields and COMPANY not in row.refused]
    if not asked:
        return
    ids = [row.write.id or "" for row in asked]
    try:
        linked, _ = wire.linked("deal", ids, "company")
    except SkipRecord as error:
        for row in asked:
            row.refused[COMPANY] = str(error)
        return
    for row in asked:
        _relink_one(wire, row, linked.get(row.write.id or "", []))


def _relink_one(wire: Wire, row: Pending, companies: Sequence[str]) -> None:
    wanted = word(row.write.fields[COMPANY]) or None
    believed = word(row.write.base.get(COMPANY)) or None
    as_believed = believed in companies if believed else not companies
    if COMPANY in row.write.base and not as_believed and wanted not in companies:
        row.stale[COMPANY] = companies[0] if companies else None
        return
    try:
        if wanted and wanted not in companies:
            _send(wire, "create", [_pair(row, wanted) | {"types": TYPES}])
        if believed and believed != wanted and believed in companies:
            _send(wire, "archive", [{"from": {"id": row.write.id}, "to": [{"id": believed}]}])
    except SkipRecord as error:
        row.refused[COMPANY] = str(error)
    else:
        row.got[COMPANY] = wanted


def _pair(row: Pending, company: str) -> dict[str, Any]:
    return {"from": {"id": row.write.id}, "to": {"id": company}}


def _send(wire: Wire, action: str, inputs: list[dict[str, Any]]) -> None:
    # Making or removing a link that is there or gone already changes nothing: safe to repeat.
    answer = wire.http.post(links("deal", "company", action), json={"inputs": inputs}, safe=True)
    wire.body_of(answer)
