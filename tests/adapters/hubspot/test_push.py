"""Writes to HubSpot: batches that fail in parts, and what is made of them."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from adapters.hubspot.schema import KEY
from syncer.adapterkit.contract import FieldNeed
from syncer.adapterkit.errors import AskPerson
from syncer.model.remote import Op, Result, Write
from tests.adapters.hubspot.bench import BASE, Bench, bench

UPDATE = "/deals/batch/update"


def names(b: Bench, ids: list[str]) -> list[str]:
    deals = b.sandbox.account.store.records["deals"]
    return [deals[id].values.get("dealname", "") for id in ids]


def broken(b: Bench, *bad: str) -> None:
    """Choices that describe still shows, but that the account has no more."""
    stages = b.sandbox.account.store.lines["deals"]["default"]["stages"]
    stages[:] = [stage for stage in stages if stage["id"] not in bad]


def test_k_updates_are_k_hundredths_of_requests(b: Bench) -> None:
    """250 updates are three requests, each answered for although answers come shuffled."""
    ids = b.many(250)
    writes = [b.update(id, dealname=f"New {n}") for n, id in enumerate(ids)]
    outcomes = b.push(*writes)
    assert b.sent("POST", UPDATE) == 3
    assert [outcome.got for outcome in outcomes] == [{"dealname": f"New {n}"} for n in range(250)]
    assert names(b, ids) == [f"New {n}" for n in range(250)]
    assert {outcome.result for outcome in outcomes} == {Result.DONE}


def test_what_hubspot_put_in_order_is_what_we_got(b: Bench) -> None:
    """The answer shows what is stored, not what was sent."""
    id = b.deal("Spring campaign")
    [outcome] = b.push(
        b.update(id, closedate="2026-12-01T09:30:00+02:00", project_brief="", amount=None)
    )
    assert outcome.got == {
        "closedate": "2026-12-01T07:30:00.000Z",
        "project_brief": None,
        "amount": None,
    }
    assert outcome.as_of == b.pull().one(id).as_of


def test_a_refused_field_is_left_out_and_the_rest_is_written(b: Bench) -> None:
    """One bad field of one row costs a second batch for that row alone."""
    good, bad = b.deal("Website relaunch"), b.deal("Spring campaign")
    broken(b, "qualifiedtobuy")
    one = b.update(good, dealname="Good")
    two = b.update(bad, dealname="Bad", dealstage="qualifiedtobuy")
    first, second = b.push(one, two)
    assert (first.result, first.refused) == (Result.DONE, {})
    assert (second.result, second.got) == (Result.DONE, {"dealname": "Bad"})
    assert "not one of the allowed" in second.refused["dealstage"]
    assert b.sent("POST", UPDATE) == 2


def test_a_row_of_which_nothing_is_left_is_refused(b: Bench) -> None:
    """With its only field refused a write is refused, with HubSpot's reason."""
    broken(b, "qualifiedtobuy")
    [outcome] = b.push(b.update(b.deal("Spring campaign"), dealstage="qualifiedtobuy"))
    assert outcome.result is Result.REFUSED
    assert outcome.refused.keys() == {"dealstage"}
    assert "allowed options" in outcome.reason


def test_what_cannot_be_sent_is_refused_without_asking(b: Bench) -> None:
    """Unknown and read-only fields, and values of another type, never go out."""
    id = b.deal("Spring campaign")
    [outcome] = b.push(
        b.update(
            id, nothing="x", hs_is_closed_won=False, project_deadline="soon", dealname="x" * 70_000
        )
    )
    assert outcome.result is Result.REFUSED
    assert outcome.refused.keys() == {"nothing", "hs_is_closed_won", "project_deadline", "dealname"}
    assert b.sent("POST", UPDATE) == 0


def test_a_call_refused_whole_is_halved(b: Bench) -> None:
    """Where HubSpot does not say which row was at fault, the others still land."""
    ids = b.many(8)
    body = {"status": "error", "category": "VALIDATION_ERROR", "message": "Something is wrong"}
    b.running.fault({"status": 400, "body": json.dumps(body)}, path=UPDATE, times=4)
    outcomes = b.push(*(b.update(id, dealname="New") for id in ids))
    results = [outcome.result for outcome in outcomes]
    assert (results.count(Result.DONE), results.count(Result.REFUSED)) == (7, 1)
    assert next(o for o in outcomes if o.result is Result.REFUSED).reason == "Something is wrong"
    assert names(b, ids).count("New") == 7


