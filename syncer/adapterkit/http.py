"""The one door to the network.

Every request has a time-out, spends from its credential's budget, is retried where that is
safe, leaves one log event and never lets a secret into an error.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from msgspec import Struct

from syncer.adapterkit.answer import Answer, Classify, by_status
from syncer.adapterkit.clock import VendorClock
from syncer.adapterkit.errors import AdapterError, StopConnection, WaitAndRetry
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.outcome import meaning, slow_down, too_large, unanswered, without_secrets
from syncer.adapterkit.redact import Redactor, know
from syncer.adapterkit.retry import Attempts, retrying
from syncer.adapterkit.urls import checked_base, segment
from syncer.adapterkit.usage import spend
from syncer.adapterkit.wire import NoAnswer, Parcel, Wire

__all__ = ["Answer", "Classify", "Http", "by_status", "segment"]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
MAX_BODY: Final = 64 * 1024 * 1024
_log = structlog.get_logger(__name__)


class _Call(Struct, frozen=True):
    """One request as it will be sent, perhaps several times."""

    parcel: Parcel
    path: str
    unsafe: bool
    kind: str
    cost: int
    raw: bool


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
        self._max_body, self._system = max_body, system
        self.clock = VendorClock()
        self._wire = Wire(self._base, timeout, user_agent, max_body)
        self._attempts, self._sleep = attempts, sleep

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
        raw: bool = False,
    ) -> Answer:
        """Send a request and give its answer: 2xx with JSON, or with nothing, in it.

        ``path`` begins with a slash (ids through :func:`segment`); ``params`` that are ``None``
        are left out. ``safe``: may be repeated if not answered (default: all but POST, PATCH).
        The budget counts it as ``cost`` requests of this ``kind``. ``raw``: the caller reads the
        bytes; that they are JSON is looked at, and nothing is made of them.

        Raises :class:`LookFirst` if an unsafe request may have taken effect, else the
        :class:`AdapterError` that ``classify`` made of the last attempt's answer.
        """
        method = method.upper()
        unsafe = not (method in SAFE if safe is None else safe)
        parcel = self._wire.parcel(method, path, params, json, form)
        call = _Call(parcel, path.partition("?")[0], unsafe, kind, cost, raw)
        try:
            return self._once(call)
        except WaitAndRetry as error:
            # Nearly every request is answered at once: what counts attempts begins here.
            first = [error]
        return retrying(self._attempts, self._sleep)(self._again, call, first)

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
        self._wire.close()

    def __repr__(self) -> str:
        return f"Http({self._system or self._base})"

    def _again(self, call: _Call, failed: list[WaitAndRetry]) -> Answer:
        """An attempt; the first one has failed already."""
        if failed:
            raise failed.pop()
        return self._once(call)

    def _once(self, call: _Call) -> Answer:
        credentials = self._credentials()
        try:
            with self._budget.slot(call.kind, call.cost):
                spend(self._system, self._budget)
                answer = self._timed(call, credentials)
            error = meaning(answer, self._classify, raw=call.raw)
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

    def _timed(self, call: _Call, credentials: Mapping[str, str]) -> Answer:
        started = time.monotonic()
        method, path, status = call.parcel.method, self.hide(call.path), None
        self.boundary("before", method, path)
        try:
            answer = self._sent(call, credentials)
            status = answer.status
            return answer
        finally:
            ms = round((time.monotonic() - started) * 1000)
            about = {"method": method, "path": path, "status": status, "ms": ms}
            _log.debug("http.request", system=self._system, **about)
            self.boundary("after", method, path)

    def _sent(self, call: _Call, credentials: Mapping[str, str]) -> Answer:
        started = VendorClock.ours()
        try:
            reply = self._wire.send(call.parcel, credentials)
        except NoAnswer as error:
            raise unanswered(str(error), unsafe=call.unsafe, sent=error.sent) from None
        if reply.body is None:
            raise too_large(self._max_body, reply.status, unsafe=call.unsafe)
        at = self.clock.told(reply.headers.get("date", ""), started)
        return Answer(reply.status, reply.headers, reply.body, at, self.hide, call.unsafe)
