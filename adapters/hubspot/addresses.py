"""What an address of app.hubspot.com shows: companies and deals."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.hubspot.shapes import TYPES
from syncer.adapterkit.addresses import Address, Spot

_HOST: Final = re.compile(r"app(-[a-z]{2}\d+)?\.hubspot\.com")
_NAMES: Final = {"0-2": "company", "0-3": "deal", "company": "company", "deal": "deal"}
"""Type ids and names ("Understanding the CRM APIs", object type ids) to objects."""


def shown(address: Address) -> Sequence[Spot]:
    """The record: ``/contacts/HUB/record/0-3/ID``, before that ``/contacts/HUB/deal/ID``.

    Ids are unique within an account only, so the account's id (``HUB``) counts too.
    """
    if not _HOST.fullmatch(address.host) or len(address.parts) < 4:
        return ()
    app, hub, *rest = address.parts
    if app not in ("contacts", "sales") or not hub.isdigit():
        return ()
    if rest[0] == "record":
        rest = rest[1:]
    kind, id = _NAMES.get(rest[0], ""), rest[1] if len(rest) > 1 else ""
    return [Spot(kind, id, account=f"/{hub}/")] if kind in TYPES and id.isdigit() else ()
