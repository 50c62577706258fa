"""Holds an exchange against the vendor's document: openapi-core, and what it lets pass.

openapi-core checks parameters, bodies and answers. On top of that: query parameters and keys
of bodies that the document does not name, and bodies where none is described.
"""

import json
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openapi_core.datatypes import RequestParameters
from openapi_core.validation.request.exceptions import ParameterValidationError
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.referee.complaints import Complaint
from tests.referee.documents import Operation, dialect, escaped
from tests.referee.exchanges import Exchange
from tests.referee.known import INSTEAD, at
from tests.referee.names import unnamed


@dataclass
class _Request:
    """A request as openapi-core wants it."""

    host_url: str
    path: str
    path_pattern: str
    method: str
    parameters: RequestParameters
    body: bytes | None
    content_type: str


@dataclass
class _Response:
    """An answer as openapi-core wants it."""

    status_code: int
    headers: dict[str, str]
    content_type: str
    data: bytes | None


def judged(exchange: Exchange, found: list[Operation]) -> Iterator[Complaint]:
    """Everything that the documents have against an exchange.

    The request of a stranger is not judged: it is the vendor's own. Nor are the requests that
    tests send by hand, which are often wrong on purpose.
    """
    operation = found[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        request = _request(exchange, operation)
        if exchange.ours:
            yield from _of_request(exchange, operation, request)
        if exchange.status is not None and not exchange.injected:
            told = [one for one in found if str(exchange.status) in one.told["responses"]]
            yield from _of_answer(exchange, told[0] if told else operation, request)


def _of_request(exchange: Exchange, operation: Operation, request: _Request) -> Iterator[Complaint]:
    document, name = operation.document, _named(operation, exchange)
    known = operation.parameters("query")
    for key, value in dict(request.parameters.query).items():
        if key not in known:
            yield Complaint(name, f"query {key}", "unnamed", value, f"no parameter {key}")
    for error in document.requests.iter_errors(request):
        given = exchange.body
        if isinstance(error, ParameterValidationError):
            given = _given(exchange, request, error.name)
        yield from _told(error, name, document.raw, _body_schema(operation), ("body", given))
    schema = _body_schema(operation)
    body = exchange.body if request.body else None
    if body is not None and schema is None:
        yield Complaint(name, "body", "unnamed", body, "a body where none is described")
    elif body is not None and schema is not None:
        for place, key, value in unnamed(document.raw, (schema, at(document.raw, schema)), body):
            yield Complaint(name, place, f"unnamed {key}", value, f"no key {key} in the request")


def _of_answer(exchange: Exchange, operation: Operation, request: _Request) -> Iterator[Complaint]:
    document, name, status = operation.document, _named(operation, exchange), str(exchange.status)
    responses = operation.told["responses"]
    if status not in responses and ("default" not in responses or status < "400"):
        yield Complaint(name, f"status {status}", "unnamed", exchange.answer, "is not described")
        return
    data = None if exchange.answer is None else _json(exchange.answer, exchange)
    kind = exchange.headers.get("content-type", "application/json").lower()
    response = _Response(exchange.status or 0, exchange.headers, kind, data)
    schema = answer_schema(operation, status)
    for error in document.responses.iter_errors(request, response):
        yield from _told(error, name, document.shown, schema, ("answer", exchange.answer))
    if schema is not None:
        shown = (schema, at(document.shown, schema))
        for place, key, value in unnamed(document.shown, shown, exchange.answer):
            rule = key if key == INSTEAD else f"unnamed {key}"
            yield Complaint(name, place, rule, value, f"no key {key} in the answer")


def _given(exchange: Exchange, request: _Request, name: str) -> Any:
    """The value of a parameter, ``absent`` if there is none."""
    body = exchange.body if isinstance(exchange.body, dict) else {}
    return dict(request.parameters.query).get(name, body.get(name, "absent"))


def _json(value: Any, exchange: Exchange) -> bytes:
    text = isinstance(value, str) and "json" not in exchange.headers.get("content-type", "")
    return value.encode("utf-8", "replace") if text else json.dumps(value).encode()


def _named(operation: Operation, exchange: Exchange) -> str:
    return f"{operation.document.name}: {operation.name}{dialect(exchange.path)}"


def _request(exchange: Exchange, operation: Operation) -> _Request:
    query, body = list(exchange.query), exchange.body
    if "requestBody" not in operation.told and isinstance(body, dict):
        # Trello takes its parameters in a JSON body as well (guide, 1).
        query += [(name, _text(value)) for name, value in body.items() if value is not None]
        body = None
    steps = operation.document.base + operation.path
    names = steps.rstrip("/").split("/")
    given = exchange.path.rstrip("/").split("/")
    blanks = zip(names[::-1], given[::-1], strict=False)
    path = {n[1 : n.index("}")]: _filled(n, g) for n, g in blanks if n[:1] == "{"}
    parameters = RequestParameters(
        query=ImmutableMultiDict(query), header=Headers(), cookie=ImmutableMultiDict(), path=path
    )
    return _Request(
        operation.document.host,
        exchange.path,
        steps,
        operation.method,
        parameters,
        None if body is None else json.dumps(body).encode(),
        (exchange.type or "").lower(),
    )


def _filled(blank: str, given: str) -> str:
    """What stands in a blank; Google puts a verb behind it: ``{id}:runReport``."""
    return given.removesuffix(blank[blank.index("}") + 1 :])


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def _body_schema(operation: Operation) -> str | None:
    told = operation.told.get("requestBody")
    place = f"{operation.pointer}/requestBody"
    if isinstance(told, dict) and "$ref" in told:
        place = told["$ref"].removeprefix("#/")
    return _schema(place, operation.document.resolved(told))


def answer_schema(operation: Operation, status: str) -> str | None:
    """The pointer of the schema of an answer of this status; ``None`` where none is told."""
    shown = operation.document.shown
    responses = at(shown, operation.pointer)["responses"]
    if status not in responses and "default" not in responses:
        return None
    key = status if status in responses else "default"
    place = f"{operation.pointer}/responses/{key}"
    if "$ref" in responses[key]:
        place = responses[key]["$ref"].removeprefix("#/")
    return _schema(place, at(shown, place))


def _schema(place: str, told: Any) -> str | None:
    content = (told or {}).get("content", {})
    for kind in content:
        if "json" in kind:
            return f"{place}/content/{escaped(kind)}/schema" if "schema" in content[kind] else None
    return None


def _told(
    error: Exception, name: str, raw: Any, schema: str | None, whole: tuple[str, Any]
) -> Iterator[Complaint]:
    """An error of openapi-core in our words. ``whole``: the place and value if it has none."""
    cause = error.__cause__
    place: str | None = None
    if isinstance(error, ParameterValidationError):
        place = f"{error.location} {error.name}"
        whole = (place, whole[1])
    if not isinstance(cause, InvalidSchemaValue):
        rule, text = type(cause or error).__name__, f"{error}: {cause}" if cause else str(error)
        yield Complaint(name, whole[0], rule, whole[1], text)
        return
    for found in cause.schema_errors:
        where = place or _pointer(raw, str(schema), found.absolute_schema_path)
        yield Complaint(name, where, str(found.validator), found.instance, _why(found))


def _why(found: Any) -> str:
    """What an error says; of a choice of schemas what the nearest of them says."""
    inner = min(found.context, key=lambda e: len(e.path) * -1, default=None)
    return str(found.message)[:300] + (f" ({inner.message[:200]})" if inner is not None else "")


def _pointer(raw: Any, schema: str, steps: Any) -> str:
    """Where the broken rule stands: references are followed, but for one at the very end."""
    place = schema
    for step in list(steps)[:-1]:
        if step == "$ref":
            continue
        node = at(raw, place)
        while "$ref" in node and step not in node:
            place = node["$ref"].removeprefix("#/")
            node = at(raw, place)
        place = f"{place}/{escaped(step)}"
    return place
