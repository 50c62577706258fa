"""HubSpot as the engine sees it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from adapters.hubspot import people, survey
from adapters.hubspot.definitions import provision
from adapters.hubspot.fetch import fetch
from adapters.hubspot.find import find
from adapters.hubspot.history import BATCH, history
from adapters.hubspot.options import Options
from adapters.hubspot.pull import pull
from adapters.hubspot.push import Push
from adapters.hubspot.schema import describe
from adapters.hubspot.shapes import READ_MAX
from adapters.hubspot.standing import standing
from adapters.hubspot.talk import lookup
from adapters.hubspot.talk.posting import Posting
from adapters.hubspot.wire import Wire
from syncer.adapterkit.contract import (
    Capabilities,
    FieldNeed,
    HistoryRequest,
    Opening,
    PullRequest,
    Scope,
)
from syncer.adapterkit.standing import Lack, Standing, Wants
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.feeds import Page
from syncer.model.remote import Catalogue, Change, Op, Outcome, RemotePerson, RemoteRecord, Write
from syncer.model.surveys import Spot

CAPABILITIES: Final = Capabilities(
    batch={Op.CREATE: READ_MAX, Op.UPDATE: READ_MAX, Op.ARCHIVE: READ_MAX},
    in_flight=4,
    history_batch=BATCH,
    verify_writes=True,
    lag=timedelta(minutes=5),
    to_dos=True,
)


class HubSpot:
    """One account with one token. Safe to use from several threads."""

    capabilities = CAPABILITIES

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._posting = Posting(wire)

    @classmethod
    def opened(cls, opening: Opening) -> "HubSpot":
        """Connect as the options say; nothing is sent yet."""
        options: Options = opening.options
        token = options.token.get_secret_value()
        wire = Wire.opened(options.base_url, token, options.tier, opening.share, opening.timeout)
        return cls(wire)

    def whoami(self) -> RemotePerson:
        """The account; one request."""
        return people.whoami(self._wire)

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it."""
        return self._wire.http.clock.now()

    def people(self, scope: Scope) -> list[RemotePerson]:
        """Owners of the account, live and deactivated; a request for each 100 of either."""
        return people.people(self._wire)

    def describe(self, scope: Scope, objects: frozenset[str]) -> Catalogue:
        """Properties, and for deals the pipelines in scope; one request per list."""
        return describe(self._wire, objects, scope.options)

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """See :mod:`adapters.hubspot.pull`."""
        return pull(self._wire, request)

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """See :mod:`adapters.hubspot.history`."""
        return history(self._wire, requests, catalogue)

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """See :mod:`adapters.hubspot.fetch`."""
        return fetch(self._wire, object, ids, request)

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """See :mod:`adapters.hubspot.push`."""
        return Push(self._wire, catalogue)(writes)

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """See :mod:`adapters.hubspot.find`."""
        return find(self._wire, write, catalogue)

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """See :mod:`adapters.hubspot.definitions`."""
        return provision(self._wire, needs, dry_run=dry_run)

    def comment(self, posts: Sequence[Post], catalogue: Catalogue) -> Iterator[Posted]:
        """See :mod:`adapters.hubspot.talk.posting`."""
        return self._posting(posts)

    def comments(
        self, threads: Sequence[Thread], since: datetime, catalogue: Catalogue
    ) -> Iterator[Comment]:
        """See :mod:`adapters.hubspot.talk.lookup`."""
        return lookup.comments(self._wire, threads, since)

    def audience(self, scope: Scope, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """See :mod:`adapters.hubspot.talk.lookup`."""
        return lookup.audience(self._wire, threads)

    def heads_up_item(self, container: str, catalogue: Catalogue) -> Thread | None:
        """None: notes and tasks stand on the records themselves."""
        return None

    def spots(self) -> Iterator[Spot]:
        """See :mod:`adapters.hubspot.survey`."""
        return survey.spots(self._wire)

    def everybody(self) -> Iterator[RemotePerson]:
        """Owners of the account; a request for each 100 of them, and of those deactivated."""
        yield from people.people(self._wire)

    def standing(self, wants: Wants) -> Standing:
        """The kind of account, and what is left of the day's requests."""
        return standing(self._wire)

    def lacks(self, scope: Scope, catalogue: Catalogue, wants: Wants) -> list[Lack]:
        """Nothing: keys have no seats, and every plan has properties."""
        return []

    def template(self, object: str, name: str, catalogue: Catalogue) -> str:
        """Why nothing is copied here."""
        return "HubSpot makes no record from a template"

    def close(self) -> None:
        """Release connections."""
        self._wire.close()
