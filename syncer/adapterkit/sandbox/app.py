"""The way of a request through a stand-in: who, faults, limits, handler, log."""

import asyncio
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl

from msgspec.structs import replace
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from syncer.adapterkit.redact import Redactor
from syncer.adapterkit.sandbox.core import Sandbox, SandboxRequest, dispatch
from syncer.adapterkit.sandbox.faults import Fault, Faults
from syncer.adapterkit.sandbox.moments import Moments
from syncer.adapterkit.sandbox.recording import recorder
from syncer.adapterkit.sandbox.windows import Windows
from syncer.model.values import Json


class Line(Protocol):
    """The connection that a request came by."""

    def cut(self) -> None:
        """Reset it."""

    def hang_up(self) -> None:
        """Close it once what was written is out."""


@dataclass
class Desk:
    """A sandbox as it is being served: its faults, limits and the log of its requests."""

    sandbox: Sandbox
    faults: Faults = field(default_factory=Faults)
    moments: Moments = field(default_factory=Moments)
    windows: Windows = field(default_factory=Windows)
    requests: list[dict[str, Json]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Tracebacks of handlers that failed: faults of the stand-in itself."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """What it held before, by the names that tests gave."""

    def __post_init__(self) -> None:
        self._routes = self.sandbox.routes()
        self._recorder = recorder()

    async def serve(self, scope: Scope, receive: Receive, send: Send, line: Line) -> None:
        """Answer one request."""
        request = await self._read(scope, receive)
        if request is None:
            return
        with self.sandbox.lock:
            request = replace(request, caller=self._caller(request))
            who = request.caller.name if request.caller else None
            fault = self.faults.take(request.method, request.path, who)
            moments = self.moments.take(request.method, request.path, who)
            response = self._refused(request, fault)
        pause = fault.slow if response is None and fault is not None else None
        if pause and fault and not fault.late:
            await asyncio.sleep(pause)
        await self._happen(moments["before"])
        with self.sandbox.lock:
            if response is None:
                response = self._handled(request, fault)
            self._log(request, response, fault)
        await self._happen(moments["after"])
        if pause and fault and fault.late:
            await asyncio.sleep(pause)
        if response is None or (fault is not None and fault.drop == "after"):
            line.cut()
            return
        await self._send(response, fault, send, line)

    async def _happen(self, moments: Sequence[Callable[[], object]]) -> None:
        """Let what a test brought along happen, outside the lock: it sends requests itself."""
        for moment in moments:
            try:
                await asyncio.to_thread(moment)
            except Exception:  # noqa: BLE001 - the request goes on; tests look at problems
                self.problems.append(traceback.format_exc())

    async def _read(self, scope: Scope, receive: Receive) -> SandboxRequest | None:
        """The whole request, ``None`` if the client went away before it was."""
        body = await whole_body(receive)
        if body is None:
            return None
        queries = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        return SandboxRequest(
            scope["method"], scope["path"], {}, tuple(queries), headers, body, self._bad_json
        )

    def _bad_json(self, request: SandboxRequest) -> Response:
        return self.sandbox.failure(400, request)

    def _caller(self, request: SandboxRequest) -> Any:
        user = self.sandbox.user_of(request)
        return None if user is None or user.name in self.sandbox.revoked else user

    def _refused(self, request: SandboxRequest, fault: Fault | None) -> Response | None:
        """The answer to what does not get as far as a handler; else it is under way."""
        if fault is not None and fault.status is not None and not fault.late:
            return _injected(self.sandbox, fault, request)
        if request.caller is None:
            return self.sandbox.unauthorised(request)
        if not self.windows.admit(self.sandbox, request):
            return self.sandbox.failure(429, request)
        return None

    def _handled(self, request: SandboxRequest, fault: Fault | None) -> Response | None:
        """The handler's answer; ``None`` if the connection drops before it is reached."""
        try:
            if fault is not None and fault.drop == "before":
                return None
            response = dispatch(self.sandbox, self._routes, request)
            late = fault is not None and fault.late and fault.status is not None
            return _injected(self.sandbox, fault, request) if fault and late else response
        except Exception:  # noqa: BLE001 - a vendor would answer 500 as well; tests look at problems
            self.problems.append(traceback.format_exc())
            sys.stderr.write(self.problems[-1])
            return self.sandbox.failure(500, request)
        finally:
            self.windows.leave(self.sandbox, request)

    def _log(self, request: SandboxRequest, response: Response | None, fault: Any) -> None:
        if self._recorder is not None:
            self._recorder.note(self.sandbox, self._routes, request, response, fault)
        hide = Redactor(self.sandbox.secret_values())
        entry: dict[str, Json] = {
            "method": request.method,
            "path": hide(request.path),
            "query": {name: hide(value) for name, value in request.query.items()},
            "status": response.status_code if response is not None else None,
            "user": request.caller.name if request.caller else None,
        }
        self.requests.append(entry | ({"fault": str(fault)} if fault else {}))

    async def _send(self, response: Response, fault: Fault | None, send: Send, line: Line) -> None:
        cut = fault.cut if fault else None
        body = bytes(response.body)
        sent = body[:cut] if isinstance(cut, int) else body
        if response.status_code not in (204, 304):
            response.headers["content-length"] = str(len(sent) if cut != "page" else len(body))
        if "date" not in response.headers:
            response.headers["date"] = self._date()
        head = {"status": response.status_code, "headers": response.raw_headers}
        await send({"type": "http.response.start", **head})
        if cut == "page":
            half = {"body": body[: len(body) // 2], "more_body": True}
            await send({"type": "http.response.body", **half})
            line.hang_up()
            return
        await send({"type": "http.response.body", "body": sent})

    def _date(self) -> str:
        # Looking at the clock for a header must not make the vendor's time go on.
        clock = self.sandbox.now
        return format_datetime(getattr(clock, "peek", clock)(), usegmt=True)


async def whole_body(receive: Receive) -> bytes | None:
    """The body of a request, ``None`` if the client went away before it was whole."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _injected(sandbox: Sandbox, fault: Fault, request: SandboxRequest) -> Response:
    status = fault.status or 500
    if fault.body is not None:
        return Response(fault.body, status, fault.headers)
    response = sandbox.failure(status, request)
    response.headers.update(fault.headers)
    return response
