"""Google Analytics as the engine sees it: figures, and nothing to write."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.google_analytics.asking import Asking
from adapters.google_analytics.options import ScopeOptions
from adapters.google_analytics.shapes import is_currency, is_zone, objects, word
from adapters.google_analytics.wire import Wire
from syncer.adapterkit.contract import Opening, Scope
from syncer.adapterkit.errors import AskPerson, SkipRecord, WaitAndRetry
from syncer.adapterkit.measuring import Unanswered
from syncer.adapterkit.standing import Quota
from syncer.model.measures import Answer, Ask, Property, Slice
from syncer.model.remote import RemotePerson
from syncer.model.surveys import Spot


class GoogleAnalytics:
    """One credential and all the properties that it may read. Safe to use from several threads."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._known: dict[str, Property] = {}
        self._asking = Asking(wire, self._known)

    @classmethod
    def opened(cls, opening: Opening) -> "GoogleAnalytics":
        """Connect as the options say; nothing is sent yet."""
        return cls(Wire(opening))

    def whoami(self) -> RemotePerson:
        """The service account by its e-mail, or a user, whom the vendor does not name."""
        self._wire.sign_in()
        email = self._wire.email
        return RemotePerson(email or "oauth-user", email or "an OAuth user", email or None)

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it."""
        return self._wire.clock.now()

    def slices(self, scope: Scope) -> list[Slice]:
        """The client's part of its property, and those of its projects."""
        options: ScopeOptions = scope.options
        whole = options.filters.dimensions()
        parts = {name: whole | own.dimensions() for name, own in options.projects.items()}
        return [
            Slice(options.property, filters=whole),
            *(Slice(options.property, name, filters) for name, filters in parts.items()),
        ]

    def properties(self) -> list[Property]:
        """Every property in the account summaries; a request for each 200 accounts."""
        return [
            Property(id, word(found.get("displayName")), account=word(account.get("displayName")))
            for account in self._wire.accounts()
            for found in objects(account.get("propertySummaries"))
            if (id := _id(found.get("property")))
        ]

    def describe(self, property: str) -> Property:
        """A property as it is now; one request to the Admin API."""
        try:
            found = self._wire.property(property)
        except SkipRecord as error:
            why = (
                f"there is no property {property}: its id is digits, under Admin, Property details"
            )
            raise AskPerson(why, status=error.status, detail=error.detail) from None
        described = _described(property, found)
        if "360" in word(found.get("serviceLevel")):
            self._wire.ledger.is_large(property)
        self._known[property] = described
        return described

    def ask(self, asks: Sequence[Ask]) -> Iterator[Answer | Unanswered]:
        """See :mod:`adapters.google_analytics.asking`."""
        return self._asking(asks)

    def misfits(self, ask: Ask) -> list[str]:
        """Metrics and dimensions that do not go together; a request, or two for many metrics."""
        return self._asking.misfits(ask)

    def quotas(self, property: str) -> list[Quota]:
        """What is left of a property's tokens: told with the smallest report there can be."""
        yesterday = (self.now() - timedelta(days=1)).date()
        smallest = Ask("quota", Slice(property), ("sessions",), yesterday, yesterday)
        for told in self._asking([smallest]):
            if isinstance(told, Unanswered):
                raise told.error
        left = self._wire.ledger.left(property)
        return [Quota(words, min(rest, most), most) for words, rest, most in left]

    def spots(self) -> Iterator[Spot]:
        """Every property, by its name or that of its account; a request for each 200 accounts."""
        for found in self.properties():
            yield Spot(
                kind="property",
                id=found.id,
                name=found.name or found.account,
                scope={"property": found.id},
            )

    def everybody(self) -> Iterator[RemotePerson]:
        """Nobody: figures have no editors."""
        return iter(())

    def close(self) -> None:
        """Release connections."""
        self._wire.close()


def _id(name: Any) -> str:
    """The digits of ``properties/123``."""
    id = word(name).removeprefix("properties/")
    return id if id.isascii() and id.isdigit() else ""


def _described(id: str, found: Mapping[str, Any]) -> Property:
    zone, currency = word(found.get("timeZone")), word(found.get("currencyCode"))
    if _id(found.get("name")) != id or not zone or not is_currency(currency):
        raise WaitAndRetry(f"the answer about the property {id} lacks its name, zone or currency")
    if found.get("deleteTime"):
        raise AskPerson(f"the property {id} is in the bin; restore it in Google Analytics, Admin")
    if not is_zone(zone):
        raise AskPerson(f"the time zone of the property {id} is not known here; update tzdata")
    name, account = word(found.get("displayName")), word(found.get("account"))
    return Property(id, name, zone, currency, account)
