"""Room on the disk: what a state file does not need any more goes back."""

import sqlite3
from typing import Final

_SHARE: Final = 4
"""With less than one in so many pages free they stay: the next cycles fill them again."""

_STEP: Final = 2_000
"""Pages given back, or merged, at once: others that write need not wait for more."""


def give_back(database: sqlite3.Connection) -> int:
    """Give free pages back, if there are many; returns how many.

    Only of a file that was made for it: see https://www.sqlite.org/pragma.html#pragma_auto_vacuum.
    """
    first = free = _ask(database, "freelist_count")
    if free * _SHARE <= _ask(database, "page_count"):
        return 0
    while free:
        database.execute(f"PRAGMA incremental_vacuum({_STEP})").fetchall()
        left = _ask(database, "freelist_count")
        if left == free:
            break
        free = left
    return first - free


def forget_words(database: sqlite3.Connection, lines: int) -> bool:
    """Write the search index anew without lines that left the journal, if they are many.

    It keeps the words of each line that it had, and a note that the line is gone, until its
    parts are merged: see https://www.sqlite.org/fts5.html#the_merge_command. Gives whether.
    """
    [[left]] = database.execute("SELECT count(*) FROM journal")
    if lines * _SHARE <= lines + left:
        return False
    merge, most, before = (
        "INSERT INTO journal_fts(journal_fts, rank) VALUES ('merge', ?)",
        -_STEP,
        0,
    )
    while most < 0 or database.total_changes - before > 1:
        before = database.total_changes
        database.execute(merge, [most])
        most = _STEP
    return True


def _ask(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])
