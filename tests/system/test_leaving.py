"""Leaving the scope as each vendor has it: what becomes of the twin, and what people read there."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from syncer.adapterkit.commenting import Commenter
from syncer.adapterkit.sandbox import agency_world
from syncer.model.comments import Thread
from syncer.settings.shapes_notices import WEEK
from tests.system.feeds import CLIENT, PROJECT, Feeds, small_world
from tests.system.feeds_hubspot import deal, edit

SYNC = {
    "heads_up": "in-tools",
    "notices": {"quiet": "none", "workdays": list(WEEK), "cap": 100},
    "intervals": {"full_compare": "3d"},
}
GONE = "not kept in step any more"
AGAIN = "kept in step again"


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """One small agency in step, whose people are told in their tools."""
    world = replace(small_world(4), clients=agency_world().clients)
    with Feeds(tmp_path_factory.mktemp("leaving"), world=world, sync=SYNC) as feeds:
        feeds.cycle()
        feeds.settle()
        yield feeds


def read(feeds: Feeds, system: str, title: str, entity: str = "task") -> list[str]:
    """What the service says of scopes on a twin, read over the wire with Maya's own account."""
    link = feeds.record(CLIENT, title, entity)[1][system]
    return said(feeds, system, Thread(link.object, link.remote_id, link.container))


def said(feeds: Feeds, system: str, thread: Thread) -> list[str]:
    """What the service says of scopes under a thing."""
    maya = feeds.as_person(system, "maya")
    assert isinstance(maya, Commenter)
    catalogue = feeds.catalogue(system, CLIENT, thread.object)
    found = list(maya.comments([thread], datetime(2020, 1, 1, tzinfo=UTC), catalogue))
    maya.close()
    return [one.text for one in found if GONE in one.text or AGAIN in one.text]


def status(feeds: Feeds, system: str, title: str, entity: str = "task") -> tuple[str, str]:
    """How the link of a twin stands, and whether the vendor still shows it."""
    link = feeds.record(CLIENT, title, entity)[1][system]
    return str(link.status), feeds.raw(system, CLIENT, link).existence


def workspace(feeds: Feeds) -> str:
    """The workspace of another client of the agency, which this client's scope does not name."""
    return str(feeds.box("trello").scope_of("outdoor")["workspace"])


def test_a_trello_card_is_moved_to_a_foreign_board(feeds: Feeds) -> None:
    """It stays where it was put; both twins say so once. Moved back it is the same card, in step."""
    title, home = feeds.task(), feeds.id("trello", PROJECT, "project")
    card, start = (
        feeds.id("trello", title),
        feeds.call("trello", "maya", "GET", f"/boards/{home}/lists"),
    )
    new = {"name": "Elsewhere", "defaultLists": "true", "idOrganization": workspace(feeds)}
    other = feeds.call("trello", "maya", "POST", "/boards/", new | {"prefs_permissionLevel": "org"})
    feeds.call("trello", "maya", "PUT", f"/cards/{card}", {"idBoard": other["id"]})
    feeds.cycle()
    feeds.settle()

    assert status(feeds, "trello", title) == ("unlinked", "present")
    assert status(feeds, "asana", title) == ("linked", "present")
    [text] = read(feeds, "asana", title)
    assert f"{title} in trello is {GONE}" in text
    [here] = read(feeds, "trello", title)
    assert here.splitlines()[:2] == text.splitlines()[:2]

    feeds.edit("asana", "maya", CLIENT, title, due="2027-03-04")
    feeds.call("trello", "maya", "PUT", f"/cards/{card}", {"due": "2027-05-05T16:00:00.000Z"})
    feeds.cycle()
    back = {"idBoard": home, "idList": start[0]["id"]}
    feeds.call("trello", "maya", "PUT", f"/cards/{card}", back)
    feeds.cycle()
    feeds.settle()
    assert feeds.id("trello", title) == card
    feeds.in_step(title, trello=("due", "2027-03-04T17:00:00.000Z"), asana=("due", "2027-03-04"))
    assert [AGAIN in each for each in read(feeds, "asana", title)] == [False, True]


