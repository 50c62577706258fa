"""The kit for stand-ins, tried with the smallest of them over a real socket."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from syncer.adapterkit.limits import Limit
from syncer.adapterkit.sandbox import Clock, Ids, Running, agency_world, empty_world, serve
from syncer.adapterkit.sandbox.moments import When
from tests.adapterkit.notes import NotesSandbox


@pytest.fixture
def running() -> Iterator[Running]:
    sandbox = NotesSandbox()
    sandbox.start_with(agency_world())
    with serve(sandbox) as server:
        yield server


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    token = running.sandbox.users["maya"].token
    headers = {"authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, trust_env=False) as client:
        yield client


def order(client: httpx.Client, fault: dict[str, Any], **more: Any) -> httpx.Response:
    return client.post("/_sandbox/faults", json={"fault": fault, **more})


def test_starts_quickly_and_stops_cleanly() -> None:
    """A stand-in is up and down again within a second, and its port is free afterwards."""
    started = time.monotonic()
    with serve(NotesSandbox()) as first:
        port = first.port
    with serve(NotesSandbox(), port) as second:
        assert second.url == f"http://127.0.0.1:{port}"
    assert time.monotonic() - started < 2


def test_a_taken_port_is_an_error(running: Running) -> None:
    """Two stand-ins never share a port silently."""
    with pytest.raises(OSError, match="in use"):
        serve(NotesSandbox(), running.port)


def test_a_token_stands_for_its_user(client: httpx.Client, running: Running) -> None:
    """The handler knows who called, by the token alone; without one there is a vendor's 401."""
    assert client.post("/notes", json={"text": "hi"}).json()["by"] == "u-maya"
    refused = client.get("/notes", headers={"authorization": "Bearer wrong"})
    assert (refused.status_code, refused.text) == (401, "who are you?")


def test_a_revoked_token_is_refused(client: httpx.Client) -> None:
    """A revoked token stops working at once and works again after a reset."""
    assert client.post("/_sandbox/revoke", json={"user": "maya"}).json() == ["maya"]
    assert client.get("/notes").status_code == 401
    client.post("/_sandbox/reset")
    assert client.get("/notes").status_code == 200
    assert client.post("/_sandbox/revoke", json={"user": "zoe"}).status_code == 400


def test_errors_have_the_vendors_shape(client: httpx.Client, running: Running) -> None:
    """No route, wrong method, bad JSON and a handler's own mistake all answer as the vendor."""
    assert client.get("/nowhere").json() == {"error": 404, "of": "notes"}
    assert client.delete("/notes").json() == {"error": 405, "of": "notes"}
    assert client.post("/notes", content=b"{").json() == {"error": 400, "of": "notes"}
    assert client.post("/notes", json={}).json() == {"error": 422, "of": "notes"}
    assert client.get("/broken").json() == {"error": 500, "of": "notes"}
    assert "a mistake in the stand-in" in running.problems[0]


def test_every_request_is_logged_without_secrets(client: httpx.Client, running: Running) -> None:
    """The log tells method, path, query, status and user of each call, and no token."""
    token = running.sandbox.users["maya"].token
    client.get("/notes", params={"token": token, "limit": 5})
    client.get("/notes/7")
    log = client.get("/_sandbox/requests").json()
    assert [(e["method"], e["path"], e["status"], e["user"]) for e in log] == [
        ("GET", "/notes", 200, "maya"),
        ("GET", "/notes/7", 404, "maya"),
    ]
    assert log[0]["query"]["limit"] == "5"
    assert token not in str(log)


def test_the_nth_match_fails_as_asked(client: httpx.Client) -> None:
    """A fault hits the n-th matching request and as many after it as asked, no other."""
    order(client, {"status": 503}, match={"method": "GET", "path": "^/notes$"}, nth=2, times=2)
    seen = [client.get("/notes").status_code for _ in range(4)]
    assert seen == [200, 503, 503, 200]
    assert client.post("/notes", json={"text": "a"}).status_code == 201


def test_a_status_can_bring_its_own_body(client: httpx.Client) -> None:
    """A proxy's HTML page can be played, with its headers."""
    html = {"content-type": "text/html"}
    order(client, {"status": 200, "body": "<h1>Sorry</h1>", "headers": html})
    answer = client.get("/notes")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    order(client, {"status": 429, "headers": {"Retry-After": "3"}})
    assert client.get("/notes").headers["retry-after"] == "3"


