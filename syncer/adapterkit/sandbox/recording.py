"""Keeps what goes over a stand-in's wire, for whoever judges it later.

Where the environment variable ``SYNCER_SANDBOX_RECORD`` names a directory, each process that
serves stand-ins writes a file of JSON lines there. A line is an exchange as :meth:`Recorder.note`
describes it, or only the ``hash`` of one that stands further up in the same file: exchanges
that differ in nothing but digits and the letters a to f (ids, dates, numbers) are written once.
Lines are written at once, so those of a killed process are there. Tokens never are.
"""

import json
import os
import threading
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Match, Route

from syncer.adapterkit.redact import MASK
from syncer.adapterkit.sandbox.core import Sandbox, SandboxRequest
from syncer.adapterkit.sandbox.faults import Fault

VARIABLE: Final = "SYNCER_SANDBOX_RECORD"
"""The environment variable that names the directory."""

_ALIKE: Final = bytes.maketrans(b"123456789abcdef", b"0" * 15)
_HEADERS: Final = ("content-type", "location", "retry-after")
_CREDENTIALS: Final = ("key", "token")


class Recorder:
    """One process's file of exchanges.

    Args:
        folder: made if it is missing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.process = os.getpid()
        place = folder / f"{self.process}-{uuid4().hex[:8]}.jsonl"
        # Open for as long as the process lives; a line goes out in one write.
        self._file = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lock = threading.Lock()
        self._known: set[str] = set()

    def note(
        self,
        sandbox: Sandbox,
        routes: Sequence[Route],
        request: SandboxRequest,
        response: Response | None,
        fault: Fault | None,
    ) -> None:
        """Write an exchange, as it was before the connection was cut or the answer cut short.

        Keys of the line: ``hash``, ``system``, ``agent`` (the user agent), ``user`` (short name
        of the caller or null), ``method``, ``path``, ``route`` (the stand-in's template, null if
        there is none), ``params`` (of the template), ``query`` (pairs), ``type`` and ``body`` of
        the request, ``status``, ``headers`` and ``answer`` (null if none was made), ``fault``
        (in words) and ``injected`` (the answer is the fault's, not the stand-in's). Bodies are
        JSON, or text where they are none.
        """
        answer = bytes(response.body) if response is not None else b""
        key = self._key(sandbox, request, response, answer)
        with self._lock:
            if key in self._known:
                os.write(self._file, b'{"hash": "%s"}\n' % key.encode())
                return
            self._known.add(key)
            told = {"hash": key, **_exchange(sandbox, routes, request, response, answer, fault)}
            os.write(self._file, _without(sandbox, json.dumps(told)).encode() + b"\n")

    @staticmethod
    def _key(
        sandbox: Sandbox, request: SandboxRequest, response: Response | None, answer: bytes
    ) -> str:
        status = response.status_code if response is not None else None
        query = [pair for pair in request.queries if pair[0] not in _CREDENTIALS]
        head = (
            sandbox.system,
            request.method,
            request.path,
            query,
            request.headers.get("user-agent"),
        )
        digest = blake2b(
            repr(head).encode("utf-8", "surrogatepass").translate(_ALIKE), digest_size=8
        )
        digest.update(str(status).encode())
        digest.update(request.body.translate(_ALIKE))
        digest.update(b"|" + answer.translate(_ALIKE))
        return digest.hexdigest()


def _exchange(
    sandbox: Sandbox,
    routes: Sequence[Route],
    request: SandboxRequest,
    response: Response | None,
    answer: bytes,
    fault: Fault | None,
) -> dict[str, Any]:
    route, params = _route(routes, request)
    told = response.headers if response is not None else {}
    return {
        "system": sandbox.system,
        "agent": request.headers.get("user-agent", ""),
        "user": request.caller.name if request.caller else None,
        "method": request.method,
        "path": request.path,
        "route": route,
        "params": params,
        "query": [pair for pair in request.queries if pair[0] not in _CREDENTIALS],
        "type": request.headers.get("content-type"),
        "body": _value(request.body),
        "status": response.status_code if response is not None else None,
        "headers": {name: told[name] for name in _HEADERS if name in told},
        "answer": _value(answer),
        "fault": str(fault) if fault else None,
        "injected": fault is not None and fault.status is not None,
    }


def _route(routes: Sequence[Route], request: SandboxRequest) -> tuple[str | None, dict[str, Any]]:
    scope = {"type": "http", "path": request.path, "method": request.method, "headers": []}
    for route in routes:
        match, child = route.matches(scope)
        if match is Match.FULL:
            return route.path, dict(child["path_params"])
    return None, {}


def _value(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _without(sandbox: Sandbox, line: str) -> str:
    """The line without tokens, as they are or percent-encoded."""
    for secret in sandbox.secret_values():
        for form in (secret, quote(secret, safe="")):
            line = line.replace(form, MASK)
    return line


_recorders: Final[dict[str, Recorder]] = {}
_guard: Final = threading.Lock()


def recorder() -> Recorder | None:
    """This process's recorder into the directory that the environment names, if it names one."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        return None
    with _guard:
        found = _recorders.get(folder)
        if found is None or found.process != os.getpid():
            found = _recorders[folder] = Recorder(Path(folder))
        return found
