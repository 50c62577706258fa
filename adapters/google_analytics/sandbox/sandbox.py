"""Google Analytics on loopback: Data API, Admin API and token endpoint in one server."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from starlette.responses import Response
from starlette.routing import Route

from adapters.google_analytics.sandbox import accounts, answers, meter
from adapters.google_analytics.sandbox.admin import Admin
from adapters.google_analytics.sandbox.controls import Controls, clock_at
from adapters.google_analytics.sandbox.data import Data, reports_in
from adapters.google_analytics.sandbox.meter import Payer
from adapters.google_analytics.sandbox.numbers import as_numbers
from adapters.google_analytics.sandbox.properties import sites
from adapters.google_analytics.sandbox.rights import Rights
from adapters.google_analytics.sandbox.store import Store
from adapters.google_analytics.sandbox.tokens import Tokens, token_error
from syncer.adapterkit.sandbox import (
    Handler,
    Limit,
    Refusal,
    Sandbox,
    SandboxRequest,
    SandboxUser,
    World,
)
from syncer.model.values import Json

TOKEN: Final = "/token"
_BASE: Final = "/v1beta"
_PROPERTY: Final = f"{_BASE}/properties/{{property}}"
_ID: Final = re.compile(r"/properties/([^/:]+)")
_SYSTEM_QUERY: Final = frozenset({"$alt", "alt", "prettyPrint", "quotaUser", "$.xgafv", "key"})
"""Parameters that every method takes and that change no answer, numbers for words aside."""


class GoogleAnalyticsSandbox(Sandbox):
    """The stand-in. Filled from a world it holds a property for each client, and one more.

    Args:
        clock: the vendor's, if it is not to be this machine's; see also ``POST /_sandbox/clock``.
    """

    system: ClassVar[str] = "google_analytics"
    secrets: ClassVar[tuple[str, ...]] = ("credentials", "client_secret", "refresh_token")

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__()
        self.now = clock or self.now
        self.users = accounts.users()
        self.store = Store()
        self.tokens = Tokens(self.users, self.revoked)
        self.rights = Rights(lambda: self.store, lambda: self.world)
        self.settle_limits()

    def moment(self) -> datetime:
        """The vendor's time, without making it go on."""
        return getattr(self.now, "peek", self.now)()

    def set_clock(self, at: datetime, *, frozen: bool = False) -> None:
        """Let the vendor's clock show this time from now on; figures and dates follow it."""
        self.now = clock_at(at, frozen=frozen)

    def settle_limits(self) -> None:
        """Requests at once, for each property, and those of the Admin API in a minute."""
        at_once = [
            Limit(self.store.meter.limit(self._payer(id), meter.CONCURRENT), 0, frozenset({id}))
            for id in self.store.sites
        ]
        self.limits = (*at_once, Limit(600, 60, frozenset({"admin"})))

    def _payer(self, property: str, user: str = "") -> Payer:
        site = self.store.sites.get(property)
        large = site is not None and site.level.endswith("360")
        return Payer(property, accounts.project_of(user), self.moment(), large)

    # What the kit asks

    def reset(self) -> None:
        """Begin again without properties."""
        self.store = Store()
        self.settle_limits()

    def load(self, world: World) -> None:
        """A property for each client, and somebody else's."""
        self.store.sites = {site.id: site for site in sites(world)}
        self.settle_limits()

    def restore(self, picture: bytes) -> None:
        """Hold again what was held when the picture was taken; the clock goes on."""
        super().restore(picture)
        self.settle_limits()

    def state(self) -> Json:
        """The properties, and what tests have set; traffic is worked out when it is asked for."""
        return {
            "properties": [
                {"id": s.id, "name": s.name, "zone": s.zone, "currency": s.currency}
                for s in self.store.sites.values()
            ],
            "changes": sorted(f"{id} {day}" for id, day in self.store.changes),
            "roles": {f"{user} {id}": role for (user, id), role in self.store.roles.items()},
            "off": sorted(self.store.off),
        }

    def controls(self) -> Mapping[tuple[str, str], Callable[[Any], Json]]:
        """What tests may ask beside the vendor's API."""
        return Controls(self).actions()

    def scope_of(self, client_key: str) -> dict[str, object]:
        """A client is its property, without what happens on other hosts."""
        site = next(site for site in self.store.sites.values() if site.client == client_key)
        told: dict[str, object] = {"property": site.id, "filters": {"host": [site.host]}}
        return told | ({"projects": site.slices} if site.slices else {})

    def connection(self, base_url: str, user: str) -> dict[str, object]:
        """Options of the adapter: the key of a service account, or a person's agreement."""
        api, token_url = f"{base_url}{_BASE}", f"{base_url}{TOKEN}"
        told: dict[str, object] = {"base_url": api, "admin_url": api, "token_url": token_url}
        if user in accounts.SERVICES:
            return told | {"credentials": accounts.key_file(self.users[user], token_url)}
        return told | {
            "client_id": accounts.CLIENT_ID,
            "client_secret": accounts.CLIENT_SECRET,
            "refresh_token": accounts.refresh_token(user),
        }

    def user_of(self, request: SandboxRequest) -> SandboxUser | None:
        """Whose token it is; of a call for a token, whom it is about."""
        if request.path == TOKEN:
            return self.tokens.caller(request)
        grant = self.tokens.grant(_bearer(request))
        return self.users[grant.user] if grant else None

    def unauthorised(self, request: SandboxRequest) -> Response:
        """A 401, or what the token endpoint says of an account that is gone."""
        if request.path == TOKEN:
            return token_error("invalid_grant", "Token has been expired or revoked.")
        return answers.unauthenticated(_service(request), bool(_bearer(request)))

    def failure(self, status: int, request: SandboxRequest) -> Response:
        """An answer of this status in Google's shape. Server errors have a quota of their own."""
        if status == 405:
            status = 404
        if status == 429 and self.kind_of(request).isdecimal():
            return answers.failure(429, meter.text(meter.CONCURRENT))
        if status >= 500 and request.caller is not None and _service(request) == "data":
            payer = self._payer(_property(request), request.user.name)
            self.store.meter.use(payer, 1, meter.SERVER)
        if request.path == TOKEN and status < 500:
            return token_error("invalid_request", "Bad Request", status)
        return answers.failure(status)

    def kind_of(self, request: SandboxRequest) -> str:
        """Requests at once are counted by property, those of the Admin API by account."""
        if request.path == TOKEN:
            return "token"
        return _property(request) if _service(request) == "data" else "admin"

    def cost_of(self, request: SandboxRequest) -> int:
        """A batch is taken to need a place for each of its reports (guide, 14)."""
        return reports_in(request)

    def limit_key(self, limit: Limit, request: SandboxRequest) -> str:
        """Places belong to the property, the Admin API's minute to the account."""
        return request.user.name if limit.seconds else "property"

    def secret_values(self) -> Sequence[str]:
        """Tokens, agreements, and what was signed lately."""
        people = [accounts.refresh_token(name) for name in self.users]
        made = [*self.tokens.seen, *list(self.tokens.made)[-20:]]
        return [*super().secret_values(), *people, accounts.CLIENT_SECRET, *made]

    # Routes

    def routes(self) -> list[Route]:
        """Every route, in the order in which paths are tried."""
        data = Data(lambda: self.store, self.rights, self.moment)
        admin = Admin(self.rights)
        return [
            Route(TOKEN, self.tokens.endpoint, methods=["POST"]),
            self._route("data", f"{_PROPERTY}:runReport", data.report, "POST"),
            self._route("data", f"{_PROPERTY}:batchRunReports", data.batch, "POST"),
            self._route("data", f"{_PROPERTY}:checkCompatibility", data.compatibility, "POST"),
            self._route("data", f"{_PROPERTY}/metadata", data.metadata),
            self._route("admin", f"{_BASE}/accountSummaries", admin.summaries, paged=True),
            self._route("admin", f"{_PROPERTY}/keyEvents", admin.key_events, paged=True),
            self._route("admin", _PROPERTY, admin.property),
        ]

    def _route(
        self, service: str, path: str, handler: Handler, method: str = "GET", *, paged: bool = False
    ) -> Route:
        known = _SYSTEM_QUERY | ({"pageSize", "pageToken"} if paged else set())

        def answer(request: SandboxRequest) -> Response:
            self._admit(service, request)
            for name in request.query:
                if name not in known:
                    raise answers.invalid(
                        f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query'
                        f" parameter. Field '{name}' could not be found in request message."
                    )
            return as_numbers(request, handler(request))

        counted = self._counted(answer) if service == "data" else answer
        return Route(path, counted, methods=[method])

    def _admit(self, service: str, request: SandboxRequest) -> None:
        grant = self.tokens.grant(_bearer(request))
        if grant is not None and not grant.scopes & accounts.SCOPES:
            raise answers.too_narrow(service)
        if service in self.store.off:
            raise answers.disabled(service, accounts.project_of(request.user.name))

    def _counted(self, handler: Handler) -> Handler:
        """The handler, with errors that clients make counted: too many lock them out."""

        def answer(request: SandboxRequest) -> Response:
            payer = self._payer(request.path_params["property"], request.user.name)
            self.store.meter.check(payer, meter.SERVER, meter.CLIENT)
            try:
                return handler(request)
            except Refusal as refusal:
                if 400 <= refusal.response.status_code < 429:
                    self.store.meter.use(payer, 1, meter.CLIENT)
                raise

        return answer


def _bearer(request: SandboxRequest) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _property(request: SandboxRequest) -> str:
    found = _ID.search(request.path)
    return found[1] if found else ""


def _service(request: SandboxRequest) -> str:
    reporting = ":" in request.path.rpartition("/")[2] or request.path.endswith("/metadata")
    return "data" if reporting else "admin"
