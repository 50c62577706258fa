"""How HubSpot's search fails where a client has more deals than one batch reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from adapters.hubspot import changed, deals
from adapters.hubspot.sandbox import search
from adapters.hubspot.sandbox.answers import stamp
from adapters.hubspot.sandbox.merging import restore
from adapters.hubspot.sandbox.records import Source
from tests.system.feeds import CLIENT, Feeds, way
from tests.system.feeds_hubspot import BASE, UNKNOWN, company_of, edit, merge, stored

LEAD = {"dealstage": "contractsent", "pipeline": "default"}


def fill(feeds: Feeds, count: int, company: str | None, **values: str) -> list[str]:
    """Many deals at once, by the shortest way in; they are no projects unless they are won."""
    box, ids = feeds.box("hubspot"), []
    person = Source.person(41_000_003)
    for number in range(count):
        named = {"dealname": f"Lead {number}", **LEAD, **values}
        made = box.account.store.create("deals", named, box.now(), person)
        if company is not None:
            box.account.store.link(("deals", made.id), ("companies", company), {5, 341})
        ids.append(made.id)
    return ids


def brief(feeds: Feeds, title: str, text: str) -> str:
    """The account manager writes a project's brief on its deal; gives the deal's id."""
    id = feeds.id("hubspot", title, "project")
    edit(feeds, "deals", id, project_brief=text)
    return id


def told(feeds: Feeds, title: str, text: str) -> list[tuple[str | None, str]]:
    """Who is said to have given the brief these words, and what became of it."""
    found = feeds.edits(title, "brief", "project")
    return [(entry.editor, entry.outcome) for entry in found if entry.new == text]


@contextmanager
def lagging(feeds: Feeds, **time: float) -> Iterator[None]:
    """The search index is behind by so much."""
    account = feeds.box("hubspot").account
    account.search_lag = timedelta(**time)
    try:
        yield
    finally:
        account.search_lag = timedelta(0)


@way("hubspot, many deals", "an index that is late", "7: eventually consistent")
def late_index(feeds: Feeds) -> None:
    """An edit shows minutes later: once, with its editor, and with what the deal holds by then."""
    feeds.cycle()
    with lagging(feeds, minutes=3):
        brief(feeds, "Spring campaign", "First words")
        feeds.cycle()
        assert told(feeds, "Spring campaign", "First words") == []
        feeds.later(minutes=4)
        edit(feeds, "deals", feeds.id("hubspot", "Spring campaign", "project"), project_goals="G")
        feeds.cycle()
        assert told(feeds, "Spring campaign", "First words") == [("anna", "taken")]
        assert feeds.told("Spring campaign", "goals", "project") == [("anna", "taken")]
        feeds.later(minutes=4)
        feeds.settle()


@way("hubspot, many deals", "an index older than our own write", "7 and 10: echoes")
def index_before_our_write(feeds: Feeds) -> None:
    """While the index shows the deal as it was, our write stands, and nobody is said to undo it."""
    feeds.cycle()
    journal = len(feeds.store.journal(limit=None))
    with lagging(feeds, minutes=3):
        brief(feeds, "Spring campaign", "Seen late")
        feeds.edit("asana", "maya", CLIENT, "Spring campaign", "project", due="2027-05-05")
        feeds.cycle()
        shown = {"asana": ("due", "2027-05-05"), "hubspot": ("project_deadline", "2027-05-05")}
        for _ in range(4):
            feeds.in_step("Spring campaign", "project", **shown)  # type: ignore[arg-type]
            feeds.later(minutes=1)
            feeds.cycle()
        feeds.in_step("Spring campaign", "project", **shown)  # type: ignore[arg-type]
    new = feeds.store.journal(limit=None)[:-journal]
    edits = [(e.editor, e.field) for e in new if e.kind in ("edit", "rewrite", "proposal")]
    assert sorted(edits, key=str) == [("anna", "brief"), ("maya", "deadline")]
    feeds.settle()


@way("hubspot, many deals", "an index later than any overlap", "7: a slow pass behind")
def very_late_index(feeds: Feeds) -> None:
    """Twenty minutes late is later than polls reach back: the slow pass of the hour finds it."""
    feeds.cycle()
    with lagging(feeds, minutes=20):
        brief(feeds, "Spring campaign", "Twenty minutes late")
        for _ in range(5):
            feeds.later(minutes=6)
            feeds.cycle()
        assert told(feeds, "Spring campaign", "Twenty minutes late") == []
        for _ in range(2):
            feeds.later(minutes=35)
            assert not feeds.cycle().full
        assert told(feeds, "Spring campaign", "Twenty minutes late") == [("anna", "taken")]
        feeds.later(minutes=21)
        feeds.settle()


def forgotten(feeds: Feeds, text: str) -> None:
    """An edit that the index never comes to know."""
    record = stored(feeds, "deals", brief(feeds, "Spring campaign", text))
    record.versions = record.versions[:-1]


@way("hubspot, many deals", "an index that forgets", "7: misses rows")
def forgetful_index(feeds: Feeds) -> None:
    """What search never tells is found by the full compare, with its editor."""
    feeds.cycle()
    forgotten(feeds, "Never indexed")
    feeds.later(minutes=1)
    feeds.cycle()
    assert told(feeds, "Spring campaign", "Never indexed") == []
    feeds.healed(1)
    assert told(feeds, "Spring campaign", "Never indexed") == [("anna", "taken")]
    feeds.settle()


@way("hubspot, many deals", "more rows than a query shows", "7: 10,000 rows")
def capped(feeds: Feeds) -> None:
    """Ninety changes, most at one instant, where a query shows forty: the last one counts too."""
    before = (changed.ROWS, changed.PAGE, search.ROWS)
    feeds.later(minutes=20)
    feeds.cycle()
    store, at = feeds.box("hubspot").account.store, feeds.box("hubspot").now()
    leads = [one for one in store.records["deals"].values() if "Lead" in one.values["dealname"]]
    for lead in leads[:90]:
        lead.touch(at)
    brief(feeds, "Spring campaign", "Behind ninety others")
    vars(changed).update(ROWS=40, PAGE=20)
    vars(search).update(ROWS=40)
    try:
        feeds.cycle()
    finally:
        vars(changed).update(ROWS=before[0], PAGE=before[1])
        vars(search).update(ROWS=before[2])
    assert told(feeds, "Spring campaign", "Behind ninety others") == [("anna", "taken")]
    feeds.later(minutes=20)
    feeds.settle()


@way("hubspot, many deals", "an archived list of many pages", "9: no filter by date")
def archived_pages(feeds: Feeds) -> None:
    """Behind a page of others, and archived long ago by the time it is found: found all the same."""
    (id,) = fill(feeds, 1, company_of(feeds), dealname="Crumb cake", dealstage="closedwon")
    feeds.cycle()
    feeds.settle()
    store, at = feeds.box("hubspot").account.store, feeds.box("hubspot").now()
    for other in (*_others(feeds), id):
        store.records["deals"][other].archived = at - timedelta(days=2)
    for _ in range(3):
        feeds.cycle()
    assert feeds.told("Crumb cake", "existence", "project")[-1] == (UNKNOWN, "proposed")
    assert feeds.existence("asana", "Crumb cake", "project") == "present"
    feeds.settle()


def _others(feeds: Feeds) -> set[str]:
    """A page and more of deals of nobody's, older than the one that counts."""
    store = feeds.box("hubspot").account.store
    made = store.next_id
    store.next_id = made - 19_000_000_000
    found = set(fill(feeds, 110, None))
    store.next_id = made
    return found


