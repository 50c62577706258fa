"""The referee catches what it is there for."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.trello.sandbox import TrelloSandbox
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.registry import adapter_spec
from syncer.adapterkit.sandbox import agency_world, reply, serve
from syncer.adapterkit.sandbox.recording import VARIABLE
from tests.architecture.source import ROOT
from tests.referee.exchanges import OURS, Exchange, Thinning, shape
from tests.referee.report import Report, judge
from tests.shared import needs_shared

ID = "6ae6950b1768c21fc4000007"
NUMBERED = "json;enum-encoding=int"
TASK: dict[str, Any] = {"data": {"gid": "12", "name": "Sketch", "due_on": "2026-12-01"}}


def exchange(system: str, method: str, path: str, **more: Any) -> Exchange:
    """An exchange of an adapter that nothing is wrong with, unless ``more`` says so."""
    told: dict[str, Any] = {
        "agent": OURS,
        "route": path,
        "params": {},
        "query": (),
        "type": "application/json",
        "body": None,
        "status": 200,
        "headers": {"content-type": "application/json"},
        "answer": {},
        "injected": False,
    }
    return Exchange(system=system, method=method, path=path, **(told | more))


def complaints(*exchanges: Exchange) -> list[str]:
    report = Report()
    for one in exchanges:
        report.take(one)
    return list(report.complaints())


FINE = {
    "trello": exchange("trello", "GET", f"/1/cards/{ID}", answer={"id": ID, "name": "Sketch"}),
    "asana": exchange("asana", "GET", "/api/1.0/tasks/12", answer=TASK),
    "asana write": exchange(
        "asana", "PUT", "/api/1.0/tasks/12", body={"data": {"name": "Sketch"}}, answer=TASK
    ),
    "hubspot": exchange(
        "hubspot",
        "PATCH",
        "/crm/objects/2026-09/deals/7",
        body={"properties": {"dealname": "Relaunch"}},
        answer={
            "id": "7",
            "properties": {"dealname": "Relaunch", "amount": None},
            "createdAt": "2026-11-01T08:00:00.000Z",
            "updatedAt": "2026-11-01T08:00:00.000Z",
            "archived": False,
        },
    ),
    "report": exchange(
        "google_analytics",
        "POST",
        "/v1beta/properties/412345678:runReport",
        body={"metrics": [{"name": "sessions"}], "limit": "250000"},
        answer={
            "metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}],
            "rows": [{"metricValues": [{"value": "7"}]}],
            "rowCount": 1,
            "metadata": {"samplingMetadatas": [{"samplesReadCount": "5"}]},
        },
    ),
    "property": exchange(
        "google_analytics",
        "GET",
        "/v1beta/properties/412345678",
        answer={"name": "properties/412345678", "createTime": "2026-11-01T08:00:00Z"},
    ),
    "token": exchange(
        "google_analytics",
        "POST",
        "/token",
        type="application/x-www-form-urlencoded",
        body="grant_type=refresh_token&refresh_token=1&client_id=2&client_secret=3",
        answer={"access_token": "4", "token_type": "Bearer", "expires_in": 3599},
    ),
}


@needs_shared
def test_what_is_right_passes() -> None:
    """Of each vendor, a request and an answer that the documents allow."""
    assert complaints(*FINE.values()) == []


WRONG = [
    ("trello", {"query": (("feilds", "name"),)}, "query feilds: unnamed"),
    ("trello", {"query": (("limit", "1"),), "status": 404}, "query limit: unnamed"),
    ("trello", {"answer": {"id": "7"}}, "pattern"),
    ("trello", {"answer": {"id": ID, "closed": "no"}}, "Card/properties/closed: type"),
    ("trello", {"answer": {"id": ID, "colour": "red"}}, "Card: unnamed colour"),
    ("trello", {"answer": {"id": ID, "due": "tomorrow"}}, "Card/properties/due: format"),
    ("trello", {"answer": {"id": ID, "name": None}}, "Card/properties/name: type"),
    ("trello", {"path": f"/1/kards/{ID}", "route": "/1/kards/{id}"}, "no document describes"),
    ("asana", {"path": "/api/1.0/tsks/12", "route": None, "status": 404}, "no document describes"),
    ("trello", {"status": 418, "answer": {"no": "words"}}, "status 418: unnamed"),
    ("asana", {"query": (("opt_fields", "nmae"),)}, "query opt_fields: enum"),
    ("asana", {"answer": {"data": {"gid": 12}}}, "gid: type"),
    ("asana", {"answer": {"data": {"gid": "1", "due_on": "12 May"}}}, "due_on: format"),
    ("asana", {"headers": {"content-type": "text/html"}}, "answer: MediaTypeNotFound"),
    ("asana write", {"body": {"data": {"named": "x"}}}, "unnamed named"),
    ("asana write", {"body": {"data": {"completed": "yes"}}}, "completed: type"),
    ("asana write", {"body": {"name": "x"}}, "unnamed name"),
    ("asana write", {"status": 202}, "status 202: unnamed"),
    ("hubspot", {"body": {"properties": {"amount": 5}}}, "type: 5 is not of type 'string'"),
    ("hubspot", {"body": {"inputs": []}}, "properties"),
    ("hubspot", {"answer": {"id": "7"}}, "required"),
    ("report", {"body": {"dateRange": []}}, "unnamed dateRange"),
    ("report", {"body": {"limit": 5}}, "properties/limit: type"),
    ("report", {"body": {"metrics": [{"nam": "sessions"}]}}, "Metric: unnamed nam"),
    ("report", {"body": {"metricAggregations": ["MEAN"]}}, "metricAggregations/items: enum"),
    ("report", {"query": (("pageSize", "5"),)}, "query pageSize: unnamed"),
    ("report", {"answer": {"rowCount": "1"}}, "rowCount: type"),
    ("report", {"answer": {"rowcount": 1}}, "RunReportResponse: unnamed rowcount"),
    ("report", {"answer": {"metricHeaders": [{"type": "INTEGER"}]}}, "type: enum"),
    ("report", {"answer": {"propertyQuota": {"tokensPerDay": {"left": 1}}}}, "unnamed left"),
    ("report", {"status": 403, "answer": {"error": {"code": 403}}}, "required"),
    ("report", {"status": 403, "answer": {"message": "no"}}, "unnamed message"),
    ("report", {"path": "/v1beta/properties/4:runreport"}, "no document describes"),
    ("property", {"answer": {"createTime": "yesterday"}}, "createTime: format"),
    ("property", {"answer": {"zone": "UTC"}}, "unnamed zone"),
    ("token", {"body": "grant_type=password&password=x"}, "oneOf"),
    ("token", {"status": 400, "answer": {"error": {"code": 400}}}, "error: type"),
]


@needs_shared
@pytest.mark.parametrize(("base", "change", "complaint"), WRONG, ids=[c for _, _, c in WRONG])
def test_what_is_wrong_is_caught(base: str, change: dict[str, Any], complaint: str) -> None:
    """One thing wrong, in the request or in the answer, is one thing said, with its place."""
    found = complaints(replace(FINE[base], **change))

    assert found
    assert any(complaint in text for text in found), found


@needs_shared
def test_words_by_number_are_read_as_words() -> None:
    """Google's own clients ask for numbers; a number that stands for nothing is wrong."""
    asked = replace(FINE["report"], agent="python-requests/2.34", query=(("$alt", NUMBERED),))
    header = {"name": "sessions", "type": 1}

    assert complaints(replace(asked, answer={"metricHeaders": [header]})) == []
    assert complaints(replace(asked, answer={"metricHeaders": [header | {"type": 77}]})) != []
    assert complaints(replace(asked, query=(), answer={"metricHeaders": [header]})) != []


