"""The boundaries of a process: every request and every commit that writes; and dying at one.

The service's own hooks tell of them; nothing of it is replaced. What a commit holds is read
from the statements that SQLAlchemy reports.
"""

import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from syncer.adapterkit.http import Http
from syncer.state import Store

_WRITES = re.compile(r"\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
_READS = ("/search", "/batch/read", "/batch/associations")
"""Ends of paths that are posted to and change nothing."""


@dataclass(frozen=True)
class Place:
    """A boundary: what is done there, and the how-manieth of its kind it is in a run."""

    what: str
    nth: int

    def __str__(self) -> str:
        return f"{self.what} ({self.nth}.)"


class Boundaries:
    """Counts the boundaries of this process; at ``end_at`` the process kills itself.

    Args:
        told: a file that gets a line for each.
        by: another signal than SIGKILL: SIGSTOP leaves the end to somebody else.
    """

    def __init__(self, told: Path, end_at: Place | None, by: int = signal.SIGKILL) -> None:
        self._told = told.open("w", encoding="utf-8")
        self._end_at = end_at
        self._by = by
        self._counted: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._here = threading.local()

    def install(self) -> None:
        """Listen to the service's hooks from now on."""
        Http.boundary = staticmethod(self._request)
        Store.boundary = staticmethod(self._commit)
        event.listen(Engine, "begin", self._begun)
        event.listen(Engine, "before_cursor_execute", self._statement)

    def _request(self, moment: str, method: str, path: str) -> None:
        if method not in ("GET", "HEAD") and not path.endswith(_READS):
            self._met(f"{moment} {method} {_without_ids(path)}")

    def _begun(self, _connection: Any) -> None:
        self._here.tables = {}

    def _statement(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if found := _WRITES.match(statement):
            self._here.tables[found[1]] = None

    def _commit(self, moment: str) -> None:
        tables: Iterable[str] = getattr(self._here, "tables", {})
        word = "before" if moment == "commit.before" else "after"
        if tables:  # else there is nothing that could be kept or lost
            self._met(f"{word} commit of {', '.join(tables)}")

    def _met(self, what: str) -> None:
        with self._lock:
            self._counted[what] += 1
            place = Place(what, self._counted[what])
            self._told.write(f"{place.nth} {what}\n")
            self._told.flush()
            if place == self._end_at:
                os.kill(os.getpid(), self._by)
                signal.pause()  # nothing more happens here, also not while the signal travels


def told_in(file: Path) -> list[Place]:
    """The boundaries that a process told of, in their order."""
    parts = (line.split(" ", 1) for line in file.read_text("utf-8").splitlines())
    return [Place(what, int(nth)) for nth, what in parts]


def _without_ids(path: str) -> str:
    """A path with the ids of its things left out: they differ from run to run."""
    parts = path.split("/")
    return "/".join("*" if sum(c.isdigit() for c in part) >= 6 else part for part in parts)