@way("hubspot, many deals", "a deal restored and no time moves", "9: recycle bin")
def restored(feeds: Feeds) -> None:
    """Out of the bin again it is the same project's deal once everything is compared."""
    (id,) = fill(feeds, 1, company_of(feeds), dealname="Rye bread", dealstage="closedwon")
    feeds.cycle()
    feeds.settle()
    record = stored(feeds, "deals", id)
    record.archived = feeds.box("hubspot").now()
    for _ in range(3):
        feeds.cycle()
    assert feeds.told("Rye bread", "existence", "project")[-1] == (UNKNOWN, "proposed")
    feeds.later(hours=3)
    feeds.cycle()
    restore(feeds.box("hubspot").account.store, record)
    feeds.later(minutes=1)
    feeds.cycle(full=True)
    assert str(feeds.record(CLIENT, "Rye bread", "project")[1]["hubspot"].status) == "linked"
    brief(feeds, "Rye bread", "Back")
    feeds.cycle()
    assert told(feeds, "Rye bread", "Back") == [("anna", "taken")]
    feeds.settle()


@way("hubspot, many deals", "a link that is taken and moves no time", "10")
def lost_link(feeds: Feeds) -> None:
    """Search cannot tell that a deal is another company's now; the full compare can."""
    (id,) = fill(feeds, 1, company_of(feeds), dealname="Oat bar", dealstage="closedwon")
    feeds.cycle()
    feeds.settle()
    path = f"{BASE}/deals/{id}/associations/companies/{company_of(feeds)}"
    feeds.call("hubspot", "anna", "DELETE", path)
    feeds.cycle()
    assert str(feeds.record(CLIENT, "Oat bar", "project")[1]["hubspot"].status) == "linked"
    feeds.healed(1)
    assert str(feeds.record(CLIENT, "Oat bar", "project")[1]["hubspot"].status) == "unlinked"
    assert feeds.existence("asana", "Oat bar", "project") == "present"
    feeds.settle()


