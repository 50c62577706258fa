"""What the tests of comments share: posts, threads, polls that ask after threads."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from adapters.asana.adapter import AsanaAdapter
from syncer.adapterkit.contract import PullRequest
from syncer.model.comments import Comment, Mention, Message, Paragraph, Part, Post, Posted, Thread
from syncer.model.feeds import Page
from tests.adapters.asana.bench import WORKSPACE, Bench

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_refs = count(1)


def thread_of(bench: Bench, task: str, project: str | None = None) -> Thread:
    return Thread("task", task, project or bench.project())


def mention(bench: Bench, user: str) -> Mention:
    return Mention(bench.id_of(user), user.title())


def post_on(thread: Thread, *parts: Part, **more: Any) -> Post:
    return Post(f"r{next(_refs):04}", thread, Message((Paragraph(parts),)), **more)


def told(bench: Bench, post: Post, adapter: AsanaAdapter | None = None) -> Posted:
    [posted] = (adapter or bench.service).comment([post], bench.catalogue())
    return posted


def say(bench: Bench, user: str, task: str, text: str) -> str:
    return str(bench.call(user, "POST", f"/tasks/{task}/stories", {"text": text})["gid"])


def heard(bench: Bench, *threads: Thread) -> list[Comment]:
    return list(bench.service.comments(threads, LONG_AGO, bench.catalogue()))


def poll(
    bench: Bench,
    cursors: dict[str, Any],
    *threads: Thread,
    since: datetime | None = None,
) -> tuple[list[Comment], list[Page], dict[str, Any]]:
    """What a poll tells of threads, all its pages, and its cursors."""
    wish = bench.wish(cursors)
    request = PullRequest(
        wish.scope, wish.catalogue, wish.fields, cursors, threads=frozenset(threads), since=since
    )
    pages = list(bench.service.pull(request))
    comments = [comment for page in pages for comment in page.comments]
    return comments, pages, {p.feed: p.cursor for p in pages if p.cursor is not None}


def invite(bench: Bench, email: str = "gil@guest.example") -> str:
    """Somebody from outside joins the organisation; not yet anything in it."""
    path = f"/workspaces/{WORKSPACE}/addUser"
    return str(bench.call("maya", "POST", path, {"user": email})["gid"])
