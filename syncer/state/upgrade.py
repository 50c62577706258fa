"""Bringing the tables up to date when the state is opened, one process at a time."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Text, column, inspect, select, table, text

from syncer import __version__
from syncer.state import search
from syncer.state.columns import unescape
from syncer.state.errors import StateError, translated
from syncer.state.facts import ALL_CLIENTS
from syncer.state.lock import advisory_key, hold_for_now, sign, unusable
from syncer.state.migrations import HEAD, REVISIONS, VERSION_TABLE

UPGRADE_SECONDS: Final = 120.0
_alembic = threading.Lock()  # its environment is a global of the process


def upgrade(engine: Engine, where: str, file: Path | None) -> None:
    """Make or upgrade the tables and the search index; nothing to do costs one look.

    Raises :class:`StateError` for tables from a newer version or of something else, and
    :class:`~syncer.state.errors.LockHeld` while a run works on any client.
    """
    with translated(where):
        if _is_ready(engine, where):
            return
    try:
        with translated(where), _one_process(where, file):
            if not _is_ready(engine, where):
                _bring_up(engine, where, file)
    except TimeoutError as error:
        raise StateError(
            where,
            f"another process has been upgrading it for {UPGRADE_SECONDS:.0f} seconds",
            "Wait for that process or end it; an upgrade is kept whole or not at all",
        ) from error


def _one_process(where: str, file: Path | None) -> AbstractContextManager[None]:
    return _waiting(file.with_name(f"{file.name}.lock"), where) if file else nullcontext()


@contextmanager
def _waiting(path: Path, where: str) -> Iterator[None]:
    """Hold a lock file, once whoever has it is done. Raises ``TimeoutError`` after a long wait."""
    from filelock import FileLock, Timeout  # most openings find nothing to upgrade

    lock = FileLock(
        path, UPGRADE_SECONDS, on_acquired=sign, fallback_to_soft=False, preserve_lock_file=True
    )
    try:
        lock.acquire()
    except OSError as error:
        raise error if isinstance(error, Timeout) else unusable(path, where, error) from error
    try:
        yield
    finally:
        lock.release()


def _is_ready(engine: Engine, where: str) -> bool:
    with engine.connect() as connection:
        return _version(connection, where) == HEAD and search.is_ready(connection)


def _bring_up(engine: Engine, where: str, file: Path | None) -> None:
    with ExitStack() as held, engine.connect().execution_options(syncer_write=True) as connection:
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            # Tables that are rebuilt are dropped for a moment; no row may follow them.
            driver.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                _migrate(connection, where, file, held)
                search.tend_sqlite(driver)
            driver.execute("PRAGMA foreign_keys = ON")
        else:
            with connection.begin():
                key = {"key": advisory_key("upgrade")}
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
                _migrate(connection, where, file, held)
                search.tend_postgres(connection)


def _version(connection: Connection, where: str) -> str | None:
    """The tables' version, None for an empty database; anything we cannot tend is an error."""
    tables = inspect(connection).get_table_names()
    if VERSION_TABLE not in tables:
        if tables:
            raise StateError(
                where,
                f"this is the database of something else (it has {', '.join(tables[:3])})",
                "Name a new file, or an empty database, as `state:` in sync.yaml",
            )
        return None
    version = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    if version is not None and version not in REVISIONS:
        raise StateError(
            where,
            f"it was written by a newer syncer: its tables are of version {version}, and this"
            f" syncer ({__version__}) knows versions up to {HEAD}",
            f"Install a syncer that knows version {version}, or restore the copy of the state"
            " that was made before that syncer was installed",
        )
    return str(version) if version else None


def _clients(connection: Connection) -> list[str]:
    query = select(column("key", Text)).select_from(table("clients"))
    return sorted({unescape(key) for key in connection.scalars(query)} - {ALL_CLIENTS})


def _migrate(connection: Connection, where: str, file: Path | None, held: ExitStack) -> None:
    version = _version(connection, where)
    if version == HEAD:
        return
    if version is not None:
        # A cycle that began on the tables of before would write rows that say something else now.
        for client in _clients(connection):
            held.enter_context(hold_for_now(connection, file, where, client))
    # Imported only when needed: most openings find nothing to upgrade.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "syncer.state:migrations")
    config.set_main_option("path_separator", "os")
    with _alembic:
        command.upgrade(config, "head")
