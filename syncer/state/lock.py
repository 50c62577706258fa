"""One run per client: a file lock beside the database, or an advisory lock on Postgres.

Both are kept by a living process and freed by the system when it ends, however it ends, so
there is nothing to clean up and no clock that could expire. Not by ``filelock``'s fallback
for filesystems without locks either: its markers survive their maker.
"""

import fcntl
import hashlib
import json
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from syncer.state.errors import LockHeld, StateError, file_error, is_full, translated


def hold(
    engine: Engine, file: Path | None, where: str, client: str
) -> AbstractContextManager[None]:
    """Hold a client's lock for the length of a ``with`` block; see :meth:`Store.lock`."""
    return _file(file, where, client) if file else _advisory(engine, where, client)


@contextmanager
def hold_for_now(
    connection: Connection, file: Path | None, where: str, client: str
) -> Iterator[None]:
    """Hold a client's lock; on Postgres by this very transaction, until that ends."""
    if file is not None:
        with _file(file, where, client):
            yield
        return
    key = {"key": advisory_key(client)}
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), key):
        raise _held(where, client, connection.scalar(_HOLDER, key))
    yield


def _holder() -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"pid": os.getpid(), "since": now, "host": socket.gethostname()[:20]}


def _held(where: str, client: str, told: str | None) -> LockHeld:
    try:
        holder = json.loads(told or "")
        since = datetime.fromisoformat(holder["since"])
        return LockHeld(
            where, client, pid=int(holder["pid"]), host=str(holder["host"]), since=since
        )
    except (KeyError, TypeError, ValueError):
        return LockHeld(where, client)


_FLAGS: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW


@contextmanager
def _file(file: Path, where: str, client: str) -> Iterator[None]:
    path = file.with_name(f"{file.name}.{quote(client, safe='')}.lock")
    try:
        descriptor = _taken(path, where, client)
    except OSError as error:
        raise unusable(path, where, error) from error
    try:
        yield
    finally:
        # Said, and not left to closing: a process that was forked meanwhile has it open too.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)


def _taken(path: Path, where: str, client: str) -> int:
    """The lock file, open and signed; the lock ends with its process at the latest.

    By the system's own call and not by a library: an idle cycle does little else.
    """
    while True:
        descriptor = os.open(path, _FLAGS, 0o644)
        try:
            if _locked(descriptor, path, where, client):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _locked(descriptor: int, path: Path, where: str, client: str) -> bool:
    """Whether that is still the file of this name: somebody may have taken it away meanwhile."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        told = os.pread(descriptor, 1000, 0).decode("utf-8", "replace")
        raise _held(where, client, told) from None
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            sign(descriptor)
            return True
    return False


def sign(descriptor: int) -> None:
    """Write into a lock file who has it."""
    told = json.dumps(_holder()).encode()
    os.pwrite(descriptor, told, 0)
    # Nearly always as long as what stood there: to cut a file off takes longer than to write it.
    if os.fstat(descriptor).st_size != len(told):
        os.ftruncate(descriptor, len(told))


def unusable(path: Path, where: str, error: OSError) -> StateError:
    """Why a lock file cannot be had at all, for people."""
    if is_full(error):
        return file_error(where, error)
    return StateError(
        where,
        f"the lock file {path} cannot be used ({error.strerror})",
        "Keep the state on a local disk, in a folder that this user may write",
    )


def advisory_key(name: str) -> int:
    """A name as the signed 64-bit number that Postgres locks by."""
    digest = hashlib.sha256(f"syncer:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND ((l.classid::bigint << 32) | l.objid::bigint) = :key"
)
_NAME = text("SELECT set_config('application_name', :name, false)")


@contextmanager
def _advisory(engine: Engine, where: str, client: str) -> Iterator[None]:
    key = {"key": advisory_key(client)}
    with translated(where):
        connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # a session of its own, not one of the pool's
    with closing(connection):
        with translated(where):
            _take(connection, key, where, client)
        try:
            yield
        finally:
            # Ending the session frees it too, but only when the server notices.
            with suppress(DBAPIError):
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)


def _take(connection: Connection, key: dict[str, int], where: str, client: str) -> None:
    if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
        raise _held(where, client, connection.scalar(_HOLDER, key))
    connection.execute(_NAME, {"name": json.dumps(_holder(), separators=(",", ":"))})
