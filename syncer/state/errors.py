"""What can be wrong with the state, and what to do about it."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from syncer.state.columns import UnreadableValue


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


DAMAGED = "the file is damaged"
RESCUE = (
    "Restore a backup, or rescue it with `sqlite3 .recover`. Moved out of the way, it is made"
    " anew: twins are found again by their keys, open proposals and the journal are gone"
)
_NO_ROOM = "it cannot be written: the disk is full or failing"
_MAKE_ROOM = "Make room and run again"
_ADVICE = (
    ("locked", "another process keeps it busy", "Try again when the other process is done"),
    ("readonly", "it cannot be written", "Make the file and its folder writable for this user"),
    ("unable to open", "it cannot be opened", "Check the permissions of the file and its folder"),
    ("not a database", "it is not a database", "Correct `state:` or move the file away"),
    ("malformed", DAMAGED, RESCUE),
    ("decode to UTF-8", DAMAGED, RESCUE),
    ("vtable", DAMAGED, RESCUE),
    ("disk", _NO_ROOM, _MAKE_ROOM),
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_UNKNOWN_ADVICE = "Nothing of this transaction was kept; run again, and report it if it stays"


def state_error(where: str, error: Exception) -> StateError:
    """The error for people behind a database driver's error."""
    text = " ".join(str(error).split())
    if isinstance(error, UnreadableValue | UnicodeDecodeError):
        return StateError(where, f"{DAMAGED} ({text})", RESCUE)
    if isinstance(error, sqlite3.Error):
        for sign, reason, way_out in _ADVICE:
            if sign in text:
                return StateError(where, f"{reason} ({text})", way_out)
    elif type(error).__name__ in ("ConnectionTimeout", "OperationalError"):
        return StateError(where, f"the database does not answer ({text})", "Is it running?")
    return StateError(where, f"the database refused: {text}", _UNKNOWN_ADVICE)


def is_full(error: Exception) -> bool:
    """Whether the operating system has no room, or cannot write at all."""
    return getattr(error, "errno", None) in _FULL


def file_error(where: str, error: Exception) -> StateError:
    """The error for people behind what the operating system says about the file."""
    told = getattr(error, "strerror", None) or str(error)
    if is_full(error):
        return StateError(where, f"{_NO_ROOM} ({told})", _MAKE_ROOM)
    return StateError(where, f"it cannot be opened ({told})", "Correct `state:` in sync.yaml")


@contextmanager
def translated(where: str, first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Turn driver errors into :class:`StateError`; parameters never show.

    ``first`` is called before that: it may know better what is wrong, and raise.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
        first()
        told = (error.orig or error) if isinstance(error, DBAPIError) else error
        raise state_error(where, told) from error
