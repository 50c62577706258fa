"""Connections that are kept: over TLS, through proxies of the environment, never without an end."""

import logging
import ssl
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from syncer.adapterkit.deadline import in_time
from syncer.adapterkit.errors import StopConnection
from syncer.adapterkit.urls import is_loopback

KEPT: Final = 5.0
"""Seconds for which a connection that nobody uses is kept: servers close theirs soon after."""

_UNUSABLE: Final = (
    "a proxy that the environment names (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY) is of a kind that"
    " cannot be used: name one that begins with http:// or https://"
)

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


class Place(httpcore.URL):
    """An address at an origin that is known. ``port`` is None where the URL names none."""

    def __init__(self, origin: httpcore.Origin, port: int | None, target: bytes) -> None:
        self.scheme = origin.scheme
        self.host = origin.host
        self.port = port
        self.target = target
        self._origin = origin

    @property
    def origin(self) -> httpcore.Origin:
        """Scheme, host and port."""
        return self._origin


class Errand(httpcore.Request):
    """One request, put together without being looked over twice.

    The library's own sees to it that each part is bytes, for whoever gives it text, and its
    address works out its origin each time it is asked. Ours is made of bytes, all for one origin;
    what may stand in a head is looked at where it is written, as of every request.

    Args:
        headers: with names in lower case, in the order in which they are sent.
        body: None where there is none.
        extensions: as the library knows them; it does not change them.
    """

    def __init__(
        self,
        method: bytes,
        place: Place,
        headers: list[tuple[bytes, bytes]],
        body: bytes | None,
        extensions: Mapping[str, Any],
    ) -> None:
        self.method = method
        self.url = place
        self.headers = headers
        self.stream = (body,) if body else ()
        self.extensions = dict(extensions)


class Connections:
    """Connections to one ``origin``, each for one request at a time. Safe to use from many threads.

    Whoever comes takes the one that was used last. The library's pool looks all of its over at
    the begin and the end of each request, under a lock: threads would wait for each other.
    """

    def __init__(self, url: httpx.URL) -> None:
        # A proxy from the environment must not see what is meant for this machine.
        outside = not is_loopback(url.host)
        verify = _tls() if url.scheme == "https" else _no_tls()
        limits = httpx.Limits(keepalive_expiry=KEPT)
        try:
            self._client = httpx.Client(verify=verify, limits=limits, trust_env=outside)
        except (ImportError, ValueError, httpx.InvalidURL):
            # The text of the error quotes the address of the proxy, or says what to install.
            raise StopConnection(_UNUSABLE) from None
        # The library names no public place for these; tests of each tell if they move.
        self.pool: Any = self._client._transport_for_url(url)._pool  # type: ignore[attr-defined]
        self.pool._network_backend = Punctual(self.pool._network_backend)
        origin = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target="/")
        self.origin = origin.origin
        self._idle: deque[tuple[Any, float]] = deque()
        self._closed = False

    @contextmanager
    def answered(self, request: httpcore.Request) -> Iterator[httpcore.Response]:
        """Send a request; the answer is read in the block. Raises as the library does."""
        connection = self._free()
        try:
            response = connection.handle_request(request)
            try:
                yield response
            finally:
                response.close()
        finally:
            self._keep(connection)

    def _free(self) -> Any:
        """The connection used last that still stands, or a new one."""
        while True:
            try:
                connection, _ = self._idle.pop()
            except IndexError:
                return self.pool.create_connection(self.origin)
            if not connection.has_expired():
                return connection
            connection.close()

    def _keep(self, connection: Any) -> None:
        if not connection.is_available():
            connection.close()
            return
        now = time.monotonic()
        self._idle.append((connection, now))
        self._drop(now if self._closed else now - KEPT)

    def _drop(self, until: float) -> None:
        """Close those that were not used since; should others take some meanwhile, no harm."""
        with suppress(IndexError):
            while self._idle[0][1] <= until:
                self._idle.popleft()[0].close()

    def close(self) -> None:
        """Close those that nobody uses; each other one is closed once it was answered."""
        self._closed = True
        self._drop(time.monotonic())
        self._client.close()


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
