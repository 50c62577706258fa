"""How HubSpot's lists fail: merges, the recycle bin, links and times that do not move."""

from typing import Any

from adapters.hubspot.sandbox.merging import restore
from tests.system.feeds import CLIENT, Feeds, way

BASE = "/crm/objects/2026-09"
UNKNOWN = "somebody unknown"
NAME = "Honey & Rye Bakery"


def deal(feeds: Feeds, name: str, **properties: str) -> str:
    """A person wins a deal of the client: a project is born. Gives its id."""
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]
    company = company_of(feeds)
    body = {
        "properties": {"dealname": name, "dealstage": "closedwon", **properties},
        "associations": [{"to": {"id": company}, "types": types}],
    }
    return str(feeds.call("hubspot", "anna", "POST", f"{BASE}/deals", body)["id"])


def company_of(feeds: Feeds) -> str:
    """The id of the client's company as it is now."""
    return feeds.id("hubspot", NAME, "client")


def edit(feeds: Feeds, object: str, id: str, who: str = "anna", **properties: str) -> None:
    """A person edits a record in the app."""
    feeds.call("hubspot", who, "PATCH", f"{BASE}/{object}/{id}", {"properties": properties})


def merge(feeds: Feeds, object: str, keep: str, gone: str) -> str:
    """A person merges two records; gives the id of what they became."""
    body = {"primaryObjectId": keep, "objectIdToMerge": gone}
    return str(feeds.call("hubspot", "anna", "POST", f"{BASE}/{object}/merge", body)["id"])


def stored(feeds: Feeds, object: str, id: str) -> Any:
    """A record of the stand-in."""
    return feeds.box("hubspot").account.store.records[object][id]


def _company_merged(feeds: Feeds, *, primary: bool) -> None:
    old = company_of(feeds)
    body = {"properties": {"name": "Honey and Rye", "phone": "123"}}
    twin = str(feeds.call("hubspot", "anna", "POST", f"{BASE}/companies", body)["id"])
    if not primary:
        edit(feeds, "companies", twin, name=NAME, domain="honeyandrye.example")
    feeds.cycle()
    new = merge(feeds, "companies", *((old, twin) if primary else (twin, old)))
    before = feeds.record(CLIENT, NAME, "client")[0]
    feeds.cycle()
    after, links = feeds.record(CLIENT, NAME, "client")
    assert (after.id, links["hubspot"].remote_id) == (before.id, new)
    assert str(links["hubspot"].status) == "linked"
    edit(feeds, "companies", new, client_strategy=f"After {new}")
    edit(feeds, "deals", feeds.id("hubspot", "Spring campaign", "project"), project_brief=new)
    feeds.cycle()
    assert feeds.told(NAME, "strategy", "client")[-1] == ("anna", "taken")
    assert feeds.edits("Spring campaign", "brief", "project")[-1].new == new
    assert feeds.told("Spring campaign", "client", "project") == []
    feeds.settle()


@way("hubspot", "two companies merged into a new id", "9")
def merged_company(feeds: Feeds) -> None:
    """The client's record and all its deals stay what they are; the old id leads to the new."""
    _company_merged(feeds, primary=True)


@way("hubspot", "a company merged into one that keeps its id", "9: keep primary id")
def absorbed_company(feeds: Feeds) -> None:
    """The client's company was absorbed: its record follows to the one that it went into."""
    store = feeds.box("hubspot").account.store
    store.merge_keeps_id = True
    _company_merged(feeds, primary=False)
    store.merge_keeps_id = False


@way("hubspot", "two deals merged into a new id", "9")
def merged_deals(feeds: Feeds) -> None:
    """The project whose deal was the primary one keeps it; the other one's has left it."""
    ids = [deal(feeds, "Menu cards", amount="100"), deal(feeds, "Menu cards II", amount="200")]
    feeds.cycle()
    feeds.settle()
    before = [feeds.record(CLIENT, name, "project") for name in ("Menu cards", "Menu cards II")]
    edit(feeds, "deals", ids[0], project_brief="Said before the merge")
    new = merge(feeds, "deals", *ids)
    feeds.cycle()
    kept, links = feeds.record(CLIENT, "Menu cards", "project")
    assert (kept.id, links["hubspot"].remote_id) == (before[0][0].id, new)
    assert feeds.edits("Menu cards", "brief", "project")[-1].new == "Said before the merge"
    assert feeds.told("Menu cards", "brief", "project")[-1] == ("anna", "taken")
    left = feeds.record(CLIENT, "Menu cards II", "project")[1]["hubspot"]
    assert str(left.status) == "unlinked"
    assert feeds.told("Menu cards II", "existence", "project")[-1][1] == "taken"
    feeds.settle()