def test_rows_are_found_by_whatever_names_them(b: Bench) -> None:
    """A row may be refused by its id, its label, or by no name at all."""
    ids = b.many(3)
    writes = [b.update(id, dealname="New") for id in ids]
    rows: list[dict[str, Any]] = [
        {"category": "VALIDATION_ERROR", "message": "by id", "context": {"ids": [ids[0]]}},
        {
            "category": "VALIDATION_ERROR",
            "message": "by label",
            "context": {"objectWriteTraceId": [writes[1].intent]},
        },
        {"category": "VALIDATION_ERROR", "message": "nobody"},
    ]
    body = {"status": "COMPLETE", "results": [], "numErrors": 3, "errors": rows}
    b.running.fault({"status": 207, "body": json.dumps(body)}, path=UPDATE)
    first, second, third = b.push(*writes)
    assert (first.result, first.reason) == (Result.REFUSED, "by id")
    assert (second.result, second.reason) == (Result.REFUSED, "by label")
    assert third.result is Result.DONE, "asked again alone"


def test_a_fault_may_stand_in_the_message(b: Bench) -> None:
    """Older answers write the list of faults as JSON into the message."""
    nested = [{"isValid": False, "error": "INVALID_OPTION", "name": "dealname", "message": "no"}]
    message = f"Property values were not valid: {json.dumps(nested)}"
    body = {"status": "error", "category": "VALIDATION_ERROR", "message": message}
    b.running.fault({"status": 400, "body": json.dumps(body)}, path=UPDATE)
    [outcome] = b.push(b.update(b.deal("Spring campaign"), dealname="X", project_brief="Y"))
    assert outcome.got == {"project_brief": "Y"}
    assert outcome.refused == {"dealname": "no"}


def test_rows_without_a_word_are_looked_up(b: Bench) -> None:
    """An id that was merged away is in neither list: it is neither done nor lost."""
    ids = [b.deal("Spring campaign"), b.deal("Website relaunch")]
    merge = {"primaryObjectId": ids[0], "objectIdToMerge": ids[1]}
    new = b.call("POST", f"{BASE}/deals/merge", merge)["id"]
    [outcome] = b.push(b.update(ids[0], dealname="Late"))
    assert (outcome.result, outcome.reason) == (Result.RETRY, f"merged into {new}")
    body = {"status": "COMPLETE", "results": []}
    b.running.fault({"status": 200, "body": json.dumps(body)}, path=UPDATE)
    [outcome] = b.push(b.update(new, dealname="Never landed"))
    assert outcome.result is Result.RETRY


def test_a_record_that_is_gone_is_refused(b: Bench) -> None:
    """An archived deal cannot be updated, and says so."""
    id = b.deal("Spring campaign")
    b.call("DELETE", f"{BASE}/deals/{id}")
    [outcome] = b.push(b.update(id, dealname="Late"))
    assert (outcome.result, outcome.reason) == (
        Result.REFUSED,
        "HubSpot has no such record any more",
    )


def test_a_lost_answer_is_unknown(b: Bench) -> None:
    """Nothing is repeated that may have happened."""
    b.running.fault({"drop": "after"}, path=UPDATE)
    outcomes = b.push(*(b.update(id, dealname="X") for id in b.many(2)))
    assert [outcome.result for outcome in outcomes] == [Result.UNKNOWN] * 2
    assert b.sent("POST", UPDATE) == 1


def test_a_new_property_takes_a_moment() -> None:
    """A property that was just made is tried again until it can be written."""
    with bench(property_lag=0.2) as b:
        needs = [FieldNeed("deal", "delivery", "date")]
        b.adapter.provision(b.scope, needs, dry_run=False)
        b.look()
        [outcome] = b.push(b.update(b.deal("Spring campaign"), delivery="2026-12-01"))
        assert outcome.got == {"delivery": "2026-12-01"}
        assert b.sent("POST", UPDATE) >= 2


def test_a_property_that_is_no_more_is_refused_in_the_end(b: Bench) -> None:
    """A property deleted since describe costs some patience, then the rest is written."""
    b.call("DELETE", "/crm/properties/2026-09/deals/producer")
    [outcome] = b.push(b.update(b.deal("Spring campaign"), producer="tom", dealname="X"))
    assert outcome.got == {"dealname": "X"}
    assert outcome.refused == {"producer": 'Property "producer" does not exist'}


