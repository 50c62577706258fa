"""How a client's cycle begins: its one moment, its id, and how much is to be looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from syncer.engine.compare import is_due, not_again
from syncer.engine.contact import widened
from syncer.engine.context import Context, Orders, Progress, silent
from syncer.engine.fingerprint import changed, fingerprint
from syncer.engine.sites import new_credential
from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.undoing import UNDO
from syncer.state import CycleStatus, Store


@dataclass(frozen=True)
class Beginning:
    """Makes the context of each cycle; what is given is as in :class:`Service`."""

    config: Configuration
    store: Store
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    progress: Progress | None
    boundary: Callable[[str], None]

    def of(self, client: ClientConfig, orders: Orders) -> Context:
        """The context of the next cycle of a client."""
        now = self.clock()
        # To undo something, only that is looked at: what changed rules come to is not seen.
        decides = "" if orders.undo else fingerprint(self.config, client)
        change = bool(decides) and changed(self.store, client, decides)
        full, compared = self._looked_at(client, orders, now, change)
        return Context(
            config=self.config,
            client=client,
            store=self.store,
            cycle=self.new_id("c"),
            now=now,
            clock=self.clock,
            new_id=self.new_id,
            orders=orders,
            decides=decides,
            changed=change,
            full=full,
            compared=compared,
            progress=self.progress or silent,
            boundary=self.boundary,
        )

    def _looked_at(
        self, client: ClientConfig, orders: Orders, now: datetime, change: bool
    ) -> tuple[bool, frozenset[str]]:
        """Whether everything is compared, and which connections are left out of that."""
        if orders.undo is not None:
            return False, frozenset()
        owed = self._full_is_owed(client)
        saved = orders.saved.of(client.key) if orders.saved else None
        if saved is not None:
            # As much as when it was saved: with more in sight it would be another plan.
            return saved.full or owed, frozenset(saved.compared)
        # What changed rules come to is seen at once, and not only in what is edited next.
        if orders.full or change:
            return True, frozenset()
        every = self.config.intervals
        due = owed or is_due(self.store, client, now, every)
        return due, not_again(self.store, client, now, every)

    def _full_is_owed(self, client: ClientConfig) -> bool:
        """After a refusal, for a new credential, which may see less, and for what is let in now."""
        last = [c for c in self.store.cycles(client.key) if UNDO not in c.counts][:1]
        # What only a full compare showed is shown, and refused, until somebody sees to it.
        refused = any(cycle.full and cycle.status is CycleStatus.REFUSED for cycle in last)
        new = any(new_credential(self.config, self.store, client.key, n) for n in client.mappings)
        return refused or new or bool(widened(self.store, client))
