"""Comments of tasks: Asana calls them stories. Projects take none.

A comment of ours is known by the mark at its end and by its author, which is our account; what
else is said with that account is somebody's. Whoever an API's mention is to reach must follow
the task before it is written (Asana's guide to rich text), so they are made followers first.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from html import escape
from types import MappingProxyType
from typing import Final

from adapters.asana.client import NO_PLACE, Asana, Row, segment
from adapters.asana.decode import gid_of, moment
from adapters.asana.encode import refuse
from adapters.asana.outcomes import result_of
from adapters.asana.shapes import TASK
from adapters.asana.stories import AUTOMATION
from adapters.asana.wording import plain, rendered, unmarked
from syncer.adapterkit.errors import AdapterError, AskPerson, SkipRecord, StopConnection
from syncer.model.comments import Comment, Post, Posted, Thread
from syncer.model.remote import Result

REACH: Final = timedelta(minutes=2)
"""How much earlier than expected a comment of ours may have come to stand there."""

_ASK: Final = ("created_at", "created_by.name", "resource_subtype", "type", "html_text", "text")


def comment(asana: Asana, posts: Sequence[Post]) -> Iterator[Posted]:
    """Write posts, each with one request; one more makes whom it mentions followers."""
    for post in posts:
        try:
            yield _written(asana, post)
        except StopConnection:
            raise
        except AdapterError as error:
            yield Posted(post.ref, result_of(error), post.comment, reason=str(error))


def _written(asana: Asana, post: Post) -> Posted:
    if post.to_do is not None:
        raise refuse("a comment in Asana reaches people by itself; to-dos are not made of it")
    if post.thread.object != TASK:
        raise refuse(f"Asana takes no comments on a {post.thread.object}")
    said = {"html_text": rendered(post)}
    path = f"/tasks/{segment(post.thread.id)}"
    if followers := sorted({mention.id for mention in post.message.mentions()}):
        with suppress(AskPerson):  # who may only comment may not do this, and can comment still
            asana.act(f"{path}/addFollowers", {"followers": followers})
    if post.comment is None:
        reply = asana.post(f"{path}/stories", said, ("created_at",))
        at = moment(reply.data.get("created_at")) or reply.at
        return Posted(post.ref, Result.DONE, reply.data["gid"], at)
    # Nobody but us writes there, and the text is the same each time: no harm in repeating it.
    story = f"/stories/{segment(post.comment)}"
    reply = asana.put(story, said, ("created_at",), safe=True)
    return Posted(post.ref, Result.DONE, post.comment, reply.at)


Edits = Mapping[str, datetime | None]
"""When comments were edited, by gid, where events tell so."""


def comments(
    asana: Asana,
    threads: Sequence[Thread],
    since: datetime | None,
    edits: Edits = MappingProxyType({}),
) -> Iterator[Comment]:
    """What was said under these threads since then; ours a little earlier too."""
    for thread in threads:
        if thread.object == TASK:
            yield from _under(asana, thread, since, edits)


def _under(asana: Asana, thread: Thread, since: datetime | None, edits: Edits) -> Iterator[Comment]:
    path = f"/tasks/{segment(thread.id)}/stories"
    try:
        rows = [row for page in asana.pages(path, _ASK) for row in page.data]
    except (SkipRecord, AskPerson) as error:
        if error.status not in NO_PLACE:
            raise
        return  # the task is gone, or hidden from us, and what was said with it
    for row in rows:
        found = told(asana, thread, row, edits.get(row["gid"]))
        if found is not None and (since is None or found.at >= since - _reach(found)):
            yield found


def _reach(found: Comment) -> timedelta:
    return REACH if found.ref else timedelta(0)


def one(asana: Asana, thread: Thread, story: str, edited_at: datetime | None) -> Comment | None:
    """One comment as it is now; ``None`` if it is gone, or is none."""
    try:
        row = asana.get(f"/stories/{segment(story)}", _ASK).data
    except (SkipRecord, AskPerson) as error:
        if error.status not in NO_PLACE:
            raise
        return None
    return told(asana, thread, row, edited_at)


def told(
    asana: Asana, thread: Thread, row: Row, edited_at: datetime | None = None
) -> Comment | None:
    """A story as a comment, if it is one. When it was edited Asana tells in events only."""
    at, by = moment(row.get("created_at")), gid_of(row.get("created_by"))
    html, text = row.get("html_text"), row.get("text")
    if not _is_comment(row) or at is None:
        return None
    if not isinstance(html, str) or not html:
        html = escape(text) if isinstance(text, str) else ""
    bare, ref = unmarked(html)
    if ref is not None and by == asana.my_gid():
        return Comment(thread, row["gid"], plain(bare), at, by, ref=ref, edited_at=edited_at)
    robot = None if by else AUTOMATION
    return Comment(thread, row["gid"], plain(html), at, by, robot, edited_at=edited_at)


def _is_comment(row: Row) -> bool:
    """Whether a story is what somebody said; an attachment has the type of a comment too."""
    subtype = row.get("resource_subtype")
    return subtype == "comment_added" or (subtype is None and row.get("type") == "comment")


__all__ = ["comment", "comments", "one", "told"]
