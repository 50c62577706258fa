"""A HubSpot account on loopback, the adapter on it, and people who edit through its API."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from adapters.hubspot import ADAPTER
from adapters.hubspot.adapter import HubSpot
from adapters.hubspot.sandbox import HubSpotSandbox
from syncer.adapterkit.contract import HistoryRequest, Opening, PullRequest, Scope
from syncer.adapterkit.sandbox import Running, agency_world, serve
from syncer.model.remote import Catalogue, Change, Gone, Op, Outcome, RemoteRecord, Write

BASE = "/crm/objects/2026-09"
COMPANY = frozenset({"name", "domain", "industry", "hubspot_owner_id", "client_strategy"})
DEAL = frozenset(
    {
        "dealname",
        "amount",
        "closedate",
        "dealstage",
        "company",
        "hubspot_owner_id",
        "hs_is_closed_won",
        "project_brief",
        "project_deadline",
        "project_status",
    }
)


@dataclass
class Pulled:
    """Everything one pull gave."""

    records: list[RemoteRecord] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: set[tuple[str, str | None]] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        """The titles of the deals."""
        return {str(r.fields["dealname"]) for r in self.records if r.object == "deal"}

    def one(self, id: str) -> RemoteRecord:
        """The only telling of a record."""
        [record] = [record for record in self.records if record.id == id]
        return record


@dataclass
class Bench:
    """The bakery of the agency in a HubSpot account of its own."""

    sandbox: HubSpotSandbox
    running: Running
    scope: Scope = field(init=False)
    adapter: HubSpot = field(init=False)
    catalogue: Catalogue = field(init=False)
    intents: int = 0
    open: list[HubSpot] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scope = Scope("bakery", ADAPTER.scope(**self.sandbox.scope_of("bakery")))
        self.adapter = self.opened("syncer")
        self.look()

    def opened(self, user: str, **options: Any) -> HubSpot:
        """The adapter with this user's token."""
        made = ADAPTER.options(**self.running.connection(user), **options)
        self.open.append(HubSpot.opened(Opening("hubspot", made)))
        return self.open[-1]

    def look(self) -> None:
        """Describe again."""
        self.catalogue = self.adapter.describe(self.scope, frozenset({"company", "deal"}))

    @property
    def company(self) -> str:
        """The bakery's company."""
        return str(self.scope.options.company)

    def deal(self, name: str) -> str:
        """The id of the deal of this name."""
        deals = self.sandbox.account.store.records["deals"].values()
        return next(deal.id for deal in deals if deal.values["dealname"] == name)

    def call(self, method: str, path: str, body: Any = None, user: str = "anna") -> Any:
        """What somebody does through the API; refusals are errors."""
        token = self.sandbox.users[user].token
        answer = httpx.request(
            method,
            self.running.url + path,
            json=body,
            headers={"Authorization": f"Bearer {token}"},
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def edit(self, type: str, id: str, user: str = "anna", **properties: str) -> Any:
        """A person's edit."""
        return self.call("PATCH", f"{BASE}/{type}/{id}", {"properties": properties}, user)

    def made(self, name: str, company: str | None = None, **properties: str) -> str:
        """A new deal of the company, made by a person."""
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
        body = {
            "properties": {"dealname": name, "dealstage": "contractsent", **properties},
            "associations": [{"to": {"id": company or self.company}, "types": types}],
        }
        return str(self.call("POST", f"{BASE}/deals", body)["id"])

    def many(self, count: int) -> list[str]:
        """More deals of the company, by the fastest way in."""
        types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
        ends = [{"to": {"id": self.company}, "types": types}]
        ids = []
        for start in range(0, count, 100):
            inputs = [
                {
                    "properties": {"dealname": f"Deal {n}", "dealstage": "contractsent"},
                    "associations": ends,
                }
                for n in range(start, min(start + 100, count))
            ]
            answer = self.call("POST", f"{BASE}/deals/batch/create", {"inputs": inputs})
            ids += [row["id"] for row in answer["results"]]
        return ids

    def request(
        self, cursors: dict[str, dict[str, Any]] | None = None, *, full: bool = False
    ) -> PullRequest:
        """What the engine would ask for."""
        stored = json.loads(json.dumps(cursors or {}))
        wanted = {"company": COMPANY, "deal": DEAL}
        return PullRequest(self.scope, self.catalogue, wanted, stored, full)

    def pull(
        self, cursors: dict[str, dict[str, Any]] | None = None, *, full: bool = False
    ) -> Pulled:
        """Pull to the end and note what was sent."""
        before, pulled = len(self.running.requests), Pulled()
        for page in self.adapter.pull(self.request(cursors, full=full)):
            pulled.records += page.records
            pulled.gone += page.gone
            pulled.listed |= page.listed
            if page.done:
                assert page.cursor is not None
                pulled.cursors[page.feed] = page.cursor
        sent = self.running.requests[before:]
        pulled.requests = [f"{one['method']} {one['path']}" for one in sent]
        return pulled

    def update(self, id: str, base: dict[str, Any] | None = None, **fields: Any) -> Write:
        """A write of a deal as the engine makes it."""
        self.intents += 1
        known = base or {}
        return Write(f"i-{self.intents}", Op.UPDATE, "deal", id, "default", fields, known)

    def push(self, *writes: Write) -> list[Outcome]:
        """Carry out writes; outcomes in the order of the writes."""
        told = {outcome.intent: outcome for outcome in self.adapter.push(writes, self.catalogue)}
        return [told[write.intent] for write in writes]

    def history(self, id: str, *fields: str, object: str = "deal") -> list[Change]:
        """All that history tells of these fields."""
        asked = [HistoryRequest(object, id, frozenset(fields))]
        return list(self.adapter.history(asked, self.catalogue))

    def sent(self, method: str, ending: str) -> int:
        """How many requests to such a path there have been."""
        return sum(
            one["method"] == method and str(one["path"]).endswith(ending)
            for one in self.running.requests
        )


@contextmanager
def bench(**options: float) -> Iterator[Bench]:
    """A bench of its own; at its end the sandbox must not have failed itself."""
    sandbox = HubSpotSandbox(**options)
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        made = Bench(sandbox, running)
        try:
            yield made
        finally:
            for adapter in made.open:
                adapter.close()
        assert running.problems == []
