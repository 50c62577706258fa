"""What an address of trello.com shows: cards and boards by their short links."""

import re
from collections.abc import Sequence
from typing import Final

from adapters.trello.fields import BOARD, CARD
from syncer.adapterkit.addresses import Address, Spot

_KINDS: Final = {"c": CARD, "b": BOARD}
_ID: Final = re.compile(r"[0-9A-Za-z]{8}|[0-9a-f]{24}")


def shown(address: Address) -> Sequence[Spot]:
    """The card or board: ``/c/SHORT/12-name``, ``/b/SHORT/name``; comments are their card's."""
    if address.host != "trello.com" or len(address.parts) < 2:
        return ()
    kind, id = address.parts[0], address.parts[1].removesuffix(".json")
    if kind not in _KINDS or not _ID.fullmatch(id):
        return ()
    return [Spot(_KINDS[kind], id, f"https://trello.com/{kind}/{id}")]
