"""What the bench's server holds: systems with projects, items and a log of every change.

A record is kept as the JSON that is sent, made once when it changes: serving a page is joining
bytes, so that what is measured is the client of it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from tests.bench.records import A_PROJECT, EMPTY, PEOPLE, edited, item, project

PAGE: Final = 100
KINDS: Final = ("projects", "items")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Shelf:
    """All records of one kind, in the order in which they were made."""

    ids: list[str] = field(default_factory=list)
    rows: list[bytes] = field(default_factory=list)
    at: dict[str, int] = field(default_factory=dict)

    def put(self, id: str, row: Mapping[str, Any]) -> bytes:
        """Add a record, or exchange it."""
        told = msgspec.json.encode(row)
        if id in self.at:
            self.rows[self.at[id]] = told
        else:
            self.at[id] = len(self.ids)
            self.ids.append(id)
            self.rows.append(told)
        return told

    def row(self, id: str) -> dict[str, Any]:
        """A record as values. Raises ``KeyError``."""
        found: dict[str, Any] = msgspec.json.decode(self.rows[self.at[id]])
        return found


@dataclass
class Line:
    """One line of the log: a field of a record was changed, or the record was made."""

    kind: str
    id: str
    at: str
    told: bytes


@dataclass
class System:
    """One vendor. ``prefix`` begins its ids, so that two systems never share one."""

    name: str
    shelves: dict[str, Shelf] = field(default_factory=lambda: {kind: Shelf() for kind in KINDS})
    log: list[Line] = field(default_factory=list)

    def load(self, count: int, seed: int) -> None:
        """So many items, in projects, made by people."""
        places = [
            self.create("projects", project(number), f"u-{PEOPLE[number % len(PEOPLE)]}")[0]
            for number in range(max(1, count // A_PROJECT))
        ]
        for number in range(count):
            values = item(number, places[number % len(places)], seed)
            self.create("items", values, f"u-{PEOPLE[number % len(PEOPLE)]}")

    def create(self, kind: str, values: Mapping[str, Any], by: str) -> tuple[str, bytes]:
        """Make a record; its id and what an answer shows."""
        shelf = self.shelves[kind]
        id, at = f"{self.name}-{kind[0]}{len(shelf.ids) + 1:07}", _now()
        row = {**EMPTY[kind], **values} | {
            "id": id,
            "archived": False,
            "position": len(shelf.ids) * 1024,
            "comments": 0,
            "created_at": at,
            "created_by": by,
            "modified_at": at,
            "url": f"https://{self.name}.example/{kind}/{id}",
        }
        told = shelf.put(id, row)
        self._note(kind, id, at, by, "existence", None, "present")
        return id, told

    def update(self, kind: str, id: str, values: Mapping[str, Any], by: str) -> bytes:
        """Change fields of a record. Raises ``KeyError`` where there is none."""
        shelf, at = self.shelves[kind], _now()
        row = shelf.row(id)
        for name, new in values.items():
            old, row[name] = row.get(name), new
            if old != new:
                self._note(kind, id, at, by, name, old, new)
        row["modified_at"] = at
        return shelf.put(id, row)

    def change(self, count: int, by: str, again: int) -> None:
        """A person edits so many items, spread over all."""
        shelf = self.shelves["items"]
        for number in range(count):
            id = shelf.ids[number * len(shelf.ids) // count]
            self.update("items", id, edited(shelf.row(id), again), by)

    def page(self, kind: str, after: int) -> bytes:
        """A hundred records of a kind."""
        rows = self.shelves[kind].rows
        return _page(rows[after : after + PAGE], after + PAGE if after + PAGE < len(rows) else None)

    def later(self, since: str, after: int) -> bytes:
        """A hundred of the items that were changed later than a moment."""
        shelf = self.shelves["items"]
        first = bisect_right(self.log, since, key=lambda line: line.at)
        ids = list(dict.fromkeys(line.id for line in self.log[first:] if line.kind == "items"))
        rows = [shelf.rows[shelf.at[id]] for id in ids[after : after + PAGE]]
        return _page(rows, after + PAGE if after + PAGE < len(ids) else None)

    def changed(self, since: int) -> bytes:
        """A hundred lines of the log, with the records that they are about as they are now."""
        lines = self.log[since : since + PAGE]
        found = dict.fromkeys((line.kind, line.id) for line in lines)
        rows = {kind: b",".join(self._rows(kind, found)) for kind in KINDS}
        last = min(since + PAGE, len(self.log))
        more = b"true" if last < len(self.log) else b"false"
        told = b",".join(line.told for line in lines)
        return b'{"projects":[%b],"items":[%b],"log":[%b],"last":%d,"more":%b}' % (
            *(rows["projects"], rows["items"], told, last, more),
        )

    def of(self, ids: set[str]) -> bytes:
        """What the log tells of some records, all of it."""
        told = b",".join(line.told for line in self.log if line.id in ids)
        return b'{"log":[%b]}' % told

    def dump(self) -> Iterator[bytes]:
        """Every record, a line each."""
        for kind in KINDS:
            for row in self.shelves[kind].rows:
                yield b'{"kind":"%b","row":%b}\n' % (kind.encode(), row)

    def _rows(self, kind: str, found: dict[tuple[str, str], None]) -> Iterator[bytes]:
        shelf = self.shelves[kind]
        return (shelf.rows[shelf.at[id]] for known, id in found if known == kind)

    def _note(
        self, kind: str, id: str, at: str, by: str, name: str, old: object, new: object
    ) -> None:
        line = {"n": len(self.log) + 1, "kind": kind, "id": id, "field": name}
        line |= {"old": old, "new": new, "by": by, "at": at}
        self.log.append(Line(kind, id, at, msgspec.json.encode(line)))


def _page(rows: list[bytes], following: int | None) -> bytes:
    told = b"null" if following is None else b"%d" % following
    return b'{"results":[%b],"next":%b}' % (b",".join(rows), told)
