"""What HubSpot's feeds tell, and at what price."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.hubspot.changed import changed_rows
from adapters.hubspot.options import ScopeOptions
from syncer.adapterkit.contract import Scope
from syncer.adapterkit.errors import AskPerson, WaitAndRetry
from syncer.model.remote import Gone
from tests.adapters.hubspot.bench import BASE, Bench, bench

READ = f"POST {BASE}/deals/batch/read"
LINKS = "POST /crm/associations/2026-09/companies/deals/batch/read"
COMPANY = f"POST {BASE}/companies/batch/read"
SEARCH = f"POST {BASE}/deals/search"
ARCHIVED = f"GET {BASE}/deals"


def test_an_idle_poll_is_three_requests(b: Bench) -> None:
    """One for the company, two for its deals; nothing is told, and nothing taken for absent."""
    first = b.pull()
    idle = b.pull(first.cursors)
    assert idle.requests == first.requests == [COMPANY, LINKS, READ]
    assert (idle.records, idle.gone) == ([], [])
    assert first.listed == {("company", None), ("deal", "default"), ("deal", None)}
    assert idle.listed == set()


def test_only_this_clients_deals_are_told(b: Bench) -> None:
    """Deals of other companies stay out, and each deal names its company."""
    pulled = b.pull()
    assert pulled.names() == {"Website relaunch", "Spring campaign"}
    deal = pulled.one(b.deal("Website relaunch"))
    assert (deal.fields["company"], deal.container) == (b.company, "default")
    assert deal.fields["hs_is_closed_won"] is True
    assert deal.fields["amount"] == {"amount": "18500", "currency": "EUR"}
    assert deal.created_by == "user:41000003"


def test_as_of_is_the_records_own_time(b: Bench) -> None:
    """How far a record's state is known is when it last changed, not when it was read."""
    id = b.deal("Spring campaign")
    told = b.edit("deals", id, project_brief="Shorter")
    record = b.pull().one(id)
    assert record.as_of == record.modified_at
    assert record.as_of.isoformat(timespec="milliseconds")[:-6] + "Z" == told["updatedAt"]


def test_a_deal_that_is_put_back_is_told_again(b: Bench) -> None:
    """An edit there and back between two polls is still an edit: its time differs."""
    id, first = b.deal("Spring campaign"), b.pull()
    b.edit("deals", id, dealname="Other")
    b.edit("deals", id, dealname="Spring campaign")
    assert [record.id for record in b.pull(first.cursors).records] == [id]


def test_what_is_worked_out_is_noticed(b: Bench) -> None:
    """A calculated value that changes without moving the time of change is told."""
    first, deals = b.pull(), b.sandbox.account.store.lines["deals"]["default"]["stages"]
    won = next(stage for stage in deals if stage["id"] == "closedwon")
    won["metadata"]["probability"] = "0.9"
    told = b.pull(first.cursors).records
    assert {record.fields["hs_is_closed_won"] for record in told} == {False}


def test_links_made_and_taken_are_noticed_at_once(b: Bench) -> None:
    """A deal linked later appears, one unlinked has moved, although neither was edited."""
    first, other = b.pull(), b.deal("Repair film")
    b.call("PUT", f"{BASE}/deals/{other}/associations/default/companies/{b.company}")
    second = b.pull(first.cursors)
    assert [record.id for record in second.records] == [other]
    b.call("DELETE", f"{BASE}/deals/{other}/associations/companies/{b.company}")
    third = b.pull(second.cursors)
    assert third.gone == [Gone("deal", other, moved=True)]
    assert b.pull(third.cursors).gone == []


def test_an_archived_deal_is_gone(b: Bench) -> None:
    """An archived deal is told as deleted, with the time and nobody's name."""
    first, id = b.pull(), b.deal("Spring campaign")
    b.call("DELETE", f"{BASE}/deals/{id}")
    [gone] = b.pull(first.cursors).gone
    archived = b.sandbox.account.store.records["deals"][id].archived
    assert gone == Gone("deal", id, at=archived)


def test_merged_deals_have_moved_into_one(b: Bench) -> None:
    """Both old deals have moved; what they became is a record of its own."""
    first = b.pull()
    ids = [b.deal("Spring campaign"), b.deal("Website relaunch")]
    merge = {"primaryObjectId": ids[0], "objectIdToMerge": ids[1]}
    new = b.call("POST", f"{BASE}/deals/merge", merge)["id"]
    second = b.pull(first.cursors)
    assert {gone.id for gone in second.gone if gone.moved} == set(ids)
    assert [record.id for record in second.records] == [new]


