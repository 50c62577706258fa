"""What one system reported in a cycle."""

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from xxhash import xxh3_64_intdigest

from syncer.adapterkit.errors import AdapterError
from syncer.model.comments import Comment
from syncer.model.feeds import Page
from syncer.model.remote import Change, Gone, RemoteRecord
from syncer.reconcile.guard import EMPTIED

MOST_LOOKED_UP = 100
"""Absent things of one object that are asked for one by one."""

RemoteKey = tuple[str, str]
"""(object, remote id) within one connection."""


class Familiar:
    """Things that were told as they were before: eight bytes each, however many there are."""

    def __init__(self) -> None:
        self._digests: dict[str, array[int]] = defaultdict(lambda: array("Q"))

    def add(self, object: str, ids: Iterable[str]) -> None:
        """Take in ids of an object."""
        self._digests[object].extend(map(_digest, ids))

    def __len__(self) -> int:
        return sum(map(len, self._digests.values()))

    def without(self, keys: Iterable[RemoteKey]) -> set[RemoteKey]:
        """Those keys that are not among the things."""
        wanted = set(keys)
        if not len(self):
            return wanted
        there = {name: frozenset(digests) for name, digests in self._digests.items()}
        return {key for key in wanted if _digest(key[1]) not in there.get(key[0], ())}


def _digest(id: str) -> int:
    return xxh3_64_intdigest(id.encode("utf-8", "surrogatepass"))


@dataclass
class Pulled:
    """All that one system reported.

    ``absent`` are linked things that a complete listing lacked: deleted without a word;
    ``emptied`` those of them that were all that a listing, or a container that is absent, had.
    ``followed`` are linked things that were merged, with the ids that they have now.
    ``places`` is a mark of the places in the scope, if they are others than before.
    ``same`` is what was told as it was when it was last decided on; ``marks`` are the
    fingerprints of the ``records``.
    """

    connection: str
    records: dict[RemoteKey, RemoteRecord] = field(default_factory=dict)
    gone: dict[RemoteKey, Gone] = field(default_factory=dict)
    changes: dict[RemoteKey, list[Change]] = field(default_factory=lambda: defaultdict(list))
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: set[tuple[str, str | None]] = field(default_factory=set)
    absent: set[RemoteKey] = field(default_factory=set)
    followed: dict[RemoteKey, str] = field(default_factory=dict)
    emptied: set[RemoteKey] = field(default_factory=set)
    comments: list[Comment] = field(default_factory=list)
    places: str = ""
    same: Familiar = field(default_factory=Familiar)
    marks: dict[RemoteKey, int] = field(default_factory=dict)
    error: AdapterError | None = None

    def add(self, page: Page) -> None:
        """Take in one page; a later state of a record replaces an earlier one."""
        for record in page.records:
            self.records[(record.object, record.id)] = record
        for object_name, ids in page.same.items():
            self.same.add(object_name, ids)
        self.marks.update(page.marks)
        for gone in page.gone:
            self.gone[(gone.object, gone.id)] = gone
        for change in page.changes:
            self.changes[(change.object, change.id)].append(change)
        self.comments += page.comments
        if page.done:
            self.listed |= page.listed
            if page.cursor is not None:
                self.cursors[page.feed] = page.cursor

    @property
    def told(self) -> int:
        """How many things were told."""
        return len(self.records) + len(self.same)

    def miss(self, linked: set[RemoteKey]) -> None:
        """Note what of these linked things, all that there are in one place, is absent."""
        unread = (key for key in linked if key not in self.records and key not in self.gone)
        lacking = self.same.without(unread)
        self.absent |= lacking
        if lacking == linked and len(lacking) >= EMPTIED:
            self.emptied |= lacking
