"""The wire itself: HubSpot's documents, answers it once gave, and errors."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.hubspot.decode import record_of
from adapters.hubspot.faults import classify, fault_of
from adapters.hubspot.sandbox import HubSpotSandbox
from adapters.hubspot.schema import KEY
from adapters.hubspot.wire import batch_of, listed
from syncer.adapterkit.answer import Answer
from syncer.adapterkit.contract import FieldNeed, HistoryRequest
from syncer.adapterkit.errors import AdapterError, AskPerson, StopConnection, WaitAndRetry
from syncer.adapterkit.sandbox import agency_world, serve
from syncer.adapterkit.sandbox.recording import VARIABLE
from syncer.model.remote import FieldInfo, Op, Write
from syncer.model.values import FieldType, Kind, parse_instant
from tests.adapters.hubspot.bench import BASE, Bench
from tests.referee.report import judge
from tests.shared import SHARED, needs_shared

RECORDED = SHARED / "data" / "hubspot-company-batch-and-search.jsonl"
NOW = parse_instant("2026-11-20T10:00:00Z")


def answered(status: int, body: Any, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, headers, content, NOW)


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv(VARIABLE, str(tmp_path / "exchanges"))
    sandbox = HubSpotSandbox()
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        b = Bench(sandbox, running)
        yield b
        for adapter in b.open:
            adapter.close()


@needs_shared
def test_requests_and_answers_agree_with_hubspots_documents(
    recorded: Bench, tmp_path: Path
) -> None:
    """Everything the adapter sends, and the sandbox answers, is as the OpenAPI files have it."""
    b = recorded
    id = b.deal("Spring campaign")
    b.adapter.whoami()
    b.adapter.people(b.scope)
    needs = [FieldNeed("deal", KEY, "text", key=True), FieldNeed("deal", "mood", "enumeration")]
    b.adapter.provision(b.scope, needs, dry_run=False)
    b.look()
    b.push(b.update(id, dealname="X", mood={"name": "Good"}, nothing="x"))
    b.push(b.update("1", dealname="X"), b.update(id, {"company": b.company}, company=None))
    new = Write("c-1", Op.CREATE, "deal", None, "default", {"dealname": "New"}, since=NOW)
    b.push(new)
    b.adapter.find(new, b.catalogue)
    list(b.adapter.history([HistoryRequest("deal", id, frozenset({"dealname"}))], b.catalogue))
    b.many(120)
    first = b.pull()
    b.call("DELETE", f"{BASE}/deals/{b.deal('Deal 1')}")
    b.edit("deals", b.deal("Deal 2"), dealname="Two")
    b.pull(first.cursors)
    b.pull(first.cursors, full=True)
    b.push(Write("a-1", Op.ARCHIVE, "deal", id))
    report = judge(tmp_path)
    assert list(report.complaints()) == []
    assert report.recorded >= report.judged > 15


def test_only_the_current_version_is_asked(b: Bench) -> None:
    """No path of an older version is ever sent."""
    b.pull()
    b.adapter.people(b.scope)
    assert all("2026-09" in str(sent["path"]) for sent in b.running.requests)


@cache
def exchanges() -> list[dict[str, Any]]:
    return [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]


@needs_shared
def test_answers_of_the_real_hubspot_are_read() -> None:
    """Every recorded answer of 2022 is read: rows with their values, or a named error."""
    texts = ("name", "domain", "website", "facebookfans")
    wanted = {name: FieldInfo(name, name, FieldType(Kind.TEXT)) for name in texts}
    read = 0
    for exchange in exchanges():
        headers = {name.lower(): value for name, value in exchange["headers"].items()}
        body = exchange["response"]
        answer = answered(exchange["status"], body if body != "" else b"", **headers)
        error = classify(answer)
        if exchange["status"] == 429:
            assert isinstance(error, WaitAndRetry)
            assert error.seconds == 1
            continue
        assert error is None
        if exchange["status"] == 204:
            continue
        searched = exchange["path"].endswith("/search")
        rows = listed(body) if searched else batch_of(answer).rows.values()
        for row in rows:
            record = record_of("company", row, wanted, NOW)
            assert record is not None
            assert record.id == row["properties"]["hs_object_id"]
            assert record.as_of == parse_instant(row["properties"]["hs_lastmodifieddate"])
            assert record.fields["domain"] == row["properties"]["domain"]
            read += 1
    assert read == 427


@needs_shared
def test_the_sandbox_answers_with_the_same_keys(b: Bench) -> None:
    """Asked like the real one was, the stand-in's answers have the keys that were recorded."""
    new = {"properties": {"domain": "x.example", "name": "X"}}
    made = b.call("POST", "/crm/v3/objects/COMPANY/batch/create", {"inputs": [new]})
    id = made["results"][0]["id"]
    sent = {"id": id, "properties": {"domain": "x.example", "name": "Y", "website": ""}}
    changed = b.call("POST", "/crm/v3/objects/COMPANY/batch/update", {"inputs": [sent]})
    groups = [{"filters": [{"propertyName": "domain", "operator": "EQ", "value": "x.example"}]}]
    names = ["name", "website", "twitterhandle_of_nobody", "domain"]
    asked = {"filterGroups": groups, "properties": names, "limit": 100}
    found = b.call("POST", "/crm/v3/objects/COMPANY/search", asked)
    for ending, ours in (("create", made), ("update", changed), ("search", found)):
        theirs = [
            x["response"]
            for x in exchanges()
            if x["path"].endswith(ending) and x["status"] < 300 and x["response"]["results"]
        ]
        assert {frozenset(ours)} <= {frozenset(answer) for answer in theirs}, ending
        keys = {frozenset(row) for answer in theirs for row in answer["results"]}
        assert {frozenset(row) for row in ours["results"]} == keys, ending
    assert made["results"][0]["properties"]["website"] == "x.example"
    assert changed["results"][0]["properties"]["website"] == ""
    assert found["results"][0]["properties"]["website"] is None
    assert "twitterhandle_of_nobody" not in found["results"][0]["properties"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "seconds"),
    [
        (401, {"category": "INVALID_AUTHENTICATION"}, StopConnection, 0),
        (403, {"category": "BANNED"}, AskPerson, 0),
        (423, {}, WaitAndRetry, 2),
        (477, {}, WaitAndRetry, 3600),
        (429, {"policyName": "SECONDLY"}, WaitAndRetry, 1),
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, WaitAndRetry, 10),
        (429, {"policyName": "DAILY"}, WaitAndRetry, 3600),
        (429, {"message": "You have reached your secondly limit."}, WaitAndRetry, 1),
        (429, {}, WaitAndRetry, 10),
        (502, b"<html>Bad gateway</html>", WaitAndRetry, 0),
        (525, b"<html>TLS</html>", WaitAndRetry, 0),
    ],
)
def test_statuses_mean_what_to_do_next(
    status: int, body: Any, kind: type[AdapterError], seconds: float
) -> None:
    """Each status is one of the named errors, with HubSpot's patience where it tells it."""
    error = classify(answered(status, body))
    assert type(error) is kind
    assert getattr(error, "seconds", 0) == seconds


