"""A fence around an adapter: a fault of its own stops its system, never the whole client."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import structlog

from syncer.adapterkit.contract import (
    Adapter,
    Capabilities,
    FieldNeed,
    HistoryRequest,
    PullRequest,
    Scope,
)
from syncer.adapterkit.errors import AdapterError, LookFirst, WaitAndRetry
from syncer.adapterkit.redact import clean
from syncer.model.remote import (
    Catalogue,
    Change,
    Outcome,
    Page,
    RemotePerson,
    RemoteRecord,
    Write,
)

log = structlog.get_logger()


class Fenced:
    """An adapter whose every failure is an :class:`AdapterError`.

    An adapter may raise nothing else. One that does has a bug: while reading, its system counts
    as not answering this time; while writing, nobody knows what happened, so it is looked up.

    Args:
        connection: its name, for the log.
        opens: opens the adapter. If that fails, every call fails with the same error.
    """

    def __init__(self, connection: str, opens: Callable[[], Adapter]) -> None:
        self._connection = connection
        self.capabilities = Capabilities(read_only=True)
        self._opened: Adapter | AdapterError
        try:
            with self._fence("open"):
                self._opened = opens()
                self.capabilities = self._opened.capabilities
        except AdapterError as error:
            self._opened = error

    @property
    def _adapter(self) -> Adapter:
        if isinstance(self._opened, AdapterError):
            raise self._opened
        return self._opened

    def whoami(self) -> RemotePerson:
        """The account the credentials belong to."""
        with self._fence("whoami"):
            return self._adapter.whoami()

    def people(self, scope: Scope) -> list[RemotePerson]:
        """The users that can appear."""
        with self._fence("people"):
            return self._adapter.people(scope)

    def describe(self, scope: Scope, objects: frozenset[str]) -> Catalogue:
        """Containers, fields, options and limits."""
        with self._fence("describe"):
            return self._adapter.describe(scope, objects)

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """What changed."""
        with self._fence("pull"):
            yield from self._adapter.pull(request)

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """Who changed it."""
        with self._fence("history"):
            yield from self._adapter.history(requests, catalogue)

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """Records as they are now."""
        with self._fence("fetch"):
            yield from self._adapter.fetch(object, ids, request)

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """Carry out a batch."""
        with self._fence("push", LookFirst):
            yield from self._adapter.push(writes, catalogue)

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """What a create may have made."""
        with self._fence("find"):
            return self._adapter.find(write, catalogue)

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """Make missing fields."""
        with self._fence("provision", LookFirst):
            return self._adapter.provision(scope, needs, dry_run=dry_run)

    def now(self) -> datetime:
        """The vendor's clock."""
        with self._fence("now"):
            return self._adapter.now()

    def close(self) -> None:
        """Release connections; there is nothing to release where none were opened."""
        if not isinstance(self._opened, AdapterError):
            self._opened.close()

    @contextmanager
    def _fence(self, call: str, becomes: type[AdapterError] = WaitAndRetry) -> Iterator[None]:
        try:
            yield
        except AdapterError:
            raise
        except Exception as fault:
            text = clean(f"a fault in the adapter ({call}): {type(fault).__name__}: {fault}")
            log.debug("adapter.fault", connection=self._connection, call=call, exc_info=fault)
            log.warning("adapter.fault", connection=self._connection, call=call, why=text)
            raise becomes(text) from fault
