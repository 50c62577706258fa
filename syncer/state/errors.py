"""What can be wrong with the state, and what to do about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import DBAPIError, SQLAlchemyError


class StateError(Exception):
    """The state cannot be used.

    Args:
        where: the file or the database, without its password.
        reason: what is wrong.
        way_out: what a person can do.
    """

    def __init__(self, where: str, reason: str, way_out: str) -> None:
        super().__init__(f"{where}: {reason}. {way_out}")
        self.where = where
        self.reason = reason
        self.way_out = way_out


class LockHeld(StateError):
    """Another run works on this client. ``pid``, ``host`` and ``since`` are None where unknown."""

    def __init__(
        self,
        where: str,
        client: str,
        *,
        pid: int | None = None,
        host: str | None = None,
        since: datetime | None = None,
    ) -> None:
        who = f"process {pid}" + (f" on {host}" if host else "") if pid else "another process"
        when = f" since {since:%Y-%m-%d %H:%M:%S} UTC" if since else ""
        super().__init__(
            where,
            f"client {client!r} is being synchronised by {who}{when}",
            "Wait until it is done; its lock is freed when it ends, however it ends",
        )
        self.client = client
        self.pid = pid
        self.host = host
        self.since = since


_ADVICE = (
    ("locked", "another process keeps it busy", "Try again when the other process is done"),
    ("readonly", "it cannot be written", "Make the file and its folder writable for this user"),
    ("unable to open", "it cannot be opened", "Check the permissions of the file and its folder"),
    ("not a database", "it is not a database", "Correct `state:` or move the file away"),
    ("malformed", "the file is damaged", "Restore a backup, or rescue it with `sqlite3 .recover`"),
    ("disk", "it cannot be written: the disk is full or failing", "Make room and run again"),
)
_UNKNOWN_ADVICE = "Nothing of this transaction was kept; run again, and report it if it stays"


def state_error(where: str, error: Exception) -> StateError:
    """The error for people behind a database driver's error."""
    text = " ".join(str(error).split())
    if isinstance(error, sqlite3.Error):
        for sign, reason, way_out in _ADVICE:
            if sign in text:
                return StateError(where, f"{reason} ({text})", way_out)
    elif type(error).__name__ in ("ConnectionTimeout", "OperationalError"):
        return StateError(where, f"the database does not answer ({text})", "Is it running?")
    return StateError(where, f"the database refused: {text}", _UNKNOWN_ADVICE)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn driver errors into :class:`StateError`; parameters never show."""
    try:
        yield
    except DBAPIError as error:
        raise state_error(where, error.orig or error) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise state_error(where, error) from error
