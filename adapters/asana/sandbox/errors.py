"""Errors as Asana words and shapes them (wire guide, section on errors)."""

from typing import Any, Final, NoReturn

from starlette.responses import Response

from syncer.adapterkit.sandbox import Refusal, reply

_HELP: Final = "Read about errors in the documentation of this API."
_SAID: Final = {
    400: "Could not parse request data, invalid JSON",
    401: "Not Authorized",
    402: "This is not available on your plan.",
    403: "Forbidden",
    404: "No matching route for request",
    429: "You've made too many requests and hit a rate limit. "
    "Please retry after the given amount of time.",
    500: "Server Error",
}
RETRY_AFTER: Final = "5"


def error(status: int, message: str = "") -> Response:
    """An answer with one error in it."""
    status = 404 if status == 405 else status  # a wrong method is a wrong route here
    entry: dict[str, Any] = {"message": message or _SAID.get(status, _SAID[500]), "help": _HELP}
    if status == 500:
        entry["phrase"] = "6 sad squid snuggle softly"
    headers = {"Retry-After": RETRY_AFTER} if status == 429 else {}
    return reply({"errors": [entry]}, status, headers)


def refuse(message: str, status: int = 400) -> NoReturn:
    """Answer with an error at once."""
    raise Refusal(error(status, message))
