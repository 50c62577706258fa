"""A stand-in of Trello, served, with adapters and people who act on it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from msgspec.structs import replace

from adapters.trello import ADAPTER, ScopeOptions
from adapters.trello.adapter import TrelloAdapter
from adapters.trello.client import Trello
from adapters.trello.sandbox import TrelloSandbox
from syncer.adapterkit.contract import Opening, PullRequest, Scope
from syncer.adapterkit.sandbox import Running, World, agency_world, serve
from syncer.model.comments import Comment, Thread
from syncer.model.remote import Catalogue, Change, Gone, Op, Outcome, Raw, RemoteRecord, Write

BOTH = frozenset({"board", "card"})
_intents = count(1)


@dataclass
class Pulled:
    """Everything one pull gave."""

    records: dict[str, RemoteRecord] = field(default_factory=dict)
    gone: list[Gone] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: set[tuple[str, str | None]] = field(default_factory=set)
    pages: int = 0

    @property
    def cards(self) -> dict[str, RemoteRecord]:
        return {id: record for id, record in self.records.items() if record.object == "card"}

    def told(self, id: str, name: str) -> list[Change]:
        return [change for change in self.changes if (change.id, change.field) == (id, name)]


@dataclass
class Desk:
    """One served stand-in and who works on it."""

    sandbox: TrelloSandbox
    running: Running
    opened: list[TrelloAdapter] = field(default_factory=list)

    def adapter(self, user: str = "syncer") -> TrelloAdapter:
        options = ADAPTER.options.model_validate(self.running.connection(user))
        self.opened.append(TrelloAdapter(Opening("trello", options)))
        return self.opened[-1]

    def as_(self, user: str) -> Trello:
        """Plain requests with a user's token, as the vendor's UI would send them."""
        return self.adapter(user)._trello

    def id_of(self, user: str) -> str:
        return self.sandbox.users[user].id

    def scope(self, client: str = "bakery", **more: Any) -> Scope:
        return Scope(client, ScopeOptions.model_validate(self.sandbox.scope_of(client) | more))

    def board(self, client: str = "bakery") -> str:
        home = self.sandbox.scope_of(client)["workspace"]
        boards = self.sandbox.store.boards.values()
        return str(next(board["id"] for board in boards if board["idOrganization"] == home))

    def lists(self, board: str | None = None) -> dict[str, str]:
        store = self.sandbox.store
        found = store.on_board(store.lists, board or self.board())
        return {entry["name"]: entry["id"] for entry in found}

    def card(self, name: str) -> dict[str, Any]:
        return next(c for c in self.sandbox.store.cards.values() if c["name"] == name)

    def custom(self, name: str, board: str | None = None) -> str:
        fields = self.sandbox.store.fields_of(board or self.board())
        return "cf:" + str(next(f["id"] for f in fields if f["name"] == name))

    def thread(self, name: str) -> Thread:
        """A card of the bakery as a place to speak."""
        return Thread("card", self.card(name)["id"], self.card(name)["idBoard"])

    def say(self, user: str, thread: Thread, text: str) -> str:
        """Comment as a person would; the id of the comment."""
        path = f"/cards/{thread.id}/actions/comments"
        return str(self.as_(user).post(path, {"text": text}).json()["id"])

    def later(self, **span: float) -> None:
        """Let the vendor's time go on."""
        self.sandbox.now.advance(timedelta(**span))  # type: ignore[attr-defined]

    def sent(self, since: int = 0, user: str = "syncer") -> list[str]:
        """Requests of a user: method and path."""
        log = self.running.requests[since:]
        return [f"{r['method']} {r['path']}" for r in log if r["user"] == user]

    def catalogue(self, scope: Scope | None = None) -> Catalogue:
        return self.adapter().describe(scope or self.scope(), BOTH)

    def pull(
        self,
        cursors: Mapping[str, dict[str, Any]] | None = None,
        *,
        full: bool = False,
        known: Catalogue | None = None,
        scope: Scope | None = None,
        adapter: TrelloAdapter | None = None,
        threads: Iterable[Thread] = (),
        since: datetime | None = None,
    ) -> Pulled:
        request = self.request(cursors, full=full, known=known, scope=scope)
        request = replace(request, threads=frozenset(threads), since=since)
        pulled = Pulled()
        for page in (adapter or self.adapter()).pull(request):
            pulled.pages += 1
            pulled.records |= {record.id: record for record in page.records}
            pulled.gone += page.gone
            pulled.changes += page.changes
            pulled.comments += page.comments
            pulled.listed |= page.listed
            if page.done:
                assert page.cursor is not None
                pulled.cursors[page.feed] = page.cursor
        return pulled

    def request(
        self,
        cursors: Mapping[str, dict[str, Any]] | None = None,
        *,
        full: bool = False,
        known: Catalogue | None = None,
        scope: Scope | None = None,
    ) -> PullRequest:
        known = known or self.catalogue(scope)
        fields = {name: frozenset(f.id for f in o.fields) for name, o in known.objects.items()}
        return PullRequest(scope or self.scope(), known, fields, cursors or {}, full)

    def push(
        self,
        op: Op,
        id: str | None = None,
        fields: Mapping[str, Raw] | None = None,
        *,
        object: str = "card",
        adapter: TrelloAdapter | None = None,
        known: Catalogue | None = None,
        **more: Any,
    ) -> Outcome:
        options: dict[str, Any] = {"since": datetime.now(UTC)}
        if object == "card" and "container" not in more:
            options["container"] = self.board()
        write = Write(
            f"i{next(_intents)}", op, object, id=id, fields=fields or {}, **(options | more)
        )
        (outcome,) = (adapter or self.adapter()).push([write], known or self.catalogue())
        return outcome


@contextmanager
def served(world: World | None = None) -> Iterator[Desk]:
    """A desk over the agency's world."""
    sandbox = TrelloSandbox()
    sandbox.start_with(world or agency_world())
    with serve(sandbox) as running:
        desk = Desk(sandbox, running)
        try:
            yield desk
        finally:
            for adapter in desk.opened:
                adapter.close()
            assert running.problems == [], "the stand-in itself has failed"
