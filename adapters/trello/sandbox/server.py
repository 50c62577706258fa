"""The stand-in itself: who calls, what they may spend, what an error looks like."""

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final

from msgspec.structs import asdict, replace
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match, Route

from adapters.trello.sandbox import agency, batch, export, notices, people, shapes
from adapters.trello.sandbox.calls import Call
from adapters.trello.sandbox.meter import TOKEN_LIMIT, Meter
from adapters.trello.sandbox.routes import ROUTES
from adapters.trello.sandbox.store import APP, ROBOT, Object, Store, Tuning
from syncer.adapterkit.sandbox import (
    PEOPLE,
    Ids,
    Limit,
    Refusal,
    Sandbox,
    SandboxRequest,
    SandboxUser,
    World,
    made_up_token,
    reply,
)
from syncer.model.values import Json

KEY: Final = "5a9d0c2f7be14836a1f0d4c7e82b6935"
"""The API key of every client of the stand-in; keys may be public."""

GUEST: Final = "freya"
"""Somebody from outside whom nobody has told the service about."""

BUTLER: Final = "butler"
"""Trello's own automation."""

_EXTRA: Final = ((GUEST, "Freya Holm"), (BUTLER, "Butler"))
_KEY_LIMIT: Final = Limit(300, 10)
_PAIR: Final = re.compile(r'(\w+)="([^"]*)"')
_MEMBER: Final = re.compile(r"/1/members/[^/]+/?$")

