"""What an address of analytics.google.com shows: a property."""

import re
from collections.abc import Sequence
from typing import Final

from syncer.adapterkit.addresses import Address, Spot

_PROPERTY: Final = re.compile(r"/(?:a\d+)?p(?P<id>\d+)(?:/|$)")
"""``#/p213025502/reports/...``, with the account before it in older ones."""


def shown(address: Address) -> Sequence[Spot]:
    """The property, wherever in it one looks; it stands in the fragment."""
    if address.host != "analytics.google.com":
        return ()
    found = _PROPERTY.search(address.fragment.partition("?")[0])
    return [Spot("property", found["id"])] if found else ()
