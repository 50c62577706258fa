"""Opening the state: which database is meant, whether it can be one, and how it is spoken to."""

import os
import sqlite3
import stat
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from syncer.state.damage import check_whole
from syncer.state.errors import StateError, file_error
from syncer.state.seal import sealing
from syncer.state.upgrade import upgrade

BUSY_SECONDS: Final = 60.0
"""How long a write waits for another process's commit."""

PAGE: Final = 8192
"""Bytes in one page of a new file."""

_MAGIC: Final = b"SQLite format 3\0"
_CORRECT: Final = "Correct `state:` in sync.yaml"


def open_engine(where: str | Path) -> tuple[Engine, str, Path | None]:
    """An engine on an up-to-date database, its name for messages, and its file if it is one."""
    if isinstance(where, str) and "://" in where:
        url = _url(where)
        name = _shown(url)
        if url.get_backend_name() == "postgresql":
            return _opened(_postgres(url), name, None)
        where = url.database or ""
    file = _file(Path(where))
    return _opened(_sqlite(file), str(where), file)


def _file(path: Path) -> Path:
    """The one name of a file that can be the state; it is there afterwards."""
    try:
        _check(path)
        # One file by two names (a link, another folder) must have one lock.
        file = path.resolve()
        if not file.exists():
            # Strategies and prices stand in it: nobody else on this machine may read them.
            file.touch(mode=0o600)
    except (OSError, RuntimeError, ValueError) as error:
        # A failing disk, links in a circle, a name that no file can have.
        raise file_error(str(path), error) from error
    return file


def _opened(engine: Engine, name: str, file: Path | None) -> tuple[Engine, str, Path | None]:
    try:
        if file is not None:
            check_whole(engine, name, file)
        upgrade(engine, name, file)
    except BaseException:
        engine.dispose()
        raise
    if file is not None:
        sealing(engine, file)
    return engine, name, file


def _url(where: str) -> URL:
    try:
        url = make_url(where.replace("postgres://", "postgresql://", 1))
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        scheme = where.partition("://")[0]
        raise StateError(
            f"{scheme}://...",
            "this is no place for the state",
            "Write the path of a file, or postgresql://user@host/database",
        )
    return url


def _shown(url: URL) -> str:
    """A URL without anything that could be a secret: of its options only the host is kept."""
    kept = {name: value for name, value in url.query.items() if name == "host"}
    return url.set(query=kept).render_as_string(hide_password=True)


def _postgres(url: URL) -> Engine:
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            max_overflow=20,
            connect_args={"connect_timeout": 10, "application_name": "syncer"},
        )
    except ModuleNotFoundError as error:
        raise StateError(
            _shown(url),
            "the driver for Postgres is not installed",
            "Install agency-syncer[postgres]",
        ) from error


def _check(path: Path) -> None:
    """Refuse what cannot be a state file before the driver does, with the way out."""
    if not path.name or path.is_dir():
        raise StateError(str(path), "this is a folder", f"{_CORRECT}: name a file in it")
    if not path.parent.is_dir():
        raise StateError(
            str(path),
            f"there is no folder {path.parent}",
            f"Make the folder, or {_lower(_CORRECT)}",
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise StateError(
            str(path),
            f"the folder {path.parent} cannot be written",
            "The database keeps its log and locks beside the file: make the folder writable",
        )
    if path.exists():
        _check_file(path)


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _check_file(path: Path) -> None:
    if not stat.S_ISREG(path.stat().st_mode):
        raise StateError(str(path), "this is not an ordinary file", _CORRECT)
    if not os.access(path, os.R_OK):
        raise StateError(str(path), "the file cannot be read", "Give this user access to it")
    if not os.access(path, os.W_OK):
        raise StateError(str(path), "the file is read-only", "Make it writable for this user")
    with path.open("rb") as file:
        head = file.read(len(_MAGIC))
    if head and head != _MAGIC:
        raise StateError(
            str(path), "this is not a database", f"{_CORRECT}, or move the file out of the way"
        )


def _sqlite(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        # No isolation level: the driver begins nothing by itself, _begin does.
        connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
        if not path.stat().st_size:
            # Said before there is a table: pages that are free later can be given back, and
            # three rows of a kilobyte each would leave a fourth of a smaller page empty.
            connection.execute(f"PRAGMA page_size = {PAGE}")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: an intent must be on the disk before its write is sent, also if power fails.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        creator=connect,
        poolclass=QueuePool,
        max_overflow=20,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # A write that began as a read could not wait for another writer: SQLite would refuse it.
    write = connection.get_execution_options().get("syncer_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
