"""Who changed a property, as HubSpot tells it."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.hubspot.history import changes_of
from syncer.adapterkit.contract import HistoryRequest
from syncer.model.remote import FieldInfo
from syncer.model.values import MISSING, FieldType, Kind
from tests.adapters.hubspot.bench import Bench

TEXT = FieldInfo("brief", "brief", FieldType(Kind.TEXT))
AT = "2026-11-0{}T10:00:00.000Z"


def row(*entries: dict[str, Any], born: str = AT.format(1), name: str = "brief") -> dict[str, Any]:
    """A record whose property has these entries, newest first."""
    return {"id": "7", "createdAt": born, "propertiesWithHistory": {name: list(entries)}}


def entry(day: int, value: str, source: str = "CRM_UI", **more: Any) -> dict[str, Any]:
    return {"timestamp": AT.format(day), "value": value, "sourceType": source, **more}


def test_people_and_keys_are_told_apart(b: Bench) -> None:
    """An edit in the app names its person, one by a key names the program."""
    id = b.deal("Spring campaign")
    b.edit("deals", id, "tom", project_deadline="2027-04-01")
    b.edit("deals", id, "syncer", project_deadline="2027-04-02")
    b.edit("deals", id, "anna", project_deadline="2027-04-03")
    told = b.history(id, "project_deadline")
    assert [change.new for change in told] == [
        "2027-03-19",
        "2027-04-01",
        "2027-04-02",
        "2027-04-03",
    ]
    assert [change.old for change in told] == [None, *(change.new for change in told[:-1])]
    assert [change.by for change in told[1:]] == ["user:41000002", None, "user:41000003"]
    assert told[2].automation == "INTEGRATION:2981174"


def test_history_of_many_is_read_fifty_at_a_time(b: Bench) -> None:
    """The batch is HubSpot's 50, and each record gets its own fields and no others."""
    ids = b.many(60)
    before = b.sent("POST", "/deals/batch/read")
    asked = [HistoryRequest("deal", id, frozenset({"dealname"})) for id in ids[:59]]
    asked.append(HistoryRequest("deal", ids[59], frozenset({"dealstage"})))
    told = list(b.adapter.history(asked, b.catalogue))
    assert b.sent("POST", "/deals/batch/read") - before == 2
    assert {change.id for change in told} == set(ids)
    assert {change.field for change in told if change.id == ids[59]} == {"dealstage"}


def test_only_what_is_later_is_told(b: Bench) -> None:
    """Changes up to the time given are left out; the old value is still right."""
    id = b.deal("Spring campaign")
    first = b.edit("deals", id, dealname="One")
    b.edit("deals", id, dealname="Two")
    since = b.history(id, "dealname")[1].at
    assert since is not None
    assert first["updatedAt"].startswith(since.isoformat()[:19])
    [change] = b.adapter.history(
        [HistoryRequest("deal", id, frozenset({"dealname"}), since)], b.catalogue
    )
    assert (change.old, change.new) == ("One", "Two")
    later = since + timedelta(hours=1)
    asked = HistoryRequest("deal", id, frozenset({"dealname"}), later)
    assert list(b.adapter.history([asked], b.catalogue)) == []


def test_amount_and_currency_are_one_value(b: Bench) -> None:
    """Written together they are one change, alone each is a change of the money."""
    id = b.deal("Spring campaign")
    b.edit("deals", id, amount="10", deal_currency_code="USD")
    b.edit("deals", id, deal_currency_code="GBP")
    b.edit("deals", id, amount="20.0")
    told = b.history(id, "amount")
    values = [(c.new["amount"], c.new["currency"]) for c in told if isinstance(c.new, dict)]
    assert values == [("9200.5", "EUR"), ("10", "USD"), ("10", "GBP"), ("20", "GBP")]
    assert len({change.key for change in told}) == 4


def test_closing_a_deal_dates_it_in_nobodys_name(b: Bench) -> None:
    """The close date that HubSpot writes itself is an automation's, next to the person's stage."""
    id = b.made("Soon won")
    b.edit("deals", id, dealstage="closedwon")
    told = b.history(id, "closedate", "dealstage")
    last = {change.field: change for change in told}
    assert last["dealstage"].by == "user:41000003"
    assert (last["closedate"].by, last["closedate"].automation) == (None, "CALCULATED")


def test_a_deal_unknown_or_without_history_tells_nothing(b: Bench) -> None:
    """Ids that are gone, and fields without an author, are left out."""
    id = b.deal("Spring campaign")
    assert b.history("1", "dealname") == []
    assert b.history(id, "company", "hs_is_closed_won", "existence") == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"sourceType": "CRM_UI", "updatedByUserId": 5}, ("user:5", None)),
        ({"sourceType": "CRM_UI", "sourceId": "userId:6"}, ("user:6", None)),
        ({"sourceType": "MOBILE_IOS", "updatedByUserId": 5}, ("user:5", None)),
        ({"sourceType": "CRM_UI"}, (None, None)),
        ({"sourceType": "IMPORT", "sourceId": "99", "updatedByUserId": 5}, ("user:5", None)),
        ({"sourceType": "INTEGRATION", "sourceId": "1234"}, (None, "INTEGRATION:1234")),
        (
            {"sourceType": "INTEGRATION", "sourceId": "1234", "updatedByUserId": 5},
            (None, "INTEGRATION:1234"),
        ),
        ({"sourceType": "API"}, (None, "API")),
        ({"sourceType": "AUTOMATION_PLATFORM", "sourceId": "3"}, (None, "AUTOMATION_PLATFORM:3")),
        ({"sourceType": "WORKFLOWS", "sourceId": None}, (None, "WORKFLOWS")),
        ({"sourceType": "SOMETHING_NEW", "updatedByUserId": 5}, ("user:5", None)),
        ({"sourceType": "SOMETHING_NEW"}, (None, "SOMETHING_NEW")),
        ({}, (None, "")),
    ],
)
def test_who_it_was_is_never_guessed(told: dict[str, Any], expected: tuple[Any, Any]) -> None:
    """A person only where HubSpot names one; a program's user is not its editor."""
    one = {"timestamp": AT.format(2), "value": "x", **told}
    [change] = changes_of("deal", row(one), [TEXT], None)
    assert (change.by, change.automation) == (expected[0], expected[1])


def test_what_stood_before_the_first_entry_is_not_guessed() -> None:
    """Made with the record: it was empty. Later: HubSpot has perhaps forgotten the rest."""
    [made] = changes_of("deal", row(entry(1, "x")), [TEXT], None)
    [later] = changes_of("deal", row(entry(2, "x")), [TEXT], None)
    assert (made.old, later.old) == (None, MISSING)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_history_is_no_traceback(told: Any) -> None:
    """Whatever stands where entries should, the rest is read."""
    shapes: list[Any] = [told, [told], [entry(2, "x"), told], [{**entry(3, "y"), "value": told}]]
    for shape in shapes:
        made = {"id": "7", "propertiesWithHistory": {"brief": shape}}
        assert len(changes_of("deal", made, [TEXT], None)) <= 2
        assert changes_of("deal", {"propertiesWithHistory": told}, [TEXT], None) == []
