"""The dimensions and metrics of the stand-in, a part of the vendor's (guide, 6).

Scopes decide what may be asked together, see :mod:`~.compatible`.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from adapters.google_analytics.sandbox.traffic import EVENTS


class Dimension(Struct, frozen=True):
    """A dimension: its name on the wire and for people, and what it belongs to."""

    name: str
    label: str
    category: str
    scope: str


class Metric(Struct, frozen=True):
    """A metric.

    Args:
        type: the vendor's word for it.
        scope: session, user, event, item or ad.
        credited: it may be asked by the dimensions that credit is dealt out by.
        restricted: the kind of data that a role can forbid.
        older: names it had before.
    """

    name: str
    label: str
    type: str
    category: str
    scope: str
    credited: bool = False
    restricted: str = ""
    older: tuple[str, ...] = ()


_TIME: Final = {
    "date": "Date",
    "year": "Year",
    "month": "Month",
    "day": "Day",
    "yearMonth": "Year month",
    "isoYearIsoWeek": "ISO week of ISO year",
    "dayOfWeek": "Day of week",
    "dateRange": "Date range",
}
_SOURCES: Final = {
    "DefaultChannelGroup": "default channel group",
    "Source": "source",
    "Medium": "medium",
    "SourceMedium": "source / medium",
    "CampaignName": "campaign",
    "CampaignId": "campaign ID",
}
_OTHERS: Final = (
    Dimension("landingPage", "Landing page", "Page / screen", "page"),
    Dimension("landingPagePlusQueryString", "Landing page + query", "Page / screen", "page"),
    Dimension("hostName", "Hostname", "Page / screen", "page"),
    Dimension("eventName", "Event name", "Event", "event"),
    Dimension("isKeyEvent", "Is key event", "Event", "event"),
    Dimension("deviceCategory", "Device category", "Platform / device", "user"),
    Dimension("country", "Country", "Geography", "user"),
    Dimension("userAgeBracket", "Age", "Demographics", "user"),
    Dimension("userGender", "Gender", "Demographics", "user"),
    Dimension("itemName", "Item name", "Ecommerce", "item"),
)


def _dimensions() -> Iterator[Dimension]:
    yield from (Dimension(name, label, "Time", "time") for name, label in _TIME.items())
    for part, label in _SOURCES.items():
        yield Dimension(f"session{part}", f"Session {label}", "Traffic source", "session")
        yield Dimension(f"firstUser{part}", f"First user {label}", "Traffic source", "user")
        name = part[0].lower() + part[1:]
        yield Dimension(name, label.capitalize(), "Attribution", "credit")
    yield from _OTHERS


def _metrics() -> Iterator[Metric]:
    whole, part, seconds = "TYPE_INTEGER", "TYPE_FLOAT", "TYPE_SECONDS"
    yield Metric("sessions", "Sessions", whole, "Session", "session")
    yield Metric("engagedSessions", "Engaged sessions", whole, "Session", "session")
    yield Metric("engagementRate", "Engagement rate", part, "Session", "session")
    yield Metric("bounceRate", "Bounce rate", part, "Session", "session")
    yield Metric(
        "averageSessionDuration", "Average session duration", seconds, "Session", "session"
    )
    yield Metric("sessionKeyEventRate", "Session key event rate", part, "Session", "session")
    yield Metric("activeUsers", "Active users", whole, "User", "user")
    yield Metric("totalUsers", "Total users", whole, "User", "user")
    yield Metric("newUsers", "New users", whole, "User", "user")
    yield Metric("userKeyEventRate", "User key event rate", part, "User", "user")
    yield Metric("userEngagementDuration", "User engagement", seconds, "User", "event")
    yield Metric("screenPageViews", "Views", whole, "Page / screen", "event")
    yield Metric("eventCount", "Event count", whole, "Event", "event")
    yield Metric(
        "keyEvents", "Key events", part, "Event", "event", credited=True, older=("conversions",)
    )
    for event in EVENTS:
        name, label = f"keyEvents:{event}", f"Key events for {event}"
        yield Metric(name, label, part, "Event", "event", credited=True)
        label = f"Session key event rate for {event}"
        yield Metric(f"sessionKeyEventRate:{event}", label, part, "Session", "session")
    yield from _money()


def _money() -> Iterator[Metric]:
    money, whole, revenue = "TYPE_CURRENCY", "TYPE_INTEGER", "REVENUE_DATA"
    names = {
        "totalRevenue": ("Total revenue", "Revenue"),
        "purchaseRevenue": ("Purchase revenue", "Ecommerce"),
        "grossPurchaseRevenue": ("Gross purchase revenue", "Ecommerce"),
        "refundAmount": ("Refund amount", "Ecommerce"),
    }
    for name, (label, category) in names.items():
        yield Metric(name, label, money, category, "event", credited=True, restricted=revenue)
    yield Metric(
        "ecommercePurchases", "Ecommerce purchases", whole, "Ecommerce", "event", credited=True
    )
    yield Metric("transactions", "Transactions", whole, "Ecommerce", "event", credited=True)
    yield Metric("itemRevenue", "Item revenue", money, "Ecommerce", "item", restricted=revenue)
    yield Metric("itemsPurchased", "Items purchased", whole, "Ecommerce", "item")
    cost = "COST_DATA"
    yield Metric(
        "advertiserAdCost", "Ads cost", money, "Advertising", "ad", credited=True, restricted=cost
    )
    yield Metric("advertiserAdClicks", "Ads clicks", whole, "Advertising", "ad", credited=True)
    yield Metric(
        "advertiserAdImpressions", "Ads impressions", whole, "Advertising", "ad", credited=True
    )


DIMENSIONS: Final = {one.name: one for one in _dimensions()}
METRICS: Final = {one.name: one for one in _metrics()}
OLDER: Final = {old: metric.name for metric in METRICS.values() for old in metric.older}
"""Names that still work, and what they are called now."""

DEMOGRAPHIC: Final = frozenset({"userAgeBracket", "userGender"})
"""Dimensions whose small groups the vendor withholds."""
