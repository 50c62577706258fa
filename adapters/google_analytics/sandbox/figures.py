"""What metrics make of counts, and how numbers stand on the wire: as texts, always."""

from collections.abc import Callable
from math import exp, log
from typing import Final

from adapters.google_analytics.sandbox.counts import Counts
from adapters.google_analytics.sandbox.traffic import EVENTS

_RETURNING: Final = 0.95
"""How fast the same people come back: the vendor counts them once however often they come."""


def users(sessions: int) -> int:
    """People behind so many sessions: an estimate that does not add up (guide, 8)."""
    return min(sessions, round(exp(_RETURNING * log(sessions)))) if sessions else 0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


_Figure = Callable[[Counts], float]


def _credit(n: int) -> _Figure:
    return lambda c: c.credit[n] / 4


def _rate(n: int) -> _Figure:
    return lambda c: _share(c.events[n], c.sessions)


FIGURES: Final[dict[str, _Figure]] = {
    "sessions": lambda c: c.sessions,
    "engagedSessions": lambda c: c.engaged,
    "engagementRate": lambda c: _share(c.engaged, c.sessions),
    "bounceRate": lambda c: _share(c.sessions - c.engaged, c.sessions),
    "averageSessionDuration": lambda c: _share(c.seconds, c.sessions),
    "sessionKeyEventRate": lambda c: _share(c.converted, c.sessions),
    "activeUsers": lambda c: users(c.sessions),
    "totalUsers": lambda c: min(c.sessions, round(users(c.sessions) * 1.02)),
    "newUsers": lambda c: c.new,
    "userKeyEventRate": lambda c: _share(users(c.converted), users(c.sessions)),
    "userEngagementDuration": lambda c: c.seconds,
    "screenPageViews": lambda c: c.views,
    "eventCount": lambda c: c.hits,
    "keyEvents": lambda c: sum(c.credit) / 4,
    "totalRevenue": lambda c: (c.gross - c.refunds) / 100,
    "purchaseRevenue": lambda c: (c.gross - c.refunds) / 100,
    "grossPurchaseRevenue": lambda c: c.gross / 100,
    "refundAmount": lambda c: c.refunds / 100,
    "ecommercePurchases": lambda c: c.purchases,
    "transactions": lambda c: c.purchases,
    "itemRevenue": lambda c: c.gross / 100,
    "itemsPurchased": lambda c: c.items,
    "advertiserAdCost": lambda c: c.cost / 100,
    "advertiserAdClicks": lambda c: c.clicks,
    "advertiserAdImpressions": lambda c: c.impressions,
    **{f"keyEvents:{event}": _credit(n) for n, event in enumerate(EVENTS)},
    **{f"sessionKeyEventRate:{event}": _rate(n) for n, event in enumerate(EVENTS)},
}
"""What each metric is, by its name."""


RATES: Final = {"EUR": 1.0, "USD": 1.16, "GBP": 0.88, "DKK": 7.46, "CHF": 0.93}
"""What a euro is worth, made up and without history; the vendor converts day by day."""


def text(number: float) -> str:
    """A number as it stands in an answer."""
    return format(round(number, 12), ".15g")
