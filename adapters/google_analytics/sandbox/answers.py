"""The shapes of Google's answers and errors (guide, 10)."""

from typing import Any, Final

from starlette.responses import Response

from syncer.adapterkit.sandbox import Refusal, reply

_ABOUT_IDS: Final = (
    "To learn more about Property ID, see"
    " https://developers.google.com/analytics/devguides/reporting/data/v1/property-id."
)
STATUSES: Final = {
    400: ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    401: ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
    403: (
        "PERMISSION_DENIED",
        f"User does not have sufficient permissions for this property. {_ABOUT_IDS}",
    ),
    404: ("NOT_FOUND", "Requested entity was not found."),
    429: ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    500: ("INTERNAL", "Internal error encountered."),
    501: ("UNIMPLEMENTED", "Operation is not implemented, or supported, or enabled."),
    503: ("UNAVAILABLE", "The service is currently unavailable."),
    504: ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}
SERVICES: Final = {
    "data": ("analyticsdata.googleapis.com", "Google Analytics Data API"),
    "admin": ("analyticsadmin.googleapis.com", "Google Analytics Admin API"),
}
_TYPE: Final = {"content-type": "application/json; charset=UTF-8"}
_INFO: Final = "type.googleapis.com/google.rpc.ErrorInfo"

Json = dict[str, Any]


def answer(value: Json) -> Response:
    """An answer of a report or a resource."""
    return reply(value, headers=_TYPE)


def failure(code: int, message: str = "", *details: Json, **headers: str) -> Response:
    """An error; without a message the usual one of its status."""
    status, usual = STATUSES.get(code, ("UNKNOWN", "Unknown error."))
    error: Json = {"code": code, "message": message or usual, "status": status}
    if details:
        error["details"] = list(details)
    return reply({"error": error}, code, {**_TYPE, **headers})


def refusal(code: int, message: str = "", *details: Json) -> Refusal:
    """The same, to be raised by a handler."""
    return Refusal(failure(code, message, *details))


def invalid(message: str) -> Refusal:
    """A request that is wrong whenever it is sent."""
    return refusal(400, message)


def reason(word: str, **metadata: str) -> Json:
    """A detail by which programs tell errors of one status apart."""
    told: Json = {"@type": _INFO, "reason": word, "domain": "googleapis.com"}
    return told | ({"metadata": metadata} if metadata else {})


def unauthenticated(service: str, sent: bool) -> Response:
    """A 401: nothing was sent, or what was sent is not good any more."""
    wanted = (
        "Expected OAuth 2 access token, login cookie or other valid authentication credential."
        " See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    first = (
        "Request had invalid authentication credentials."
        if sent
        else "Request is missing required authentication credential."
    )
    word = "ACCESS_TOKEN_EXPIRED" if sent else "CREDENTIALS_MISSING"
    detail = reason(word, service=SERVICES[service][0])
    response = failure(401, f"{first} {wanted}", detail)
    error = ', error="invalid_token"' if sent else ""
    response.headers["WWW-Authenticate"] = f'Bearer realm="https://accounts.google.com/"{error}'
    return response


def disabled(service: str, project: str) -> Refusal:
    """The API is not switched on in the caller's Cloud project."""
    host, title = SERVICES[service]
    link = f"https://console.developers.google.com/apis/api/{host}/overview?project={project}"
    message = (
        f"{title} has not been used in project {project} before or it is disabled. Enable it by"
        f" visiting {link} then retry. If you enabled this API recently, wait a few minutes for"
        " the action to propagate to our systems and retry."
    )
    metadata = {"service": host, "consumer": f"projects/{project}", "activationUrl": link}
    return refusal(403, message, reason("SERVICE_DISABLED", **metadata))


def too_narrow(service: str) -> Refusal:
    """The token was made for other scopes."""
    word, host = "ACCESS_TOKEN_SCOPE_INSUFFICIENT", SERVICES[service][0]
    message = "Request had insufficient authentication scopes."
    return refusal(403, message, reason(word, service=host))


def present(told: Json) -> Json:
    """Without what protocol buffers leave out: empty texts and lists, zeros, false."""
    return {
        name: value for name, value in told.items() if value not in ("", [], {}, 0, False, None)
    }
