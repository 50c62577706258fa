"""How a HubSpot key stands: what account it is of, and what is left of the day's requests.

No documented route tells the scopes of a service key. A scope that is missing for reading is
named by the refusal of what it was needed for.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.hubspot.shapes import VERSION, mapping, word
from adapters.hubspot.wire import Wire, listed
from syncer.adapterkit.errors import AskPerson, SkipRecord
from syncer.adapterkit.standing import Quota, Standing
from syncer.model.values import parse_instant

_USAGE = f"/account-info/{VERSION}/api-usage/daily/private-apps"


def standing(wire: Wire) -> Standing:
    """Two requests: the account's details, and its usage of the day ("Usage guidelines")."""
    told = mapping(wire.get(f"/account-info/{VERSION}/details"))
    kind = word(told.get("accountType")).lower().replace("_", " ")
    zone, currency = word(told.get("timeZone")), word(told.get("companyCurrency"))
    about = ", ".join(filter(None, (zone, currency)))
    own = f"a key of the account, nobody's own{f' ({kind}; {about})' if kind and about else ''}"
    return Standing(own, quotas=tuple(_quotas(wire)))


def _quotas(wire: Wire) -> Iterator[Quota]:
    """What the account's keys spent today; some keys may not ask, which is no fault."""
    try:
        rows = listed(wire.get(_USAGE))
    except (AskPerson, SkipRecord):
        return
    for row in rows:
        most, spent = _count(row.get("usageLimit")), _count(row.get("currentUsage"))
        known = row.get("fetchStatus") in ("SUCCESS", "CACHED")
        if most is not None and spent is not None and known:
            left = max(0, most - spent)
            yield Quota("requests a day of all keys", left, most, _moment(row.get("resetsAt")))


def _count(value: object) -> int | None:
    right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if right and isinstance(value, int) else None


def _moment(value: object) -> datetime | None:
    try:
        return parse_instant(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
