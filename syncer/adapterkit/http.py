"""The one door to the network; nothing else imports the HTTP library.

Every request has a time-out, spends from its credential's budget, is retried where that is
safe, leaves one log event and never lets a secret into an error.
"""

import logging
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import structlog

from syncer.adapterkit.answer import Answer, Classify, by_status
from syncer.adapterkit.body import ACCEPTED, UnusableBody, read
from syncer.adapterkit.clock import VendorClock
from syncer.adapterkit.deadline import Punctual, TooLate, within
from syncer.adapterkit.errors import AdapterError, SkipRecord, StopConnection
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.outcome import meaning, slow_down, too_large, unanswered, without_secrets
from syncer.adapterkit.redact import Redactor, know
from syncer.adapterkit.retry import Attempts, retrying
from syncer.adapterkit.urls import checked_base, is_loopback, segment, under
from syncer.adapterkit.usage import spend

__all__ = ["Answer", "Classify", "Http", "by_status", "segment"]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
MAX_BODY: Final = 64 * 1024 * 1024
_NO_CONNECTION: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NEVER_SENT: Final = (*_NO_CONNECTION, httpx.LocalProtocolError, httpx.UnsupportedProtocol)
# Among them a redirect to what is no address, which the library reads although it follows none.
_NO_ANSWER: Final = (httpx.RequestError, httpx.StreamError, httpx.InvalidURL, UnusableBody, TooLate)
_log = structlog.get_logger(__name__)

# These write whole URLs, and headers when debugging, into the standard log.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class _Call:
    """One request as it will be sent, perhaps several times."""

    request: httpx.Request
    path: str
    unsafe: bool
    kind: str
    cost: int


