"""A HubSpot account on loopback: the paths of 2026-09 and, by the same handlers, of v3 and v4."""

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from starlette.responses import Response
from starlette.routing import Route

from adapters.hubspot.sandbox.account import Account
from adapters.hubspot.sandbox.answers import failure, too_many
from adapters.hubspot.sandbox.batches import Batches
from adapters.hubspot.sandbox.filling import fill, owner_id
from adapters.hubspot.sandbox.links import Links
from adapters.hubspot.sandbox.objects import Objects
from adapters.hubspot.sandbox.parts import Parts
from adapters.hubspot.sandbox.schema import PORTAL, Schema
from adapters.hubspot.sandbox.store import Store
from adapters.hubspot.sandbox.timeline import timeline
from syncer.adapterkit.sandbox import (
    PEOPLE,
    Handler,
    Limit,
    Sandbox,
    SandboxRequest,
    SandboxUser,
    World,
    made_up_token,
    reply,
)
from syncer.model.values import Json, instant_text

BURST: Final = 100
DAILY: Final = 250_000
SEARCH: Final = "search"

_OBJECTS: Final = ("/crm/objects/2026-09/{type}", "/crm/v3/objects/{type}")
_BATCHES: Final = tuple(base + "/batch" for base in _OBJECTS)
_LINK: Final = tuple(
    f"/crm/{base}/{{type}}/{{id}}/associations" for base in ("objects/2026-09", "v4/objects")
)
_LINKS: Final = tuple(
    f"/crm/{base}/{{type}}/{{other}}" for base in ("associations/2026-09", "v4/associations")
)
_PROPERTIES: Final = ("/crm/properties/2026-09/{type}", "/crm/v3/properties/{type}")
_PIPELINES: Final = ("/crm/pipelines/2026-09/{type}", "/crm/v3/pipelines/{type}")
_OWNERS: Final = ("/crm/owners/2026-09", "/crm/v3/owners")
_ACCOUNT: Final = ("/account-info/2026-09", "/account-info/v3")