def test_money_is_answered_with_its_currency(b: Bench) -> None:
    """The answer shows only what was sent; the currency is what we knew, or is looked up."""
    id, euros = b.deal("Spring campaign"), {"amount": "5", "currency": "EUR"}
    [known] = b.push(b.update(id, {"amount": {"amount": "9", "currency": "EUR"}}, amount=euros))
    reads = b.sent("POST", "/deals/batch/read")
    [asked] = b.push(b.update(id, amount={"amount": "6", "currency": None}))
    assert known.got == {"amount": euros}
    assert asked.got == {"amount": {"amount": "6", "currency": "EUR"}}
    assert b.sent("POST", "/deals/batch/read") == reads + 1


class TestCompanies:
    """A deal's company is a link."""

    def test_it_is_set_and_the_old_one_taken_away(self, b: Bench) -> None:
        """The new company becomes the primary one; the one we knew is unlinked."""
        id = b.deal("Spring campaign")
        other = b.sandbox.scope_of("outdoor")["company"]
        [outcome] = b.push(b.update(id, {"company": b.company}, company=other))
        assert outcome.got == {"company": other}
        assert b.sandbox.account.store.linked("deals", id, "companies") == [other]

    def test_it_is_left_alone_if_somebody_was_faster(self, b: Bench) -> None:
        """A link has no history, so it is read before it is written."""
        id, other = b.deal("Spring campaign"), str(b.sandbox.scope_of("outdoor")["company"])
        third = b.call("POST", f"{BASE}/companies", {"properties": {"name": "Third"}})["id"]
        [outcome] = b.push(b.update(id, {"company": other}, company=third, dealname="X"))
        assert outcome.stale == {"company": b.company}
        assert outcome.got == {"dealname": "X"}


class TestCreates:
    """New deals, though the shipped mappings make none."""

    def create(self, b: Bench, **fields: Any) -> Write:
        b.intents += 1
        now = b.sandbox.now()
        return Write(f"c-{b.intents}", Op.CREATE, "deal", None, "default", fields, since=now)

    @pytest.fixture
    def keyed(self, b: Bench) -> Bench:
        b.adapter.provision(b.scope, [FieldNeed("deal", KEY, "text", key=True)], dry_run=False)
        b.look()
        return b

    def test_a_new_deal_is_whole(self, b: Bench) -> None:
        """It has its pipeline, a first stage and the company of the scope."""
        [outcome] = b.push(self.create(b, dealname="New", project_deadline="2027-01-01"))
        record = b.pull().one(outcome.id or "")
        assert record.container == "default"
        assert record.fields["dealstage"] == "appointmentscheduled"
        assert record.fields["company"] == b.company
        assert outcome.got == {"dealname": "New", "project_deadline": "2027-01-01"}

    def test_a_batch_lands_in_parts(self, b: Bench) -> None:
        """A row at fault does not keep the others from being made, in one request."""
        broken(b, "qualifiedtobuy")
        writes = [self.create(b, dealname=f"New {n}") for n in range(5)]
        writes.append(self.create(b, dealstage="qualifiedtobuy"))
        writes.append(self.create(b, dealname="Bad", dealstage="closedlost", nothing="x"))
        outcomes = b.push(*writes)
        assert [o.result for o in outcomes[:5]] == [Result.DONE] * 5
        assert (outcomes[5].result, outcomes[5].reason) == (Result.REFUSED, "a deal needs a name")
        assert outcomes[6].refused.keys() == {"nothing"}
        assert b.sent("POST", "/deals/batch/create") == 1

    def test_a_second_try_finds_the_first(self, keyed: Bench) -> None:
        """With a key, a create that is sent twice makes one deal, and adopts it."""
        write = self.create(keyed, dealname="Once")
        keyed.running.fault({"drop": "after"}, path="/deals/batch/create")
        [lost] = keyed.push(write)
        assert lost.result is Result.UNKNOWN
        [found] = keyed.adapter.find(write, keyed.catalogue)
        [again] = keyed.push(write)
        assert (again.result, again.id) == (Result.DONE, found.id)
        assert again.got == {"dealname": "Once"}
        assert [r.id for r in keyed.pull().records if r.fields.get("dealname") == "Once"] == [
            found.id
        ]

    def test_a_company_is_never_made(self, b: Bench) -> None:
        """A client's scope is one company; another would be outside of it."""
        write = replace(self.create(b, name="New"), object="company")
        assert [o.result for o in b.adapter.push([write], b.catalogue)] == [Result.REFUSED]