class Http:
    """A vendor's API under one base URL with one credential. Safe to use from many threads.

    Args:
        base_url: must be https unless it is on loopback.
        headers: called for each request, so that a credential can change.
        classify: the vendor's reading of an answer.
        budget: what this credential may spend.
        secrets: plain values that must never show; ``hide`` may be exchanged when they change.
        timeout: seconds for connecting, and between two pieces of an answer.
        attempts: how often a request is sent at most, or more about it; ``sleep`` waits between.
        system: the name in the log. ``max_body``: bytes of the largest answer that is read.
    """

    boundary: Callable[[str, str, str], None] = staticmethod(lambda *_: None)
    """Told "before" or "after", method and path, around each request (for kill tests)."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Callable[[], Mapping[str, str]],
        classify: Classify,
        budget: Budget,
        secrets: Sequence[str] = (),
        timeout: float = 60,
        attempts: int | Attempts = 4,
        system: str = "",
        user_agent: str = "agency-syncer",
        max_body: int = MAX_BODY,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        know(secrets)
        self.hide = Redactor(secrets)
        self._base = checked_base(base_url)
        self._headers = headers
        self._classify = classify
        self._budget = budget
        self._deadline = 5 * timeout
        self._max_body = max_body
        self._system = system
        self._client, self.clock = _client(self._base, timeout, user_agent), VendorClock()
        self._retrying = retrying(attempts, sleep)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        safe: bool | None = None,
        kind: str = "",
        cost: int = 1,
    ) -> Answer:
        """Send a request and give its answer: 2xx with JSON, or with nothing, in it.

        ``path`` begins with a slash (ids through :func:`segment`); ``params`` that are ``None``
        are left out. ``safe``: may be repeated if not answered (default: all but POST, PATCH).
        The budget counts it as ``cost`` requests of this ``kind``.

        Raises :class:`LookFirst` if an unsafe request may have taken effect, else the
        :class:`AdapterError` that ``classify`` made of the last attempt's answer.
        """
        method = method.upper()
        unsafe = not (method in SAFE if safe is None else safe)
        request = self._build(method, under(self._base, path), params, json, form)
        place = path.partition("?")[0]
        return self._retrying(self._once, _Call(request, place, unsafe, kind, cost))

    def get(self, path: str, **more: Any) -> Answer:
        """:meth:`request` with GET."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        """:meth:`request` with POST."""
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> Answer:
        """:meth:`request` with PUT."""
        return self.request("PUT", path, **more)

    def patch(self, path: str, **more: Any) -> Answer:
        """:meth:`request` with PATCH."""
        return self.request("PATCH", path, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        """:meth:`request` with DELETE."""
        return self.request("DELETE", path, **more)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __repr__(self) -> str:
        return f"Http({self._system or self._base})"

    def _build(
        self, method: str, url: str, params: Mapping[str, Any] | None, json: Any, form: Any
    ) -> httpx.Request:
        query = {key: value for key, value in (params or {}).items() if value is not None}
        try:
            target = httpx.URL(url).copy_merge_params(query) if query else httpx.URL(url)
            return self._client.build_request(method, target, json=json, data=form)
        except (httpx.InvalidURL, TypeError, ValueError, RecursionError) as error:
            # The text of the error may quote what was to be sent.
            raise SkipRecord(f"the request cannot be built ({type(error).__name__})") from None

    def _once(self, call: _Call) -> Answer:
        call.request.headers.update(self._credentials())
        try:
            with self._budget.slot(call.kind, call.cost):
                spend(self._system, self._budget.shares())
                answer = self._timed(call)
            error = meaning(answer, self._classify)
            if error is None:
                return answer
            slow_down(error, answer, self._budget)
            raise error
        except AdapterError as error:
            raise without_secrets(error, self.hide) from None

    def _credentials(self) -> Mapping[str, str]:
        headers = self._headers()
        for name, value in headers.items():
            if not (value.isascii() and value.isprintable()):
                raise StopConnection(f"the header {name} would hold a character it cannot carry")
        return headers

    def _timed(self, call: _Call) -> Answer:
        started = time.monotonic()
        method, path, status = call.request.method, self.hide(call.path), None
        self.boundary("before", method, path)
        try:
            answer = self._sent(call)
            status = answer.status
            return answer
        finally:
            ms = round((time.monotonic() - started) * 1000)
            about = {"method": method, "path": path, "status": status, "ms": ms}
            _log.info("http.request", system=self._system, **about)
            self.boundary("after", method, path)

    def _sent(self, call: _Call) -> Answer:
        started = VendorClock.ours()
        try:
            with within(self._deadline):
                response = self._client.send(call.request, stream=True)
                with closing(response):
                    coding = response.headers.get("content-encoding", "")
                    body = read(response.iter_raw(65536), coding, self._max_body)
        except _NO_ANSWER as error:
            sent = not isinstance(error, _NEVER_SENT)
            raise unanswered(_why(error), unsafe=call.unsafe, sent=sent) from None
        if body is None:
            raise too_large(self._max_body, response.status_code, unsafe=call.unsafe)
        headers = {key.lower(): value for key, value in response.headers.items()}
        at = self.clock.told(headers.get("date", ""), started)
        return Answer(response.status_code, headers, body, at, self.hide, call.unsafe)


@cache
def _tls() -> ssl.SSLContext:
    """One for all: reading the certificates takes longer than a request."""
    return httpx.create_ssl_context()


def _client(base: str, timeout: float, user_agent: str) -> httpx.Client:
    client = httpx.Client(
        verify=_tls(),
        timeout=timeout,
        follow_redirects=False,
        headers={
            "user-agent": user_agent,
            "accept": "application/json",
            "accept-encoding": ACCEPTED,
        },
        # A proxy from the environment must not see what is meant for this machine.
        trust_env=not is_loopback(urlsplit(base).hostname or ""),
    )
    # The library names no public place for this; a test that waits for an answer tells if it moves.
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx.HTTPTransport):
            pool: Any = transport._pool
            pool._network_backend = Punctual(pool._network_backend)
    return client


def _why(error: Exception) -> str:
    # This one quotes headers, in a form that redaction might not recognise.
    words = "" if isinstance(error, httpx.LocalProtocolError) else str(error)
    return f"{type(error).__name__} {words}".strip()
