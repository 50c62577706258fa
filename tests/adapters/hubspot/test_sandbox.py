"""Quirks of HubSpot that the stand-in must show, for the adapter to be proved against."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.adapters.hubspot.bench import BASE, Bench


def search(b: Bench, name: str, operator: str, value: str = "", **more: Any) -> Any:
    told = {"propertyName": name, "operator": operator, "value": value, **more}
    return b.call("POST", f"{BASE}/deals/search", {"filterGroups": [{"filters": [told]}]})


def refused(b: Bench, method: str, path: str, body: Any = None) -> Any:
    with pytest.raises(httpx.HTTPStatusError) as caught:
        b.call(method, path, body)
    return caught.value.response.status_code, caught.value.response.json()


def test_search_is_late(b: Bench) -> None:
    """A new deal is not found at once; what was archived still counts, but is not shown."""
    b.sandbox.account.search_lag = timedelta(minutes=1)
    b.made("Just made")
    assert search(b, "dealname", "EQ", "just made")["total"] == 0
    b.sandbox.now.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    assert search(b, "dealname", "EQ", "just made")["total"] == 1
    b.call("DELETE", f"{BASE}/deals/{b.deal('Just made')}")
    late = search(b, "dealname", "EQ", "just made")
    assert (late["total"], late["results"]) == (1, [])
    b.sandbox.now.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    assert search(b, "dealname", "EQ", "just made")["total"] == 0


@pytest.mark.parametrize(
    ("name", "operator", "value", "more", "count"),
    [
        ("amount", "GT", "9200", {}, 3),
        ("amount", "BETWEEN", "9200", {"highValue": "20000"}, 2),
        ("project_deadline", "LT", "1797552000001", {}, 1),
        ("project_status", "IN", "", {"values": ["active"]}, 2),
        ("project_status", "NOT_IN", "", {"values": ["active"]}, 1),
        ("dealname", "CONTAINS_TOKEN", "spr*", {}, 1),
        ("dealname", "NEQ", "Spring campaign", {}, 2),
        ("description", "HAS_PROPERTY", "", {}, 0),
        ("description", "NOT_HAS_PROPERTY", "", {}, 3),
        ("hs_is_closed_won", "EQ", "true", {}, 3),
    ],
)
def test_operators(
    b: Bench, name: str, operator: str, value: str, more: dict[str, Any], count: int
) -> None:
    """Filters compare numbers and times as such, and texts without case."""
    assert search(b, name, operator, value, **more)["total"] == count


def test_a_search_that_asks_too_much_is_refused(b: Bench) -> None:
    """Rows beyond 10,000, pages beyond 200 and unknown properties are 400s."""
    path = f"{BASE}/deals/search"
    assert refused(b, "POST", path, {"limit": 201})[0] == 400
    assert refused(b, "POST", path, {"limit": 200, "after": "9900"})[0] == 400
    unknown = {"filterGroups": [{"filters": [{"propertyName": "x", "operator": "EQ"}]}]}
    assert refused(b, "POST", path, unknown)[0] == 400


def test_the_search_limit_is_the_accounts(b: Bench) -> None:
    """Six searches in a second are one too many, whoever sends them; the 429 says little."""
    answers = []
    for user in ("anna", "ben", "tom", "anna", "ben", "tom"):
        headers = {"Authorization": f"Bearer {b.sandbox.users[user].token}"}
        url = f"{b.running.url}{BASE}/deals/search"
        answers.append(httpx.post(url, json={}, headers=headers))
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1].json().keys() == {"status", "message", "correlationId", "category"}
    assert "retry-after" not in answers[-1].headers
    assert not [name for name in answers[0].headers if "ratelimit" in name]


def test_what_is_left_is_told_elsewhere(b: Bench) -> None:
    """Every other answer tells what is left of the ten seconds and of the day."""
    headers = {"Authorization": f"Bearer {b.sandbox.users['anna'].token}"}
    answer = httpx.get(f"{b.running.url}{BASE}/deals", headers=headers)
    assert answer.headers["x-hubspot-ratelimit-max"] == "100"
    assert int(answer.headers["x-hubspot-ratelimit-remaining"]) < 100


def test_closing_a_deal_sets_its_date(b: Bench) -> None:
    """Won or lost, the close date becomes now, unless one is sent along."""
    one, two = b.made("One"), b.made("Two")
    b.edit("deals", one, dealstage="closedlost")
    b.edit("deals", two, dealstage="closedwon", closedate="2027-01-01T12:00:00Z")
    deals = b.sandbox.account.store.records["deals"]
    assert deals[one].values["closedate"] == deals[one].values["hs_lastmodifieddate"]
    assert deals[two].values["closedate"] == "2027-01-01T12:00:00.000Z"


def test_dates_are_put_in_order_only_in_the_new_version(b: Bench) -> None:
    """2026-09 takes a date with a time and warns, v3 refuses it."""
    id, sent = b.deal("Spring campaign"), {"project_deadline": "2027-03-01T15:00:00Z"}
    told = b.edit("deals", id, **sent)
    assert told["properties"]["project_deadline"] == "2027-03-01"
    [warning] = told["warnings"]
    assert warning["category"] == "PROPERTY_VALUE_NORMALIZED"
    status, body = refused(b, "PATCH", f"/crm/v3/objects/deals/{id}", {"properties": sent})
    assert (status, body["errors"][0]["code"]) == (400, "INVALID_DATE")


def test_links_do_not_move_the_time_of_change(b: Bench) -> None:
    """Nor does what is counted: a company's number of deals."""
    before = b.call("GET", f"{BASE}/companies/{b.company}?properties=num_associated_deals")
    other = b.deal("Repair film")
    b.call("PUT", f"{BASE}/deals/{other}/associations/default/companies/{b.company}")
    after = b.call("GET", f"{BASE}/companies/{b.company}?properties=num_associated_deals")
    assert before["updatedAt"] == after["updatedAt"]
    counts = [told["properties"]["num_associated_deals"] for told in (before, after)]
    assert counts == ["2", "3"]


