"""HubSpot's own OpenAPI documents of 2026-09 as the referee of requests and answers.

The files are stricter than the server and than HubSpot's prose in a few places (wire guide,
section 2); what is known to differ is listed here.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from starlette.responses import Response

from adapters.hubspot.sandbox import HubSpotSandbox
from syncer.adapterkit.sandbox import Handler, SandboxRequest
from tests.shared import SHARED

PLACE = SHARED / "vendors" / "specs"
FILES = (
    "companies",
    "deals",
    "objects",
    "properties",
    "owners",
    "pipelines",
    "associations",
    "account-info",
)
PROSE = {"sorts"}
"""The prose has sorts as objects of name and direction, the files as texts."""


@dataclass
class Exchange:
    """A request as the adapter sent it, and the answer."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    status: int
    answer: Any


class Recording(HubSpotSandbox):
    """The stand-in, keeping what goes over the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.exchanges: list[Exchange] = []

    def _metered(self, handler: Handler) -> Any:
        metered = super()._metered(handler)

        def answer(request: SandboxRequest) -> Response:
            response: Response = metered(request)
            body = json.loads(bytes(response.body)) if response.body else None
            asked = request.json()
            told = (request.method, request.path, request.query, asked, response.status_code, body)
            self.exchanges.append(Exchange(*told))
            return response

        return answer


@cache
def _document(name: str) -> Any:
    return json.loads((PLACE / f"hubspot-{name}.json").read_text(encoding="utf-8"))


def _operations(method: str, path: str) -> Iterator[tuple[Any, Any]]:
    """Documents and operations that a request can mean, those of exact paths first."""
    found = []
    for name in FILES:
        document = _document(name)
        for template, methods in document["paths"].items():
            pattern = re.sub(r"\{\w+\}", "[^/]+", template)
            if re.fullmatch(pattern, path) and method.lower() in methods:
                found.append((template.count("{"), document, methods[method.lower()]))
    found.sort(key=lambda item: item[0])
    yield from ((document, operation) for _, document, operation in found)


def complaints(exchange: Exchange) -> list[str]:
    """What the documents have against a request and its answer."""
    where = f"{exchange.method} {exchange.path}"
    operations = list(_operations(exchange.method, exchange.path))
    if not operations:
        return [f"{where}: no such operation"]
    document, operation = operations[0]
    said = [f"{where}: {text}" for text in _of_request(document, operation, exchange)]
    return said + [f"{where} answer: {text}" for text in _of_answer(operations, exchange)]


def _of_request(document: Any, operation: Any, exchange: Exchange) -> Iterator[str]:
    known = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
    yield from (f"no parameter {name}" for name in exchange.query if name not in known)
    if exchange.body is not None:
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        body = {k: v for k, v in exchange.body.items() if k not in PROSE}
        yield from (text for text in _invalid(document, schema, body) if "'sorts'" not in text)


def _of_answer(operations: list[tuple[Any, Any]], exchange: Exchange) -> Iterator[str]:
    if exchange.status >= 400:
        return
    for document, operation in operations:
        told = operation["responses"].get(str(exchange.status))
        if told is not None:
            content = told.get("content", {})
            schema = next((kind["schema"] for kind in content.values()), None)
            if schema is not None:
                yield from _invalid(document, schema, _without_nulls(exchange.answer))
            return
    if exchange.status != 207:  # a part that failed is told for some objects only
        yield f"status {exchange.status} is not one of those listed"


def _invalid(document: Any, schema: Any, value: Any) -> list[str]:
    if schema is None:
        return ["a body where none belongs"]
    whole = {**schema, "components": document["components"]}
    return [error.message[:200] for error in Draft202012Validator(whole).iter_errors(value)]


def _without_nulls(value: Any) -> Any:
    """Empty properties come as null, which the documents leave out."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value
