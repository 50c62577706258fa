"""The wire: requests as they are sent, answers as they came.

``httpx.Client.send`` looks after cookies, redirects, authentication and hooks, none of which a
request here may have, and takes as long for it as its transport takes for all the rest. So the
library makes the connections (TLS, proxies of the environment), and they are asked.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpcore
import httpx
from msgspec import Struct

from syncer.adapterkit.body import ACCEPTED, UnusableBody, read
from syncer.adapterkit.connections import Connections, Errand, Place
from syncer.adapterkit.deadline import TooLate, within
from syncer.adapterkit.errors import SkipRecord, StopConnection
from syncer.adapterkit.urls import under

_PLAIN: Final = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+")
"""Paths that are the same on the wire; the library puts every other into its form."""

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_NEVER_SENT: Final = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.LocalProtocolError,
    httpcore.UnsupportedProtocol,
    # A proxy that is used at all is asked for a tunnel first; it would not give one.
    httpcore.ProxyError,
)
_BROKEN: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    UnusableBody,
    TooLate,
)


class NoAnswer(Exception):
    """No usable answer came; ``sent`` says whether the request may have arrived."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


class Parcel(Struct, frozen=True):
    """One request as it will be sent, perhaps several times, each with its credential."""

    method: str
    target: bytes
    body: bytes | None = None
    kind: bytes = b""


class Reply(Struct, frozen=True):
    """What came back; ``body`` is ``None`` where it was larger than allowed."""

    status: int
    headers: dict[str, str]
    body: bytes | None


class Wire:
    """Kept connections to one base URL. Safe to use from many threads.

    Args:
        base: as :func:`~syncer.adapterkit.urls.checked_base` gives it.
        timeout: seconds for connecting, and between two pieces of an answer; a whole one has
            five times as long.
        max_body: bytes of the largest answer that is read.
    """

    def __init__(self, base: str, timeout: float, user_agent: str, max_body: int) -> None:
        try:
            url = httpx.URL(base)
        except httpx.InvalidURL:
            raise StopConnection("the base URL is not a URL") from None
        self._base, self._prefix = base, urlsplit(base).path
        self._port = url.port
        self._fixed = {
            b"host": url.netloc,
            b"accept": b"application/json",
            b"accept-encoding": ACCEPTED.encode(),
            b"user-agent": user_agent.encode(),
        }
        self._timeouts = {"timeout": dict.fromkeys(("connect", "read", "write"), timeout)}
        self._deadline, self._max_body = 5 * timeout, max_body
        self._connections = Connections(url)

    def parcel(
        self, method: str, path: str, params: Mapping[str, Any] | None, body: Any, form: Any
    ) -> Parcel:
        """A request; raises :class:`SkipRecord` for what cannot be sent."""
        url = under(self._base, path)
        query = {key: value for key, value in (params or {}).items() if value is not None}
        try:
            target = self._target(url, path, query)
            if form is not None:
                content = httpx.Request(method, self._base, data=form).content
                return Parcel(method, target, content, b"application/x-www-form-urlencoded")
            if body is not None:
                return Parcel(method, target, _encode(body).encode(), b"application/json")
            return Parcel(method, target, b"" if method in ("POST", "PUT", "PATCH") else None)
        except (httpx.InvalidURL, TypeError, ValueError, RecursionError) as error:
            # The text of the error may quote what was to be sent.
            raise SkipRecord(f"the request cannot be built ({type(error).__name__})") from None

    def _target(self, url: str, path: str, query: Mapping[str, Any]) -> bytes:
        if _PLAIN.fullmatch(path) and len(path) < 1000:
            return (self._prefix + path + (f"?{_query(query)}" if query else "")).encode()
        whole = httpx.URL(url)
        return (whole.copy_merge_params(query) if query else whole).raw_path

    def send(self, parcel: Parcel, credentials: Mapping[str, str]) -> Reply:
        """Send a request with its credential and read the whole answer.

        Raises :class:`NoAnswer` where none came in time, or none that can be read.
        """
        place = Place(self._connections.origin, self._port, parcel.target)
        headers = self._headers(parcel, credentials)
        method = parcel.method.encode()
        request = Errand(method, place, headers, parcel.body, self._timeouts)
        try:
            with within(self._deadline), self._connections.answered(request) as response:
                return self._read(response)
        except _BROKEN as error:
            # This one quotes headers, in a form that redaction might not recognise.
            words = "" if isinstance(error, httpcore.LocalProtocolError) else str(error)
            why = f"{type(error).__name__} {words}".strip()
            raise NoAnswer(why, sent=not isinstance(error, _NEVER_SENT)) from None

    def _headers(self, parcel: Parcel, credentials: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        headers = self._fixed.copy()
        if parcel.body is not None:
            headers[b"content-length"] = b"%d" % len(parcel.body)
            if parcel.kind:
                headers[b"content-type"] = parcel.kind
        for name, value in credentials.items():
            headers[name.lower().encode()] = value.encode()
        return list(headers.items())

    def _read(self, response: httpcore.Response) -> Reply:
        headers = _told(response.headers)
        coding = headers.get("content-encoding", "")
        body = read(response.iter_stream(), coding, self._max_body)
        return Reply(response.status, headers, body)

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()


def _query(query: Mapping[str, Any]) -> str:
    """Parameters as they stand in a URL: most requests of a kind name the same ones."""
    if all(isinstance(value, str) for value in query.values()):
        return _named(tuple(query.items()))
    return str(httpx.QueryParams(query))


@lru_cache(maxsize=200)
def _named(query: tuple[tuple[str, str], ...]) -> str:
    return str(httpx.QueryParams(query))


def _told(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as text, names in lower case; one that came twice holds both."""
    found: dict[str, str] = {}
    for raw_name, raw in headers:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw.decode()
        except UnicodeDecodeError:
            value = raw.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found
