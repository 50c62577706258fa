"""Quotas of the Data API: tokens and errors of each property, by the vendor's clock (guide, 9)."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from adapters.google_analytics.sandbox.answers import present, refusal

PACIFIC: Final = ZoneInfo("America/Los_Angeles")

DAY: Final = "tokensPerDay"
HOUR: Final = "tokensPerHour"
PROJECT: Final = "tokensPerProjectPerHour"
CONCURRENT: Final = "concurrentRequests"
SERVER: Final = "serverErrorsPerProjectPerHour"
THRESHOLDED: Final = "potentiallyThresholdedRequestsPerHour"
CLIENT: Final = "clientErrorsPerProject"

STANDARD: Final = {
    DAY: 200_000,
    HOUR: 40_000,
    PROJECT: 14_000,
    CONCURRENT: 10,
    SERVER: 10,
    THRESHOLDED: 120,
    CLIENT: 10_000,
}
_LARGE: Final = {DAY: 2_000_000, HOUR: 400_000, PROJECT: 140_000, CONCURRENT: 50, SERVER: 50}
_OWN: Final = frozenset({PROJECT, SERVER, CLIENT})
"""Quotas that are counted per Cloud project as well."""

_QUARTER: Final = timedelta(minutes=15)
_MORE: Final = (
    "To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas."
)
TEXTS: Final = {
    DAY: "Exhausted property tokens for a property per day. These quota tokens will return in"
    " under 24 hours.",
    HOUR: "Exhausted property tokens for a property per hour. These quota tokens will return in"
    " under an hour.",
    PROJECT: "Exhausted property tokens for a project per hour. These quota tokens will return"
    " in under an hour.",
    CONCURRENT: "Exhausted concurrent requests quota. Please send fewer requests concurrently.",
    SERVER: "Exhausted server errors quota. The quota will return in under an hour.",
    THRESHOLDED: "Exhausted potentially thresholded requests quota. This quota will refresh in"
    " under an hour.",
    CLIENT: "Exhausted client errors quota. This quota will refresh in under 15 minutes.",
}
"""What a 429 says of each quota. They are told apart by these words only."""


def text(quota: str) -> str:
    """The whole text of a 429."""
    return f"{TEXTS[quota]} {_MORE}"


class Payer(Struct, frozen=True):
    """Who pays: a property, a Cloud project, at a moment."""

    property: str
    project: str
    now: datetime
    large: bool = False


class Meter(Struct):
    """What was used, and limits other than the vendor's, by property and quota."""

    used: Counter[tuple[str, ...]] = field(default_factory=Counter)
    limits: dict[tuple[str, str], int] = field(default_factory=dict)

    def limit(self, payer: Payer, quota: str) -> int:
        """How much of a quota there is."""
        usual = (_LARGE if payer.large else {}).get(quota, STANDARD[quota])
        return self.limits.get((payer.property, quota), usual)

    def left(self, payer: Payer, quota: str) -> int:
        """How much of it is left."""
        return max(0, self.limit(payer, quota) - self.used[self._key(payer, quota)])

    def use(self, payer: Payer, amount: int, *quotas: str) -> None:
        """Charge some quotas alike."""
        for quota in quotas:
            self.used[self._key(payer, quota)] += amount

    def check(self, payer: Payer, *quotas: str) -> None:
        """Refuse if nothing is left of one of them."""
        for quota in quotas:
            if not self.left(payer, quota):
                raise refusal(429, text(quota))

    def told(self, payer: Payer, tokens: int, thresholded: int) -> dict[str, Any]:
        """As ``propertyQuota`` of an answer that cost so much."""
        consumed = {DAY: tokens, HOUR: tokens, PROJECT: tokens, THRESHOLDED: thresholded}
        return {
            quota: present(
                {"consumed": consumed.get(quota, 0), "remaining": self.left(payer, quota)}
            )
            for quota in STANDARD
            if quota != CLIENT
        }

    @staticmethod
    def _key(payer: Payer, quota: str) -> tuple[str, ...]:
        """Days begin at midnight in California; hours and quarters with the clock."""
        if quota == DAY:
            window = f"{payer.now.astimezone(PACIFIC):%Y-%m-%d}"
        elif quota == CLIENT:
            window = str(int(payer.now.timestamp() // _QUARTER.total_seconds()))
        else:
            window = f"{payer.now:%Y-%m-%dT%H}"
        return quota, payer.property, payer.project if quota in _OWN else "", window


def price(dimensions: int, metrics: int, filters: int, rows: int, days: int) -> int:
    """The tokens that a report costs: more columns, filters, rows and days cost more.

    The vendor does not tell how it counts; most reports cost less than ten (guide, 9).
    """
    return round(1 + 0.4 * dimensions + 0.2 * metrics + 0.4 * filters + rows / 400 + days / 60)
