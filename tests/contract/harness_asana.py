"""The Asana adapter under the contract suite."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from adapters.asana import ADAPTER
from adapters.asana.sandbox import AsanaSandbox
from adapters.asana.sandbox.people import new_tag
from adapters.asana.sandbox.server import WORKSPACE
from syncer.adapterkit.contract import Adapter, Opening, Scope
from syncer.adapterkit.sandbox import Running, agency_world, serve
from tests.contract.harness import Harness, Names


class Accounts:
    """Adapters opened as users of a stand-in."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.opened: list[Adapter] = []

    def open(self, user: str) -> Adapter:
        """An adapter with this user's token."""
        options = ADAPTER.options.model_validate(self.running.connection(user))
        self.opened.append(ADAPTER.open(Opening("asana", options)))
        return self.opened[-1]

    def close(self) -> None:
        """Close them all."""
        for adapter in self.opened:
            adapter.close()


@contextmanager
def harness(tmp_path: Path) -> Iterator[Harness]:
    """The bakery of the agency world: one team with two projects."""
    sandbox = AsanaSandbox()
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        accounts = Accounts(running)
        try:
            yield _subject(sandbox, running, accounts)
        finally:
            accounts.close()


def _subject(sandbox: AsanaSandbox, running: Running, accounts: Accounts) -> Harness:
    store = sandbox.store
    options = sandbox.scope_of("bakery")
    project = next(p for p in store.all("project") if p["team"] == options["team"])
    sections = [section["gid"] for section in store.sections(project["gid"])]
    custom = {field["name"]: field for field in store.all("custom_field")}
    hours, priority = (f"cf:{custom[name]['gid']}" for name in ("Hours", "Priority"))
    choices = custom["Priority"]["enum_options"]
    tags = [new_tag(store, WORKSPACE, name)["gid"] for name in ("One", "Two")]
    maya, syncer = sandbox.users["maya"], sandbox.users["syncer"]

    def delete(id: str) -> None:
        path = f"{running.url}/api/1.0/tasks/{id}"
        request = Request(path, method="DELETE", headers={"authorization": f"Bearer {maya.token}"})
        urlopen(request).close()

    return Harness(
        name="asana",
        adapter=accounts.open("syncer"),
        as_user=accounts.open,
        person=lambda user: sandbox.users[user].id,
        scope=Scope("bakery", ADAPTER.scope.model_validate(options)),
        item_object="task",
        item=Names(
            title="name",
            text="notes",
            date="due",
            status="section",
            people="assignee",
            labels="tags",
            number=hours,
            single_option=priority,
        ),
        first={
            "name": "First",
            "notes": "First *text*\n\nwith two paragraphs",
            "due": "2026-12-01",
            "section": sections[1],
            "assignee": maya.id,
            "tags": tags[:1],
            hours: "2.5",
            priority: choices[0],
        },
        second={
            "name": "Second",
            "notes": "Second text",
            "due": "2026-12-02T08:30:00.000Z",
            "section": sections[2],
            "assignee": syncer.id,
            "tags": tags,
            hours: "3",
            priority: choices[2],
        },
        container_object="project",
        container=project["gid"],
        archive={"field": "section", "option": "Archived"},
        delete=delete,
        running=running,
        secrets=(syncer.token,),
        idle_requests=4,
        poll_fault={"method": "GET", "path": "/tasks$"},
        write_fault={"method": "POST", "path": "/tasks$"},
    )