def test_old_versions_are_served_by_the_same_handlers(b: Bench) -> None:
    """v3 and v4 know the same records; in v4 the ids of targets are numbers."""
    id = b.deal("Spring campaign")
    assert b.call("GET", f"/crm/v3/objects/deals/{id}")["id"] == id
    assert b.call("GET", "/crm/v3/owners/")["results"][0]["type"] == "PERSON"
    path = f"/crm/v4/objects/deals/{id}/associations/companies"
    assert b.call("GET", path)["results"][0]["toObjectId"] == int(b.company)
    path = "/crm/associations/2026-09/deals/companies/batch/read"
    [row] = b.call("POST", path, {"inputs": [{"id": id}]})["results"]
    assert row["to"][0]["toObjectId"] == b.company
    assert {t["typeId"] for t in row["to"][0]["associationTypes"]} == {341, 5}


def test_a_record_without_links_is_a_row_of_errors(b: Bench) -> None:
    """It is not an empty list."""
    twin = b.call("POST", f"{BASE}/companies", {"properties": {"name": "Alone"}})["id"]
    path = "/crm/associations/2026-09/companies/deals/batch/read"
    told = b.call("POST", path, {"inputs": [{"id": twin}, {"id": b.company}]})
    assert [row["from"]["id"] for row in told["results"]] == [b.company]
    assert told["numErrors"] == 1
    assert told["errors"][0]["subCategory"].endswith("NO_ASSOCIATIONS_FOUND")


def test_one_bad_row_fails_an_unlabelled_batch(b: Bench) -> None:
    """Without labels nothing is made; with one on each row only the bad one is not."""
    rows: list[dict[str, Any]] = [
        {"properties": {"dealname": "Good", "dealstage": "contractsent"}},
        {"properties": {"dealname": "Bad", "dealstage": "nowhere"}},
    ]
    path = f"{BASE}/deals/batch/create"
    assert refused(b, "POST", path, {"inputs": rows})[0] == 400
    assert search(b, "dealname", "EQ", "good")["total"] == 0
    labelled = [{**row, "objectWriteTraceId": str(n)} for n, row in enumerate(rows)]
    told = b.call("POST", path, {"inputs": labelled})
    assert [row["objectWriteTraceId"] for row in told["results"]] == ["0"]
    assert told["errors"][0]["context"]["objectWriteTraceId"] == ["1"]


