"""One run per client, over both databases."""

import json
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import text

from syncer.state import LockHeld, StateError, Store
from tests.state.children import kill, running

HOLDER = """
import sys
from syncer.state import Store
store = Store.open(sys.argv[1])
lock = store.lock("bakery")
lock.__enter__()
"""


def taken_soon(store: Store, client: str) -> bool:
    """Whether the lock can be had; Postgres takes a moment to notice that a client died."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with store.lock(client):
                return True
        except LockHeld:
            time.sleep(0.05)
    return False


def test_a_second_run_is_refused_and_told_who_runs(place: str) -> None:
    """The refusal names the process and since when; it comes at once, not after a wait."""
    with Store.open(place) as store, running(HOLDER, place) as holder:
        with pytest.raises(LockHeld) as refused, store.lock("bakery"):
            pass

        error = refused.value
        assert ("bakery", holder.pid) == (error.client, error.pid)
        assert error.since is not None
        assert timedelta(0) <= datetime.now(UTC) - error.since < timedelta(minutes=1)
        assert f"client 'bakery' is being synchronised by process {holder.pid}" in str(error)


def test_the_lock_dies_with_its_holder(place: str) -> None:
    """Killed without warning, the holder leaves nothing behind that keeps others out."""
    with Store.open(place) as store, running(HOLDER, place) as holder:
        kill(holder)

        assert taken_soon(store, "bakery")


def test_another_client_is_free(place: str) -> None:
    """Clients run side by side; a lock is one client's."""
    with (
        Store.open(place) as one,
        Store.open(place) as two,
        one.lock("bakery"),
        two.lock("outdoor"),
        one.lock("odd/../name %s:x"),
        pytest.raises(LockHeld),
        two.lock("odd/../name %s:x"),
    ):
        pass


def test_the_lock_is_free_again_after_the_block(store: Store) -> None:
    """Also when the block failed; and the same process cannot have it twice."""
    with pytest.raises(LockHeld) as refused, store.lock("bakery"), store.lock("bakery"):
        pass

    assert os.getpid() == refused.value.pid

    with store.lock("bakery"):
        pass


def test_who_has_the_lock_is_all_that_its_file_says(tmp_path: Path) -> None:
    """Also where the one before had more to say of itself, or less."""
    file = tmp_path / "state.db"
    with Store.open(file) as store:
        for before in ("", "{}", "x" * 1000):
            lock = tmp_path / "state.db.bakery.lock"
            lock.write_text(before)
            for _ in range(2):
                with store.lock("bakery"), pytest.raises(LockHeld) as refused, store.lock("bakery"):
                    pass
                assert os.getpid() == refused.value.pid
                assert os.getpid() == json.loads(lock.read_text())["pid"]


def test_many_locks_do_not_stop_reading(store: Store) -> None:
    """Forty clients at once can be locked, read and written."""
    with store.transaction() as tx:
        tx.touch_client("bakery")
    locks = [store.lock(f"client{number}") for number in range(40)]
    for lock in locks:
        lock.__enter__()
    try:
        assert ["bakery"] == [client.key for client in store.clients()]
        with store.transaction() as tx:
            tx.touch_client("outdoor")
    finally:
        for lock in locks:
            lock.__exit__(None, None, None)


def test_the_lock_is_free_while_a_forked_process_lives(tmp_path: Path) -> None:
    """A process that was forked during the block, and outlives it, keeps nobody out."""
    with Store.open(tmp_path / "state.db") as store:
        with store.lock("bakery"):
            child = os.fork()
            if not child:
                signal.pause()
        try:
            with store.lock("bakery"):
                pass
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def test_an_unsigned_lock_is_still_a_lock(tmp_path: Path) -> None:
    """A lock file without a name in it refuses all the same, and says what it knows."""
    file = tmp_path / "state.db"
    with Store.open(file) as store, FileLock(f"{file}.bakery.lock"):
        with pytest.raises(LockHeld) as refused, store.lock("bakery"):
            pass

        assert refused.value.pid is None
        assert "is being synchronised by another process" in str(refused.value)


def test_a_lock_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """Where the lock file is a folder, the error says so and does not run unlocked."""
    file = tmp_path / "state.db"
    (tmp_path / "state.db.bakery.lock").mkdir()
    with (
        Store.open(file) as store,
        pytest.raises(StateError, match=r"the lock file .* cannot be used"),
        store.lock("bakery"),
    ):
        pass


def test_a_server_that_restarts_does_not_hide_the_block_s_own_error(postgres_database: str) -> None:
    """When the lock's session was ended from outside, leaving the block still works."""
    with Store.open(postgres_database) as store:
        with store.lock("bakery"), store._engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(l.pid) FROM pg_locks l"
                    " WHERE l.locktype = 'advisory' AND l.pid <> pg_backend_pid()"
                )
            )

        assert taken_soon(store, "bakery")
