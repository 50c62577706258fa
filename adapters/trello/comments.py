"""Comments of cards, written and read ("Comments": actions of the type ``commentCard``)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from adapters.trello import feed, markup, reading
from adapters.trello.actions import Action
from adapters.trello.client import Trello, segment
from adapters.trello.drafts import ending
from adapters.trello.fields import CARD
from adapters.trello.members import Members
from adapters.trello.shapes import misshapen, moment, the_object, word
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.errors import AdapterError, SkipRecord
from syncer.model.comments import Comment, Mention, Post, Posted, Thread
from syncer.model.remote import Result

TYPE: Final = "commentCard"

SKEW: Final = timedelta(minutes=2)
"""How far our clock may be ahead of Trello's."""

_GONE: Final = 404


class Comments(Struct, frozen=True):
    """Writes comments, and looks up what was said under cards."""

    trello: Trello
    members: Members

    def comment(self, posts: Sequence[Post]) -> Iterator[Posted]:
        """One after the other; an outcome for each."""
        for post in posts:
            try:
                yield self._posted(post)
            except AdapterError as error:
                yield Posted(post.ref, ending(error), post.comment, reason=str(error))

    def _posted(self, post: Post) -> Posted:
        if post.thread.object != CARD:
            raise SkipRecord(f"a {post.thread.object} takes no comments in Trello")
        if post.to_do is not None:
            raise SkipRecord("Trello has no task that could be assigned to somebody")
        unheard: list[str] = []
        text = markup.rendered(post.message, post.ref, lambda who: self._name(post, who, unheard))
        answer = self._sent(post, text)
        told = the_object(answer)
        if not word(told.get("id")):
            raise misshapen(answer, "a comment")
        at = moment(told.get("date")) or answer.at
        return Posted(post.ref, Result.DONE, told["id"], at, _unheard(unheard))

    def _name(self, post: Post, who: Mention, unheard: list[str]) -> str | None:
        board = post.thread.container or self._board(post.thread)
        name = self.members.username(board, who.id)
        if name is None and who.name not in unheard:
            unheard.append(who.name)
        return name

    def _board(self, thread: Thread) -> str:
        answer = self.trello.get(f"/cards/{segment(thread.id)}", {"fields": "idBoard"})
        return word(the_object(answer).get("idBoard"))

    def _sent(self, post: Post, text: str) -> Answer:
        """A new comment, or ours anew. One that somebody deleted is said again."""
        if post.comment is not None:
            try:
                # Only its author can edit it, so to say the same twice does no harm.
                path = f"/actions/{segment(post.comment)}"
                return self.trello.put(path, {"text": text}, safe=True)
            except SkipRecord as error:
                if error.status != _GONE:
                    raise
        path = f"/cards/{segment(post.thread.id)}/actions/comments"
        return self.trello.post(path, {"text": text})

    def comments(self, threads: Sequence[Thread], since: datetime) -> Iterator[Comment]:
        """Everything said since then, oldest first; nothing under a card that is gone."""
        for thread in threads:
            path = f"/cards/{segment(thread.id)}/actions"
            try:
                done = feed.all_actions(self.trello, path, TYPE, since - SKEW)
            except SkipRecord as error:
                if error.status != _GONE:
                    raise
                continue
            yield from (said(action, thread, self.trello.my_id) for action in done)


def _unheard(names: list[str]) -> str:
    return f"not on the board, so not notified: {', '.join(names)}" if names else ""


def said(action: Action, thread: Thread, me: Callable[[], str]) -> Comment:
    """An action as a comment; whose mark it is counts only in what we wrote ourselves."""
    text = word(action.data.get("text"))
    body, ref = reading.parted(text)
    ours = ref is not None and action.by == me()
    return Comment(
        thread=thread,
        id=action.id,
        text=reading.plain(body, quoting="") if ours else reading.plain(text),
        at=action.at,
        by=action.by,
        automation=action.automation,
        ref=ref if ours else None,
        edited_at=moment(action.data.get("dateLastEdited")),
    )
