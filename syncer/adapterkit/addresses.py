"""Addresses as people copy them from a browser, and what of a system they show."""

import re
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct, field

_AROUND: Final = "<>\"'`()[]{},;.!\u201c\u201d\u2018\u2019\u00ab\u00bb"
_LINKED: Final = re.compile(r"\[[^\]]*\]\((?P<address>[^()\s]+)\)")
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_BARE: Final = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}/\S+", re.IGNORECASE)
_LONGEST: Final = 2000


class Address(Struct, frozen=True):
    """One address in its parts, as it was copied.

    Args:
        host: in lower case, without a port and without a leading ``www.``.
        parts: the segments of the path that are not empty, decoded.
        query: the last value of each name.
        fragment: what follows ``#``.
    """

    host: str
    parts: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    fragment: str = ""


class Spot(Struct, frozen=True):
    """A thing of a system that an address shows.

    Args:
        object: what it is: a ``card``, a ``task``, a ``property``.
        id: its id in the address; it need not be the one that the system's API tells.
        url: how the addresses that the system itself tells of it begin, where ``id`` is another.
        account: what stands in its address for the account it is in, where ids are only unique
            within one.
    """

    object: str
    id: str
    url: str = ""
    account: str = ""


Reads = Callable[[Address], Sequence[Spot]]
"""What an address of a system shows: the thing itself first. Nothing if it is another's."""


def nowhere(address: Address) -> Sequence[Spot]:
    """Of a system that has no addresses for people."""
    del address
    return ()


def pasted(text: str) -> Address | None:
    """The address in what somebody pasted; None if it is none.

    Blanks, angle brackets, quotes and a full stop around it do not matter, nor does Markdown's
    ``[text](address)``, nor that the scheme is missing.
    """
    found = _LINKED.search(text)
    bare = (found["address"] if found else text).strip().strip(_AROUND).strip()
    if not _SCHEME.match(bare):
        if not _BARE.fullmatch(bare):
            return None
        bare = f"https://{bare}"
    try:
        split = urlsplit("".join(bare.split())[:_LONGEST])
        host = (split.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    parts = tuple(unquote(part) for part in split.path.split("/") if part)
    return Address(host, parts, dict(parse_qsl(split.query)), split.fragment) if host else None
