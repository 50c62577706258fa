"""People and the service speak on a deal of the bakery, on the bench's HubSpot account."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from msgspec.structs import replace

from adapters.hubspot.sandbox.timeline import Timeline
from adapters.hubspot.shapes import PATHS
from adapters.hubspot.talk.posting import LINKS
from syncer.model.comments import (
    Comment,
    Message,
    Paragraph,
    Part,
    Post,
    Posted,
    Thread,
    ToDo,
    Words,
)
from syncer.model.remote import Result
from tests.adapters.hubspot.bench import BASE, Bench

_EARLIER = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Talk:
    """What is said on the bench."""

    b: Bench
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    @property
    def deal(self) -> Thread:
        """Where the talking is."""
        return Thread("deal", self.b.deal("Spring campaign"))

    @property
    def company(self) -> Thread:
        """The client's own record."""
        return Thread("company", self.b.company)

    def owner(self, user: str) -> str:
        """The id of an owner."""
        return self.b.sandbox.users[user].id

    def user(self, user: str) -> str:
        """What history calls a person."""
        return f"user:{self.b.sandbox.account.store.owners[self.owner(user)]['userId']}"

    def post(self, *parts: Part | str, **more: Any) -> Post:
        """A post with a line for each part."""
        lines = (Words(part) if isinstance(part, str) else part for part in parts)
        message = Message(tuple(Paragraph((part,)) for part in lines))
        options: dict[str, Any] = {"ref": f"k{next(self._numbers):05}", "thread": self.deal}
        return Post(message=message, **(options | more))

    def asked(self, user: str, *parts: Part | str, **more: Any) -> Post:
        """A task for somebody."""
        return self.post(*parts, to_do=ToDo(self.owner(user), "Please answer", **more))

    def write(self, one: Post) -> Posted:
        """The outcome; what was sent for it is noted."""
        before = len(self.b.running.requests)
        [outcome] = self.b.adapter.comment([one], self.b.catalogue)
        self._note(before)
        return outcome

    def written(self, one: Post) -> str:
        """The id on the wire of what stands there now."""
        outcome = self.write(one)
        assert outcome.result is Result.DONE, outcome
        return str(outcome.comment).partition(":")[2]

    def note(self, user: str, html: str, *threads: Thread) -> str:
        """A person's note on records."""
        ends = [
            {
                "to": {"id": thread.id},
                "types": [
                    {
                        "associationCategory": "HUBSPOT_DEFINED",
                        "associationTypeId": LINKS["note", thread.object],
                    }
                ],
            }
            for thread in threads or (self.deal,)
        ]
        told = {"hs_timestamp": "2026-11-20T09:00:00Z", "hs_note_body": html}
        body = {"properties": told, "associations": ends}
        return str(self.b.call("POST", f"{BASE}/notes", body, user)["id"])

    def body(self, id: str) -> str:
        """The HTML of a task as it stands."""
        return self.b.sandbox.account.store.records["tasks"][id].values["hs_task_body"]

    def poll(self, *threads: Thread, since: datetime | None = None) -> list[Comment]:
        """What the next pull tells; what it sent about notes and tasks is noted."""
        before, told = len(self.b.running.requests), []
        wanted = self.b.request(json.loads(json.dumps(self.cursors)))
        wanted = replace(wanted, threads=frozenset(threads), since=since)
        for page in self.b.adapter.pull(wanted):
            told += page.comments
            if page.cursor is not None:
                self.cursors[page.feed] = page.cursor
        self._note(before)
        self.sent = [line for line in self.sent if "/notes/" in line or "/tasks/" in line]
        return told

    def people(self, *threads: Thread) -> list[tuple[str | None, str]]:
        """What the next pull tells of what others have said: who, and what."""
        return [(c.by, c.text) for c in self.poll(*(threads or (self.deal,))) if c.ref is None]

    def looked_up(self, *threads: Thread) -> list[Comment]:
        """What stands there."""
        return list(self.b.adapter.comments(threads, _EARLIER, self.b.catalogue))

    def timeline(self, thread: Thread) -> Timeline:
        """What people see."""
        return Timeline(self.b.sandbox.account.store, PATHS[thread.object], thread.id)

    def later(self, **span: float) -> None:
        """The account's clock goes on."""
        self.b.sandbox.now.advance(timedelta(**span))  # type: ignore[attr-defined]

    def _note(self, before: int) -> None:
        sent = self.b.running.requests[before:]
        self.sent = [f"{one['method']} {one['path']}" for one in sent]


def texts(comments: Sequence[Comment]) -> list[str]:
    """What comments say."""
    return [comment.text for comment in comments]
