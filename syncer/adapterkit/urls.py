"""Where requests may go: one host, over TLS, and nowhere that a vendor's answer points to."""

import ipaddress
from urllib.parse import quote, urlsplit

from syncer.adapterkit.errors import SkipRecord, StopConnection


def segment(value: object) -> str:
    """An untrusted value as one segment of a path: it cannot leave its place."""
    text = quote(str(value), safe="", errors="replace")
    return text.replace(".", "%2E") if set(text) == {"."} else text


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this very machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked_base(base_url: str) -> str:
    """A base URL without its last slash. Raises :class:`StopConnection` unless it is safe."""
    if not base_url.isascii() or not base_url.isprintable() or {" ", "\\"} & set(base_url):
        # Parsers do not agree on what these mean, and some leave them out.
        raise StopConnection("the base URL holds a character that no URL may hold")
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise StopConnection("the base URL is not a URL") from None
    if parts.username or parts.password or parts.query or parts.fragment:
        raise StopConnection("the base URL must be only scheme, host and path")
    if not host or parts.scheme not in ("https", "http"):
        raise StopConnection("the base URL must begin with https:// and name a host")
    if parts.scheme == "http" and not is_loopback(host):
        where = f"{host}:{port}" if port else host
        raise StopConnection(f"the base URL must be https, http is for loopback only: {where}")
    return base_url.rstrip("/")


def under(base: str, path: str) -> str:
    """The URL of a path under the base. Raises :class:`SkipRecord` if it would leave it."""
    place = path.split("?", 1)[0]
    unsafe = not place.startswith("/") or place.startswith("//") or "\\" in place
    if unsafe or ".." in place.split("/"):
        raise SkipRecord("a path must begin with one slash and stay under the base URL")
    return base + path