class TestArchives:
    """Putting deals away."""

    def test_archives_go_out_in_one_request(self, b: Bench) -> None:
        """Also of what is gone already, which is done."""
        ids = [*b.many(3), "1"]
        writes = [replace(b.update(id), op=Op.ARCHIVE, archive={"how": "closed"}) for id in ids]
        assert [outcome.result for outcome in b.push(*writes)] == [Result.DONE] * 4
        assert b.sent("POST", "/deals/batch/archive") == 1
        assert b.pull().names().isdisjoint({"Deal 0", "Deal 1", "Deal 2"})

    def test_a_stage_can_stand_for_archived(self, b: Bench) -> None:
        """A mapping may name a choice that means put away."""
        how = {"field": "dealstage", "option": "Closed lost"}
        id = b.deal("Spring campaign")
        [outcome] = b.push(replace(b.update(id), op=Op.ARCHIVE, archive=how))
        assert outcome.got == {"dealstage": "closedlost"}

    def test_only_people_restore(self, b: Bench) -> None:
        """HubSpot's API brings nothing back; the refusal says where people can."""
        [outcome] = b.push(replace(b.update("5"), op=Op.RESTORE))
        assert (outcome.result, "recycle bin" in outcome.reason) == (Result.REFUSED, True)


class TestProvision:
    """Properties of our own."""

    NEEDS = (
        FieldNeed("deal", "delivery", "when"),
        FieldNeed("deal", "mood", "enumeration", ("Good", "Bad")),
        FieldNeed("deal", "team", "person", many=True),
        FieldNeed("deal", "agreed", "boolean"),
        FieldNeed("deal", KEY, "text", key=True),
        FieldNeed("company", "vision", "rich_text"),
    )

    def test_what_is_missing_is_made_once(self, b: Bench) -> None:
        """A dry run says the same and makes nothing; a second run has nothing to do."""
        said = b.adapter.provision(b.scope, self.NEEDS, dry_run=True)
        assert b.sent("POST", "/properties/2026-09/deals") == 0
        assert b.adapter.provision(b.scope, self.NEEDS, dry_run=False) == said
        assert len(said) == 6
        assert b.adapter.provision(b.scope, self.NEEDS, dry_run=False) == []
        b.look()
        types = {f.id: str(f.type) for f in b.catalogue.objects["deal"].fields}
        assert types["delivery"] == "date"
        assert types["team"] == "set of person"
        assert types["agreed"] == "boolean"

    def test_groups_are_made_where_there_are_none(self, b: Bench) -> None:
        """A property needs a group, which is made first."""
        del b.sandbox.account.store.groups["companies"]["syncer"]
        said = b.adapter.provision(b.scope, self.NEEDS, dry_run=False)
        assert said[0] == "company: property group syncer"

    def test_choices_are_added_and_none_is_lost(self, b: Bench) -> None:
        """A list of choices replaces the one before, so the old ones are sent along."""
        needs = [FieldNeed("deal", "project_status", "enumeration", ("Active", "Lost"))]
        said = b.adapter.provision(b.scope, needs, dry_run=False)
        assert said == ["deal: choices of project_status: Lost"]
        options = b.sandbox.account.store.definitions["deals"]["project_status"]["options"]
        assert [one["value"] for one in options] == ["planned", "active", "on_hold", "done", "Lost"]

    @pytest.mark.parametrize(
        ("need", "complaint"),
        [
            (FieldNeed("deal", "Due date", "date"), "'Due date' cannot be the name"),
            (FieldNeed("deal", "owner_x", "reference"), "cannot hold a reference: owner_x"),
        ],
    )
    def test_what_hubspot_cannot_have_is_a_question(
        self, b: Bench, need: FieldNeed, complaint: str
    ) -> None:
        """Nothing is made of it, and the line says what is wrong."""
        with pytest.raises(AskPerson, match=complaint):
            b.adapter.provision(b.scope, [need], dry_run=True)

    def test_an_archived_property_of_another_type_is_a_question(self, b: Bench) -> None:
        """HubSpot brings it back as it was, which is not what the mapping needs."""
        b.adapter.provision(b.scope, [FieldNeed("deal", "mood", "text")], dry_run=False)
        b.call("DELETE", "/crm/properties/2026-09/deals/mood")
        with pytest.raises(AskPerson, match="brought back an archived property mood"):
            b.adapter.provision(b.scope, [FieldNeed("deal", "mood", "date")], dry_run=False)
