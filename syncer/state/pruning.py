"""Forgetting old lines about the service's own writes, many at once."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from syncer.state.codec_journal import WRITE
from syncer.state.tables import journal
from syncer.state.writing import Transaction

MOST: Final = 5_000
"""Lines forgotten in one commit: others that write need not wait for more."""

MET: Final = "first_contact"


def prune_journal(tx: Transaction, client: str, before: datetime, most: int = MOST) -> int:
    """Forget what the service itself did before a time; gives how many lines, ``most`` at most.

    These are lines about its writes, and those that only say where a record was first seen.
    Whatever a person typed, or was decided about it, stays for good, and so does each line with
    the vendor's key of a change, by which the change is known if it is told once more.
    """
    mine = (journal.c.client == client) & (journal.c.at < before) & journal.c.key.is_(None)
    routine = (journal.c.kind == WRITE) | ((journal.c.kind == MET) & journal.c.field.is_(None))
    old = select(journal.c.id).where(mine, routine).limit(most)
    return tx.connection.execute(delete(journal).where(journal.c.id.in_(old))).rowcount
