"""What a vendor's stand-in is made of. The kit serves it; the vendor's part is in here.

A sandbox keeps its state in the memory of the process that serves it, speaks the vendor's
wire API and knows several users, each with a token that stands for that person.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from threading import RLock
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from msgspec import Struct
from msgspec.structs import replace
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from syncer.adapterkit.answer import parse_json
from syncer.adapterkit.limits import Limit
from syncer.adapterkit.sandbox.ids import Clock
from syncer.adapterkit.sandbox.pictures import pictured, recalled
from syncer.adapterkit.sandbox.world import World, empty_world
from syncer.model.structs import Discreet
from syncer.model.values import Json


class SandboxUser(Discreet, Struct, frozen=True):
    """A user of the stand-in.

    Args:
        name: short, as in the world: maya, tom, anna, ben, syncer.
        id: as the vendor writes it.
        token: what stands for this user on the wire; good on loopback only.
        bot: the account whose credentials the service uses.
    """

    HIDDEN = frozenset({"token"})

    name: str
    id: str
    full_name: str
    email: str
    token: str
    bot: bool = False


class Refusal(Exception):
    """Raised by a handler to answer at once with a vendor's error."""

    def __init__(self, response: Response) -> None:
        super().__init__(f"refused with {response.status_code}")
        self.response = response


class SandboxRequest(Discreet, Struct, frozen=True):
    """A request as handlers see it.

    Args:
        queries: every pair of the query in order; ``query`` has the last of each name.
        headers: with lower-case keys.
        caller: who the credentials stand for, once that is known.
        bad_json: makes the vendor's answer to a body that is not JSON.
    """

    HIDDEN = frozenset({"bad_json"})

    method: str
    path: str
    path_params: Mapping[str, str]
    queries: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    bad_json: Callable[["SandboxRequest"], Response]
    caller: SandboxUser | None = None

    @property
    def query(self) -> dict[str, str]:
        """The query; of several values of one name the last."""
        return dict(self.queries)

    @property
    def user(self) -> SandboxUser:
        """Who the credentials stand for. Handlers are reached by known users only."""
        if self.caller is None:
            raise LookupError("nobody is known to have sent this request")
        return self.caller

    def json(self) -> Any:
        """The body as JSON; ``None`` if it is empty. Raises :class:`Refusal` if it is not JSON."""
        if not self.body:
            return None
        try:
            return parse_json(self.body)
        except ValueError:
            raise Refusal(self.bad_json(self)) from None

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


Handler = Callable[[SandboxRequest], Response]


class Sandbox(ABC):
    """A vendor's stand-in.

    ``users`` by short name; ``limits`` are the documented ones, kept per token unless
    :meth:`limit_key` says otherwise; ``secrets`` names the options of :meth:`connection` that
    are secret. ``now`` is the vendor's clock. ``revoked`` holds names of users whose token no
    longer works. Handlers run one at a time under ``lock``; so must whoever else touches state.
    """

    system: ClassVar[str]
    secrets: ClassVar[tuple[str, ...]] = ()
    limits: tuple[Limit, ...] = ()
    refused_count: bool = False
    """Whether requests refused with 429 count towards the limits too."""
    holds: ClassVar[tuple[str, ...]] = ("store",)
    """The attributes, dotted, that make up what it holds: all that :meth:`reset` begins anew."""

    def __init__(self) -> None:
        self.users: dict[str, SandboxUser] = {}
        self.now: Callable[[], datetime] = Clock()
        self.revoked: set[str] = set()
        self.world: World = empty_world()
        self.lock = RLock()

    @abstractmethod
    def routes(self) -> list[Route]:
        """The vendor's routes. Endpoints are synchronous: ``f(SandboxRequest) -> Response``."""

    @abstractmethod
    def user_of(self, request: SandboxRequest) -> SandboxUser | None:
        """Who the credentials on the wire stand for, ``None`` if they are not good."""

    @abstractmethod
    def unauthorised(self, request: SandboxRequest) -> Response:
        """The vendor's answer to missing or bad credentials."""

    @abstractmethod
    def failure(self, status: int, request: SandboxRequest) -> Response:
        """The vendor's answer with this status and its own shape of body."""

    @abstractmethod
    def load(self, world: World) -> None:
        """Fill from the neutral world with what this system holds of it."""

    @abstractmethod
    def reset(self) -> None:
        """Forget everything; users and their tokens stay the same."""

    @abstractmethod
    def state(self) -> Json:
        """Everything that is held, without secrets."""

    @abstractmethod
    def scope_of(self, client_key: str) -> dict[str, object]:
        """The adapter's scope options for a client of the world."""

    @abstractmethod
    def connection(self, base_url: str, user: str) -> dict[str, object]:
        """The adapter's options to act as a user; secret values included."""

    def controls(self) -> Mapping[tuple[str, str], Callable[[Any], Json]]:
        """Control routes of its own, by method and name under ``/_sandbox/``.

        Each is handed what was sent and gives what is answered, or raises ``ValueError``.
        """
        return {}

    def kind_of(self, request: SandboxRequest) -> str:
        """What limits with ``kinds`` count the request as."""
        return ""

    def cost_of(self, request: SandboxRequest) -> int:
        """How many requests it counts as (a batch)."""
        return 1

    def limit_key(self, limit: Limit, request: SandboxRequest) -> str:
        """Whose quota the request uses: the token's."""
        return request.user.token

    def secret_values(self) -> Sequence[str]:
        """What must not show in the request log."""
        return [user.token for user in self.users.values()]

    def start_with(self, world: World) -> None:
        """Forget everything and fill from a world, which later resets return to."""
        with self.lock:
            self.world = world
            self.revoked.clear()
            self.reset()
            self.load(world)

    def picture(self) -> bytes:
        """Everything that is held, for :meth:`restore` of this same object."""
        with self.lock:
            return pictured(self, [attrgetter(name)(self) for name in self.holds])

    def restore(self, picture: bytes) -> None:
        """Hold again what was held when the picture was taken; the clock goes on."""
        with self.lock:
            for name, value in zip(self.holds, recalled(self, picture), strict=True):
                place, _, last = name.rpartition(".")
                setattr(attrgetter(place)(self) if place else self, last, value)


def dispatch(sandbox: Sandbox, routes: Sequence[Route], request: SandboxRequest) -> Response:
    """Answer a request, or one inside another (a batch), by the route it is for."""
    scope = {"type": "http", "path": request.path, "method": request.method, "headers": []}
    near = False
    try:
        for route in routes:
            match, child = route.matches(scope)
            near = near or match is Match.PARTIAL
            if match is Match.FULL:
                handler: Handler = route.endpoint
                return handler(replace(request, path_params=child["path_params"]))
    except Refusal as refusal:
        return refusal.response
    return sandbox.failure(405 if near else 404, request)


def reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return JSONResponse(value, status_code=status, headers=dict(headers or {}))
