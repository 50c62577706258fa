"""How a client's cycle begins: its one moment, its id, and how much is to be looked at."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct, field

from syncer.engine.compare import is_due, not_again
from syncer.engine.contact import widened
from syncer.engine.context import Context, Orders, Progress, silent
from syncer.engine.credentials import new_credential
from syncer.engine.fingerprint import changed, fingerprint
from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.undoing import UNDO
from syncer.state import ClientStore, Cycle, CycleStatus, Kept, Store

_OF_CLIENT: Final = ("retired", "decides", "observed", "refused")
_OF_SITE: Final = ("unfurnished", "places")
"""What the keys begin with of what every cycle asks; others are asked for when they are needed."""


class Beginning(Struct, frozen=True):
    """Makes the context of each cycle; what is given is as in :class:`Service`."""

    config: Configuration
    store: Store
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    progress: Progress | None
    boundary: Callable[[str], None]
    whole: int
    _fingerprints: dict[str, str] = field(default_factory=dict)
    _kept: dict[str, Kept] = field(default_factory=dict)
    _made: dict[str, dict[tuple[str, str], tuple[Any, Any]]] = field(default_factory=dict)

    def store_of(self, key: str) -> ClientStore:
        """The state as one cycle of a client uses it. To be called under the client's lock."""
        client = self.config.clients.get(key)
        keys = [f"{kind}:{key}" for kind in _OF_CLIENT]
        for name in client.mappings if client else ():
            keys += [f"{kind}:{key}:{name}" for kind in _OF_SITE]
        return ClientStore(self.store, key, keys, self._kept.setdefault(key, Kept()))

    def of(self, client: ClientConfig, orders: Orders, store: Store | None = None) -> Context:
        """The context of the next cycle of a client; ``store`` is what it uses of the state."""
        now = self.clock()
        store = store or self.store_of(client.key)
        # To undo something, only that is looked at: what changed rules come to is not seen.
        decides = "" if orders.undo else self._decides(client)
        change = bool(decides) and changed(store, client, decides)
        full, compared = self._looked_at(store, client, orders, now, change)
        return Context(
            config=self.config,
            client=client,
            store=store,
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
            made=self._made.setdefault(client.key, {}),
            whole=self.whole,
        )

    def _decides(self, client: ClientConfig) -> str:
        """The configuration is read once: in all cycles of this process the same decides."""
        if client.key not in self._fingerprints:
            self._fingerprints[client.key] = fingerprint(self.config, client)
        return self._fingerprints[client.key]

    def _looked_at(
        self, store: Store, client: ClientConfig, orders: Orders, now: datetime, change: bool
    ) -> tuple[bool, frozenset[str]]:
        """Whether everything is compared, and which connections are left out of that."""
        if orders.undo is not None:
            return False, frozenset()
        owed = self._full_is_owed(store, client)
        saved = orders.saved.of(client.key) if orders.saved else None
        if saved is not None:
            # As much as when it was saved: with more in sight it would be another plan.
            return saved.full or owed, frozenset(saved.compared)
        # What changed rules come to is seen at once, and not only in what is edited next.
        if orders.full or change:
            return True, frozenset()
        every = self.config.intervals
        due = owed or is_due(store, client, now, every)
        return due, not_again(store, client, now, every)

    def _full_is_owed(self, store: Store, client: ClientConfig) -> bool:
        """After a refusal, for a new credential, which may see less, and for what is let in now."""
        last = _last(store, client.key)
        # What only a full compare showed is shown, and refused, until somebody sees to it.
        refused = last is not None and last.full and last.status is CycleStatus.REFUSED
        new = any(new_credential(self.config, store, client.key, n) for n in client.mappings)
        return refused or new or bool(widened(store, client))


def _last(store: Store, client: str) -> Cycle | None:
    """The last cycle that was not there to undo something: nearly always the very last."""
    for few in (1, 20):
        for cycle in store.cycles(client, few):
            if UNDO not in cycle.counts:
                return cycle
    return None
