"""What is counted at one place of the traffic. Everything in it adds up."""

from collections.abc import Callable
from operator import add
from typing import NamedTuple

from adapters.google_analytics.sandbox.traffic import EVENTS

BUYING = EVENTS.index("purchase")


class Counts(NamedTuple):
    """Numbers that add up. Money is in cents, credit for key events in quarters of one.

    ``hits`` are events of all kinds, ``converted`` sessions with a key event, ``items`` pieces
    that were bought. Key events and the credit for them are in the order of :data:`EVENTS`.
    """

    sessions: int = 0
    engaged: int = 0
    new: int = 0
    views: int = 0
    seconds: int = 0
    hits: int = 0
    converted: int = 0
    leads: int = 0
    sign_ups: int = 0
    purchases: int = 0
    lead_credit: int = 0
    sign_up_credit: int = 0
    purchase_credit: int = 0
    gross: int = 0
    refunds: int = 0
    clicks: int = 0
    impressions: int = 0
    cost: int = 0
    items: int = 0

    @property
    def events(self) -> tuple[int, ...]:
        """How often each key event happened."""
        return self.leads, self.sign_ups, self.purchases

    @property
    def credit(self) -> tuple[int, ...]:
        """The credit for each of them."""
        return self.lead_credit, self.sign_up_credit, self.purchase_credit

    def with_events(self, events: tuple[int, ...]) -> "Counts":
        """With these key events, and what follows from them."""
        leads, sign_ups, purchases = events
        return self._replace(
            leads=leads,
            sign_ups=sign_ups,
            purchases=purchases,
            hits=self.views + self.sessions + self.new + self.engaged + sum(events),
            converted=min(self.sessions, sum(events)),
        )

    def with_credit(self, credit: tuple[int, ...]) -> "Counts":
        """With this credit for key events."""
        lead, sign_up, purchase = credit
        return self._replace(lead_credit=lead, sign_up_credit=sign_up, purchase_credit=purchase)

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*map(add, self, other))

    def each(self, change: Callable[[int], int]) -> "Counts":
        """With every number changed."""
        return Counts(*map(change, self))


NOTHING = Counts()
