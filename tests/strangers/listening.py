"""The service's own adapter, speaking and listening where strangers speak with their client."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.contract import Adapter, Opening, PullRequest, Scope
from syncer.adapterkit.registry import adapter_spec
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
    """An adapter with the service's credentials, on one card of a board or task of a project."""

    def __init__(self, adapter: Adapter, scope: Scope, thread: Thread) -> None:
        assert isinstance(adapter, Commenter)
        self.adapter, self.commenter = adapter, adapter
        self.thread = thread
        self.kept = 0
        self._scope = scope
        self._known = adapter.describe(scope, frozenset({thread.object, "project", "board"}))
        self._cursors: dict[str, dict[str, Any]] = {}

    def same(self, what: str, expected: Any, seen: Any) -> None:
        """Claim that two values are equal."""
        if expected != seen:
            raise Untrue(f"{what}: promised {expected!r}, seen {seen!r}")
        self.kept += 1

    def poll(self) -> list[Comment]:
        """What a poll tells of the thread since the last one."""
        fields = {self.thread.object: frozenset({"name"})}
        wish = PullRequest(
            self._scope, self._known, fields, self._cursors, threads=frozenset({self.thread})
        )
        pages = list(self.adapter.pull(wish))
        self._cursors = {p.feed: p.cursor for p in pages if p.cursor is not None}
        return [comment for page in pages for comment in page.comments]

    def say(self, ref: str, who: Mention, text: str, comment: str | None = None) -> str:
        """Write a comment, or ours anew; its id."""
        lines = (Paragraph((who, Words(": somebody asks for "), Quoted(text))),)
        post = Post(ref, self.thread, Message(lines), comment)
        [posted] = self.commenter.comment([post], self._known)
        self.same(f"{ref} is written", ("done", ""), (str(posted.result), posted.reason))
        return str(posted.comment)

    def read(self) -> dict[str, Comment]:
        """What stands there, by id."""
        found = self.commenter.comments([self.thread], _LONG_AGO, self._known)
        return {comment.id: comment for comment in found}

    def audience(self) -> Audience:
        """Who reads along."""
        return self.commenter.audience(self._scope, [self.thread])[self.thread]


@contextmanager
def listening(
    stage: Stage, system: str, where: dict[str, Any], thread: Thread, **more: Any
) -> Iterator[Listener]:
    """The service's adapter of a system in a place of the strangers' own.

    ``where`` is the scope; ``more`` are options beside the address and the credentials.
    """
    stand, spec = stage.stand[system], adapter_spec(system)
    bot = next(user for user in stand["users"].values() if user["bot"])
    secrets = {name: bot[name] for name in ("key", "token") if name in bot}
    options = spec.options.model_validate({"base_url": stand["api"]} | secrets | more)
    adapter = spec.open(Opening("strangers", options))
    scope = Scope("strangers", spec.scope.model_validate(where))
    try:
        yield Listener(adapter, scope, thread)
    finally:
        adapter.close()
