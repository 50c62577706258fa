"""The Trello adapter under the contract suite."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.trello import ADAPTER
from adapters.trello.sandbox import GUEST, KEY, TrelloSandbox
from adapters.trello.sandbox.notices import links
from syncer.adapterkit.contract import Adapter, Opening, Scope
from syncer.adapterkit.sandbox import Running, agency_world, serve
from syncer.model.comments import Thread
from tests.contract.harness import Harness, Names, Talk

_MARKUP = re.compile(r"[\\`*_\[\]<>~]")


class Accounts:
    """Adapters opened as users of a stand-in."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.opened: list[Adapter] = []

    def open(self, user: str) -> Adapter:
        """An adapter with this user's token."""
        options = ADAPTER.options.model_validate(self.running.connection(user))
        self.opened.append(ADAPTER.open(Opening("trello", options)))
        return self.opened[-1]

    def close(self) -> None:
        """Close them all."""
        for adapter in self.opened:
            adapter.close()


@contextmanager
def harness(tmp_path: Path) -> Iterator[Harness]:
    """The bakery of the agency world: one workspace with one board."""
    sandbox = TrelloSandbox()
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        accounts = Accounts(running)
        try:
            yield _subject(sandbox, running, accounts)
        finally:
            accounts.close()


def _subject(sandbox: TrelloSandbox, running: Running, accounts: Accounts) -> Harness:
    store = sandbox.store
    options = sandbox.scope_of("bakery")
    board = next(b for b in store.boards.values() if b["idOrganization"] == options["workspace"])
    lists = [entry["id"] for entry in store.on_board(store.lists, board["id"])]
    custom = {field["name"]: field for field in store.fields_of(board["id"])}
    hours, priority = (f"cf:{custom[name]['id']}" for name in ("Hours", "Priority"))
    choices = [option["id"] for option in custom["Priority"]["options"]]
    maya, syncer = sandbox.users["maya"], sandbox.users["syncer"]

    def delete(id: str) -> None:
        accounts.open("maya")._trello.delete(f"/cards/{id}")  # type: ignore[attr-defined]

    return Harness(
        name="trello",
        adapter=accounts.open("syncer"),
        as_user=accounts.open,
        person=lambda user: sandbox.users[user].id,
        scope=Scope("bakery", ADAPTER.scope.model_validate(options)),
        item_object="card",
        item=Names(
            title="name",
            text="desc",
            date="due",
            status="list",
            people="members",
            labels="labels",
            number=hours,
            single_option=priority,
        ),
        first={
            "name": "First",
            "desc": "First *text*\n\nwith two paragraphs",
            "due": "2026-12-01T17:00:00.000Z",
            "list": lists[1],
            "members": [maya.id],
            hours: "2.5",
            priority: choices[0],
        },
        second={
            "name": "Second",
            "desc": "Second text",
            "due": "2026-12-02T08:30:00.000Z",
            "list": lists[2],
            "members": sorted([maya.id, syncer.id]),
            hours: "3",
            priority: choices[2],
        },
        container_object="board",
        container=board["id"],
        delete=delete,
        running=running,
        secrets=(KEY, syncer.token),
        idle_requests=1,
        poll_fault={"method": "GET", "path": "/boards/[0-9a-f]{24}$"},
        write_fault={"method": "POST", "path": "/cards$"},
        talk=_talk(sandbox, accounts, board["id"]),
        comment_fault={"method": "POST", "path": "/actions/comments$"},
        comments_fault={"method": "GET", "path": "/cards/[0-9a-f]{24}/actions$"},
        audience_fault={"method": "GET", "path": "/batch$"},
    )


def _talk(sandbox: TrelloSandbox, accounts: Accounts, board: str) -> Talk:
    store = sandbox.store
    card = store.on_board(store.cards, board)[0]["id"]

    def call(user: str, method: str, path: str, body: dict[str, str]) -> str:
        trello = accounts.open(user)._trello  # type: ignore[attr-defined]
        return str(trello.http.request(method, path, json=body).json()["id"])

    def say(user: str, thread: Thread, text: str) -> str:
        # Trello's editor escapes what is typed, and a new line is a new paragraph.
        typed = _MARKUP.sub(r"\\\g<0>", text).replace("\n", "\n\n")
        return call(user, "POST", f"/cards/{thread.id}/actions/comments", {"text": typed})

    def shown(thread: Thread) -> list[str]:
        said = [action for action in store.actions if action["type"] == "commentCard"]
        return [a["data"]["text"] for a in said if a["data"]["card"]["id"] == thread.id]

    def invite() -> str:
        guest = sandbox.users[GUEST].id
        call("maya", "PUT", f"/boards/{board}/members/{guest}", {"type": "observer"})
        return guest

    def publish() -> None:
        call("maya", "PUT", f"/boards/{board}", {"prefs/permissionLevel": "public"})

    return Talk(
        thread=Thread("card", card, board),
        place=Thread("board", board),
        say=say,
        shown=shown,
        notified=lambda thread: sandbox.notified(thread.id),
        links=lambda thread: [url for text in shown(thread) for url in links(text)],
        invite_guest=invite,
        make_public=publish,
    )
