"""A fence around what an adapter says to people, as the one around the rest of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.contract import Adapter, Scope
from syncer.adapterkit.errors import LookFirst
from syncer.engine.fence import Fenced
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.remote import Catalogue


def commenter_of(adapter: Adapter) -> Commenter | None:
    """How to speak with people in this tool; None where its adapter has no such way."""
    if not isinstance(adapter, Fenced):
        return adapter if isinstance(adapter, Commenter) else None
    speaker = adapter.speaker
    return None if speaker is None else FencedCommenter(adapter, speaker)


class FencedCommenter:
    """A commenter of which every failure is an :class:`AdapterError`."""

    def __init__(self, outer: Fenced, inner: Commenter) -> None:
        self._fence = outer.fence
        self._inner = inner

    def comment(self, posts: Sequence[Post], catalogue: Catalogue) -> Iterator[Posted]:
        """Write comments."""
        with self._fence("comment", LookFirst):
            yield from self._inner.comment(posts, catalogue)

    def comments(
        self, threads: Sequence[Thread], since: datetime, catalogue: Catalogue
    ) -> Iterator[Comment]:
        """What was said."""
        with self._fence("comments"):
            yield from self._inner.comments(threads, since, catalogue)

    def audience(self, scope: Scope, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """Who can read there."""
        with self._fence("audience"):
            return self._inner.audience(scope, threads)

    def heads_up_item(self, container: str, catalogue: Catalogue) -> Thread | None:
        """The kept item of a container."""
        with self._fence("heads_up_item", LookFirst):
            return self._inner.heads_up_item(container, catalogue)
