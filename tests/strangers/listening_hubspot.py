"""The service's own adapter, speaking and listening where people speak with HubSpot's client."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from adapters.hubspot import ADAPTER
from adapters.hubspot.adapter import HubSpot
from syncer.adapterkit.contract import Opening, PullRequest, Scope
from syncer.model.comments import (
    Audience,
    Comment,
    Message,
    Paragraph,
    Post,
    Quoted,
    Thread,
    ToDo,
    Words,
)
from tests.strangers.stage import Stage, Untrue

_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)


class Listener:
    """The adapter of HubSpot with the service's key, on one deal of a company."""

    def __init__(self, adapter: HubSpot, scope: Scope, deal: str) -> None:
        self.adapter = adapter
        self.deal = Thread("deal", deal)
        self.kept = 0
        self._scope = scope
        self._known = adapter.describe(scope, frozenset({"deal"}))
        self._cursors: dict[str, dict[str, Any]] = {}

    def same(self, what: str, expected: Any, seen: Any) -> None:
        """Claim that two values are equal."""
        if expected != seen:
            raise Untrue(f"{what}: promised {expected!r}, seen {seen!r}")
        self.kept += 1

    def poll(self) -> list[Comment]:
        """What a poll tells of the deal since the last one."""
        fields, threads = {"deal": frozenset({"dealname"})}, frozenset({self.deal})
        wish = PullRequest(self._scope, self._known, fields, self._cursors, threads=threads)
        pages = list(self.adapter.pull(wish))
        self._cursors = {p.feed: p.cursor for p in pages if p.cursor is not None}
        return [comment for page in pages for comment in page.comments]

    def heard(self) -> set[tuple[str | None, str]]:
        """Who has said what since the last poll, beside ourselves."""
        return {(c.by, c.text) for c in self.poll() if c.ref is None}

    def say(self, ref: str, text: str, to_do: ToDo | None = None, comment: str = "") -> str:
        """Write a note, or a task, or either anew; its id on the wire."""
        lines = (Paragraph((Words("Somebody asks for "), Quoted(text))),)
        post = Post(ref, self.deal, Message(lines), comment or None, to_do)
        [posted] = self.adapter.comment([post], self._known)
        self.same(f"{ref} is written", ("done", ""), (str(posted.result), posted.reason))
        return str(posted.comment)

    def read(self) -> dict[str, str | None]:
        """The refs of what stands there, by id."""
        found = self.adapter.comments([self.deal], _LONG_AGO, self._known)
        return {comment.id: comment.ref for comment in found}

    def audience(self) -> Audience:
        """Who reads along."""
        return self.adapter.audience(self._scope, [self.deal])[self.deal]


@contextmanager
def listening(stage: Stage, company: str, deal: str) -> Iterator[Listener]:
    """The service's adapter at a company of the strangers' own."""
    stand = stage.stand["hubspot"]
    bot = next(user for user in stand["users"].values() if user["bot"])
    options = {"base_url": stand["api"], "token": bot["token"]}
    adapter = ADAPTER.open(Opening("strangers", ADAPTER.options.model_validate(options)))
    assert isinstance(adapter, HubSpot)
    scope = Scope("strangers", ADAPTER.scope.model_validate({"company": company}))
    try:
        yield Listener(adapter, scope, deal)
    finally:
        adapter.close()


def conversation(stage: Stage, act: Callable[..., Any], company: str, deal: str) -> None:
    """The service asks, with a note and a task; people answer with HubSpot's client."""
    owners = {name: user["id"] for name, user in stage.stand["hubspot"]["users"].items()}
    with listening(stage, company, deal) as ours:
        users = {p.id: p.aliases[0] for p in ours.adapter.people(Scope("strangers", None))}
        anna, tom = users[owners["anna"]], users[owners["tom"]]
        ours.poll()
        note = ours.say("k7f3q2", "<b>24 July</b>")
        to_do = ToDo(owners["anna"], "Somebody asks for 24 July")
        task = ours.say("k7f3q3", "<b>24 July</b>", to_do)
        refs = {note: "k7f3q2", task: "k7f3q3"}
        ids = {"note": note.partition(":")[2], "task": task.partition(":")[2]}
        act("talk.asked", who="anna", deal=deal, words="&lt;b&gt;24 July&lt;/b&gt;", **ids)
        ours.same("ours are told by their refs", refs, {c.id: c.ref for c in ours.poll()})
        answer = act("talk.answered", who="anna", deal=deal, company=company, text="decline P3KX9Q")
        ours.same("her answer", {(anna, "decline P3KX9Q")}, ours.heard())
        act("talk.changed", who="tom", note=answer, text="approve P3KX9Q")
        ours.same("as he has changed it, it is his", {(tom, "approve P3KX9Q")}, ours.heard())
        act("talk.ticked", who="anna", task=ids["task"], text="approve P3KX9Q by Friday")
        ours.same("her words in the task", {(anna, "approve P3KX9Q by Friday")}, ours.heard())
        act("talk.planned", who="anna", other="tom", deal=deal)
        ours.same("their own tasks say nothing", set(), ours.heard())
        ours.same("nothing more was said", [], ours.poll())
        there = ours.read()
        ours.same("read, it is the same", refs, {id: ref for id, ref in there.items() if ref})
        ours.same("with both answers", 4, len(there))
        done = ToDo(owners["anna"], "Approved", done=True)
        ours.same("one task", task, ours.say("k7f3q3", "24 July", done, task))
        ours.same("among themselves", Audience(), ours.audience())
        stage.strangers["hubspot"].promises += ours.kept
