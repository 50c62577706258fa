"""Serve a stand-in on a real loopback socket, in a thread of this process."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import uvicorn
from msgspec import Struct
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from syncer.adapterkit.sandbox.app import Desk, whole_body
from syncer.adapterkit.sandbox.control import PREFIX, control
from syncer.adapterkit.sandbox.core import Sandbox
from syncer.adapterkit.sandbox.faults import Match
from syncer.adapterkit.sandbox.moments import When
from syncer.model.values import Json

HOST: Final = "127.0.0.1"
_START: Final = 10.0

_lines: Final[dict[tuple[str, int, int], asyncio.Transport]] = {}
"""Open connections by their client's and our address, so that an app can drop its own."""


def _ends(transport: asyncio.BaseTransport) -> tuple[str, int, int]:
    host, port = transport.get_extra_info("peername")[:2]
    return host, port, transport.get_extra_info("sockname")[1]


class _Protocol(H11Protocol):
    """HTTP/1.1 that remembers its connections and writes no log: queries may hold tokens."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.access_log = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._ends = _ends(transport)
        _lines[self._ends] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        _lines.pop(self._ends, None)
        super().connection_lost(exc)


class _Line(Struct, frozen=True):
    """A connection that can be dropped."""

    transport: asyncio.Transport

    def cut(self) -> None:
        """Reset it: nothing more arrives, not even an end."""
        self.transport.abort()

    def hang_up(self) -> None:
        """Close it once what was written is out."""
        self.transport.close()


class _App(Struct, frozen=True):
    desk: Desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(PREFIX):
            body = await whole_body(receive)
            response = control(self.desk, scope["method"], scope["path"], body or b"")
            await response(scope, receive, send)
            return
        line = _Line(_lines[(*scope["client"], scope["server"][1])])
        await self.desk.serve(scope, receive, send, line)
        if line.transport.is_closing():
            # Only once the server has noticed is it past trying to answer.
            while (await receive())["type"] != "http.disconnect":
                pass


class Running:
    """A stand-in that is being served. A context manager: leaving it stops the server.

    ``url`` is its base, without a slash at the end.
    """

    def __init__(self, sandbox: Sandbox, port: int = 0) -> None:
        self.sandbox = sandbox
        self.desk = Desk(sandbox)
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._server = uvicorn.Server(_config(_App(self.desk)))
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name=f"sandbox {sandbox.system}"
        )
        self._thread.daemon = True
        self._thread.start()
        self._wait()

    @property
    def requests(self) -> list[dict[str, Json]]:
        """The log of requests so far."""
        with self.sandbox.lock:
            return list(self.desk.requests)

    @property
    def problems(self) -> list[str]:
        """Tracebacks of handlers that failed."""
        with self.sandbox.lock:
            return list(self.desk.problems)

    def fault(self, fault: dict[str, Any], *, nth: int = 1, times: int = 1, **match: str) -> None:
        """Ask for a fault, as ``POST /_sandbox/faults`` does; ``match``: method, path, user."""
        with self.sandbox.lock:
            self.desk.faults.order({"match": match, "nth": nth, "times": times, "fault": fault})

    def at(self, when: When, do: Callable[[], object], *, nth: int = 1, **match: str) -> None:
        """Let something happen right before or after a request; see :class:`Moments`."""
        with self.sandbox.lock:
            self.desk.moments.wait_for(when, do, nth, Match.model_validate(match))

    def connection(self, user: str) -> dict[str, object]:
        """The adapter's options to act as a user on this server."""
        return self.sandbox.connection(self.url, user)

    def close(self) -> None:
        """Stop and release the port."""
        self._server.should_exit = True
        self._thread.join(_START)
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _wait(self) -> None:
        until = time.monotonic() + _START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError(f"the {self.sandbox.system} sandbox did not start")
            time.sleep(0.005)


def serve(sandbox: Sandbox, port: int = 0) -> Running:
    """Serve a sandbox on loopback.

    Args:
        sandbox: filled or not; see :meth:`Sandbox.start_with`.
        port: 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    return Running(sandbox, port)


def _listen(port: int) -> socket.socket:
    # With the protocol named, asyncio switches off the delay that small answers would meet.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: _App) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        # The vendor's clock is the sandbox's, and vendors do not say what they run on.
        date_header=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )
