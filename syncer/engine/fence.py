"""A fence around an adapter: a fault of its own stops its system, never the whole client."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final, Generic, TypeVar

import structlog

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.contract import (
    Adapter,
    Capabilities,
    FieldNeed,
    HistoryRequest,
    PullRequest,
    Scope,
)
from syncer.adapterkit.errors import AdapterError, LookFirst, WaitAndRetry
from syncer.adapterkit.measuring import Measurer
from syncer.adapterkit.redact import clean
from syncer.model.feeds import Page
from syncer.model.remote import Catalogue, Change, Outcome, RemotePerson, RemoteRecord, Write

log = structlog.get_logger()

FAULT: Final = "a fault in the adapter"
"""How the reason of an error begins that the adapter had no right to raise."""


Inner = TypeVar("Inner", Adapter, Measurer)


class Fence(Generic[Inner]):
    """Opens something whose every failure is to be an :class:`AdapterError`.

    An adapter may raise nothing else. One that does has a bug: while reading, its system counts
    as not answering this time; while writing, nobody knows what happened, so it is looked up.

    Args:
        connection: its name, for the log.
        opens: opens it. If that fails, every call fails with the same error.
    """

    def __init__(self, connection: str, opens: Callable[[], Inner]) -> None:
        self._connection: str = connection
        self._opened: Inner | AdapterError
        try:
            with self.fence("open"):
                self._opened = opens()
        except AdapterError as error:
            self._opened = error

    @property
    def inner(self) -> Inner:
        """What was opened. Raises the error that opening it ended with."""
        if isinstance(self._opened, AdapterError):
            raise self._opened
        return self._opened

    def close(self) -> None:
        """Release connections; there is nothing to release where none were opened."""
        if not isinstance(self._opened, AdapterError):
            self._opened.close()

    @contextmanager
    def fence(self, call: str, becomes: type[AdapterError] = WaitAndRetry) -> Iterator[None]:
        """Turn every other failure inside into an error of this kind."""
        try:
            yield
        except AdapterError:
            raise
        except Exception as fault:
            text = clean(f"{FAULT} ({call}): {type(fault).__name__}: {fault}")
            log.debug("adapter.fault", connection=self._connection, call=call, exc_info=fault)
            log.warning("adapter.fault", connection=self._connection, call=call, why=text)
            raise becomes(text) from fault


class Fenced(Fence[Adapter]):
    """An adapter behind a fence."""

    def __init__(self, connection: str, opens: Callable[[], Adapter]) -> None:
        super().__init__(connection, opens)
        failed = isinstance(self._opened, AdapterError)
        self.capabilities = Capabilities(read_only=True) if failed else self.inner.capabilities
        # Looked at here: to ask a protocol takes longer than to make a site.
        self.speaker = self._opened if isinstance(self._opened, Commenter) else None

    def whoami(self) -> RemotePerson:
        """The account the credentials belong to."""
        with self.fence("whoami"):
            return self.inner.whoami()

    def people(self, scope: Scope) -> list[RemotePerson]:
        """The users that can appear."""
        with self.fence("people"):
            return self.inner.people(scope)

    def describe(self, scope: Scope, objects: frozenset[str]) -> Catalogue:
        """Containers, fields, options and limits."""
        with self.fence("describe"):
            return self.inner.describe(scope, objects)

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """What changed."""
        with self.fence("pull"):
            yield from self.inner.pull(request)

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """Who changed it."""
        with self.fence("history"):
            yield from self.inner.history(requests, catalogue)

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """Records as they are now."""
        with self.fence("fetch"):
            yield from self.inner.fetch(object, ids, request)

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """Carry out a batch."""
        with self.fence("push", LookFirst):
            yield from self.inner.push(writes, catalogue)

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """What a create may have made."""
        with self.fence("find"):
            return self.inner.find(write, catalogue)

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """Make missing fields."""
        with self.fence("provision", LookFirst):
            return self.inner.provision(scope, needs, dry_run=dry_run)

    def now(self) -> datetime:
        """The vendor's clock."""
        with self.fence("now"):
            return self.inner.now()