@pytest.mark.parametrize(("when", "landed"), [("before", 0), ("after", 1)])
def test_a_drop_really_drops(
    client: httpx.Client, running: Running, when: str, landed: int
) -> None:
    """The connection breaks without an answer, before or after the write took effect."""
    count = len(client.get("/notes").json())
    order(client, {"drop": when})
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.post("/notes", json={"text": "lost?"})
    assert len(client.get("/notes").json()) == count + landed
    assert running.requests[1]["status"] == (201 if landed else None)


def test_a_page_can_be_cut(client: httpx.Client) -> None:
    """An answer is cut to some bytes, or broken off in the middle of what it promised."""
    order(client, {"cut": 7})
    assert len(client.get("/notes").content) == 7
    order(client, {"cut": "page"})
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/notes")
    assert client.get("/notes").status_code == 200


def test_a_slow_answer_holds_nobody_else_up(client: httpx.Client) -> None:
    """A slow answer takes its time; others go on meanwhile."""
    order(client, {"slow": 0.6})
    started = time.monotonic()
    with pytest.raises(httpx.ReadTimeout):
        client.get("/notes", timeout=0.05)
    assert client.get("/notes").status_code == 200
    assert time.monotonic() - started < 0.6


@pytest.mark.parametrize("fault", [{"status": 500, "late": True}, {"slow": 0.5, "late": True}])
def test_a_fault_can_come_after_the_effect(
    client: httpx.Client, running: Running, fault: dict[str, Any]
) -> None:
    """An answer of 500, or none in time, although the write took effect."""
    count = len(client.get("/notes").json())
    order(client, fault)
    if "slow" in fault:
        with pytest.raises(httpx.ReadTimeout):
            client.post("/notes", json={"text": "late"}, timeout=0.05)
    else:
        assert client.post("/notes", json={"text": "late"}).status_code == 500
    assert len(client.get("/notes").json()) == count + 1


def test_serving_writes_no_log(
    client: httpx.Client, running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    """A token in a query is not written into the standard log by the server."""
    caplog.set_level(logging.INFO)
    client.get("/notes", params={"token": running.sandbox.users["maya"].token})
    assert [entry.getMessage() for entry in caplog.records if "uvicorn" in entry.name] == []


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        ({"fault": {}}, "exactly one of"),
        ({"fault": {"status": 503, "drop": "before"}}, "exactly one of"),
        ({"fault": {"drop": "never"}}, "fault.drop"),
        ({"fault": {"drop": "after", "late": True}}, "late goes with"),
        ({"fault": {"slow": 1}, "nht": 2}, "nht"),
        ({"fault": {"slow": 1}, "match": {"path": "("}}, "match.path"),
        ([], "order"),
    ],
)
def test_a_wrong_wish_is_refused(client: httpx.Client, wish: Any, complaint: str) -> None:
    """A fault that cannot be is an error at once, not a test that passes by mistake."""
    answer = client.post("/_sandbox/faults", json=wish)
    assert answer.status_code == 400
    assert complaint in answer.json()["error"]


def test_limits_slide(running: Running, client: httpx.Client) -> None:
    """More requests than documented within any window are refused, per token."""
    running.sandbox.limits = (Limit(3, 0.3),)
    seen = [client.get("/notes").status_code for _ in range(5)]
    assert seen == [200, 200, 200, 429, 429]
    other = {"authorization": f"Bearer {running.sandbox.users['syncer'].token}"}
    assert client.get("/notes", headers=other).status_code == 200
    time.sleep(0.31)
    assert client.get("/notes").status_code == 200


def test_requests_at_once_are_limited(running: Running, client: httpx.Client) -> None:
    """A limit on requests under way at once counts those that are slow."""
    running.sandbox.limits = (Limit(1, 0),)
    order(client, {"slow": 0.2})
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(client.get, "/notes")
        until = time.monotonic() + 5
        while running.desk.faults.waiting and time.monotonic() < until:
            time.sleep(0.005)
        assert client.get("/notes").status_code == 429
        assert slow.result().status_code == 200
    assert client.get("/notes").status_code == 200


