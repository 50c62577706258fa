"""The service's own adapter, speaking and listening where strangers speak with their client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from adapters.asana import ADAPTER
from adapters.asana.adapter import AsanaAdapter
from syncer.adapterkit.contract import Opening, PullRequest, Scope
from syncer.model.comments import (
    Audience,
    Comment,
    Mention,
    Message,
    Paragraph,
    Post,
    Quoted,
    Thread,
    Words,
)
from tests.strangers.stage import Stage, Untrue

_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)


class Listener:
    """An adapter of Asana with the service's credentials, on one task of a project."""

    def __init__(self, adapter: AsanaAdapter, scope: Scope, thread: Thread) -> None:
        self.adapter = adapter
        self.thread = thread
        self.kept = 0
        self._scope = scope
        self._known = adapter.describe(scope, frozenset({"task", "project"}))
        self._cursors: dict[str, dict[str, Any]] = {}

    def same(self, what: str, expected: Any, seen: Any) -> None:
        """Claim that two values are equal."""
        if expected != seen:
            raise Untrue(f"{what}: promised {expected!r}, seen {seen!r}")
        self.kept += 1

    def poll(self) -> list[Comment]:
        """What a poll tells of the task since the last one."""
        fields = {"task": frozenset({"name"})}
        wish = PullRequest(
            self._scope, self._known, fields, self._cursors, threads=frozenset({self.thread})
        )
        pages = list(self.adapter.pull(wish))
        self._cursors = {p.feed: p.cursor for p in pages if p.cursor is not None}
        return [comment for page in pages for comment in page.comments]

    def say(self, ref: str, who: Mention, text: str, comment: str | None = None) -> str:
        """Write a comment, or ours anew; its gid."""
        lines = (Paragraph((who, Words(": somebody asks for "), Quoted(text))),)
        post = Post(ref, self.thread, Message(lines), comment)
        [posted] = self.adapter.comment([post], self._known)
        self.same(f"{ref} is written", ("done", ""), (str(posted.result), posted.reason))
        return str(posted.comment)

    def read(self) -> dict[str, Comment]:
        """What stands there, by gid."""
        found = self.adapter.comments([self.thread], _LONG_AGO, self._known)
        return {comment.id: comment for comment in found}

    def audience(self) -> Audience:
        """Who reads along."""
        return self.adapter.audience(self._scope, [self.thread])[self.thread]


@contextmanager
def listening(stage: Stage, place: dict[str, str], project: str, task: str) -> Iterator[Listener]:
    """The service's adapter in a project of the strangers' own."""
    stand = stage.stand["asana"]
    bot = next(user for user in stand["users"].values() if user["bot"])
    options = {"base_url": stand["api"], "token": bot["token"], "paid": True}
    adapter = AsanaAdapter(Opening("strangers", ADAPTER.options.model_validate(options)))
    where = {"workspace": place["workspace"], "projects": [project]}
    scope = Scope("strangers", ADAPTER.scope.model_validate(where))
    try:
        yield Listener(adapter, scope, Thread("task", task, project))
    finally:
        adapter.close()


def conversation(
    stage: Stage, place: dict[str, str], project: str, task: str, act: Callable[..., Any]
) -> None:
    """The service asks, people answer with their client, a guest comes and goes."""
    users = stage.stand["asana"]["users"]
    anna = Mention(users["anna"]["id"], "Anna")
    with listening(stage, place, project, task) as ours:
        ours.poll()
        asked = ours.say("k7f3q2", anna, "https://app.asana.com/0/profile/" + users["ben"]["id"])
        there = act("talk.answers", who="anna", other="tom", task=task, asked=asked)
        authors = {gid: users[name]["id"] for gid, name in there}
        heard = {comment.id: comment for comment in ours.poll()}
        ours.same("who was heard", authors | {asked: users["syncer"]["id"]},
                  {gid: comment.by for gid, comment in heard.items()})  # fmt: skip
        words = [heard[gid].text for gid, _ in there]
        ours.same("what they said", ["approve", "Ask @Anna Brandt & me"], words)
        ours.same("which is ours", {asked: "k7f3q2"},
                  {gid: c.ref for gid, c in heard.items() if c.ref})  # fmt: skip
        ours.same("read, it is the same", set(heard), set(ours.read()) & set(heard))
        ours.same("nothing more was said", [], ours.poll())
        told = stage.control("asana", "notified", task=task)["mentioned"]
        ours.same("Ben was not called", False, users["ben"]["id"] in told)
        ours.say("k7f3q2", anna, "24 July", asked)
        act("talk.rewritten", who="tom", task=task, asked=asked, words="24 July")
        ours.same("among themselves", Audience(), ours.audience())
        guest = act("talk.invited", who="maya", place=place, email="gil@guest.example")
        ours.same(
            "a guest of the team reads along", [guest], [p.id for p in ours.audience().guests]
        )
        act("talk.shared", who="maya", project=project, member=place["team"])
        ours.same("and as one of a team that is a member", [guest],
                  [p.id for p in ours.audience().guests])  # fmt: skip
        act("talk.unshared", who="maya", project=project, member=place["team"])
        ours.same("among themselves again", Audience(), ours.audience())
        stage.strangers["asana"].promises += ours.kept
