"""The two APIs of Google Analytics: what is asked, and refusals made plain."""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from adapters.google_analytics.faults import DENIED, classify
from adapters.google_analytics.ledger import AFTER_ERRORS, ATTEMPTS, books_for
from adapters.google_analytics.options import ADMIN_LIMITS, Options
from adapters.google_analytics.shapes import mapping, objects, word
from adapters.google_analytics.token import Token, identity
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.errors import AskPerson, StopConnection, WaitAndRetry
from syncer.adapterkit.http import Http, segment
from syncer.adapterkit.limits import budget_for, digest_of
from syncer.adapterkit.retry import Attempts

REPORTS_TAKE: Final = 3
"""How many times longer than other answers a report is waited for: it can take minutes."""

LARGEST: Final = 256 * 1024 * 1024
"""Bytes of an answer with reports; 250,000 rows of a few columns are 50 MB."""

SLOW: Final = 4.0
"""Waits of about 1 and 2 seconds between attempts: errors have a quota too."""


class Wire:
    """One credential on both APIs. Safe to use from many threads."""

    def __init__(self, opening: Opening, sleep: Callable[[float], None] = time.sleep) -> None:
        options: Options = opening.options
        who = identity(options)
        self.email = who.email
        self._token = Token(who, opening.timeout)
        digest = digest_of(options.base_url, who.digest)
        self.ledger, lanes = books_for(digest, options.reserve)
        admin = budget_for(digest_of(options.admin_url, who.digest), ADMIN_LIMITS, opening.share)

        more: Mapping[str, Any] = {
            "headers": lambda: {"authorization": f"Bearer {self._token.value}"},
            "classify": classify,
            "secrets": who.secrets,
            "attempts": Attempts(ATTEMPTS, SLOW, refused=False),
            "system": "google_analytics",
            "sleep": sleep,
        }
        patience = REPORTS_TAKE * opening.timeout
        self._data = Http(
            options.base_url, budget=lanes, timeout=patience, max_body=LARGEST, **more
        )
        self._admin = Http(options.admin_url, budget=admin, timeout=opening.timeout, **more)
        # One vendor, one clock.
        self.clock = self._admin.clock = self._token.http.clock = self._data.clock

    def sign_in(self) -> None:
        """Have a token. Raises :class:`StopConnection` if none is given."""
        self._token.fresh()

    def report(self, property: str, method: str, body: Mapping[str, Any], cost: int = 1) -> Answer:
        """Call a method of a property in the Data API; asking again does no harm.

        ``cost`` is how many reports it holds.

        Raises:
            WaitAndRetry: a quota of the property is used up, or kept for others.
            SkipRecord: the vendor refuses this request; with status 200 its answer is too large.
            AskPerson: the property may not be read.
        """
        self.ledger.check(property)
        # Outside of what follows: where tokens are made has no part in the property's quotas.
        self.sign_in()
        path = f"/properties/{segment(property)}:{method}"
        try:
            answer = self._signed(
                lambda: self._data.post(path, json=body, safe=True, kind=property, cost=cost)
            )
        except WaitAndRetry as error:
            raise self._rested(property, error) from None
        except AskPerson as error:
            raise self._explained(property, error) from None
        told = mapping(answer.json())
        for report in (told, *objects(told.get("reports"))):
            self.ledger.read(property, report.get("propertyQuota"), answer.at)
        return answer

    def property(self, id: str) -> Mapping[str, Any]:
        """A property as the Admin API has it. Raises as :meth:`report` does."""
        path = f"/properties/{segment(id)}"
        try:
            return mapping(self._signed(lambda: self._admin.get(path)).json())
        except AskPerson as error:
            raise self._explained(id, error) from None

    def accounts(self) -> Iterator[Mapping[str, Any]]:
        """Every account that the credential sees, with its properties."""
        token: str | None = None
        while True:
            params = {"pageSize": 200, "pageToken": token}
            answer = self._signed(partial(self._admin.get, "/accountSummaries", params=params))
            body = mapping(answer.json())
            yield from objects(body.get("accountSummaries"))
            before, token = token, word(body.get("nextPageToken"))
            if not token:
                return
            if token == before:
                raise WaitAndRetry("paging does not advance")

    def close(self) -> None:
        """Release the connections."""
        for each in (self._data, self._admin, self._token):
            each.close()

    def _signed(self, call: Callable[[], Answer]) -> Answer:
        """An answer to a request with a good token; a refused one is exchanged once."""
        used = self._token.fresh()
        self._hide()
        try:
            return call()
        except StopConnection as error:
            if error.status != 401:
                raise
        self._token.fresh(refused=used)
        self._hide()
        return call()

    def _hide(self) -> None:
        """Tokens come and go; what may not show goes with them."""
        self._data.hide = self._admin.hide = self._token.hide

    def _rested(self, property: str, error: WaitAndRetry) -> WaitAndRetry:
        """After a refusal or too many failures nothing is asked of the property for a while."""
        if error.status is not None and error.status >= 500:
            error.seconds = max(error.seconds, AFTER_ERRORS)
        if error.status == 429 or (error.status or 0) >= 500:
            self.ledger.hold(property, error.seconds, str(error))
        return error

    def _explained(self, property: str, error: AskPerson) -> AskPerson:
        if error.reason != DENIED:
            return error
        who = self.email or "the user of the refresh token"
        why = (
            f"the property {property} may not be read: either {who} is no user of it (add it as "
            "Viewer under Admin, Property access management; that may take some minutes), or "
            f"{property} is no property id (digits, under Admin, Property details)"
        )
        return AskPerson(why, status=error.status, detail=error.detail)
