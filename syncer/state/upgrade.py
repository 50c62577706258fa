"""Bringing the tables up to date when the state is opened, one process at a time."""

import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final

from filelock import Timeout
from sqlalchemy import Connection, Engine, column, inspect, select, table, text

from syncer import __version__
from syncer.state import search
from syncer.state.errors import StateError, translated
from syncer.state.lock import advisory_key, locked_file
from syncer.state.migrations import HEAD, REVISIONS, VERSION_TABLE

UPGRADE_SECONDS: Final = 120.0
_alembic = threading.Lock()  # its environment is a global of the process


def upgrade(engine: Engine, where: str, file: Path | None) -> None:
    """Make or upgrade the tables and the search index; nothing to do costs one look.

    Raises :class:`StateError` for tables from a newer version or of something else.
    """
    try:
        with translated(where), _one_process(where, file):
            if not _is_ready(engine, where):
                _bring_up(engine, where)
    except Timeout as error:
        raise StateError(
            where,
            f"another process has been upgrading it for {UPGRADE_SECONDS:.0f} seconds",
            "Wait for that process or end it; an upgrade is kept whole or not at all",
        ) from error


def _one_process(where: str, file: Path | None) -> AbstractContextManager[None]:
    if file is None:
        return nullcontext()
    return locked_file(file.with_name(f"{file.name}.lock"), where, UPGRADE_SECONDS)


def _is_ready(engine: Engine, where: str) -> bool:
    with engine.connect() as connection:
        return _version(connection, where) == HEAD and search.is_ready(connection)


def _bring_up(engine: Engine, where: str) -> None:
    with engine.connect().execution_options(syncer_write=True) as connection:
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            # Tables that are rebuilt are dropped for a moment; no row may follow them.
            driver.execute("PRAGMA foreign_keys = OFF")
            with connection.begin():
                _migrate(connection, where)
                search.tend_sqlite(driver)
            driver.execute("PRAGMA foreign_keys = ON")
        else:
            with connection.begin():
                key = {"key": advisory_key("upgrade")}
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
                _migrate(connection, where)
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


def _migrate(connection: Connection, where: str) -> None:
    if _version(connection, where) == HEAD:
        return
    # Imported only when needed: most openings find nothing to upgrade.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "syncer.state:migrations")
    config.set_main_option("path_separator", "os")
    with _alembic:
        command.upgrade(config, "head")
