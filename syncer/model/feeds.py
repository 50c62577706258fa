"""What a feed of a system tells: one answer at a time."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from syncer.model.comments import Comment
from syncer.model.remote import Change, Gone, RemoteRecord


class Page(Struct, frozen=True):
    """One answer of a feed.

    ``feed`` names what was polled (a board, a project, an object type). The last page of a
    feed has ``done``, and then ``cursor`` for the next poll and in ``listed`` the
    (object, container) pairs whose listing was complete: only there absence means gone.
    ``comments`` are those of the threads that were asked after, ours too; each may be told again.
    ``same`` are ids by object of what is as it was when it was last decided on, in place of their
    records; ``marks`` are fingerprints of those that are told, by (object, id).
    """

    feed: str
    records: tuple[RemoteRecord, ...] = ()
    gone: tuple[Gone, ...] = ()
    changes: tuple[Change, ...] = ()
    done: bool = False
    cursor: dict[str, Any] | None = None
    listed: frozenset[tuple[str, str | None]] = frozenset()
    comments: tuple[Comment, ...] = ()
    same: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    marks: Mapping[tuple[str, str], int] = field(default_factory=dict)
