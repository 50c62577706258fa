"""A whole installation for tests: sandboxes on real sockets, real files, the real service.

The sandboxes stand in for the vendors; everything else is what a user would run.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from syncer.adapterkit.contract import Adapter, AdapterSpec, Opening, PullRequest, Scope
from syncer.adapterkit.registry import adapter_spec, sandbox_class
from syncer.adapterkit.sandbox import Running, Sandbox, World, agency_world, serve
from syncer.engine.context import Orders
from syncer.engine.service import Service
from syncer.model.configuration import Configuration
from syncer.model.records import Link, Record
from syncer.model.remote import Catalogue, Op, Outcome, Raw, RemoteRecord, Result, Write
from syncer.model.report import CycleReport
from syncer.settings import load
from syncer.shipped import shipped
from syncer.state import Store

SYSTEMS = ("trello", "asana", "hubspot")
CLIENTS = {"bakery": "Honey & Rye Bakery", "outdoor": "Tarn Outdoor"}
PEOPLE = ("maya", "tom", "anna", "ben")


@dataclass
class Agency:
    """An agency's tools and its syncer; a context manager."""

    folder: Path
    systems: tuple[str, ...] = SYSTEMS
    world: World | None = field(default_factory=agency_world)
    clients: Mapping[str, str] = field(default_factory=lambda: CLIENTS)
    mappings: Mapping[str, str] = field(default_factory=dict)
    sync: Mapping[str, Any] = field(default_factory=dict)
    ownership: str | None = None
    user: str = "syncer"
    zone: str = "Europe/London"
    boxes: dict[str, Sandbox] = field(default_factory=dict)
    scopes: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.running: dict[str, Running] = {}
        for name in self.systems:
            box = self.boxes.get(name) or sandbox_class(name)()
            if self.world is not None and name not in self.boxes:
                box.start_with(self.world)
            self.boxes[name] = box
            self.running[name] = serve(box)
        self.write()
        self.config: Configuration = load(self.folder, self.secrets)
        self.store = Store.open(self.config.state, self.config.schema)
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()
        for running in self.running.values():
            running.close()

    def write(self) -> None:
        """Write the configuration directory."""
        shutil.copytree(shipped() / "config", self.folder / "config", dirs_exist_ok=True)
        (self.folder / "mappings").mkdir(exist_ok=True)
        for name in self.systems:
            text = self.mappings.get(name) or (shipped() / "mappings" / f"{name}.yaml").read_text()
            (self.folder / "mappings" / f"{name}.yaml").write_text(text)
        sync = {
            "state": str(self.folder / "syncer.db"),
            "heads_up": "cli-only",
            "first_contact": "match then create",
            "connections": {name: self._connection(name) for name in self.systems},
            "clients": {
                key: {"name": name, "zone": self.zone, "scopes": self._scopes(key)}
                for key, name in self.clients.items()
            },
            **self.sync,
        }
        (self.folder / "config" / "sync.yaml").write_text(json.dumps(sync, indent=1))
        (self.folder / "config" / "people.yaml").write_text(json.dumps(self._people()))
        rules = self.ownership or (shipped() / "config" / "ownership.yaml").read_text()
        (self.folder / "config" / "ownership.yaml").write_text(rules)

    def _connection(self, name: str) -> dict[str, Any]:
        box = self.boxes[name]
        options: dict[str, Any] = {"adapter": name}
        for key, value in box.connection(self.running[name].url, self.user).items():
            if key in box.secrets:
                variable = f"{name}_{key}".upper()
                self.secrets[variable] = str(value)
                options[key] = f"env:{variable}"
            else:
                options[key] = value
        return options

    def _scopes(self, client: str) -> dict[str, Any]:
        if client in self.scopes:
            return self.scopes[client]
        return {name: self.boxes[name].scope_of(client) for name in self.systems}

    def _people(self) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {}
        for key in PEOPLE:
            users = {
                name: box.users[key]
                for name, box in self.boxes.items()
                if key in box.users and isinstance(adapter_spec(name), AdapterSpec)
            }
            first = next(iter(users.values()))
            found[key] = {"name": first.full_name, "email": first.email}
            found[key] |= {name: user.id for name, user in users.items()}
            found[key] |= self.people.get(key, {})
        return found

    def service(self) -> Service:
        """The service as a new process would open it."""
        return Service(self.config, self.store)

    def run(self, client: str | None = None, **options: Any) -> list[CycleReport]:
        """One cycle for each client."""
        with self.service() as service:
            return list(service.run(client, Orders(**options)))

    def plan(self, client: str | None = None) -> list[CycleReport]:
        """What a cycle would do."""
        with self.service() as service:
            return list(service.plan(client))

    # -- people ---------------------------------------------------------------------------

    def as_person(self, system: str, who: str) -> Adapter:
        """A system opened with one person's own credentials."""
        spec = adapter_spec(system)
        options = self.boxes[system].connection(self.running[system].url, who)
        return spec.open(Opening(system, spec.options(**options), 1.0))

    def scope(self, system: str, client: str) -> Scope:
        """A client's place in a system."""
        return Scope(client, self.config.clients[client].scopes[system])

    def record(
        self, client: str, title: str, entity: str = "task"
    ) -> tuple[Record, dict[str, Link]]:
        """The record of this title, and its links by system."""
        spec = self.config.schema[entity]
        ids = self.store.record_ids(client, entity)
        found = [r for r in self.store.records(ids).values() if r.value(spec.title) == title]
        assert len(found) == 1, f"{len(found)} {entity} records are called {title!r}"
        return found[0], {k.connection: k for k in self.store.links_of([found[0].id])[found[0].id]}

    def edit(
        self, system: str, who: str, client: str, title: str, entity: str = "task", **fields: Raw
    ) -> Outcome:
        """A person edits fields (named as ops name them) of a record's twin, through the wire."""
        _, links = self.record(client, title, entity)
        link = links[system]
        adapter = self.as_person(system, who)
        catalogue = self.catalogue(system, client, link.object)
        info = catalogue.objects[link.object]
        ids = {}
        for name, raw in fields.items():
            wanted = name.replace("_", " ")
            found = [
                f.id
                for f in info.fields
                if f.container in (None, link.container)
                and (f.id == name or wanted.casefold() in (f.name.casefold(), f.id.casefold()))
            ]
            assert found, f"{system} {link.object} has no field {name}"
            ids[found[0]] = raw
        write = Write(
            f"by-{who}", Op.UPDATE, link.object, link.remote_id, link.container, ids,
            base={k: v for k, v in self.raw(system, client, link).fields.items() if k in ids},
        )  # fmt: skip
        (outcome,) = adapter.push([write], catalogue)
        assert outcome.result is Result.DONE, outcome
        adapter.close()
        return outcome

    def catalogue(self, system: str, client: str, object_name: str) -> Catalogue:
        """What the service's own account sees of an object."""
        adapter = self.as_person(system, self.user)
        found = adapter.describe(self.scope(system, client), frozenset({object_name}))
        adapter.close()
        return found

    def raw(self, system: str, client: str, link: Link) -> RemoteRecord:
        """A twin as it stands now, read over the wire by the service's own account."""
        adapter = self.as_person(system, self.user)
        scope = self.scope(system, client)
        catalogue = adapter.describe(scope, frozenset({link.object}))
        fields = {link.object: frozenset(f.id for f in catalogue.objects[link.object].fields)}
        request = PullRequest(scope, catalogue, fields)
        (found,) = adapter.fetch(link.object, [link.remote_id], request)
        adapter.close()
        return found

    def shown(self, client: str, title: str, entity: str = "task", **fields: str) -> dict[str, Raw]:
        """What each named system shows in its field: ``shown(..., asana="due", trello="due")``."""
        _, links = self.record(client, title, entity)
        return {
            system: self.raw(system, client, links[system]).fields.get(name)
            for system, name in fields.items()
        }

    # -- what the sandboxes counted ---------------------------------------------------------

    def forget(self) -> None:
        """Forget the requests so far."""
        for running in self.running.values():
            running.desk.requests.clear()

    def requests(self, system: str) -> list[tuple[str, str]]:
        """(method, path) of every request of the service since then."""
        return [
            (entry["method"], entry["path"])
            for entry in self.running[system].requests
            if entry["user"] == self.user
        ]

    def writes(self) -> dict[str, list[tuple[str, str]]]:
        """Requests that are no reads; searches and batch reads are reads."""
        reads = ("/search", "/batch/read", "/batch/associations")
        return {
            name: [
                (method, path)
                for method, path in self.requests(name)
                if method != "GET" and not path.endswith(reads)
            ]
            for name in self.systems
        }
