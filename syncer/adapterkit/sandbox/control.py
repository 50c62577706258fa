"""What tests and the demo may ask of a stand-in beside the vendor's API: ``/_sandbox/...``."""

from typing import Any, Final

from starlette.responses import Response

from syncer.adapterkit.answer import parse_json
from syncer.adapterkit.sandbox.app import Desk
from syncer.adapterkit.sandbox.core import reply

PREFIX: Final = "/_sandbox/"


def control(desk: Desk, method: str, path: str, body: bytes) -> Response:
    """Answer a control request.

    ========================  ==========================================================
    GET requests              method, path, query, status and user of every call so far
    DELETE requests           forget them
    POST faults               ask for a fault, see :class:`~...faults.Order`
    DELETE faults             forget those still waiting
    POST revoke               ``{"user": NAME}``: this user's token no longer works
    POST reset                back to the world it started with
    POST picture              remember what it holds, as ``{"name": NAME}``
    POST restore              ``{"name": NAME}``: hold that again; the clock goes on
    GET state                 everything it holds
    GET problems              tracebacks of handlers that failed
    ========================  ==========================================================

    A stand-in may have some of its own, see :meth:`~...core.Sandbox.controls`.
    """
    with desk.sandbox.lock:
        wanted = (method, path.removeprefix(PREFIX))
        action, own = _ACTIONS.get(wanted), desk.sandbox.controls().get(wanted)
        if action is None and own is None:
            return reply({"error": f"no control route {method} {path}"}, 404)
        try:
            wish = parse_json(body) if body else None
            return action(desk, wish) if action else reply(own(wish) if own else None)
        except ValueError as error:
            return reply({"error": str(error)}, 400)


def _requests(desk: Desk, _wish: Any) -> Response:
    return reply(desk.requests)


def _forget_requests(desk: Desk, _wish: Any) -> Response:
    desk.requests.clear()
    return reply([])


def _order_fault(desk: Desk, wish: Any) -> Response:
    return reply(desk.faults.order(wish).model_dump(exclude_defaults=True))


def _forget_faults(desk: Desk, _wish: Any) -> Response:
    desk.faults.clear()
    return reply([])


def _revoke(desk: Desk, wish: Any) -> Response:
    name = wish.get("user") if isinstance(wish, dict) else None
    if name not in desk.sandbox.users:
        raise ValueError(f"user: one of {', '.join(sorted(desk.sandbox.users))}")
    desk.sandbox.revoked.add(str(name))
    return reply(sorted(desk.sandbox.revoked))


def _reset(desk: Desk, _wish: Any) -> Response:
    desk.sandbox.start_with(desk.sandbox.world)
    desk.faults.clear()
    desk.windows.clear()
    desk.requests.clear()
    return reply({})


def _picture(desk: Desk, wish: Any) -> Response:
    desk.pictures[_named(wish)] = desk.sandbox.picture()
    return reply(sorted(desk.pictures))


def _restore(desk: Desk, wish: Any) -> Response:
    name = _named(wish)
    if name not in desk.pictures:
        raise ValueError(f"name: one of {', '.join(sorted(desk.pictures)) or 'none yet'}")
    desk.sandbox.restore(desk.pictures[name])
    desk.faults.clear()
    desk.windows.clear()
    desk.requests.clear()
    return reply({})


def _named(wish: Any) -> str:
    name = wish.get("name") if isinstance(wish, dict) else None
    if not isinstance(name, str):
        raise ValueError("name: a text")
    return name


def _state(desk: Desk, _wish: Any) -> Response:
    return reply(desk.sandbox.state())


def _problems(desk: Desk, _wish: Any) -> Response:
    return reply(desk.problems)


_ACTIONS: Final = {
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget_requests,
    ("POST", "faults"): _order_fault,
    ("DELETE", "faults"): _forget_faults,
    ("POST", "revoke"): _revoke,
    ("POST", "reset"): _reset,
    ("POST", "picture"): _picture,
    ("POST", "restore"): _restore,
    ("GET", "state"): _state,
    ("GET", "problems"): _problems,
}
