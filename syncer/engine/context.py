"""What a cycle works with: handed in once, so that time and ids are never asked for elsewhere."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final, TypeVar

from msgspec import Struct, field

from syncer.engine.spool import WHOLE, Spool
from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.saved import SavedClient, SavedPlan
from syncer.model.undoing import Undo
from syncer.state import CycleStatus, Store

Made = TypeVar("Made")
Progress = Callable[[str, int, int], None]
"""Told (what, done, of) while something long is under way."""


def silent(what: str, done: int, of: int) -> None:
    """Tell nobody."""
    del what, done, of


class Orders(Struct, frozen=True):
    """What a run is asked to do, beside bringing everything into step.

    Args:
        full: everything is compared, not only what the systems report changed.
        allowed: guard kinds that somebody allowed for this run.
        undo: what is to be taken back; then nothing else is done.
        saved: a plan that is to be carried out exactly as it was saved, or not at all; only
            the clients that it is of are worked on.
    """

    full: bool = False
    allowed: frozenset[str] = frozenset()
    undo: Undo | None = None
    saved: SavedPlan | None = None


NO_ORDERS: Final = Orders()
"""Bring everything into step, and nothing beside it."""


class Context(Struct, frozen=True):
    """One client's cycle.

    Args:
        cycle: the id of this cycle; ``now`` is the one moment that all its decisions share.
        clock: for moments that must be later than ``now`` (when a write was sent).
        new_id: makes an id with this prefix, never the same twice.
        boundary: called with a name around every vendor write; tests kill the process there.
        orders: what this run is asked to do.
        decides: the fingerprint of what decides in the configuration; ``changed`` says that it
            was another one in the last good cycle.
        full: everything is compared; ``compared`` are connections that need not do it again.
        made: what this process made of what the state remembers, with that; cycles share it.
        whole: of so many records a cycle holds all in memory that it decides.
    """

    config: Configuration
    client: ClientConfig
    store: Store
    cycle: str
    now: datetime
    clock: Callable[[], datetime]
    new_id: Callable[[str], str]
    orders: Orders = NO_ORDERS
    decides: str = ""
    changed: bool = False
    full: bool = False
    compared: frozenset[str] = frozenset()
    progress: Progress = silent
    boundary: Callable[[str], None] = field(default=lambda _: None)
    made: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    whole: int = WHOLE

    def spool(self, *, placed: bool = True) -> Spool:
        """A room on disk for what is too much to hold, beside the state if that is a file."""
        file = self.store.file
        return Spool(file.parent if file else Path(gettempdir()), placed=placed)

    def full_of(self, connection: str) -> bool:
        """Whether everything in a connection is listed and compared in this cycle."""
        return self.full and connection not in self.compared

    def made_of(self, connection: str, make: Callable[[Any], Made], json: Any) -> Made:
        """What is made of remembered JSON: once, for as long as the JSON stays as it is."""
        key = (connection, make.__name__)
        known = self.made.get(key)
        if known is None or (known[0] is not json and known[0] != json):
            known = self.made[key] = (json, make(json))
        found: Made = known[1]
        return found

    def concerns(self, record: str) -> bool:
        """Whether a record is a matter of this cycle: to undo, only what is undone is."""
        return self.orders.undo is None or record in self.orders.undo.records

    @property
    def saved(self) -> SavedClient | None:
        """The plan of this client that is to be carried out, if this run was handed one."""
        return self.orders.saved.of(self.client.key) if self.orders.saved else None

    @property
    def broken_off(self) -> bool:
        """Whether the cycle before this one never came to its end."""
        before = [c for c in self.store.cycles(self.client.key, limit=2) if c.id != self.cycle]
        return bool(before) and before[0].status in (CycleStatus.RUNNING, CycleStatus.KILLED)

    @property
    def scope_context(self) -> Mapping[str, Any]:
        """What conditions may say about the client."""
        return {"client": {"key": self.client.key, "name": self.client.name}}
