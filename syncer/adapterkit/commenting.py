"""The part of the contract that lets an adapter speak with people, where its tool has comments.

An adapter that has these methods is asked for them; one that lacks them is never written a
comment to. They raise the errors of :mod:`syncer.adapterkit.errors` and nothing else.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

from syncer.adapterkit.contract import Scope
from syncer.model.comments import Audience, Comment, Post, Posted, Thread
from syncer.model.remote import Catalogue


@runtime_checkable
class Commenter(Protocol):
    """An adapter whose tool takes comments. Objects that do have ``ObjectInfo.comments``.

    New comments under ``PullRequest.threads`` are told by ``pull``, in ``Page.comments``.
    """

    def comment(self, posts: Sequence[Post], catalogue: Catalogue) -> Iterator[Posted]:
        """Write comments or to-dos, or our own anew, one request each; an outcome for each post.

        Outcomes are as of :meth:`Adapter.push`: ``UNKNOWN`` where it may stand there.
        """
        ...

    def comments(
        self, threads: Sequence[Thread], since: datetime, catalogue: Catalogue
    ) -> Iterator[Comment]:
        """What was said under these threads since then, to-dos too; ours with their ``ref``.

        Strongly consistent as far as the vendor is: it is how a lost answer is looked up.
        """
        ...

    def audience(self, scope: Scope, threads: Sequence[Thread]) -> dict[Thread, Audience]:
        """Who can read what is written there, asked of the vendor now, in the fewest requests.

        A thread may be a container itself (a board, a project), which need take no comments.
        What cannot be found out is ``unknown``; this never raises for a single place.
        """
        ...

    def heads_up_item(self, container: str, catalogue: Catalogue) -> Thread | None:
        """The one item that the service keeps in a board or project for what concerns it whole.

        Looked for by its mark before it is made, so a lost answer makes no second one; no
        record is ever made of it. None where the tool has no such thing.
        """
        ...