@needs_shared
def test_a_faults_answer_is_not_judged() -> None:
    """A played-in page of HTML is no word of the stand-in; the request is judged all the same."""
    page = replace(FINE["asana"], injected=True, status=503, answer="<html>", headers={})

    assert complaints(page) == []
    assert complaints(replace(page, query=(("x", "1"),))) != []


@needs_shared
def test_requests_of_others_are_not_judged_but_answers_to_them_are() -> None:
    """Tests send wrong things by hand to see them refused."""
    by_hand = replace(FINE["trello"], agent="python-httpx/0.28", query=(("x", "1"),))

    assert complaints(by_hand) == []
    assert complaints(replace(by_hand, answer={"id": 5})) != []


def test_only_what_no_document_tells_apart_is_left_out() -> None:
    """Ids, dates and numbers are alike; types, null, words of enumerations and formats are not."""
    same = [
        {"id": "6ae1", "due": "2026-01-02", "n": 12},
        {"id": "7bf2", "due": "2027-11-30", "n": 7},
    ]
    assert shape(same[0]) == shape(same[1])
    for other in ({"due": None}, {"due": "2026-1-2"}, {"n": "12"}, {"n": 1.5}, {"id": "todo"}):
        assert shape(same[0]) != shape(same[0] | other)

    thinning = Thinning()
    assert [same[0]] == thinning.thin(same, "a")
    assert [] == thinning.thin(same, "a")
    assert [same[0]] == thinning.thin(same, "b")


class Forgetful(TrelloSandbox):
    """A stand-in that answers what Trello would not."""

    def _handle(self, endpoint: Any, request: Any) -> Any:
        return reply({"id": 5})


@needs_shared
def test_a_run_with_a_wrong_answer_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests may pass: the run does not, and says which answer was wrong."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "exchanges"))
    sandbox = Forgetful()
    sandbox.start_with(agency_world())
    with serve(sandbox) as running:
        options = adapter_spec("trello").options(**running.connection("syncer"))
        adapter = adapter_spec("trello").open(Opening("trello", options, 1.0))
        with pytest.raises(Exception, match=r"."):
            adapter.whoami()
        adapter.close()
    assert judge(tmp_path).failed

    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    code = (
        "import pathlib, pytest, sys; from tests.referee.plugin import Referee;"
        "sys.exit(pytest.main(['-q', sys.argv[1]], plugins=[Referee(pathlib.Path(sys.argv[1]))]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert 1 == run.returncode, run.stderr
    assert "1 passed" in run.stdout
    assert "Member/properties/id" in run.stdout
