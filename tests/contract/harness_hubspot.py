"""The HubSpot adapter under the contract suite: deals are items, pipelines their containers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import escape
from pathlib import Path

import httpx

from adapters.hubspot import ADAPTER
from adapters.hubspot.sandbox import HubSpotSandbox
from adapters.hubspot.sandbox.answers import stamp
from adapters.hubspot.sandbox.timeline import Timeline
from adapters.hubspot.shapes import PATHS
from adapters.hubspot.talk.posting import LINKS
from syncer.adapterkit.contract import Adapter, FieldNeed, Opening, Scope
from syncer.adapterkit.sandbox import agency_world, serve
from syncer.model.comments import Thread
from tests.contract.harness import Harness, Names, Talk

LABELS = FieldNeed("deal", "channels", "enumeration", ("Print", "Radio"), many=True)


@contextmanager
def harness(tmp_path: Path) -> Iterator[Harness]:
    """The agency's bakery with its deals, and one more of the same company."""
    sandbox = HubSpotSandbox()
    sandbox.start_with(agency_world())
    with ExitStack() as stack:
        running = stack.enter_context(serve(sandbox))

        def opened(user: str) -> Adapter:
            options = ADAPTER.options(**running.connection(user))
            adapter = ADAPTER.open(Opening("hubspot", options))
            stack.callback(adapter.close)
            return adapter

        def person(user: str) -> str:
            # Changes name people by their user; owners have it as an alias.
            owner = sandbox.account.store.owners.get(sandbox.users[user].id)
            return f"user:{owner['userId']}" if owner else f"portal:{sandbox.users[user].id}"

        def delete(id: str) -> None:
            token = sandbox.users["maya"].token
            url = f"{running.url}/crm/objects/2026-09/deals/{id}"
            httpx.delete(url, headers={"Authorization": f"Bearer {token}"}).raise_for_status()

        scope = ADAPTER.scope(**sandbox.scope_of("bakery"))
        adapter = opened("syncer")
        adapter.provision(Scope("bakery", scope), [LABELS], dry_run=False)
        catalogue = adapter.describe(Scope("bakery", scope), frozenset({"deal"}))
        yield Harness(
            name="hubspot",
            adapter=adapter,
            as_user=opened,
            person=person,
            scope=Scope("bakery", scope),
            item_object="deal",
            item=Names(
                title="dealname",
                text="project_brief",
                date="project_deadline",
                status="dealstage",
                people="hubspot_owner_id",
                labels="channels",
                number="budget_hours",
                single_option="project_status",
            ),
            first={
                "dealname": "First",
                "project_brief": "First *text*\n\nwith two paragraphs",
                "project_deadline": "2026-12-01",
                "dealstage": "qualifiedtobuy",
                "hubspot_owner_id": sandbox.users["maya"].id,
                "budget_hours": "2.5",
                "channels": ["Print", "Radio"],
                "project_status": "active",
            },
            second={
                "dealname": "Second",
                "project_brief": "Second text",
                "project_deadline": "2026-12-02",
                "dealstage": "presentationscheduled",
                "hubspot_owner_id": sandbox.users["tom"].id,
                "budget_hours": "3",
                "channels": ["Radio"],
                "project_status": "done",
            },
            container=next(iter(catalogue.containers)),
            archivable=False,  # what is archived is gone: only people bring it back
            delete=delete,
            running=running,
            secrets=[sandbox.users["syncer"].token],
            idle_requests=2,
            idle_unwanted=[r"/search$", r"/properties/", r"/pipelines/", r"/owners"],
            poll_fault={"path": "/deals/batch/read"},
            write_fault={"method": "POST", "path": "/deals/batch/create"},
            anonymous=True,
            talk=_talk(sandbox, running.url, _third_deal(running.url, sandbox)),
            idle_threads_requests=4,
            comment_fault={"method": "POST", "path": "/objects/2026-09/notes$"},
            comments_fault={"path": "/notes/batch/read"},
            audience_fault={"path": "/account-info/"},
        )


def _talk(sandbox: HubSpotSandbox, url: str, deal: str) -> Talk:
    """What is said on a deal. Agencies have no guests here, and nothing is public."""
    users = {user.id: name for name, user in sandbox.users.items()}

    def timeline(thread: Thread) -> Timeline:
        return Timeline(sandbox.account.store, PATHS[thread.object], thread.id)

    def say(user: str, thread: Thread, text: str) -> str:
        # As the app writes what people type into a note.
        lines = "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.split("\n"))
        body = {
            "properties": {
                "hs_timestamp": stamp(sandbox.now()),
                "hs_note_body": f'<div style="" dir="auto" data-top-level="true">{lines}</div>',
            },
            "associations": [_link(thread.id, LINKS["note", thread.object])],
        }
        return f"note:{_made(url, sandbox.users[user].token, 'notes', body)}"

    return Talk(
        thread=Thread("deal", deal),
        place=None,
        say=say,
        shown=lambda thread: timeline(thread).bodies("notes"),
        notified=lambda thread: [users[id] for id in timeline(thread).notified()],
        links=lambda thread: timeline(thread).links(),
        assigned=lambda thread: [users[id] for id in timeline(thread).assigned()],
    )


def _made(url: str, token: str, type: str, body: object) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}/crm/objects/2026-09/{type}", json=body, headers=headers)
    return str(answer.raise_for_status().json()["id"])


def _link(to: str, type: int) -> object:
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type}]
    return {"to": {"id": to}, "types": types}


def _third_deal(url: str, sandbox: HubSpotSandbox) -> str:
    """The contract asks for three items, with a text, a date and a person. Gives its id."""
    company = str(sandbox.scope_of("bakery")["company"])
    body = {
        "properties": {
            "dealname": "Autumn fair",
            "pipeline": "default",
            "dealstage": "contractsent",
            "project_brief": "A stall, *twice*",
            "project_deadline": "2026-10-30",
            "hubspot_owner_id": sandbox.users["maya"].id,
        },
        "associations": [_link(company, 341)],
    }
    return _made(url, sandbox.users["maya"].token, "deals", body)
