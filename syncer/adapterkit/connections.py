"""Connections that are kept: over TLS, through proxies of the environment, never without an end."""

import logging
import ssl
from contextlib import suppress
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from syncer.adapterkit.deadline import in_time
from syncer.adapterkit.urls import is_loopback

_AT_ONCE: Final = httpx.Limits(max_connections=100, max_keepalive_connections=100)
"""As many connections are kept as there may be: threads that take turns find theirs again."""

# These write whole URLs, and headers when debugging, into the standard log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@cache
def _tls() -> ssl.SSLContext:
    """One for all: reading the certificates takes longer than a request."""
    return httpx.create_ssl_context()


def _no_tls() -> ssl.SSLContext:
    """For what stays on this machine without it: should it be spoken, nobody is trusted."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def connections(url: httpx.URL) -> tuple[httpx.Client, httpcore.ConnectionPool]:
    """What closes the connections, and where to send what is meant for this URL."""
    # A proxy from the environment must not see what is meant for this machine.
    outside = not is_loopback(url.host)
    verify = _tls() if url.scheme == "https" else _no_tls()
    client = httpx.Client(verify=verify, limits=_AT_ONCE, trust_env=outside)
    # The library names no public place for these; tests of each tell if they move.
    pool: Any = client._transport_for_url(url)._pool  # type: ignore[attr-defined]
    pool._network_backend = Punctual(pool._network_backend)
    return client, pool


class Punctual:
    """Stands before the library's network, or one connection of it.

    It keeps the deadline, and sends head and body of a request in one piece: what is written
    waits until an answer is read.
    """

    def __init__(self, usual: Any) -> None:
        self._usual = usual
        self._waiting: list[bytes] = []
        self._patience: float | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._usual, name)

    def connect_tcp(self, *args: Any, **more: Any) -> "Punctual":
        """A connection whose reads keep the deadline."""
        return Punctual(self._usual.connect_tcp(*args, **more))

    def start_tls(self, *args: Any, **more: Any) -> "Punctual":
        """The same connection with TLS."""
        return Punctual(self._usual.start_tls(*args, **more))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep it until the answer is waited for."""
        self._waiting.append(buffer)
        self._patience = timeout

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next piece, for which nobody waits beyond the deadline."""
        if self._waiting:
            whole, self._waiting = b"".join(self._waiting), []
            # Who closes before all was sent may have answered already.
            with suppress(httpcore.WriteError):
                self._usual.write(whole, self._patience)
        in_time()
        found: bytes = self._usual.read(max_bytes, timeout)
        return found
