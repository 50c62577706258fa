"""The contract between the engine and an adapter.

An adapter knows vendor objects and fields and nothing of entities, roles or rules. It is
opened with checked options and secrets, is safe to call from several threads, and speaks
only the values of :mod:`syncer.model.remote`. All methods raise the errors of
:mod:`syncer.adapterkit.errors` and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from msgspec import Struct, field
from pydantic import BaseModel, ConfigDict

from syncer.adapterkit.addresses import Reads, nowhere
from syncer.adapterkit.seen import NOTHING_SEEN, Seen
from syncer.model.comments import Thread
from syncer.model.feeds import Page
from syncer.model.remote import Catalogue, Change, Op, Outcome, RemotePerson, RemoteRecord, Write


class Strict(BaseModel):
    """Base of option models: unknown keys are errors, values are frozen.

    Errors do not repeat what was given: it may be a secret, also in a wrong place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Capabilities(Struct, frozen=True):
    """What this system can do, for the engine to plan by.

    Args:
        read_only: writes are refused by the adapter itself.
        batch: how many writes of an op one request takes; 1 where the vendor has no batch.
        in_flight: how many requests may be under way at once for one credential.
        feed_changes: ``pull`` already tells keyed changes, so ``history`` is rarely needed.
        history_batch: how many records one history request covers; 0 where there is none.
        verify_writes: the history of a field we wrote must be asked for once afterwards,
            because the feed would not show a person's edit that our write ran over.
        lag: how late the feed may report an edit.
        to_dos: comments reach nobody by themselves; who must answer is assigned a task as well.
    """

    read_only: bool = False
    batch: Mapping[Op, int] = field(default_factory=dict)
    in_flight: int = 1
    feed_changes: bool = False
    history_batch: int = 0
    verify_writes: bool = False
    lag: timedelta = timedelta(0)
    to_dos: bool = False

    def batch_of(self, op: Op) -> int:
        """Writes of this op in one request."""
        return self.batch.get(op, 1)


class Scope(Struct, frozen=True):
    """Where one client lives in one connection; ``options`` is the adapter's ScopeOptions."""

    client: str
    options: Any


class PullRequest(Struct, frozen=True):
    """What to read.

    Args:
        scope: the client's place.
        catalogue: what ``describe`` last found; its containers are the feeds to poll.
        fields: per object wanted, the ids of the fields wanted.
        cursors: per feed, the cursor its last poll returned; a feed without one is listed whole.
        full: list everything, whatever the cursors say, and say what was complete.
        threads: things under which an answer may be written; new comments there are told.
        since: comments from then on are told, where a feed has no cursor (any more).
        seen: tells rows that are as they were when they were last decided on; an adapter may
            leave these unread and put their ids into ``Page.same``.
        described: the catalogue was found just now, as this cycle began: which containers are in
            scope need not be asked again.
    """

    scope: Scope
    catalogue: Catalogue
    fields: Mapping[str, frozenset[str]]
    cursors: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    full: bool = False
    threads: frozenset[Thread] = frozenset()
    since: datetime | None = None
    described: bool = False
    seen: Seen = NOTHING_SEEN


class HistoryRequest(Struct, frozen=True):
    """Ask for every change of these fields of one record later than ``since``."""

    object: str
    id: str
    fields: frozenset[str]
    since: datetime | None = None
    container: str | None = None


class FieldNeed(Struct, frozen=True):
    """A custom field or property that a mapping needs, for ``provision``.

    ``kind`` is a :class:`~syncer.model.values.Kind` value; ``options`` are names of choices.
    ``key`` asks for a unique text field that carries lost-create markers. ``custom`` is false
    for a field that a mapping names like a built-in one; only a system in which all fields are
    made alike (HubSpot's properties) can make it.
    """

    object: str
    name: str
    kind: str
    options: tuple[str, ...] = ()
    container: str | None = None
    many: bool = False
    key: bool = False
    currency: str | None = None
    custom: bool = True


@runtime_checkable
class Adapter(Protocol):
    """One system, opened with one set of credentials."""

    capabilities: Capabilities

    def whoami(self) -> RemotePerson:
        """The account the credentials belong to. One cheap request."""
        ...

    def now(self) -> datetime:
        """The vendor's time, as its answers tell it. No request of its own."""
        ...

    def people(self, scope: Scope) -> list[RemotePerson]:
        """The users that can appear in records or history of this scope."""
        ...

    def describe(self, scope: Scope, objects: frozenset[str]) -> Catalogue:
        """Containers in scope and, for these objects, fields, options and limits, live."""
        ...

    def pull(self, request: PullRequest) -> Iterator[Page]:
        """Records changed since the cursors, with what the feeds tell about who and what."""
        ...

    def history(self, requests: Sequence[HistoryRequest], catalogue: Catalogue) -> Iterator[Change]:
        """Every keyed change the vendor's own record holds, oldest first per record."""
        ...

    def fetch(
        self, object: str, ids: Sequence[str], request: PullRequest
    ) -> Iterator[RemoteRecord]:
        """These records as they are now (strongly consistent); those that are gone are left out."""
        ...

    def push(self, writes: Sequence[Write], catalogue: Catalogue) -> Iterator[Outcome]:
        """Carry out at most one batch of writes of one op and object; an outcome for each."""
        ...

    def find(self, write: Write, catalogue: Catalogue) -> list[RemoteRecord]:
        """Records that this create may have made since ``write.since``. Usually none or one."""
        ...

    def provision(self, scope: Scope, needs: Sequence[FieldNeed], *, dry_run: bool) -> list[str]:
        """Make the missing fields among ``needs``; returns a line for each made (or missing)."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...


class Opening(Struct, frozen=True):
    """What an adapter is opened with.

    Args:
        connection: its name in ``sync.yaml``.
        options: an instance of the adapter's ``Options``; secret options hold plain values here.
        share: how much of the vendor's documented limits we may use, 0 < share <= 1.
        timeout: seconds for connecting, and between two pieces of an answer.
    """

    connection: str
    options: Any
    share: float = 0.9
    timeout: float = 60


class AdapterSpec(Struct, frozen=True):
    """What an adapter folder exports as ``ADAPTER``.

    Args:
        name: the folder's name and the value of ``adapter:`` in ``sync.yaml``.
        open: makes an adapter.
        options: pydantic model of a connection's options. Secret fields are ``SecretStr``.
        scope: pydantic model of a client's scope in such a connection.
        decoder: raised when the same vendor answer is read as other raw values than before.
        addresses: which thing of this system an address from a browser shows.
    """

    name: str
    open: Callable[[Opening], Adapter]
    options: type[Strict]
    scope: type[Strict]
    decoder: int = 1
    addresses: Reads = nowhere
