"""A stand-in of Asana, served, with adapters and people who act on it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from adapters.asana import ADAPTER
from adapters.asana.adapter import AsanaAdapter
from adapters.asana.sandbox import AsanaSandbox
from adapters.asana.sandbox.server import WORKSPACE
from syncer.adapterkit.contract import HistoryRequest, Opening, PullRequest, Scope
from syncer.adapterkit.sandbox import Running, World, agency_world, serve
from syncer.model.remote import Catalogue, Change, Gone, Op, Outcome, Raw, RemoteRecord, Write

BOTH = frozenset({"project", "task"})
_intents = count(1)


@dataclass
class Pulled:
    """Everything one pull gave."""

    records: dict[str, RemoteRecord] = field(default_factory=dict)
    gone: dict[str, Gone] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: set[tuple[str, str | None]] = field(default_factory=set)

    def told(self, id: str, name: str) -> list[Change]:
        return [change for change in self.changes if (change.id, change.field) == (id, name)]


@dataclass
class Bench:
    """One served stand-in and who works on it."""

    sandbox: AsanaSandbox
    running: Running
    client: str = "bakery"
    opened: list[AsanaAdapter] = field(default_factory=list)

    def adapter(self, user: str = "syncer") -> AsanaAdapter:
        options = ADAPTER.options.model_validate(self.running.connection(user))
        self.opened.append(AsanaAdapter(Opening("asana", options)))
        return self.opened[-1]

    @property
    def service(self) -> AsanaAdapter:
        return self.opened[0] if self.opened else self.adapter()

    def call(self, user: str, method: str, path: str, data: Any = None, **query: str) -> Any:
        """A plain request with a user's token, as the vendor's UI would send it."""
        status, body = self.answer(user, method, path, data, **query)
        assert 200 <= status < 300, body
        return body["data"]

    def answer(
        self, user: str, method: str, path: str, data: Any = None, **query: str
    ) -> tuple[int, Any]:
        tail = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
        token = self.sandbox.users[user].token
        request = Request(
            f"{self.running.url}/api/1.0{path}{tail}",
            method=method,
            headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
            data=None if data is None else json.dumps({"data": data}).encode(),
        )
        try:
            with urlopen(request) as response:
                return response.status, json.load(response)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def id_of(self, user: str) -> str:
        return self.sandbox.users[user].id

    @property
    def scope(self) -> Scope:
        return self.scoped()

    def scoped(self, **more: Any) -> Scope:
        options = {**self.sandbox.scope_of(self.client), **more}
        return Scope(self.client, ADAPTER.scope.model_validate(options))

    def project(self, name: str = "Website relaunch") -> str:
        return str(next(p["gid"] for p in self.sandbox.store.all("project") if p["name"] == name))

    def task(self, name: str) -> str:
        return str(next(t["gid"] for t in self.sandbox.store.all("task") if t["name"] == name))

    def section(self, name: str, project: str | None = None) -> str:
        sections = self.sandbox.store.sections(project or self.project())
        return str(next(s["gid"] for s in sections if s["name"] == name))

    def custom(self, name: str) -> str:
        fields = self.sandbox.store.all("custom_field")
        return "cf:" + str(next(f["gid"] for f in fields if f["name"] == name))

    def option(self, name: str) -> str:
        return str(
            next(o["gid"] for o in self.sandbox.store.all("enum_option") if o["name"] == name)
        )

    def make(self, user: str = "maya", **fields: Any) -> str:
        """A new task, made by a person."""
        place = {} if "parent" in fields else {"projects": [self.project()]}
        return str(self.call(user, "POST", "/tasks", place | {"name": "New"} | fields)["gid"])

    def edit(self, user: str, task: str, **fields: Any) -> None:
        self.call(user, "PUT", f"/tasks/{task}", fields)

    def catalogue(self, scope: Scope | None = None) -> Catalogue:
        return self.service.describe(scope or self.scope, BOTH)

    def wish(
        self,
        cursors: Mapping[str, Any] | None = None,
        known: Catalogue | None = None,
        *,
        full: bool = False,
    ) -> PullRequest:
        known = known or self.catalogue()
        fields = {n: frozenset(f.id for f in i.fields) for n, i in known.objects.items()}
        return PullRequest(self.scope, known, fields, cursors or {}, full)

    def pull(
        self,
        cursors: Mapping[str, Any] | None = None,
        known: Catalogue | None = None,
        *,
        full: bool = False,
    ) -> Pulled:
        pulled = Pulled()
        for page in self.service.pull(self.wish(cursors, known, full=full)):
            pulled.records |= {record.id: record for record in page.records}
            pulled.gone |= {gone.id: gone for gone in page.gone}
            pulled.changes += page.changes
            pulled.listed |= page.listed
            if page.done and page.cursor is not None:
                pulled.cursors[page.feed] = page.cursor
        return pulled

    def history(self, task: str, *fields: str, since: datetime | None = None) -> list[Change]:
        ask = HistoryRequest("task", task, frozenset(fields), since, self.project())
        return list(self.service.history([ask], self.catalogue()))

    def push(self, op: Op, object: str = "task", **more: Any) -> Outcome:
        usual: dict[str, Any] = {"fields": {}, "since": datetime.now(UTC) - timedelta(seconds=1)}
        usual |= {"container": self.project()} if object == "task" else {}
        write = Write(f"asana-{next(_intents):05}", op, object, **(usual | more))
        [outcome] = self.service.push([write], self.catalogue())
        return outcome

    def update(
        self, id: str, fields: Mapping[str, Raw], base: Mapping[str, Raw] | None = None, **more: Any
    ) -> Outcome:
        return self.push(Op.UPDATE, id=id, fields=fields, base=base or {}, **more)

    def stored(self, gid: str) -> dict[str, Any]:
        return self.sandbox.store.things[gid]

    def sent(self, since: int = 0) -> list[str]:
        """The requests of the service, as ``METHOD path``."""
        mine = [r for r in self.running.requests[since:] if r["user"] == "syncer"]
        return [f"{r['method']} {str(r['path']).removeprefix('/api/1.0')}" for r in mine]

    def mark(self) -> int:
        return len(self.running.requests)


@contextmanager
def served(world: World | None = None, *, paid: bool = True) -> Iterator[Bench]:
    """A served agency with its bench."""
    sandbox = AsanaSandbox(paid=paid)
    sandbox.start_with(world or agency_world())
    with serve(sandbox) as running:
        bench = Bench(sandbox, running)
        try:
            yield bench
        finally:
            for adapter in bench.opened:
                adapter.close()


__all__ = ["BOTH", "WORKSPACE", "Bench", "Pulled", "served"]
