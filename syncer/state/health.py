"""How each client fares, for ``status`` and for probes: a handful of queries for all clients."""

from collections import defaultdict
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Table

from syncer.model.records import IntentStatus, LinkStatus, ProposalStatus
from syncer.state.facts import ALL_CLIENTS, ClientState, Cycle
from syncer.state.store import Store
from syncer.state.tables import holds, intents, links, parked, proposals, records


class Health(Struct, frozen=True):
    """One client at a glance.

    Args:
        paused_since: also set where every client is paused.
        last_cycle: the latest, whatever became of it.
        last_ok_at, last_full_at: begin of the last cycle without failure; of the last by which
            everything was compared, which is ``last_full``.
        known_since: begin of the first cycle, of a client of which none went well yet.
        unanswered: writes that may or may not have happened.
    """

    client: str
    paused_since: datetime | None
    last_ok_at: datetime | None
    last_full_at: datetime | None
    last_cycle: Cycle | None
    last_full: Cycle | None
    known_since: datetime | None
    records: int
    pending: int
    twins: int
    proposals: int
    holds: int
    parked: int
    unanswered: int

    @property
    def in_step_at(self) -> datetime | None:
        """When it was last in step; if it never was, since when it is waited for."""
        return self.last_ok_at or self.known_since


_COUNTS: dict[str, tuple[Table, ColumnElement[bool] | None]] = {
    "records": (records, None),
    "pending": (records, records.c.pending.is_(True)),
    "twins": (links, links.c.status == str(LinkStatus.LINKED)),
    "proposals": (proposals, proposals.c.status == str(ProposalStatus.OPEN)),
    "holds": (holds, None),
    "parked": (parked, None),
    "unanswered": (intents, intents.c.status == str(IntentStatus.SENT)),
}


def health(store: Store) -> list[Health]:
    """All clients that the state knows anything about, sorted by key."""
    known = {state.key: state for state in store.clients()}
    counts = _counts(store)
    everyone = store.client(ALL_CLIENTS).paused_since
    latest = store.last_cycles()
    full_at = {key: s.last_full_at for key, s in known.items() if s.last_full_at is not None}
    full = store.cycles_begun(full_at)
    keys = sorted(known.keys() | counts.keys() | latest.keys())
    found = [
        _of(known.get(key, ClientState(key)), counts[key], everyone, latest.get(key), full.get(key))
        for key in keys
    ]
    return [one if one.last_ok_at else _waited_for(store, one) for one in found]


def _waited_for(store: Store, one: Health) -> Health:
    return replace(one, known_since=store.first_cycle_at(one.client))


def last_ok(store: Store, client: str) -> datetime | None:
    """When the client's last cycle without failure began; None if there was none."""
    return store.client(client).last_ok_at


def in_step_at(store: Store, client: str) -> datetime | None:
    """As :attr:`Health.in_step_at`, of one client; None of one that never had a cycle."""
    return last_ok(store, client) or store.first_cycle_at(client)


def _of(
    state: ClientState,
    counts: dict[str, int],
    everyone: datetime | None,
    cycle: Cycle | None,
    full: Cycle | None,
) -> Health:
    pauses = [since for since in (state.paused_since, everyone) if since]
    return Health(
        client=state.key,
        paused_since=min(pauses, default=None),
        last_ok_at=state.last_ok_at,
        last_full_at=state.last_full_at,
        last_cycle=cycle,
        last_full=full,
        known_since=None,
        **{name: counts.get(name, 0) for name in _COUNTS},
    )


def _counts(store: Store) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name, (table, condition) in _COUNTS.items():
        for client, count in store.count_by_client(table, condition):
            found[client][name] = count
    return found