def test_missing_scopes_are_named() -> None:
    """A token that may not do something says which scope a person must add."""
    context = {"requiredGranularScopes": ["crm.objects.deals.write"]}
    error = classify(answered(403, {"errors": [{"message": "no", "context": context}]}))
    assert isinstance(error, AskPerson)
    assert "lacks the scopes crm.objects.deals.write" in str(error)


@pytest.mark.parametrize("status", [400, 404, 409, 414])
def test_a_refusal_that_is_a_page_is_named(status: int) -> None:
    """Refusals of rows are looked into; a page of the edge is one error."""
    assert classify(answered(status, {"message": "no"})) is None
    assert "<html>" in str(classify(answered(status, b"<html>414</html>")))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "errors", "id", "properties", "context", "message", "ids"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_json_is_rows_or_a_named_error(body: Any) -> None:
    """Whatever a batch is answered with, it is rows with faults or an error with a name."""
    for status in (200, 207, 400):
        fault_of(body)
        try:
            batch = batch_of(answered(status, body))
        except WaitAndRetry:
            continue
        for row in batch.rows.values():
            record = record_of("deal", row, {}, NOW)
            assert record is None or record.id


def test_a_daily_limit_is_not_waited_for(b: Bench) -> None:
    """The next cycle may try again; this one does not sit there for an hour."""
    body = {"message": "You have reached your daily limit.", "policyName": "DAILY"}
    b.running.fault({"status": 429, "body": json.dumps(body)}, path="/batch/read")
    with pytest.raises(WaitAndRetry, match="too many requests"):
        b.pull()
