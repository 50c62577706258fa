"""The store as one client's cycle uses it: what every cycle asks is read at once, at its outset.

A cycle to which nothing happened then asks a handful of questions, and where nobody wrote since
the one before it in this process, none. From the first thing that it writes, it asks as it needs
for that, and for what others may have written meanwhile.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from threading import Lock
from typing import Any, cast

from sqlalchemy import Connection

from syncer.model.comments import Thread
from syncer.model.contact import Candidate, Contact, Decision
from syncer.model.notices import Notice, NoticeStatus, Posting, PostStatus
from syncer.model.records import Hold, Intent, IntentStatus, Parked, Proposal
from syncer.state.errors import translated
from syncer.state.facts import ALL_CLIENTS, ClientState, Cycle
from syncer.state.kept import Kept
from syncer.state.late import Late
from syncer.state.outset import Outset, read_outset
from syncer.state.store import Standing, Store
from syncer.state.writing import Transaction


class ClientStore(Store):
    """Reads and writes as the store that it is made of, which stays open.

    To be made under the client's lock: no other run writes anything of it then. What people
    say meanwhile is seen by the next cycle, or later in this one if it writes something itself.

    Args:
        store: the open state.
        client: whose cycle it is.
        keys: values of :meth:`Transaction.put_meta` that will be asked for.
        kept: what the client's cycle before this one left in this process.
    """

    def __init__(
        self, store: Store, client: str, keys: Collection[str] = (), kept: Kept | None = None
    ) -> None:
        super().__init__(store._engine, store.schema, store.where, store.file)
        self._base = store
        self._identity = store._identity
        self._client = client
        self._keys = keys
        self._reading = Lock()
        self._kept = kept or Kept()
        self._standing: Standing | None = None
        self._outset: Outset | None = None
        self._first: Callable[[Transaction], None] | None = None
        self._wrote = 0
        self._touched: set[str] = set()

    def close(self) -> None:
        """Nothing: the store that it was made of releases the connections."""

    @contextmanager
    def transaction(self, of: str = "") -> Iterator[Transaction]:
        """As of the store; one in which nothing is written does not begin at all."""
        first = self._first
        try:
            with ExitStack() as stack:
                late = Late(lambda: self._begin(stack, of or self._client))
                connection, touched = cast(Connection, late), self._touched
                transaction = Transaction(connection, self.schema, self.where, touched=touched)
                yield transaction
                transaction.finish()
        except BaseException:
            self._first = first
            raise

    def _begin(self, stack: ExitStack, of: str) -> Connection:
        begun = stack.enter_context(self._base.transaction(of))
        self._wrote += 1
        self._kept.forget()
        first, self._first = self._first, None
        if first is not None:
            first(begun)
        return begun.connection

    def begins(self, write: Callable[[Transaction], None]) -> None:
        """Write this before whatever else is written, in the same commit."""
        self._first = write

    def begun(self) -> None:
        """Write by now what :meth:`begins` was given."""
        if self._first is not None:
            with self.transaction() as transaction:
                cast(Late, transaction.connection).begin_now()

    def forgo(self) -> None:
        """It need not be written any more."""
        self._first = None

    def ended(self, cycle: Cycle, ok_at: datetime | None, full_at: datetime | None) -> None:
        """Note that it was committed how the cycle ended; see :meth:`Kept.after`."""
        if self._wrote == 1:
            self._kept.after(self._outset, self._standing, cycle, ok_at, full_at)

    def _known(self, client: str | None, what: str = "") -> Outset | None:
        """What was read at the outset, while that holds; None: ask.

        ``what`` nobody writes but the cycle itself: it holds until that wrote any of it.
        """
        holds = what not in self._touched if what and self._outset else not self._wrote
        if client != self._client or not holds:
            return None
        return self._outset or self._at_outset()

    def _at_outset(self) -> Outset:
        with self._reading:
            if self._outset is None:
                self._standing = self._base.standing(self._client)
                self._outset = self._kept.at(self._standing) or self._read_outset()
            return self._outset

    def _read_outset(self) -> Outset:
        with translated(self.where, self._still_ours), self._engine.connect() as database:
            return read_outset(database, self._client, self._keys)

    def _none(self, client: str | None, *names: str) -> bool:
        """Whether it is known that there is nothing of these kinds."""
        known = self._known(client, "parked" if names == ("parked",) else "")
        return known is not None and known.nothing.issuperset(names)

    # -- how far we got --------------------------------------------------------------------

    def cursors(self, client: str, connection: str) -> dict[str, dict[str, Any]]:
        """Per feed, the cursor that its last recorded poll returned."""
        if known := self._known(client, "cursors"):
            return dict(known.cursors.get(connection, {}))
        return super().cursors(client, connection)

    def cached(self, connection: str, client: str, kind: str) -> tuple[Any, datetime] | None:
        """Cached JSON and when it was read. What is given is not to be changed."""
        if known := self._known(client, "cached"):
            return known.cached.get((connection, kind))
        return super().cached(connection, client, kind)

    def meta(self, key: str) -> Any:
        """A value kept by :meth:`Transaction.put_meta`, or None."""
        known = self._known(self._client, key) if key in self._keys else None
        return known.meta[key] if known else super().meta(key)

    def cycles(self, client: str | None = None, limit: int = 20) -> list[Cycle]:
        """The last cycles, newest first."""
        known = self._known(client)
        if known and limit <= len(known.cycles):
            return list(known.cycles[:limit])
        return super().cycles(client, limit)

    def client(self, client: str) -> ClientState:
        """What is remembered of a client as a whole; nothing yet for a new one."""
        known = self._known(self._client) if client in (self._client, ALL_CLIENTS) else None
        if known:
            return known.clients.get(client, ClientState(client))
        return super().client(client)

    def contacts(self, client: str) -> dict[str, Contact]:
        """The connections that a client met, by name."""
        known = self._known(client)
        return dict(known.contacts) if known else super().contacts(client)

    # -- what waits ------------------------------------------------------------------------

    def parked(self, client: str | None = None) -> list[Parked]:
        """Work that failed and is tried again, due first."""
        return [] if self._none(client, "parked") else super().parked(client)

    def intents(
        self,
        client: str,
        statuses: Collection[IntentStatus] = (IntentStatus.SENT,),
        connection: str | None = None,
    ) -> list[Intent]:
        """Intents by status, oldest first."""
        if set(statuses) <= {IntentStatus.SENT} and self._none(client, "intents"):
            return []
        return super().intents(client, statuses, connection)

    def holds(self, client: str | None = None) -> list[Hold]:
        """What is not decided until a person looks at it, sorted by key."""
        return [] if self._none(client, "holds") else super().holds(client)

    def candidates(
        self, client: str | None = None, decisions: Collection[Decision] | None = None
    ) -> list[Candidate]:
        """Pairs that may be one thing, or that a person spoke of; the likeliest first."""
        if self._none(client, "candidates"):
            return []
        return super().candidates(client, decisions)

    def pending(self, client: str) -> list[str]:
        """Ids of records about which something is still to be done or looked at, sorted."""
        return [] if self._none(client, "pending") else super().pending(client)

    def unverified(self, client: str) -> set[str]:
        """Ids of records with a twin whose history was not looked at since we wrote to it."""
        return set() if self._none(client, "unverified") else super().unverified(client)

    # -- what people are asked and told ----------------------------------------------------

    def proposals(
        self,
        client: str | None = None,
        records: Iterable[str] | None = None,
        *,
        open_only: bool = True,
    ) -> list[Proposal]:
        """Proposals, oldest first; of one client and of these records, where given."""
        if open_only and self._none(client, "proposals"):
            return []
        return super().proposals(client, records, open_only=open_only)

    def notices(
        self,
        client: str | None,
        statuses: Collection[NoticeStatus] = (NoticeStatus.WAITING,),
        *,
        proposal: str | None = None,
        record: str | None = None,
        limit: int | None = None,
    ) -> list[Notice]:
        """Notices by status, oldest first; of one client (None: all), proposal, record."""
        if set(statuses) <= {NoticeStatus.WAITING} and self._none(client, "notices"):
            return []
        return super().notices(client, statuses, proposal=proposal, record=record, limit=limit)

    def postings(
        self, client: str, statuses: Collection[PostStatus] = (PostStatus.SENT,)
    ) -> list[Posting]:
        """Postings by status, oldest first."""
        if set(statuses) <= {PostStatus.SENT} and self._none(client, "postings"):
            return []
        return super().postings(client, statuses)

    def open_to_dos(self, client: str) -> list[Posting]:
        """The tasks that stand there and were not ticked off by us, oldest first."""
        return [] if self._none(client, "to_dos") else super().open_to_dos(client)

    def rooms(self, client: str, connection: str) -> dict[str, Thread]:
        """The item that is kept for heads-ups, by the board or project that it is for."""
        return {} if self._none(client, "rooms") else super().rooms(client, connection)
