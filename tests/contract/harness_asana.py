"""The Asana adapter under the contract suite."""

import json
import xml.etree.ElementTree as ET
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
from syncer.model.comments import Thread
from tests.contract.harness import Harness, Names, Talk


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
        talk=_talk(sandbox, running, project["gid"]),
        comment_fault={"method": "POST", "path": "/stories$"},
        comments_fault={"method": "GET", "path": "/stories$"},
        audience_fault={"method": "GET", "path": "memberships$"},
        own_audience=1,
    )


def _talk(sandbox: AsanaSandbox, running: Running, project: str) -> Talk:
    """A task that nobody has or follows yet, and what Asana does there.

    Asana has no place that anybody can read: a project is open to the workspace at most, which
    is the agency's.
    """
    store, names = sandbox.store, {user.id: name for name, user in sandbox.users.items()}
    free = next(t["gid"] for t in store.in_project(project) if not t["followers"])

    def call(user: str, path: str, data: dict[str, object]) -> str:
        token = sandbox.users[user].token
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        body = json.dumps({"data": data}).encode()
        with urlopen(Request(f"{running.url}/api/1.0{path}", body, headers)) as answer:
            return str(json.load(answer)["data"]["gid"])

    def invite() -> str:
        guest = call("maya", f"/workspaces/{WORKSPACE}/addUser", {"user": "gil@guest.example"})
        call("maya", "/memberships", {"parent": project, "member": guest})
        return guest

    def there(thread: Thread) -> list[str]:
        mine = (s for s in store.all("story") if s["target"] == thread.id)
        return [s["html_text"] for s in mine if s["type"] == "comment"]

    def links(thread: Thread) -> list[str]:
        found = (node for html in there(thread) for node in ET.fromstring(html).iter("a"))
        return [node.attrib["href"] for node in found if node.get("data-asana-type") != "user"]

    return Talk(
        thread=Thread("task", free, project),
        place=Thread("project", project, project),
        say=lambda user, thread, text: call(user, f"/tasks/{thread.id}/stories", {"text": text}),
        shown=there,
        notified=lambda thread: [names[gid] for gid in sandbox.notified(thread.id)],
        links=links,
        invite_guest=invite,
    )