@pytest.mark.parametrize("wanted", ["both", "deals only"])
def test_a_merged_company_keeps_working(b: Bench, wanted: str) -> None:
    """The scope still names the old id; the new company and all its deals are found."""
    first = b.pull()
    if wanted == "deals only":
        first.cursors.pop("company")
    twin = b.call("POST", f"{BASE}/companies", {"properties": {"name": "Honey and Rye"}})["id"]
    merge = {"primaryObjectId": b.company, "objectIdToMerge": twin}
    new = b.call("POST", f"{BASE}/companies/merge", merge)["id"]
    second = b.pull(first.cursors)
    assert [record.id for record in second.records if record.object == "company"] == [new]
    if wanted == "both":
        assert second.gone == [Gone("company", b.company, moved=True, into=new)]
    deals = [record for record in second.records if record.object == "deal"]
    assert {deal.fields["company"] for deal in deals} == {new}
    third = b.pull(second.cursors)
    assert (third.records, third.gone) == ([], [])
    assert third.requests == [COMPANY, LINKS, READ]


def test_deals_alone_follow_a_merged_company(b: Bench) -> None:
    """Where only deals are mapped, they find the company that theirs was merged into."""
    first = b.pull()
    twin = b.call("POST", f"{BASE}/companies", {"properties": {"name": "Honey and Rye"}})["id"]
    merge = {"primaryObjectId": b.company, "objectIdToMerge": twin}
    b.call("POST", f"{BASE}/companies/merge", merge)
    request = b.request(first.cursors)
    request.fields.pop("company")  # type: ignore[attr-defined]
    pages = list(b.adapter.pull(request))
    assert [gone for page in pages for gone in page.gone] == []
    assert sum(len(page.records) for page in pages) == 2


def test_a_company_that_was_never_there_is_a_question(b: Bench) -> None:
    """A scope with a wrong id is told to a person, with the id."""
    b.scope = Scope("bakery", ScopeOptions(company="999"))
    with pytest.raises(AskPerson, match="HubSpot shows no company 999"):
        b.pull()


def test_a_company_archived_is_gone_and_its_deals_have_left(b: Bench) -> None:
    """The company is deleted; its deals are still there, so they have only moved."""
    first = b.pull()
    b.call("DELETE", f"{BASE}/companies/{b.company}")
    second = b.pull(first.cursors)
    assert [gone.moved for gone in second.gone if gone.object == "company"] == [False]
    assert {gone.moved for gone in second.gone if gone.object == "deal"} == {True}


def test_pipelines_narrow_the_scope(b: Bench) -> None:
    """Deals of other pipelines are not told; one that goes there has moved."""
    store = b.sandbox.account.store
    line = {**store.lines["deals"]["default"], "id": "77", "label": "Upkeep"}
    stage = {**line["stages"][0], "id": "771", "label": "Running"}
    store.lines["deals"]["77"] = {**line, "stages": [stage]}
    options = {**b.sandbox.scope_of("bakery"), "pipelines": ("default",)}
    b.scope = Scope("bakery", ScopeOptions.model_validate(options))
    b.look()
    assert b.catalogue.containers == {"default": "Sales pipeline"}
    first, id = b.pull(), b.deal("Spring campaign")
    b.edit("deals", id, pipeline="77", dealstage="771")
    second = b.pull(first.cursors)
    assert (second.records, second.gone) == ([], [Gone("deal", id, moved=True)])
    b.edit("deals", id, pipeline="default", dealstage="closedwon")
    assert b.pull(second.cursors).names() == {"Spring campaign"}


def test_stages_belong_to_their_pipeline(b: Bench) -> None:
    """Each stage is a choice in its own pipeline only."""
    deal = b.catalogue.objects["deal"]
    stage = next(info for info in deal.fields if info.id == "dealstage")
    assert {option.container for option in stage.options} == {"default"}
    assert "Closed won" in {option.name for option in stage.options}
    b.scope = Scope("bakery", ScopeOptions(company=b.company, pipelines=("88",)))
    with pytest.raises(AskPerson, match=r"no deal pipeline '88'; there are: default"):
        b.look()


SHORT = '{"status":"COMPLETE","results":[],"startedAt":"x","completedAt":"x"}'


@pytest.mark.parametrize("path", ["/deals/batch/read", "/companies/deals/batch/read"])
def test_a_short_answer_never_loses_a_deal(b: Bench, path: str) -> None:
    """Where an answer leaves out what is there, the pull fails and nothing is told gone."""
    first = b.pull()
    b.running.fault({"status": 200, "body": SHORT}, path=path)
    with pytest.raises(WaitAndRetry):
        b.pull(first.cursors)
    assert b.pull(first.cursors).gone == []