@way("hubspot", "a deal merged into one that keeps its id", "9: keep primary id")
def absorbed_deal(feeds: Feeds) -> None:
    """Only the one that was absorbed is gone; what was linked to it has left, not been deleted."""
    store = feeds.box("hubspot").account.store
    ids = [deal(feeds, "Tram poster"), deal(feeds, "Tram poster II")]
    feeds.cycle()
    store.merge_keeps_id = True
    assert merge(feeds, "deals", *ids) == ids[0]
    store.merge_keeps_id = False
    feeds.cycle()
    assert feeds.id("hubspot", "Tram poster", "project") == ids[0]
    left = feeds.record(CLIENT, "Tram poster II", "project")[1]["hubspot"]
    assert str(left.status) == "unlinked"
    assert feeds.existence("asana", "Tram poster II", "project") == "present"
    feeds.settle()


@way("hubspot", "a deal archived, and restored", "9: recycle bin")
def restored_deal(feeds: Feeds) -> None:
    """Archived it is proposed as nobody's; back from the bin it is the same project's deal."""
    id = deal(feeds, "Honey jars")
    feeds.cycle()
    feeds.settle()
    feeds.call("hubspot", "anna", "DELETE", f"{BASE}/deals/{id}")
    feeds.cycle()
    assert feeds.told("Honey jars", "existence", "project")[-1] == (UNKNOWN, "proposed")
    assert feeds.existence("asana", "Honey jars", "project") == "present"
    restore(feeds.box("hubspot").account.store, stored(feeds, "deals", id))
    feeds.cycle()
    assert str(feeds.record(CLIENT, "Honey jars", "project")[1]["hubspot"].status) == "linked"
    edit(feeds, "deals", id, project_brief="Back again")
    feeds.cycle()
    assert feeds.told("Honey jars", "brief", "project")[-1] == ("anna", "taken")
    feeds.settle()


@way("hubspot", "a link that is taken and made again", "9 and 10: no time moves")
def links_change(feeds: Feeds) -> None:
    """A deal of another company is out of scope; it is nobody's edit, and it comes back."""
    id = deal(feeds, "Bread box")
    feeds.cycle()
    feeds.settle()
    company = company_of(feeds)
    feeds.call("hubspot", "anna", "DELETE", f"{BASE}/deals/{id}/associations/companies/{company}")
    feeds.cycle()
    assert str(feeds.record(CLIENT, "Bread box", "project")[1]["hubspot"].status) == "unlinked"
    path = f"{BASE}/deals/{id}/associations/default/companies/{company}"
    feeds.call("hubspot", "anna", "PUT", path)
    feeds.cycle()
    assert str(feeds.record(CLIENT, "Bread box", "project")[1]["hubspot"].status) == "linked"
    assert feeds.told("Bread box", "client", "project") == []
    feeds.settle()


@way("hubspot", "a time that moves and nothing else does", "10: housekeeping")
def housekeeping(feeds: Feeds) -> None:
    """The time of change alone is nobody's edit, and nothing is written for it."""
    id = feeds.id("hubspot", "Spring campaign", "project")
    feeds.later(minutes=1)
    stored(feeds, "deals", id).touch(feeds.box("hubspot").now())
    before = len(feeds.store.journal(limit=None))
    feeds.cycle()
    assert len(feeds.store.journal(limit=None)) == before
    feeds.settle()


@way("hubspot", "the same change told twice", "7: de-duplicate")
def told_twice(feeds: Feeds) -> None:
    """A cursor that did not move on tells everything again: it counts once."""
    id = feeds.id("hubspot", "Spring campaign", "project")
    feeds.cycle()
    old = feeds.store.cursors(CLIENT, "hubspot")
    edit(feeds, "deals", id, project_goals="Once only")
    count = len(feeds.edits("Spring campaign", "goals", "project"))
    feeds.cycle()
    with feeds.store.transaction() as tx:
        tx.put_cursors(CLIENT, "hubspot", old)
    feeds.cycle()
    edits = feeds.edits("Spring campaign", "goals", "project")[count:]
    assert [(edit.editor, edit.outcome) for edit in edits] == [("anna", "taken")]
    feeds.settle()


WAYS = (
    merged_company,
    absorbed_company,
    merged_deals,
    absorbed_deal,
    restored_deal,
    links_change,
    housekeeping,
    told_twice,
)