def test_a_picture_brings_back_what_was_held(client: httpx.Client) -> None:
    """What happened since is undone, ids included, as often as one likes; the picture stays."""
    client.post("/notes", json={"text": "kept"})
    assert client.post("/_sandbox/picture", json={"name": "then"}).json() == ["then"]
    held = client.get("/_sandbox/state").json()
    for _ in range(2):
        more = client.post("/notes", json={"text": "more"}).json()
        client.post("/_sandbox/restore", json={"name": "then"})
        assert client.get("/_sandbox/state").json() == held
    assert client.post("/notes", json={"text": "more"}).json() == more
    assert client.post("/_sandbox/restore", json={"name": "never"}).status_code == 400
    assert client.post("/_sandbox/picture").status_code == 400


def test_reset_returns_to_the_world(client: httpx.Client) -> None:
    """After a reset the stand-in holds what it started with, under the same ids."""
    before = client.get("/_sandbox/state").json()
    client.post("/notes", json={"text": "more"})
    assert client.get("/_sandbox/state").json() != before
    client.post("/_sandbox/reset")
    assert client.get("/_sandbox/state").json() == before
    assert client.get("/_sandbox/nothing").status_code == 404


def test_the_date_header_is_the_vendors_clock(client: httpx.Client, running: Running) -> None:
    """Answers carry the time of the stand-in's own clock."""
    running.sandbox.now = Clock(lambda: datetime(2031, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert client.get("/notes").headers["date"] == "Thu, 02 Jan 2031 03:04:05 GMT"


def test_the_clock_never_repeats() -> None:
    """Each reading is a later whole millisecond, also when the computer's clock goes back."""
    times = iter([datetime(2026, 1, 1, 0, 0, 0, 999, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)])
    clock = Clock(lambda: next(times))
    first, second = clock(), clock()
    assert second - first == timedelta(milliseconds=1)
    assert first.microsecond == 0


def test_ids_are_alike_in_every_run() -> None:
    """Two stand-ins of one name make the same ids, in the vendors' shapes."""
    moment = datetime(2026, 1, 31, tzinfo=UTC)
    one, two = Ids("trello"), Ids("trello")
    made = [one.object_id(moment), one.decimal(16, "12"), one.short(), str(one.number(500))]
    assert made == [two.object_id(moment), two.decimal(16, "12"), two.short(), str(two.number(500))]
    assert len(made[0]) == 24
    assert int(made[0][:8], 16) == int(moment.timestamp())
    assert (len(made[1]), made[1][:2]) == (16, "12")


def test_the_agency_is_as_told() -> None:
    """Two clients, three projects, forty tasks, ten of them in both task tools."""
    world = agency_world()
    sizes = {
        key: len([t for t in world.tasks if t.project == key]) for key in ("relaunch", "spring")
    }
    assert sizes == {"relaunch": 18, "spring": 12}
    assert (len(world.tasks), len(world.projects), len(world.clients)) == (40, 3, 2)
    assert len(world.tasks_in("asana", "relaunch")) == 15
    assert len(world.tasks_in("trello", "relaunch")) == 13
    assert [p.key for p in world.projects_in("hubspot", "bakery")] == ["relaunch", "spring"]
    keys = {person.key for person in world.people}
    assert {name for task in world.tasks for name in task.assignees} < keys
    assert empty_world().person("maya").name == "Maya Okafor"
    assert len({task.key for task in world.tasks}) == 40


@pytest.mark.parametrize(("when", "first"), [("before", "theirs"), ("after", "ours")])
def test_something_else_happens_at_an_exact_moment(
    running: Running, client: httpx.Client, when: When, first: str
) -> None:
    """A request on another connection is answered right before, or right after, a chosen one."""
    token = running.sandbox.users["syncer"].token

    def happen() -> None:
        headers = {"authorization": f"Bearer {token}"}
        httpx.post(
            f"{running.url}/notes", json={"text": "theirs"}, headers=headers, trust_env=False
        )

    running.at(when, happen, nth=2, method="POST", path="/notes$", user="maya")
    client.post("/notes", json={"text": "earlier"})
    client.post("/notes", json={"text": "ours"})

    texts = [note["text"] for note in client.get("/notes").json()]
    last = ["theirs", "ours"] if first == "theirs" else ["ours", "theirs"]
    assert texts[-3:] == ["earlier", *last]
    assert running.problems == []
