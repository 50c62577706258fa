"""Who may see which property, and what of it."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from adapters.google_analytics.sandbox.accounts import LIMITED, PARTNER
from adapters.google_analytics.sandbox.answers import refusal
from adapters.google_analytics.sandbox.fields import METRICS
from adapters.google_analytics.sandbox.properties import ELSEWHERE, Site
from adapters.google_analytics.sandbox.store import Store
from syncer.adapterkit.sandbox import SandboxRequest, World

NONE: Final = "none"
VIEWER: Final = "viewer"
ROLES: Final = {
    NONE: frozenset[str](),
    VIEWER: frozenset[str](),
    "no revenue": frozenset({"REVENUE_DATA"}),
    "no cost": frozenset({"COST_DATA"}),
}
"""Roles, and the kinds of data that they forbid."""


class Rights(Struct):
    """What users may do, as the store says or as it is by nature."""

    store: Callable[[], Store]
    world: Callable[[], World]

    def site(self, request: SandboxRequest) -> Site:
        """The property that a request is about; refused alike if there is none (guide, 10)."""
        id = request.path_params["property"]
        if ":" in id:
            raise refusal(404)
        site = self.store().sites.get(id)
        if site is None or self.role(request.user.name, site) == NONE:
            raise refusal(403)
        return site

    def sites(self, user: str) -> list[Site]:
        """Every property that a user may see."""
        sites = sorted(self.store().sites.values(), key=lambda site: (site.account, site.id))
        return [site for site in sites if self.role(user, site) != NONE]

    def role(self, user: str, site: Site) -> str:
        """A user's role: the service and producers see all clients, managers their own."""
        return self.store().roles.get((user, site.id), self._usual(user, site))

    def _usual(self, user: str, site: Site) -> str:
        if site.id == ELSEWHERE:
            return VIEWER if user in ("syncer", PARTNER.key) else NONE
        if user == LIMITED.key:
            return "no revenue"
        managers = {client.key: client.account_manager for client in self.world().clients}
        theirs = user not in managers.values() or managers[site.client] == user
        return VIEWER if user != PARTNER.key and theirs else NONE

    def hidden(self, user: str, site: Site) -> frozenset[str]:
        """Metrics that read 0 for a user."""
        kinds = ROLES[self.role(user, site)]
        return frozenset(name for name, one in METRICS.items() if one.restricted in kinds)
