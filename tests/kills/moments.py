"""Three single moments: while somebody approves, while the lock is held, while a file is made."""

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from syncer.cli.exits import Exit
from syncer.state import Store
from tests.kills.child import forked
from tests.kills.house import House, NotAsPromised
from tests.kills.scenarios import Play, same

HELD = "after 6"
"""A proposal is open: the account manager moved the producers' deadline."""


def approve(house: House) -> str:
    """Killed at each boundary of ``syncer approve`` and asked again; gives how many there are."""
    house.restore(HELD)
    [proposal] = house.proposals("deadline")
    args = ("proposals", "approve", proposal.id, "--as", "maya")
    ended = house.syncer(*args)
    if ended.code != 0:
        raise NotAsPromised(f"approve ended with {ended.code}", ended.err)
    house.run_until_quiet()
    wanted = house.content()
    for place in ended.places:
        house.restore(HELD)
        if house.syncer(*args, end_at=place).code != -9:
            raise NotAsPromised(f"approve never came to {place}")
        # Where the first answer was kept already, the second is told that it is too late.
        if house.syncer(*args).code not in (Exit.DONE, Exit.CONFIGURATION):
            raise NotAsPromised(f"killed at {place}: approve cannot be repeated")
        house.run_until_quiet()
        same(wanted, house.content())
    return f"{len(ended.places)} boundaries counted and tried, all ended the same"


def lock(house: House, played: Play) -> str:
    """While a stopped run holds the lock no other begins; once it is killed the next one does."""
    cycle = played[0]
    house.restore(cycle.picture)

    def refused() -> None:
        code = house.syncer("run").code
        if code != Exit.LOCKED:
            raise NotAsPromised(f"beside a run that holds the lock another ended with {code}")

    middle = cycle.places[len(cycle.places) // 2]
    ended = house.syncer("run", end_at=middle, stopped=refused)
    if ended.code != -9:
        raise NotAsPromised(f"it ended with {ended.code}, not by being killed")
    house.run_until_quiet()
    same(cycle.content, house.content())
    return "beside a stopped run another was refused; once it was killed the next one ran"


def opening(folder: Path, every: int = 1) -> str:
    """Killed before each statement that makes the state file; the next opening makes it whole."""
    whole = folder / "whole.db"
    told = folder / "statements.txt"
    _open(folder, whole, told, None)
    wanted, count = _tables(whole), len(told.read_text().splitlines())
    tried = range(1, count + 1, every)
    for number in tried:
        file = folder / f"killed{number}.db"
        if _open(folder, file, told, number) != -9:
            raise NotAsPromised(f"it never came to statement {number}")
        Store.open(file).close()
        if _tables(file) != wanted:
            raise NotAsPromised(f"killed before statement {number}: the tables differ")
    return f"{count} statements counted, {len(tried)} tried, all ended the same"


def _open(folder: Path, file: Path, told: Path, end_at: int | None) -> int:
    def run() -> None:
        _count_statements(told, end_at)
        Store.open(file).close()

    return forked(folder, run)[0]


def _count_statements(told: Path, end_at: int | None) -> None:
    """Every connection from now on tells each statement right before SQLite begins it."""
    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    lines = told.open("w", encoding="utf-8")
    seen = 0

    def begins(statement: str) -> None:
        nonlocal seen
        seen += 1
        lines.write(f"{' '.join(statement.split())}\n")
        lines.flush()
        if seen == end_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def connected(*args: object, **more: object) -> sqlite3.Connection:
        connection = connect(*args, **more)
        connection.set_trace_callback(begins)
        return connection

    sqlite3.connect = connected  # type: ignore[assignment]


def _tables(file: Path) -> list[tuple[str, str]]:
    """What SQLite itself says of the file: that it is sound, and what is in it."""
    with closing(sqlite3.connect(file)) as database:
        [(verdict,)] = database.execute("PRAGMA integrity_check").fetchall()
        found = database.execute("SELECT name, coalesce(sql, '') FROM sqlite_master").fetchall()
        version = database.execute("SELECT * FROM syncer_version").fetchall()
    return sorted([(verdict, ""), *found, ("version", str(version))])
