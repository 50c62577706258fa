"""Clients that are not run: paused for a while, or retired; since when, and by whom."""

from datetime import UTC, datetime

from msgspec import Struct

from syncer.state.facts import ALL_CLIENTS
from syncer.state.store import Store
from syncer.state.writing import Transaction


class Standstill(Struct, frozen=True):
    """Why a client is not run: ``by`` is the user who typed it, empty where that is not known.

    ``every``: all clients are paused, not this one by itself.
    """

    since: datetime
    by: str = ""
    every: bool = False

    def __str__(self) -> str:
        by = f", by {self.by}" if self.by else ""
        return f"since {self.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC{by}"


OBSERVED = "observed:"
"""What the key begins with under which is remembered what an observed client was told of."""

PAUSE, TYPED_BY = "pause", ", typed by "
"""The outcome of the journal's line about a pause, and what stands in it before who typed it."""


def paused(store: Store, client: str) -> Standstill | None:
    """Since when a client is paused, by itself or with all others, and by whom."""
    for key in (client, ALL_CLIENTS):
        since = store.client(key).paused_since
        if since is not None:
            lines = store.journal(key, search=PAUSE, limit=20)
            typed = [e.text for e in lines if (e.kind, e.outcome) == ("command", PAUSE)]
            by = typed[0].partition(TYPED_BY)[2] if typed else ""
            return Standstill(since, by, every=key == ALL_CLIENTS)
    return None


def retired(store: Store, client: str) -> Standstill | None:
    """Since when a client is retired, and by whom; None if it is not."""
    found = store.meta(_key(client))
    return Standstill(datetime.fromisoformat(found["at"]), found["by"]) if found else None


def retire(tx: Transaction, client: str, at: datetime, by: str) -> None:
    """Run this client no more, whatever the configuration says."""
    tx.put_meta(_key(client), {"at": at.isoformat(), "by": by})


def take_back(tx: Transaction, client: str) -> None:
    """Run it again."""
    tx.put_meta(_key(client), None)


def observed_since(store: Store, client: str) -> datetime | None:
    """Since when a client is only observed; None if it is not, or was not looked at yet."""
    found = store.meta(OBSERVED + client)
    return datetime.fromisoformat(found["since"]) if found else None


def _key(client: str) -> str:
    return f"retired:{client}"