def test_upsert_finds_by_a_unique_property_only(b: Bench) -> None:
    """The second upsert of a value changes what the first one made."""
    group = {"name": "key", "label": "Key", "type": "string", "fieldType": "text"}
    group |= {"groupName": "syncer", "hasUniqueValue": "true"}
    b.call("POST", "/crm/properties/2026-09/deals", {**group, "hasUniqueValue": True})
    path = f"{BASE}/deals/batch/upsert"

    def upsert(by: str, name: str) -> Any:
        properties = {"dealname": name, "dealstage": "contractsent"}
        row = {"id": "k-1", "idProperty": by, "properties": properties}
        return b.call("POST", path, {"inputs": [row]})["results"][0]

    first, second = upsert("key", "One"), upsert("key", "Two")
    assert (first["new"], second["new"], first["id"]) == (True, False, second["id"])
    with pytest.raises(httpx.HTTPStatusError):
        upsert("dealname", "Three")
    assert b.call("GET", f"{BASE}/deals/k-1?idProperty=key")["id"] == first["id"]


def test_merged_ids_lead_to_the_survivor(b: Bench) -> None:
    """A single read of an old id gives the new record; a batch does not find it."""
    ids = [b.deal("Spring campaign"), b.deal("Website relaunch")]
    merge = {"primaryObjectId": ids[0], "objectIdToMerge": ids[1]}
    new = b.call("POST", f"{BASE}/deals/merge", merge)
    assert b.call("GET", f"{BASE}/deals/{ids[1]}")["id"] == new["id"]
    assert new["properties"]["dealname"] == "Spring campaign"
    told = b.call("POST", f"{BASE}/deals/batch/read", {"inputs": [{"id": ids[0]}]})
    assert (told["results"], told["errors"][0]["context"]["ids"]) == ([], [ids[0]])
    row = {"id": ids[0], "properties": {"dealname": "Dropped"}}
    silent = b.call("POST", f"{BASE}/deals/batch/update", {"inputs": [row]})
    assert (silent["results"], "errors" in silent) == ([], False)


def test_lists_are_paged_by_id_and_archived_ones_apart(b: Bench) -> None:
    """A page ends with the id the next begins after; with history a page is 50 at most."""
    b.many(15)
    page = b.call("GET", f"{BASE}/deals?limit=10")
    rest = b.call("GET", f"{BASE}/deals?limit=10&after={page['paging']['next']['after']}")
    ids = [row["id"] for row in page["results"] + rest["results"]]
    assert ids == sorted(ids, key=int)
    assert (len(ids), "paging" in rest) == (18, False)
    b.call("DELETE", f"{BASE}/deals/{ids[0]}")
    archived = b.call("GET", f"{BASE}/deals?archived=true")["results"]
    assert [(row["id"], row["archived"]) for row in archived] == [(ids[0], True)]
    assert refused(b, "GET", f"{BASE}/deals?limit=100&propertiesWithHistory=dealname")[0] == 400
    assert refused(b, "GET", f"{BASE}/deals/{ids[0]}")[0] == 404


def test_a_reset_brings_the_same_account_back(b: Bench) -> None:
    """Ids and tokens are alike after a reset, so a scope written down stays good."""
    before, id = b.sandbox.scope_of("bakery"), b.deal("Spring campaign")
    b.edit("deals", id, dealname="Changed")
    httpx.post(f"{b.running.url}/_sandbox/reset").raise_for_status()
    assert b.sandbox.scope_of("bakery") == before
    assert b.deal("Spring campaign") == id
    state = httpx.get(f"{b.running.url}/_sandbox/state").json()
    assert len(state["deals"]) == 3
    assert "project_deadline" in state["properties"]["deals"]
