"""What is remembered between cycles: one SQLite file, or a Postgres database, through one API.

``Store`` reads and writes; :mod:`syncer.state.lock` keeps a client from overlapping itself.
Nothing here decides, and nothing here knows vendors.
"""

from syncer.state.ahead import Ahead
from syncer.state.client_store import ClientStore
from syncer.state.errors import LockHeld, StateError
from syncer.state.facts import ALL_CLIENTS, ClientState, Cycle, CycleStatus
from syncer.state.kept import Kept
from syncer.state.store import Rehearsal, Store
from syncer.state.writing import Transaction

__all__ = [
    "ALL_CLIENTS",
    "Ahead",
    "ClientState",
    "ClientStore",
    "Cycle",
    "CycleStatus",
    "Kept",
    "LockHeld",
    "Rehearsal",
    "StateError",
    "Store",
    "Transaction",
]