def test_an_asana_task_is_removed_from_its_project(feeds: Feeds) -> None:
    """It lives on in nobody's project, where we may not write; its card says so, and it returns."""
    title, project = feeds.task(), feeds.id("asana", PROJECT, "project")
    task = feeds.id("asana", title)
    feeds.call("asana", "maya", "POST", f"/tasks/{task}/removeProject", {"project": project})
    feeds.cycle()
    feeds.settle()

    assert str(feeds.record(CLIENT, title)[1]["asana"].status) == "unlinked"
    assert status(feeds, "trello", title) == ("linked", "present")
    [text] = read(feeds, "trello", title)
    assert f"{title} in asana is {GONE}" in text
    assert "moved out of what belongs to" in text

    card = feeds.id("trello", title)
    feeds.call("trello", "maya", "PUT", f"/cards/{card}", {"due": "2027-03-04T17:00:00.000Z"})
    feeds.call("asana", "maya", "PUT", f"/tasks/{task}", {"due_on": "2027-05-05"})
    feeds.cycle()
    feeds.call("asana", "maya", "POST", f"/tasks/{task}/addProject", {"project": project})
    feeds.cycle()
    feeds.settle()
    assert feeds.id("asana", title) == task
    feeds.in_step(title, asana=("due", "2027-03-04"))
    assert [AGAIN in text for text in read(feeds, "trello", title)] == [False, True]
    lost = [e for e in feeds.store.journal(CLIENT, limit=None) if e.kind == "first_contact"]
    assert "2027-05-05" in {str(entry.new) for entry in lost}


def test_a_hubspot_deal_is_lost_and_won_again(feeds: Feeds) -> None:
    """A project is not archived because its deal was lost; the deal and both places say so."""
    id = deal(feeds, "Pop-up shop", amount="100")
    feeds.cycle()
    feeds.cycle()
    feeds.settle()
    edit(feeds, "deals", id, dealstage="closedlost")
    feeds.cycle()
    feeds.settle()

    assert status(feeds, "hubspot", "Pop-up shop", "project") == ("unlinked", "present")
    assert status(feeds, "asana", "Pop-up shop", "project") == ("linked", "present")
    assert status(feeds, "trello", "Pop-up shop", "project") == ("linked", "present")
    [text] = read(feeds, "hubspot", "Pop-up shop", "project")
    assert f"Pop-up shop in hubspot is {GONE}" in text
    assert "hubspot.yaml:" in text
    told = [n for n in feeds.store.journal(CLIENT, limit=None) if n.outcome == "left"]
    assert {entry.connection for entry in told if entry.kind == "heads_up"} >= {"asana", "trello"}

    edit(feeds, "deals", id, dealstage="closedwon")
    feeds.cycle()
    feeds.settle()
    assert status(feeds, "hubspot", "Pop-up shop", "project")[0] == "linked"
    assert [AGAIN in t for t in read(feeds, "hubspot", "Pop-up shop", "project")] == [False, True]
    edit(feeds, "deals", id, project_brief="A shop for a week")
    feeds.cycle()
    assert feeds.told("Pop-up shop", "brief", "project")[-1] == ("anna", "taken")


def test_a_trello_board_leaves_the_workspace(feeds: Feeds) -> None:
    """Its cards leave with it, although no feed tells; what is in step says so in one comment."""
    project, title = feeds.id("trello", PROJECT, "project"), feeds.task()
    move = {"idOrganization": workspace(feeds)}
    feeds.call("trello", "maya", "PUT", f"/boards/{project}", move)
    feeds.later(minutes=20)
    feeds.cycle()
    feeds.settle()

    assert status(feeds, "trello", PROJECT, "project") == ("unlinked", "present")
    assert status(feeds, "trello", title) == ("unlinked", "present")
    assert status(feeds, "asana", title) == ("linked", "present")
    feeds.edit("asana", "maya", CLIENT, title, due="2027-03-04")
    feeds.cycle()
    assert feeds.raw("trello", CLIENT, feeds.record(CLIENT, title)[1]["trello"]).fields["due"] != (
        "2027-03-04T17:00:00.000Z"
    )
    single = [text for text in read(feeds, "asana", title) if "Task" in text]
    item = feeds.store.rooms(CLIENT, "asana")[feeds.id("asana", PROJECT, "project")]
    texts = said(feeds, "asana", item)
    assert sum("4 things in trello are not kept in step any more" in text for text in texts) == 1
    assert sum(f"{PROJECT} in trello is {GONE}" in text for text in texts) == 1
    assert single == []