class HubSpotSandbox(Sandbox):
    """The stand-in.

    Args:
        search_lag: seconds by which the search index is behind.
        property_lag: seconds during which a new property cannot be written yet.
    """

    system: ClassVar[str] = "hubspot"
    secrets: ClassVar[tuple[str, ...]] = ("token",)
    holds: ClassVar[tuple[str, ...]] = ("account.store", "_companies")
    limits = (Limit(BURST, 10), Limit(5, 1, frozenset({SEARCH})))

    def __init__(self, search_lag: float = 0.0, property_lag: float = 0.0) -> None:
        super().__init__()
        self.search_lag, self.property_lag = search_lag, property_lag
        self.users = {person.key: _user(n) for n, person in enumerate(PEOPLE)}
        self._companies: dict[str, str] = {}
        self._spent: dict[str, deque[float]] = {}
        self._today = 0
        self.account = self._new_account()

    def _new_account(self) -> Account:
        store = Store(self.now(), property_lag=timedelta(seconds=self.property_lag))
        return Account(self._time, store, timedelta(seconds=self.search_lag))

    def _time(self) -> datetime:
        # Looked up at each call: the clock may be exchanged.
        return self.now()

    def reset(self) -> None:
        """Begin again with an empty account."""
        fresh = self._new_account()
        self.account.store, self.account.search_lag = fresh.store, fresh.search_lag
        self._companies = {}

    def load(self, world: World) -> None:
        """Fill from the neutral world."""
        self._companies = fill(self.account.store, world, self.now())

    def state(self) -> Json:
        """Records, links and the definitions that are not HubSpot's own."""
        store = self.account.store
        records: dict[str, Json] = {
            type: [
                {"id": r.id, "archived": r.archived is not None, "properties": dict(r.values)}
                for r in told.values()
            ]
            for type, told in store.records.items()
        }
        links: list[Json] = [[list(end) for end in sorted(link)] for link in store.links]
        ours: dict[str, Json] = {
            type: sorted(name for name, one in told.items() if not one["hubspotDefined"])
            for type, told in store.definitions.items()
        }
        return {**records, "links": links, "properties": ours}

    def scope_of(self, client_key: str) -> dict[str, object]:
        """A client is its company."""
        return {"company": self._companies[client_key]}

    def connection(self, base_url: str, user: str) -> dict[str, object]:
        """Options of the adapter to act as a user."""
        return {"base_url": base_url, "token": self.users[user].token}

    def controls(self) -> Mapping[tuple[str, str], Callable[[Any], Json]]:
        """``POST timeline`` with ``{"object": "deals", "id": ID}``: what people see there."""
        return {("POST", "timeline"): lambda wish: timeline(self.account.store, wish)}

    def user_of(self, request: SandboxRequest) -> SandboxUser | None:
        """Whose bearer token it is."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        users = self.users.values() if kind.lower() == "bearer" else ()
        return next((user for user in users if user.token == token), None)

    def unauthorised(self, request: SandboxRequest) -> Response:
        """A 401 in HubSpot's shape."""
        return failure(401)

    def failure(self, status: int, request: SandboxRequest) -> Response:
        """An answer of this status in HubSpot's shape."""
        if status == 429:
            return too_many(self.kind_of(request) == SEARCH)
        return failure(status)

    def kind_of(self, request: SandboxRequest) -> str:
        """Searches have a limit of their own."""
        return SEARCH if request.path.endswith("/search") else ""

    def limit_key(self, limit: Limit, request: SandboxRequest) -> str:
        """The search limit is the account's, the other the token's."""
        return request.user.token if limit.kinds is None else "account"

    def routes(self) -> list[Route]:
        """Every route, in the order in which paths are tried."""
        objects, batches = Objects(self.account), Batches(self.account)
        links, schema = Links(self.account), Schema(self.account)
        return [
            *self._at(_BATCHES, "/read", POST=batches.read),
            *self._at(_BATCHES, "/create", POST=batches.make),
            *self._at(_BATCHES, "/update", POST=batches.change),
            *self._at(_BATCHES, "/upsert", POST=batches.upsert),
            *self._at(_BATCHES, "/archive", POST=batches.archive),
            *self._at(_OBJECTS, "/search", POST=objects.search),
            *self._at(_OBJECTS, "/merge", POST=objects.merge),
            *self._at(_OBJECTS, "", GET=objects.page, POST=objects.make),
            *self._at(
                _OBJECTS, "/{id}", GET=objects.read, PATCH=objects.change, DELETE=objects.archive
            ),
            *self._at(_LINK, "/default/{other}/{other_id}", PUT=links.put_default),
            *self._at(_LINK, "/{other}/{other_id}", PUT=links.put, DELETE=links.remove),
            *self._at(_LINK, "/{other}", GET=links.of_one),
            *self._at(_LINKS, "/batch/read", POST=links.read),
            *self._at(_LINKS, "/batch/create", POST=links.make),
            *self._at(_LINKS, "/batch/associate/default", POST=links.make_default),
            *self._at(_LINKS, "/batch/archive", POST=links.archive),
            *self._at(_LINKS, "/labels", GET=links.labels),
            *self._definitions(schema),
        ]

    def _definitions(self, schema: Schema) -> list[Route]:
        parts = Parts(self.account)
        one = {"GET": schema.read, "PATCH": schema.change, "DELETE": schema.archive}
        return [
            *self._at(_PROPERTIES, "/groups", GET=schema.groups, POST=schema.make_group),
            *self._at(_PROPERTIES, "/groups/{name}", GET=parts.group),
            *self._at(_PROPERTIES, "/batch/read", POST=parts.properties),
            *self._at(_PROPERTIES, "/{name}", **one),
            *self._at(_PROPERTIES, "", GET=schema.list, POST=schema.make),
            *self._at(_PIPELINES, "/{line}/stages/{stage}", GET=parts.stage),
            *self._at(_PIPELINES, "/{line}/stages", GET=parts.stages),
            *self._at(_PIPELINES, "/{line}", GET=schema.pipeline),
            *self._at(_PIPELINES, "", GET=schema.pipelines),
            *self._at(_OWNERS, "/", GET=schema.owners),
            *self._at(_OWNERS, "/{id}", GET=schema.owner),
            *self._at(_OWNERS, "", GET=schema.owners),
            *self._at(_ACCOUNT, "/details", GET=schema.account),
            *self._at(_ACCOUNT, "/api-usage/daily/private-apps", GET=self._usage),
        ]

    def _usage(self, request: SandboxRequest) -> Response:
        """What all keys of the account have spent today ("Usage guidelines")."""
        now = self.now()
        ends = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        row: dict[str, Json] = {
            "name": "private-apps-api-calls-daily",
            "usageLimit": DAILY,
            "currentUsage": self._today,
            "collectedAt": instant_text(now),
            "fetchStatus": "SUCCESS",
            "resetsAt": instant_text(ends),
        }
        return reply({"results": [row]})

    def _at(self, bases: Sequence[str], rest: str, **handlers: Handler) -> list[Route]:
        return [
            Route(base + rest, self._metered(handler), methods=[method])
            for base in bases
            for method, handler in handlers.items()
        ]

    def _metered(self, handler: Handler) -> Any:
        """The handler, with what is left of the limits in the answer; search does not tell."""

        def answer(request: SandboxRequest) -> Response:
            response = handler(request)
            if self.kind_of(request) != SEARCH:
                response.headers.update(self._left(request.user))
            return response

        return answer

    def _left(self, user: SandboxUser) -> dict[str, str]:
        now, spent = time.monotonic(), self._spent.setdefault(user.token, deque())
        while spent and spent[0] <= now - 10:
            spent.popleft()
        spent.append(now)
        self._today += 1
        return {
            "X-HubSpot-RateLimit-Max": str(BURST),
            "X-HubSpot-RateLimit-Remaining": str(max(0, BURST - len(spent))),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": str(DAILY),
            "X-HubSpot-RateLimit-Daily-Remaining": str(DAILY - self._today),
        }


def _user(number: int) -> SandboxUser:
    person = PEOPLE[number]
    return SandboxUser(
        person.key,
        str(PORTAL) if person.bot else owner_id(number),
        person.name,
        person.email,
        made_up_token("hubspot", person.key, 44, "pat-eu1-"),
        person.bot,
    )
