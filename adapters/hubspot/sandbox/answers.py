"""The shapes of HubSpot's answers: envelopes, errors, times."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct, field
from starlette.responses import HTMLResponse, Response

from syncer.adapterkit.sandbox import Refusal, reply
from syncer.model.values import instant_text

CORRELATION: Final = "X-HubSpot-Correlation-Id"

_CATEGORIES: Final = {
    400: ("VALIDATION_ERROR", "Invalid input"),
    401: ("INVALID_AUTHENTICATION", "Authentication credentials not found or not valid"),
    403: ("MISSING_SCOPES", "This app hasn't been granted all required scopes"),
    404: ("OBJECT_NOT_FOUND", "resource not found"),
    405: ("METHOD_NOT_ALLOWED", "method not allowed"),
    409: ("CONFLICT", "conflict"),
    423: ("LOCKED", "the resource is locked"),
    429: ("RATE_LIMITS", "You have reached your ten_secondly_rolling limit."),
}
_PAGES: Final = frozenset({414, 502, 503, 504, *range(520, 528)})
"""Statuses that come from the edge, as a page for people."""


class Problem(Struct, frozen=True):
    """A complaint about one property."""

    name: str
    code: str
    message: str

    def detail(self) -> dict[str, Any]:
        """As it stands in ``errors``."""
        context = {"propertyName": [self.name]}
        return {"message": self.message, "code": self.code, "context": context}

    def nested(self) -> dict[str, Any]:
        """As it stands inside the message."""
        said = {"message": self.message, "localizedErrorMessage": self.message}
        return {"isValid": False, "error": self.code, "name": self.name, **said}


class Fault(Struct, frozen=True):
    """Why a row, or a whole call, is refused."""

    category: str
    message: str
    status: int = 400
    problems: tuple[Problem, ...] = ()
    context: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sub: str | None = None

    def row(self, context: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
        """As a row of a batch's ``errors``."""
        told = {name: list(values) for name, values in {**self.context, **(context or {})}.items()}
        body: dict[str, Any] = {
            "status": "error",
            "category": self.category,
            "message": self.message,
            "context": told,
            "errors": [problem.detail() for problem in self.problems],
            "links": {},
        }
        return body | ({"subCategory": self.sub} if self.sub else {})

    def response(self) -> Response:
        """As the answer to a whole call."""
        more: dict[str, Any] = {}
        if self.problems:
            more["errors"] = [problem.detail() for problem in self.problems]
        if self.sub:
            more["subCategory"] = self.sub
        if self.context:
            more["context"] = {name: list(values) for name, values in self.context.items()}
        return envelope(self.status, self.category, self.message, **more)

    def refusal(self) -> Refusal:
        """To be raised by a handler."""
        return Refusal(self.response())


def invalid(message: str, **more: Any) -> Fault:
    """A fault in what was sent."""
    return Fault("VALIDATION_ERROR", message, **more)


def invalid_values(problems: Sequence[Problem]) -> Fault:
    """Values that properties cannot take; HubSpot writes the list into the message."""
    listed = json.dumps([problem.nested() for problem in problems])
    return invalid(f"Property values were not valid: {listed}", problems=tuple(problems))


def not_found(message: str = "resource not found", **more: Any) -> Fault:
    """Something that is not there."""
    return Fault("OBJECT_NOT_FOUND", message, 404, **more)


def envelope(status: int, category: str, message: str, **more: Any) -> Response:
    """An error answer."""
    correlation = str(uuid.uuid4())
    body = {"status": "error", "message": message, "correlationId": correlation}
    return reply({**body, "category": category, **more}, status, {CORRELATION: correlation})


def failure(status: int) -> Response:
    """An answer of this status in HubSpot's own shape."""
    if status in _PAGES:
        return HTMLResponse(f"<html><body><h1>{status}</h1></body></html>", status)
    category, message = _CATEGORIES.get(status, ("INTERNAL_ERROR", "internal error"))
    if status == 403:
        scopes = {"requiredGranularScopes": ["crm.objects.deals.write"]}
        errors = [{"message": "One or more scopes are required.", "context": scopes}]
        return envelope(status, category, message, errors=errors)
    response = envelope(status, category, message)
    if status == 477:
        response.headers["Retry-After"] = "3600"
    return response


def too_many(search: bool) -> Response:
    """A 429, without Retry-After; search tells its limit in words only."""
    if search:
        return envelope(429, "RATE_LIMITS", "You have reached your secondly limit.")
    more = {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}
    return envelope(429, *_CATEGORIES[429], **more)


def stamp(moment: datetime) -> str:
    """A time as HubSpot writes it."""
    return instant_text(moment)


def epoch(moment: datetime) -> int:
    """A time in milliseconds since 1970."""
    return int(moment.astimezone(UTC).timestamp() * 1000)


def batch(
    results: Sequence[Any],
    at: datetime,
    errors: Sequence[Any] = (),
    done: int = 200,
    partly: int = 207,
) -> Response:
    """The answer to a batch."""
    told = {"startedAt": stamp(at), "completedAt": stamp(at)}
    body: dict[str, Any] = {"status": "COMPLETE", "results": list(results), **told}
    if not errors:
        return reply(body, done)
    return reply({**body, "numErrors": len(errors), "errors": list(errors)}, partly)


def page(results: Sequence[Any], after: str | None, **more: Any) -> dict[str, Any]:
    """One page of a list; ``after`` leads to the next."""
    body: dict[str, Any] = {**more, "results": list(results)}
    if after is not None:
        body["paging"] = {"next": {"after": after, "link": f"?after={after}"}}
    return body
