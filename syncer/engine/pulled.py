"""What one system reported in a cycle."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from syncer.adapterkit.errors import AdapterError
from syncer.model.comments import Comment
from syncer.model.feeds import Page
from syncer.model.remote import Change, Gone, RemoteRecord
from syncer.reconcile.guard import EMPTIED

MOST_LOOKED_UP = 100
"""Absent things of one object that are asked for one by one."""

RemoteKey = tuple[str, str]
"""(object, remote id) within one connection."""


@dataclass
class Pulled:
    """All that one system reported.

    ``absent`` are linked things that a complete listing lacked: deleted without a word;
    ``emptied`` those of them that were all that a listing, or a container that is absent, had.
    ``followed`` are linked things that were merged, with the ids that they have now.
    ``places`` is a mark of the places in the scope, if they are others than before.
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
    error: AdapterError | None = None

    def add(self, page: Page) -> None:
        """Take in one page; a later state of a record replaces an earlier one."""
        for record in page.records:
            self.records[(record.object, record.id)] = record
        for gone in page.gone:
            self.gone[(gone.object, gone.id)] = gone
        for change in page.changes:
            self.changes[(change.object, change.id)].append(change)
        self.comments += page.comments
        if page.done:
            self.listed |= page.listed
            if page.cursor is not None:
                self.cursors[page.feed] = page.cursor

    def miss(self, linked: set[RemoteKey]) -> None:
        """Note what of these linked things, all that there are in one place, is absent."""
        lacking = {key for key in linked if key not in self.records and key not in self.gone}
        self.absent |= lacking
        if lacking == linked and len(lacking) >= EMPTIED:
            self.emptied |= lacking
