"""A private room on disk for what a large cycle would otherwise hold in memory until its end.

It is a database of its own in a file that has no name: it is unlinked before anything is in it,
so that nobody else can open it and nothing of it stays, however the process ends. It stands beside
the state, on the same volume and as well protected; with a Postgres server, in the system's
temporary folder.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from weakref import finalize

from syncer.state import StateError

CACHE: Final = 1024
"""Kilobytes of it that are in memory."""

PAGE: Final = 200
"""Parcels that are read at once."""

PORTION: Final = 250
"""Records that a large cycle looks at together, and lets go of before the next."""

WHOLE: Final = 5_000
"""Of so many records a cycle holds all that it decides.

Below that a fifth of a first sync's time would be spent to save some forty megabytes.
"""

_TABLE: Final = "CREATE TABLE kept (number INTEGER PRIMARY KEY, lot INTEGER, place BLOB, body BLOB)"
_BY_PLACE: Final = "CREATE INDEX by_place ON kept (lot, place)"
_QUICK: Final = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA temp_store = MEMORY",
    f"PRAGMA cache_size = -{CACHE}",
)
"""Nothing of it need outlive the process: a commit, and a log to undo one, would be for nothing."""


class Spool:
    """Parcels of bytes, by number, and in lots by place; from one thread at a time.

    Its room is given back as soon as nobody holds it any more.

    Args:
        folder: where its file is made.
        placed: parcels are looked for by lot and place as well.

    All methods raise :class:`StateError` where the disk is full, or gives back what it was not given.
    """

    def __init__(self, folder: Path, *, placed: bool = True) -> None:
        self._where = str(folder)
        try:
            self._database = _nameless(folder)
            # A connection holds itself, by its statements: it would be left open until rings of
            # objects are looked for, and what is in its file would take its room for as long.
            finalize(self, self._database.close)
            for statement in (_TABLE, *((_BY_PLACE,) if placed else ()), "BEGIN"):
                self._database.execute(statement)
        except (sqlite3.Error, OSError) as error:
            raise self._error(error) from error

    def put(self, body: bytes, lot: int = 0, place: bytes = b"") -> int:
        """Keep a parcel; gives its number."""
        told = "INSERT INTO kept (lot, place, body) VALUES (?, ?, ?)"
        try:
            return int(self._database.execute(told, (lot, place, body)).lastrowid or 0)
        except sqlite3.Error as error:
            raise self._error(error) from error

    def get(self, number: int) -> bytes:
        """A parcel by its number."""
        rows = self._rows("SELECT body FROM kept WHERE number = ?", number)
        if not rows:
            raise self._error(LookupError("something that was put there is gone"))
        found: bytes = rows[0][0]
        return found

    def at(self, lot: int, place: bytes) -> bytes | None:
        """The parcel in this place of a lot; None where there is none."""
        found = self._rows("SELECT body FROM kept WHERE lot = ? AND place = ?", lot, place)
        return found[0][0] if found else None

    def numbered(self) -> Iterator[tuple[int, bytes]]:
        """All parcels with their numbers, in the order in which they were put here."""
        last, told = 0, "SELECT number, body FROM kept WHERE number > ? ORDER BY number LIMIT ?"
        while rows := self._rows(told, last, PAGE):
            yield from rows
            last = rows[-1][0]

    def lot(self, lot: int) -> Iterator[tuple[bytes, bytes]]:
        """The parcels of a lot with their places, in the order of these."""
        told = (
            "SELECT place, number, body FROM kept"
            " WHERE lot = ? AND (place, number) > (?, ?) ORDER BY place, number LIMIT ?"
        )
        place, number = b"", 0
        while rows := self._rows(told, lot, place, number, PAGE):
            for place, number, body in rows:  # noqa: B007 - where the next page begins
                yield place, body

    def drop(self, number: int) -> None:
        """Forget a parcel."""
        self._rows("DELETE FROM kept WHERE number = ?", number)

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        try:
            return self._database.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StateError:
        text = " ".join(str(error).split())
        return StateError(
            self._where,
            f"what a large cycle keeps in this folder while it runs cannot be kept ({text})",
            "Make room there, some 4 KB for each changed record, and run again",
        )


def _nameless(folder: Path) -> sqlite3.Connection:
    """A database in a file that nobody but this process finds."""
    handle, name = tempfile.mkstemp(prefix=".syncer-", suffix=".spool", dir=folder)
    try:
        os.close(handle)
        database = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
        try:
            for statement in _QUICK:
                database.execute(statement)
        except sqlite3.Error:
            database.close()
            raise
    finally:
        os.unlink(name)
    return database
