"""New comments under the threads that are asked after.

The events of a project, which are polled anyway, name them: an idle poll costs no request more.
One that is new costs one; of several on a task the whole list is read. Where the place in the
events was lost, and where all is listed anyway, every thread of the project is read once.
"""

from collections.abc import Iterator
from datetime import datetime

from adapters.asana.client import Asana
from adapters.asana.comments import comments, one
from adapters.asana.shapes import TASK
from syncer.adapterkit.contract import PullRequest
from syncer.model.comments import Comment, Thread

Stories = dict[str, datetime | None]
"""Gids of stories, each with when it was edited, if events tell so."""


class Hearing:
    """What one pull asks after."""

    def __init__(self, asana: Asana, request: PullRequest) -> None:
        self._asana = asana
        self._since = request.since
        self._threads = {one.id: one for one in request.threads if one.object == TASK}

    def heard(self, project: str, said: dict[str, Stories], *, whole: bool) -> tuple[Comment, ...]:
        """Comments that a poll of a project tells of, none of them twice.

        Args:
            project: the gid of what was polled.
            said: what events tell: the stories of tasks that may be comments.
            whole: the place in the events was lost, or all is listed anyway.
        """
        found: dict[str, Comment] = {}
        if whole:
            mine = [t for t in self._threads.values() if t.container in (None, project)]
            found = {c.id: c for c in comments(self._asana, mine, self._since)}
        for task in sorted(said.keys() & self._threads.keys()):
            new = {story: at for story, at in said[task].items() if story not in found}
            found |= {c.id: c for c in self._new(self._threads[task], new)}
        return tuple(found.values())

    def _new(self, thread: Thread, stories: Stories) -> Iterator[Comment]:
        if len(stories) == 1:
            [(story, edited_at)] = stories.items()
            told = one(self._asana, thread, story, edited_at)
            yield from [told] if told else []
        elif stories:
            listed = comments(self._asana, [thread], None, stories)
            yield from (comment for comment in listed if comment.id in stories)
