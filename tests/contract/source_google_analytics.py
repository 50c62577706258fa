"""Google Analytics under the contract suite: the bakery's property and its relaunch."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

from adapters.google_analytics import ADAPTER, ledger
from adapters.google_analytics.sandbox import GoogleAnalyticsSandbox
from adapters.google_analytics.sandbox.meter import STANDARD
from syncer.adapterkit.contract import Opening, Scope
from syncer.adapterkit.measuring import Measurer
from syncer.adapterkit.sandbox import agency_world, serve
from syncer.model.measures import Ask, Grain, Slice
from tests.contract.source import Source

SINCE, UNTIL = date(2026, 11, 3), date(2026, 11, 4)


@contextmanager
def source() -> Iterator[Source]:
    """A service account, and a user who has agreed."""
    sandbox = GoogleAnalyticsSandbox()
    sandbox.start_with(agency_world())
    scope = ADAPTER.scope(**sandbox.scope_of("bakery"))
    property = str(sandbox.scope_of("bakery")["property"])
    for quota in STANDARD:
        sandbox.store.meter.limits[property, quota] = 10**9
    with serve(sandbox) as running:
        options = {
            kind: ADAPTER.options(**running.connection(user))
            for kind, user in (("user", "maya"), ("service account", "syncer"))
        }

        def opened(kind: str) -> Measurer:
            # What a spoiled answer has told of quotas is not to keep the next one away.
            ledger._books.clear()
            return ADAPTER.open(Opening("google_analytics", options[kind]))

        key = json.loads(str(running.connection("syncer")["credentials"]))
        yield Source(
            name="google_analytics",
            running=running,
            opened={kind: partial(opened, kind) for kind in options},
            scope=Scope("bakery", scope),
            asks=list(_asks(Slice(property))),
            secrets=[
                str(running.connection("maya")["client_secret"]),
                str(running.connection("maya")["refresh_token"]),
                *key["private_key"].splitlines()[1:-1],
            ],
        )


def _asks(whole: Slice) -> Iterator[Ask]:
    shop = Slice(whole.property, "Shop", {"landingPage": ("/shop*", "*cake*")})
    channel = ("sessionDefaultChannelGroup",)
    yield Ask("goals", whole, ("sessions", "keyEvents", "totalRevenue"), SINCE, UNTIL)
    yield Ask("goals", shop, ("sessions", "totalRevenue"), SINCE, UNTIL)
    yield Ask("channels", whole, ("sessions",), SINCE, UNTIL, channel)
    month = (date(2026, 11, 1), date(2026, 11, 30))
    yield Ask("users", whole, ("activeUsers",), *month, grain=Grain.MONTH)
    many = tuple(
        "sessions engagedSessions activeUsers newUsers screenPageViews eventCount keyEvents "
        "totalRevenue purchaseRevenue ecommercePurchases userEngagementDuration".split()
    )
    yield Ask("many", whole, many, SINCE, UNTIL)
    yield Ask("pages", whole, ("eventCount", "itemRevenue"), SINCE, UNTIL, ("campaignName",))