_SAYS: Final = {
    400: "invalid id",
    401: "invalid token",
    403: "unauthorized permission requested",
    404: "The requested resource was not found.",
    405: "Method Not Allowed",
    500: "Internal Server Error",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class TrelloSandbox(Sandbox):
    """Trello's REST API, version 1, as far as the adapter and people's clients use it.

    Users: the agency's staff, ``freya`` (a guest nobody knows), ``butler`` (Trello's
    automation) and, once an export is loaded, its members by their user names.
    """

    system: ClassVar[str] = "trello"
    secrets: ClassVar[tuple[str, ...]] = ("key", "token")
    holds: ClassVar[tuple[str, ...]] = ("store", "users", "_scopes")
    limits: tuple[Limit, ...] = (
        TOKEN_LIMIT,
        _KEY_LIMIT,
        Limit(100, 900, frozenset({"member"})),
    )

    def __init__(self) -> None:
        super().__init__()
        ids = Ids("trello users")
        made = self.now() - timedelta(days=700)
        named = [(p.key, p.name, p.email, p.bot) for p in PEOPLE]
        named += [(key, name, f"{key}@elsewhere.example", False) for key, name in _EXTRA]
        for key, name, email, bot in named:
            token = made_up_token("trello", key, 76, "ATTA")
            self.users[key] = SandboxUser(key, ids.object_id(made), name, email, token, bot)
        self._staff = dict(self.users)
        self._exports: list[Json] = []
        self.tuning = Tuning()
        self._meter = Meter()
        self.tokens: dict[str, Object] = {}  # by user: what their token has otherwise
        self.reset()

    def reset(self) -> None:
        """Forget everything but the staff and their tokens."""
        self.store = Store(self._time, tuning=self.tuning)
        self.users = dict(self._staff)
        for user in self.users.values():
            self.store.members[user.id] = shapes.member(user.id, _username(user), user.full_name)
            if user.bot:
                self.store.apps[user.id] = APP
        self.store.apps[self.users[BUTLER].id] = ROBOT
        self._scopes: dict[str, dict[str, object]] = {}

    def load(self, world: World) -> None:
        """A workspace per client, with a board per project of theirs that lives here."""
        for key, workspace in agency.load(self.store, self.users, world, self.now()).items():
            self._scopes[key] = {"workspace": workspace}

    def load_export(self, exported: Json) -> dict[str, object]:
        """Fill from a board export as Trello writes it; gives the scope that holds the board.

        Members of the export become users by their user names, with tokens of their own. The
        service's account becomes an admin of the board's workspace, not a member of the board,
        so nothing on the board differs from the export.

        Raises ``ValueError`` for what is not an export.
        """
        with self.lock:
            board = export.load(self.store, self.users, deepcopy(exported))
            self._exports.append(exported)
            self._scopes[board] = {"boards": [board]}
            return self._scopes[board]

    def start_with(self, world: World) -> None:
        """Fill from a world, and from every export loaded so far."""
        with self.lock:
            super().start_with(world)
            exports, self._exports = self._exports, []
            for exported in exports:
                self.load_export(exported)

    def scope_of(self, client_key: str) -> dict[str, object]:
        """The workspace of a client of the world, or the board of an export by its id."""
        return self._scopes[client_key]

    def state(self) -> Json:
        """Everything, as it stands in answers."""
        return {name: value for name, value in asdict(self.store).items() if _plain(value)}

    def connection(self, base_url: str, user: str) -> dict[str, object]:
        """Options of the adapter."""
        return {"base_url": f"{base_url}/1", "key": KEY, "token": self.users[user].token}

    def notified(self, card: str) -> list[str]:
        """Users whom mentions under a card have notified, each once, in the order of the staff."""
        with self.lock:
            told = notices.told_of(self.store, card)
            return [key for key, user in self.users.items() if user.id in told]

    def _time(self) -> datetime:
        return self.now()

    def user_of(self, request: SandboxRequest) -> SandboxUser | None:
        """From the ``OAuth`` header (signed or not), the query or a JSON body (guide, 1.1)."""
        key, token = _credentials(request)
        if key != KEY:
            return None
        return next((user for user in self.users.values() if user.token == token), None)

    def unauthorised(self, request: SandboxRequest) -> Response:
        """401 in plain text."""
        said = "invalid token" if _credentials(request)[0] == KEY else "invalid key"
        return PlainTextResponse(said, 401)

    def failure(self, status: int, request: SandboxRequest) -> Response:
        """Mostly plain text; limits are told in JSON (guide, 9 and 10)."""
        if status != 429:
            return PlainTextResponse(_SAYS.get(status, "error"), status)
        if self.kind_of(request) == "member":
            message = "Exceeded rate limit to /1/member"
            return reply({"message": message, "error": "RATE_LIMIT_EXCEEDED"}, 429)
        error = {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}
        return reply(error, 429)

    def secret_values(self) -> list[str]:
        """Tokens, and the key that goes with them."""
        return [KEY, *(user.token for user in self.users.values())]

    def kind_of(self, request: SandboxRequest) -> str:
        """Members' own routes have a limit of their own; what is nested below has not."""
        return "member" if _MEMBER.fullmatch(request.path) else ""

    def cost_of(self, request: SandboxRequest) -> int:
        """A batch counts as the requests in it."""
        return max(1, len(batch.urls(request))) if request.path == "/1/batch" else 1

    def limit_key(self, limit: Limit, request: SandboxRequest) -> str:
        """All tokens of an API key share its quota."""
        return KEY if limit is _KEY_LIMIT else request.user.token

    def routes(self) -> list[Route]:
        """With and without a slash at the end, as clients write them."""
        found = [self._route(method, path, call) for method, path, call in ROUTES]
        more = [
            ("GET", "/batch", lambda call: batch.get(call, self._dispatch)),
            ("GET", "/tokens/{token}", self._token),
            ("DELETE", "/tokens/{token}", self._revoke),
        ]
        found += [self._route(method, path, endpoint) for method, path, endpoint in more]
        self._table = [route for pair in found for route in pair]
        return self._table

    def _route(self, method: str, path: str, endpoint: Callable[[Call], Response]) -> list[Route]:
        handler: Any = partial(self._handle, endpoint)
        return [Route(f"/1{path}{end}", handler, methods=[method]) for end in ("", "/")]

    def _handle(self, endpoint: Callable[[Call], Response], request: SandboxRequest) -> Response:
        if sum(len(name) + len(value) for name, value in request.queries) > 12_000:
            return PlainTextResponse("Request-URI Too Large", 414)
        answer = endpoint(Call(self.store, request))
        answer.headers.update(self._meter.spend(request.user.token, self.cost_of(request)))
        return answer

    def _dispatch(self, request: SandboxRequest) -> Response:
        """The answer to a GET inside a batch."""
        scope = {"type": "http", "path": request.path, "method": "GET", "headers": []}
        for route in self._table:
            match, child = route.matches(scope)
            if match is Match.FULL:
                answer: Response = route.endpoint(
                    replace(request, path_params=child["path_params"])
                )
                return answer
        raise Refusal(self.failure(404, request))

    def _token(self, call: Call) -> Response:
        user = call.request.user
        return people.get_token(call, user, self.tokens.get(user.name, {}))

    def _revoke(self, call: Call) -> Response:
        self.revoked.add(call.request.user.name)
        return reply({})


def _username(user: SandboxUser) -> str:
    return "".join(letter for letter in user.full_name.lower() if letter.isalnum())


def _plain(value: object) -> bool:
    return isinstance(value, dict | list)


def _credentials(request: SandboxRequest) -> tuple[str | None, str | None]:
    header = request.headers.get("authorization", "")
    if header.lower().startswith("oauth "):
        pairs = dict(_PAIR.findall(header))
        return pairs.get("oauth_consumer_key"), pairs.get("oauth_token")
    sent = request.query
    if "key" not in sent and "form-urlencoded" in request.headers.get("content-type", ""):
        sent = request.form()
    return sent.get("key"), sent.get("token")
