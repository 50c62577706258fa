"""The stand-in for Asana: users, credentials, limits, routes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from starlette.responses import Response
from starlette.routing import Route as WebRoute

from adapters.asana.sandbox import (
    comments,
    fields,
    memberships,
    people,
    places,
    projects,
    sections,
    statuses,
    stories,
    tasks,
    teams,
)
from adapters.asana.sandbox.api import PREFIX, Api
from adapters.asana.sandbox.api import Route as AsanaRoute
from adapters.asana.sandbox.errors import error
from adapters.asana.sandbox.load import Loader
from adapters.asana.sandbox.store import Gid, Ref, Store, Tuning
from syncer.adapterkit.sandbox import (
    PEOPLE,
    Ids,
    Limit,
    Sandbox,
    SandboxRequest,
    SandboxUser,
    World,
    made_up_token,
)
from syncer.model.values import Json

WORKSPACE: Final = "1100000000000001"
_USERS: Final = 1100000000000100
_TABLES: Final = (
    people.ROUTES
    + memberships.ROUTES
    + teams.ROUTES
    + projects.ROUTES
    + sections.ROUTES
    + tasks.ROUTES
    + places.ROUTES
    + fields.ROUTES
    + stories.ROUTES
    + comments.ROUTES
    + statuses.ROUTES
)
READS: Final = frozenset({"read"})
WRITES: Final = frozenset({"write"})


class AsanaSandbox(Sandbox):
    """Asana's REST API 1.0 for one organisation.

    Args:
        paid: a paid organisation may ask 1,500 times a minute, a free one 150 times.
    """

    system: ClassVar[str] = "asana"
    secrets: ClassVar[tuple[str, ...]] = ("token",)
    holds: ClassVar[tuple[str, ...]] = ("store", "teams")
    refused_count = True

    def __init__(self, *, paid: bool = True) -> None:
        super().__init__()
        self.paid = paid
        self.limits = (
            Limit(1500 if paid else 150, 60),
            Limit(50, 0, READS),
            Limit(15, 0, WRITES),
        )
        self.tuning = Tuning()
        self.users = {
            person.key: SandboxUser(
                person.key,
                str(_USERS + place),
                person.name,
                person.email,
                made_up_token("asana", person.key, 45, f"2/{_USERS + place}/"),
                person.bot,
            )
            for place, person in enumerate(PEOPLE)
        }
        self.teams: dict[str, Gid] = {}
        self.reset()

    def routes(self) -> list[WebRoute]:
        """Every route, below ``/api/1.0``."""
        return [
            WebRoute(f"{PREFIX}{path}", self._endpoint(answer), methods=[method])
            for method, path, answer in _TABLES
        ]

    def _endpoint(self, answer: AsanaRoute) -> Callable[[Any], Response]:
        def endpoint(request: SandboxRequest) -> Response:
            return answer(Api(self.store, request))

        return endpoint

    def _moment(self) -> datetime:
        # Looked up each time: a test may put another clock in.
        return self.now()

    def user_of(self, request: SandboxRequest) -> SandboxUser | None:
        """Who the bearer token stands for."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        known = {user.token: user for user in self.users.values()}
        return known.get(token) if scheme.lower() == "bearer" else None

    def unauthorised(self, _request: SandboxRequest) -> Response:
        """401 as recorded in October 2026."""
        return error(401)

    def failure(self, status: int, _request: SandboxRequest) -> Response:
        """Any other error in Asana's shape."""
        return error(status)

    def kind_of(self, request: SandboxRequest) -> str:
        """Reads and writes under way are limited apart."""
        return "read" if request.method == "GET" else "write"

    def reset(self) -> None:
        """An organisation with its users and nothing else."""
        self.store = Store(self._moment, Ids("asana"), self.tuning)
        domains = ["brightside.example"]
        home = {"is_organization": True, "email_domains": domains}
        self.store.add("workspace", gid=WORKSPACE, name="Brightside", **home)
        for user in self.users.values():
            own = {"name": user.full_name, "email": user.email, "photo": None}
            member = {"workspaces": [Ref(WORKSPACE)], "custom_fields": []}
            self.store.add("user", gid=user.id, **own, **member)
            teams.join(self.store, WORKSPACE, user.id, guest=False)
        self.teams = {}

    def load(self, world: World) -> None:
        """A team for each client, with its projects and their tasks."""
        gids = {name: user.id for name, user in self.users.items()}
        self.teams = Loader(self.store, WORKSPACE, gids).load(world)

    def state(self) -> Json:
        """Every thing that is held, by gid."""
        return {gid: _plain(thing) for gid, thing in self.store.things.items()}

    def notified(self, task: Gid, reason: str = comments.MENTIONED) -> list[str]:
        """The gids of users who were told of comments that stand under a task, each once."""
        with self.lock:
            found = comments.told(self.store, task, reason)
        return list(dict.fromkeys(found))

    def controls(self) -> Mapping[tuple[str, str], Callable[[Any], Json]]:
        """``POST notified`` with ``{"task": GID}``: who was told of its comments, and why."""
        return {("POST", "notified"): self._notified}

    def _notified(self, wish: Any) -> Json:
        task = wish.get("task") if isinstance(wish, dict) else None
        if not isinstance(task, str):
            raise ValueError("task: a gid")
        return {reason: list(self.notified(task, reason)) for reason in comments.REASONS}

    def scope_of(self, client_key: str) -> dict[str, object]:
        """A client's team."""
        return {"workspace": WORKSPACE, "team": self.teams[client_key]}

    def connection(self, base_url: str, user: str) -> dict[str, object]:
        """Options to act as a user by a personal access token."""
        token = self.users[user].token
        return {"base_url": f"{base_url}{PREFIX}", "token": token, "paid": self.paid}


def _plain(value: Any) -> Any:
    if isinstance(value, Ref):
        return value.gid
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


__all__ = ["WORKSPACE", "AsanaSandbox"]