@way("hubspot, many deals", "merged deals that search tells nothing of", "9 and 15.6")
def merged(feeds: Feeds) -> None:
    """The next poll sees what they became, asks what went into it, and the project follows."""
    ids = [
        fill(feeds, 1, company_of(feeds), dealname=name, dealstage="closedwon")[0]
        for name in ("Cookbook", "Cookbook II")
    ]
    feeds.cycle()
    feeds.settle()
    new = merge(feeds, "deals", *ids)
    feeds.cycle()
    assert feeds.id("hubspot", "Cookbook", "project") == new
    left = feeds.record(CLIENT, "Cookbook II", "project")[1]["hubspot"]
    assert str(left.status) == "unlinked"
    brief(feeds, "Cookbook", "One book")
    feeds.cycle()
    assert told(feeds, "Cookbook", "One book") == [("anna", "taken")]
    feeds.settle()


@way("hubspot, many deals", "a change exactly at the cursor", "10: GTE, never GT")
def at_the_cursor(feeds: Feeds) -> None:
    """The very millisecond at which the next search begins belongs to it."""
    feeds.later(minutes=20)
    feeds.cycle()
    feeds.later(minutes=1)
    feeds.cycle()
    cursor = feeds.store.cursors(CLIENT, "hubspot")["deal"]
    since = feeds.box("hubspot").now().fromisoformat(cursor["since"]) - deals.OVERLAP
    record = stored(feeds, "deals", feeds.id("hubspot", "Spring campaign", "project"))
    record.note("project_brief", "At the cursor", since, Source.person(41_000_003))
    record.touch(since)
    link = feeds.record(CLIENT, "Spring campaign", "project")[1]["hubspot"]
    assert link.as_of is not None
    assert link.as_of < since
    assert record.values["hs_lastmodifieddate"] == stamp(since)
    feeds.cycle()
    assert told(feeds, "Spring campaign", "At the cursor") == [("anna", "taken")]
    feeds.settle()


WAYS = (
    late_index,
    index_before_our_write,
    very_late_index,
    forgetful_index,
    capped,
    archived_pages,
    restored,
    lost_link,
    merged,
    at_the_cursor,
)