class TestManyDeals:
    """Beyond one batch, polls search."""

    @pytest.fixture
    def large(self) -> Any:
        with bench() as made:
            made.many(150)
            yield made

    def test_a_poll_is_two_requests_and_tells_only_changes(self, large: Bench) -> None:
        """Search and one page of the archived list; an edit costs one batch more."""
        first = large.pull()
        assert len(first.records) == 153
        assert first.requests == [COMPANY, LINKS, READ, READ]
        idle = large.pull(first.cursors)
        assert idle.requests == [COMPANY, SEARCH, ARCHIVED]
        assert (idle.records, idle.gone) == ([], [])
        assert idle.listed == set()
        id = large.deal("Deal 7")
        large.edit("deals", id, dealname="Seven")
        poll = large.pull(idle.cursors)
        assert poll.names() == {"Seven"}
        assert poll.requests == [COMPANY, SEARCH, READ, ARCHIVED]
        assert large.pull(poll.cursors).requests == [COMPANY, SEARCH, ARCHIVED]

    def test_new_and_archived_deals_are_told(self, large: Bench) -> None:
        """A new deal is found, an archived one is gone, and both only once."""
        first = large.pull()
        new, old = large.made("Brand new"), large.deal("Deal 3")
        large.call("DELETE", f"{BASE}/deals/{old}")
        second = large.pull(first.cursors)
        assert [record.id for record in second.records] == [new]
        assert [gone.id for gone in second.gone] == [old]
        third = large.pull(second.cursors)
        assert (third.records, third.gone) == ([], [])

    def test_the_archived_list_is_walked_in_turn(self, large: Bench) -> None:
        """Whatever else was archived in the account, a deal of ours is found in the end."""
        others = large.many(120)
        gone_last = large.made("Last of all")
        cursors = large.pull().cursors
        for id in (*others, gone_last):
            large.sandbox.account.store.archive(
                large.sandbox.account.store.records["deals"][id], large.sandbox.now()
            )
        told: set[str] = set()
        for _ in range(2):
            pulled = large.pull(cursors)
            cursors, told = pulled.cursors, told | {gone.id for gone in pulled.gone}
            assert pulled.requests == [COMPANY, SEARCH, ARCHIVED]
        assert told == {*others, gone_last}

    def test_a_full_pull_lists_them_all(self, large: Bench) -> None:
        """The nightly listing is complete and finds the links that search cannot tell of."""
        first, id = large.pull(), large.deal("Deal 9")
        large.call("DELETE", f"{BASE}/deals/{id}/associations/companies/{large.company}")
        assert large.pull(first.cursors).gone == []
        full = large.pull(first.cursors, full=True)
        assert full.gone == [Gone("deal", id, moved=True)]
        assert len([record for record in full.records if record.object == "deal"]) == 151
        assert ("deal", "default") in full.listed

    def test_an_index_that_lags_tells_late_but_never_wrong(self, large: Bench) -> None:
        """An edit shows once the index knows it, with what the record holds by then."""
        account, id = large.sandbox.account, large.deal("Deal 5")
        cursors = large.pull().cursors
        account.search_lag = timedelta(minutes=2)
        large.edit("deals", id, dealname="First")
        quiet = large.pull(cursors)
        assert quiet.records == []
        large.sandbox.now.advance(timedelta(minutes=3))  # type: ignore[attr-defined]
        large.edit("deals", id, dealname="Second")
        late = large.pull(quiet.cursors)
        assert late.names() == {"Second"}


def test_more_changes_than_a_search_shows(b: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the rows of one query, and with one time for all of them, none is left out."""
    monkeypatch.setattr("adapters.hubspot.changed.ROWS", 40)
    monkeypatch.setattr("adapters.hubspot.changed.PAGE", 20)
    monkeypatch.setattr("adapters.hubspot.sandbox.search.ROWS", 40)
    begun = b.sandbox.now()
    ids = [*b.many(90), b.made("One"), b.made("Two"), *b.many(30)]
    within = {"propertyName": "associations.company", "operator": "EQ", "value": b.company}
    wire = b.adapter._wire
    rows = [row for page, _ in changed_rows(wire, "deal", [within], begun) for row in page]
    assert set(ids) == {row["id"] for row in rows}


def test_fetch_is_for_this_scope_only(b: Bench) -> None:
    """Deals of another client are left out, and what is gone."""
    ours, theirs = b.deal("Spring campaign"), b.deal("Repair film")
    found = b.adapter.fetch("deal", [ours, theirs, "1"], b.request())
    assert [record.id for record in found] == [ours]


def test_people_are_owners_with_their_user(b: Bench) -> None:
    """Owners, also those who left, can be told from history."""
    store = b.sandbox.account.store
    left = next(owner for owner in store.owners.values() if owner["firstName"] == "Tom")
    left.update(archived=True, userId=None)
    people = {person.name: person for person in b.adapter.people(b.scope)}
    tom, anna = people["Tom Lindqvist"], people["Anna Brandt"]
    assert (tom.active, anna.active) == (False, True)
    assert tom.aliases == ("user:41000002", "tom@brightside.example")
    assert anna.id == b.sandbox.users["anna"].id
