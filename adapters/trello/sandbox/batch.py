"""GET /batch: up to ten GETs in one request (guide, 3.3)."""

from collections.abc import Callable
from json import loads
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from msgspec.structs import replace
from starlette.responses import Response

from adapters.trello.sandbox.calls import Call, refuse
from adapters.trello.sandbox.store import Object
from syncer.adapterkit.sandbox import Refusal, SandboxRequest, reply

MOST: Final = 10
Dispatch = Callable[[SandboxRequest], Response]


def urls(request: SandboxRequest) -> list[str]:
    """The routes of a batch."""
    return [url for url in request.query.get("urls", "").split(",") if url]


def get(call: Call, dispatch: Dispatch) -> Response:
    """One answer per route, keyed by its status; what failed is an object that says why."""
    wanted = urls(call.request)
    if not wanted or len(wanted) > MOST or not all(url.startswith("/") for url in wanted):
        refuse(400, "Invalid urls")
    return reply([_one(call.request, url, dispatch) for url in wanted])


def _one(request: SandboxRequest, url: str, dispatch: Dispatch) -> Object:
    path, _, query = url.partition("?")
    pairs = tuple(
        (name, unquote(value)) for name, value in parse_qsl(query, keep_blank_values=True)
    )
    inner = replace(request, path=f"/1{path}", queries=pairs, body=b"")
    try:
        response = dispatch(inner)
    except Refusal as refusal:
        response = refusal.response
    text: Any = bytes(response.body).decode()
    if response.status_code == 200:
        return {"200": loads(text)}
    return {"name": "Error", "message": text, "statusCode": response.status_code}
