"""Where the made-up visitors of a site come from, what they open first and what they do there.

Nothing here is measured anywhere: it is a plausible small business, the same in every run.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from msgspec import Struct

NOT_SET: Final = "(not set)"
EVENTS: Final = ("generate_lead", "sign_up", "purchase")
"""The key events of every property."""

RAMP: Final = 14
"""Days that a campaign takes to reach its full weight."""


class Stream(Struct, frozen=True):
    """What started sessions: one line of a traffic report.

    Args:
        weight: its share of the site's usual sessions; what runs for a time comes on top.
        since: a campaign's first day; None for what was always there.
        until: its last day.
        aim: beginning of the landing pages it leads to; empty for all pages.
        paid: clicks that cost something.
    """

    channel: str
    source: str
    medium: str
    campaign: str
    weight: float
    since: date | None = None
    until: date | None = None
    aim: str = ""
    paid: bool = False

    def strength(self, day: date) -> float:
        """Its weight on a day: campaigns grow over their first days and end at once."""
        if self.until is not None and day > self.until:
            return 0.0
        if self.since is None:
            return self.weight
        running = (day - self.since).days + 1
        return self.weight * min(1.0, max(0, running) / RAMP)


class Page(Struct, frozen=True):
    """A landing page. ``rates``: how many sessions in a thousand do what :data:`EVENTS` says."""

    path: str
    weight: float
    host: str
    rates: tuple[float, float, float] = (5.0, 4.0, 2.0)
    since: date | None = None

    def strength(self, day: date) -> float:
        """Its weight on a day: none before it was there."""
        return self.weight if self.since is None or day >= self.since else 0.0


@dataclass(frozen=True)
class Profile:
    """How one site lives.

    Args:
        seed: of all chance; two sites with one seed are alike.
        base: sessions of an ordinary day at ``origin``.
        growth: factor per year.
        order: cents of an ordinary order.
        week: factors of Monday to Sunday.
        year: factors of January to December.
        begun: the first day that was measured.
    """

    seed: str
    base: float
    growth: float
    order: int
    week: tuple[float, ...]
    year: tuple[float, ...]
    streams: tuple[Stream, ...] = field(hash=False)
    pages: tuple[Page, ...] = field(hash=False)
    begun: date
    origin: date = date(2025, 1, 1)

    def level(self, day: date) -> float:
        """Sessions to be expected on a day without campaigns."""
        years = (day - self.origin).days / 365.25
        grown = self.base * float(self.growth**years)
        return grown * self.week[day.weekday()] * self.year[day.month - 1]


def usual() -> tuple[Stream, ...]:
    """What every small site lives on."""
    return (
        Stream("Organic Search", "google", "organic", "(organic)", 0.40),
        Stream("Organic Search", "bing", "organic", "(organic)", 0.04),
        Stream("Direct", "(direct)", "(none)", "(direct)", 0.22),
        Stream("Organic Social", "instagram.com", "referral", "(referral)", 0.10),
        Stream("Referral", "foodwalks.example", "referral", "(referral)", 0.06),
        Stream("Email", "newsletter", "email", "newsletter-monthly", 0.06),
        Stream("Paid Search", "google", "cpc", "brand-search", 0.10, paid=True),
        Stream("Unassigned", NOT_SET, NOT_SET, NOT_SET, 0.02),
    )
