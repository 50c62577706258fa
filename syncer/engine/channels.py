"""Mail and chat: a message to addresses, by the library of the optional extra ``notify``.

An address holds a token or a password (``slack://TOKEN...``, ``mailto://user:password@host``), so
nothing that is raised, logged or kept here says more of it than its kind.
"""

import logging
import re
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

import structlog

from syncer.adapterkit.redact import know

if TYPE_CHECKING:
    from apprise import Apprise

log = structlog.get_logger()

LIBRARY: Final = "apprise"
MISSING: Final = (
    "addresses are configured, and the extra `notify` is not installed:"
    " pip install 'agency-syncer[notify]'"
)
PATIENCE: Final = 30
"""Seconds that one message may take, to all its addresses together."""

_KIND: Final = re.compile(r"[a-z][a-z0-9+.-]{0,30}(?=://)", re.IGNORECASE)
_CALL: Final = re.compile(r"@(?=\w)|<(?=[!@#&])")
"""How chats call people or everybody in the middle of a text."""

_TOKEN: Final = re.compile(r"(?=.*[0-9A-Z%])[^\s]{8,}")
"""Tokens are long and more than small letters; a word like ``general`` is none."""


class ChannelError(Exception):
    """A message reached nobody; the text says why, and holds no part of an address."""


def installed() -> bool:
    """Whether the library is there."""
    return find_spec(LIBRARY) is not None


def amiss(addresses: Sequence[str]) -> tuple[str, ...]:
    """What keeps these addresses from being used: no library, or one of a kind it does not know."""
    if not addresses:
        return ()
    if not installed():
        return (MISSING,)
    bad = [address for address in addresses if not _sender([address])]
    return tuple(f"an address ({kind(each)}) is none that {LIBRARY} can use" for each in bad)


def send(addresses: Sequence[str], title: str, text: str) -> None:
    """Send a plain text to every address.

    A call of somebody (``@name``) in the text calls nobody. Raises :class:`ChannelError` if not
    one of the addresses took it; where only some did not, that is logged.
    """
    if not installed():
        raise ChannelError(MISSING)
    know(part for address in addresses for part in secrets_of(address))
    refused = [address for address in addresses if not _sent(address, title, _calm(text))]
    kinds = ", ".join(sorted({kind(address) for address in refused}))
    if len(refused) == len(addresses):
        raise ChannelError(f"not one of {len(addresses)} addresses took the message ({kinds})")
    if refused:
        log.warning("channel.refused", refused=len(refused), of=len(addresses), kinds=kinds)


def kind(address: str) -> str:
    """What sort of address it is (``mailto``), which is all that may be told of it."""
    found = _KIND.match(address)
    return found[0].lower() if found else "of no kind"


def secrets_of(address: str) -> frozenset[str]:
    """An address, its password, and every part of it that looks like a token."""
    try:
        parts = urlsplit(address)
        query = [value for _, value in parse_qsl(parts.query)]
    except ValueError:
        return frozenset({address})
    signed, _, host = parts.netloc.rpartition("@")
    found = [*signed.split(":")[:1], *parts.path.split("/"), *query]
    found += [part for part in host.split(":") if "." not in part]
    tokens = [part for part in found if _TOKEN.fullmatch(part)]
    tokens += [part for part in signed.split(":")[1:] if part]
    return frozenset({address, *tokens, *map(unquote, tokens)})


def _sent(address: str, title: str, text: str) -> bool:
    """Whether one address took it; what its service answered is not looked at, nor kept."""
    sender = _sender([address])
    try:
        return sender is not None and bool(
            sender.notify(body=text, title=title, body_format="text", timeout=PATIENCE)
        )
    except Exception:  # noqa: BLE001 - whatever a service's plugin raises may hold the address
        return False


def _sender(addresses: Sequence[str]) -> "Apprise | None":
    """The library, ready to send; None if an address means nothing to it."""
    from apprise import Apprise, AppriseAsset

    # What it logs names addresses, and what it stores on disk may hold tokens: neither is wanted.
    for name in (LIBRARY, "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    sender = Apprise(asset=AppriseAsset(storage_mode="memory"))
    return sender if all(sender.add(address) for address in addresses) else None


def _calm(text: str) -> str:
    return _CALL.sub(lambda call: f"{call[0]}\u200b", text)
