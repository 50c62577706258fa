"""The client against servers that misbehave on a real socket."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from syncer.adapterkit.answer import Answer, parse_json
from syncer.adapterkit.errors import (
    AdapterError,
    AskPerson,
    LookFirst,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.adapterkit.http import Http, by_status, segment
from syncer.adapterkit.limits import Budget, Limit
from syncer.adapterkit.retry import Attempts
from tests.adapterkit.rough import http, json, rough_server

TOKEN = "tok/en+with=odd&signs-0123456789"
OK = json(200, '{"ok": true}')


OPEN: list[Http] = []


def opened(url: str, **more: Any) -> Http:
    options: dict[str, Any] = {
        "headers": lambda: {"authorization": f"Bearer {TOKEN}"},
        "classify": by_status,
        "budget": Budget([Limit(1000, 1)]),
        "secrets": [TOKEN],
        "timeout": 2,
        "sleep": lambda _seconds: None,
        "system": "rough",
    }
    OPEN.append(Http(url, **options | more))
    return OPEN[-1]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def drop(connection: socket.socket) -> None:
    """Close without an answer."""


def test_a_read_gives_its_answer() -> None:
    """Status, headers in lower case, JSON and the vendor's own time."""
    date = "Date: Sat, 31 Jan 2026 17:00:05 GMT"
    with rough_server(json(200, '{"n": 1.5}', date, "X-Thing: a")) as server:
        answer = opened(server.url + "/1/").get("/things", params={"a": "b c", "none": None})
    assert answer.json() == {"n": 1.5}
    assert answer.headers["x-thing"] == "a"
    assert answer.at == datetime(2026, 1, 31, 17, 0, 5, tzinfo=UTC)
    assert server.seen[0].startswith("GET /1/things?a=b+c HTTP/1.1")
    assert f"authorization: Bearer {TOKEN}" in server.seen[0]


def test_without_a_date_the_answer_is_as_old_as_the_question() -> None:
    """Where a vendor does not tell its time, the answer counts from when we asked."""
    with rough_server(OK) as server:
        before = datetime.now(UTC)
        answer = opened(server.url).get("/x")
    assert before <= answer.at <= datetime.now(UTC)


def test_too_many_requests_are_waited_out() -> None:
    """After a 429 the whole credential rests for as long as the vendor asks, then it works."""
    waited: list[float] = []
    with rough_server(json(429, "{}", "Retry-After: 0.2"), OK) as server:
        budget = Budget([Limit(1000, 1)])
        client = opened(server.url, budget=budget, sleep=waited.append)
        started = time.monotonic()
        assert client.post("/x", json={}).json() == {"ok": True}
    assert waited[0] >= 0.2
    assert time.monotonic() - started >= 1.0, "a pause is never shorter than a second"


def test_a_bad_moment_passes() -> None:
    """A 503 on a read is tried again."""
    with rough_server(http(503, "down"), json(200, "[]")) as server:
        assert opened(server.url).get("/x").json() == []
    assert len(server.seen) == 2


def test_trying_ends() -> None:
    """A system that stays down gives the named error after the attempts allowed."""
    with (
        rough_server(*[http(503, "down")] * 3) as server,
        pytest.raises(WaitAndRetry, match=r"answered 503: down") as caught,
    ):
        opened(server.url, attempts=3).get("/x")
    assert caught.value.status == 503
    assert len(server.seen) == 3


def test_a_very_long_wait_is_left_to_the_engine() -> None:
    """A quota that opens tomorrow is not waited for inside a request."""
    with (
        rough_server(json(429, "{}", "Retry-After: 40000")) as server,
        pytest.raises(WaitAndRetry) as caught,
    ):
        opened(server.url).get("/x")
    assert caught.value.seconds == 40000


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unanswered_safe_request_is_repeated(method: str) -> None:
    """What may be repeated is repeated when the connection drops."""
    with rough_server(drop, OK) as server:
        assert opened(server.url).request(method, "/x").ok
    assert len(server.seen) == 2


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_unanswered_unsafe_request_is_not(method: str) -> None:
    """What may not be repeated is sent once, and the engine must look."""
    with rough_server(drop, OK) as server, pytest.raises(LookFirst, match="no answer"):
        opened(server.url).request(method, "/x", json={})
    assert len(server.seen) == 1


def test_a_caller_knows_better() -> None:
    """A search by POST may be declared safe, a PUT unsafe."""
    with rough_server(drop, OK, drop) as server:
        client = opened(server.url)
        assert client.post("/search", json={}, safe=True).ok
        with pytest.raises(LookFirst):
            client.put("/x", json={}, safe=False)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_on_a_write_may_have_happened(status: int) -> None:
    """A 5xx to an unsafe request is no answer."""
    with rough_server(json(status, "{}")) as server, pytest.raises(LookFirst):
        opened(server.url).post("/x", json={})


def test_a_connection_that_was_never_made_is_tried_again() -> None:
    """Nothing can have happened where nothing listens, also for a write."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(WaitAndRetry, match="no connection"):
        opened(f"http://127.0.0.1:{port}", attempts=2).post("/x", json={})


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, SkipRecord),
        (401, StopConnection),
        (402, AskPerson),
        (403, AskPerson),
        (404, SkipRecord),
        (409, SkipRecord),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[AdapterError]) -> None:
    """Refusals are named by what the engine does next, and never repeated."""
    with (
        rough_server(http(status, "no such\n thing")) as server,
        pytest.raises(kind, match="no such thing") as caught,
    ):
        opened(server.url).get("/x")
    assert caught.value.status == status


PAGE = http(200, "<html><h1>Maintenance</h1></html>", "Content-Type: text/html; charset=utf-8")


def test_a_page_is_not_an_answer() -> None:
    """HTML where JSON should be is a named error with the content type, after trying again."""
    with (
        rough_server(PAGE, PAGE) as server,
        pytest.raises(WaitAndRetry, match=r"not JSON but text/html.*Maintenance"),
    ):
        opened(server.url, attempts=2).get("/x")
    with rough_server(PAGE) as server, pytest.raises(LookFirst, match="text/html"):
        opened(server.url).post("/x", json={})


@pytest.mark.parametrize(
    "body",
    ["", '{"a": 1', "[1, 2,", '{"a": NaN}', "[" * 100_000, "nothing", '{"a": "\\'],
)
def test_what_is_not_json_is_a_named_error(body: str) -> None:
    """A page cut short, nested without end or holding no JSON never becomes a value."""
    answer = Answer(200, {}, body.encode(), datetime.now(UTC))
    with pytest.raises(WaitAndRetry, match="not JSON"):
        answer.json()
    assert answer.json_or_none() is None
    assert Answer(204, {}, b"", datetime.now(UTC)).json() is None


def test_half_a_character_is_replaced() -> None:
    """A lone surrogate could not be stored or sent; a pair is a character."""
    assert parse_json(b'{"a\\ud800": ["\\uDFFF", "\\ud83e\\udd50"]}') == {
        "a\ufffd": ["\ufffd", "🥐"]
    }


def test_a_cut_body_is_no_answer() -> None:
    """A body shorter than promised is tried again for a read."""
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1, 2"
    with rough_server(short, json(200, "[1, 2, 3]")) as server:
        assert opened(server.url).get("/x").json() == [1, 2, 3]


def test_a_redirect_is_not_followed() -> None:
    """The credential never travels to another host."""
    with rough_server() as other:
        away = http(302, "", f"Location: http://localhost:{other.port}/x?token=1")
        with (
            rough_server(away) as server,
            pytest.raises(SkipRecord, match="redirect to localhost is not followed") as caught,
        ):
            opened(server.url).get("/x")
    assert other.seen == []
    assert caught.value.status == 302


def test_an_endless_body_ends() -> None:
    """An answer without end is given up at the limit, not when memory is full."""

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            while True:
                connection.sendall(b"x" * 65536)

    with (
        rough_server(endless) as server,
        pytest.raises(SkipRecord, match="larger than 300000 bytes"),
    ):
        opened(server.url, max_body=300_000).get("/x")


def test_a_silent_server_times_out() -> None:
    """A server that accepts and says nothing costs no more than the time-out."""
    with rough_server(lambda connection: time.sleep(0.5)) as server:
        started = time.monotonic()
        with pytest.raises(WaitAndRetry, match="ReadTimeout"):
            opened(server.url, timeout=0.1, attempts=1).get("/x")
    assert time.monotonic() - started < 2


def test_dripping_is_not_an_answer() -> None:
    """An answer that comes byte by byte for ever is given up after five time-outs."""

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):
            for _ in range(150):
                connection.sendall(b" ")
                time.sleep(0.02)

    # A busy machine may pause between two bytes: well over that is allowed for.
    with rough_server(drip) as server, pytest.raises(WaitAndRetry, match="takes too long"):
        opened(server.url, timeout=0.4, attempts=1).get("/x")


@pytest.mark.parametrize(
    "base",
    [
        "http://api.example",
        "http://127.0.0.1.example",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://",
        "https://user:pass@api.example",
        "https://api.example?token=1",
        "http://[::1",
        "api.example",
    ],
)
def test_an_unsafe_base_is_refused(base: str) -> None:
    """Credentials go over TLS to a plain host, except on this very machine."""
    with pytest.raises(StopConnection, match="base URL") as caught:
        opened(base)
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize("base", ["https://api.example/1/", "http://localhost:1", "http://[::1]:1"])
def test_a_safe_base_is_taken(base: str) -> None:
    """TLS anywhere, or plain on loopback."""
    opened(base).close()


@pytest.mark.parametrize(
    "path", ["x", "//evil.example/x", "/a/../b", "https://evil.example", "/\\x"]
)
def test_a_path_stays_under_the_base(path: str) -> None:
    """A path that a vendor's answer gave cannot lead elsewhere."""
    with pytest.raises(SkipRecord, match="path"):
        opened("https://api.example").get(path)


def test_ids_stay_in_their_place() -> None:
    """An untrusted id is one segment, whatever is in it."""
    assert segment("a/b?c#d é") == "a%2Fb%3Fc%23d%20%C3%A9"
    assert segment("..") == "%2E%2E"
    with rough_server(OK) as server:
        opened(server.url).get(f"/x/{segment('../../y')}/z?offset=1", params={"limit": 5})
    assert server.seen[0].startswith("GET /x/..%2F..%2Fy/z?offset=1&limit=5 ")


@pytest.mark.parametrize("body", [{"a": float("nan")}, {"a": {1, 2}}, {"a": "\ud800"}])
def test_what_cannot_be_sent_skips_the_record(body: Any) -> None:
    """A value that is not JSON is this record's trouble, and not quoted."""
    with pytest.raises(SkipRecord, match="cannot be built"):
        opened("https://api.example").post("/x", json=body)


def test_a_token_that_no_header_can_carry() -> None:
    """A token with a line break stops the connection without being shown."""
    client = opened("https://api.example", headers=lambda: {"authorization": "Bearer a\nb"})
    with pytest.raises(StopConnection, match="header authorization") as caught:
        client.get("/x")
    assert "a\nb" not in str(caught.value)


SHOWS: list[Callable[[str], bytes]] = [
    lambda token: http(401, f"invalid token {token}"),
    lambda token: json(400, f'{{"bad": "{token}"}}'),
    lambda token: http(404, f"no /x?token={token.replace('/', '%2f').replace('+', '%2B')}"),
    lambda token: http(200, f"<p>{token}</p>", f"Content-Type: text/{token}"),
    lambda token: http(301, "", f"Location: https://{token[:3]}.example/?{token}"),
]


@pytest.mark.parametrize("answer", SHOWS)
def test_no_error_or_log_shows_the_secret(answer: Callable[[str], bytes]) -> None:
    """A vendor that echoes the credential does not get it into an error or the log."""
    with rough_server(answer(TOKEN)) as server, structlog.testing.capture_logs() as logs:
        client = opened(server.url, attempts=1)
        with pytest.raises(AdapterError) as caught:
            client.get(f"/tokens/{segment(TOKEN)}")
    told = f"{caught.value!r} {caught.value} {caught.value.detail} {logs} {client!r}"
    assert "odd" not in told
    assert "0123456789" not in told


def test_a_request_leaves_one_event() -> None:
    """One event a request sent: system, method, path without query, status, milliseconds."""
    with rough_server(drop, OK) as server, structlog.testing.capture_logs() as logs:
        opened(server.url).get("/x", params={"q": "private"})
    assert [(e["event"], e["system"], e["method"], e["path"], e["status"]) for e in logs] == [
        ("http.request", "rough", "GET", "/x", None),
        ("http.request", "rough", "GET", "/x", 200),
    ]
    assert all(isinstance(event["ms"], int) for event in logs)


def test_a_proxy_of_the_environment_is_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is meant for this machine does not pass a proxy that the environment names."""
    with rough_server() as proxy, rough_server(OK) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert opened(server.url).get("/x").ok
    assert proxy.seen == []


@pytest.mark.parametrize("proxy", ["ftp://user:hidden@127.0.0.1:1", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """A proxy of an unknown kind stops the connection, says where it stands, and hides who asks."""
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(StopConnection, match=r"proxy.*ALL_PROXY.*http://") as caught:
        opened("https://api.example")
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 403, 408])
def test_a_refusal_is_not_repeated_where_refusals_are_counted(status: int) -> None:
    """A vendor that locks out whoever is refused too often is asked once; its failures, again."""

    def waiting(found: Answer) -> AdapterError | None:
        return None if found.ok else WaitAndRetry("later", status=found.status)

    more: dict[str, Any] = {"attempts": Attempts(3, refused=False), "classify": waiting}
    with rough_server(json(status, "{}"), OK) as server, pytest.raises(WaitAndRetry):
        opened(server.url, **more).get("/x")
    assert len(server.seen) == 1
    with rough_server(json(500, "{}"), json(503, "{}"), OK) as server:
        assert opened(server.url, **more).get("/x").json() == {"ok": True}


def test_waits_can_be_longer_than_usual() -> None:
    """Between attempts at a vendor that counts its own failures there is more time."""
    waited: dict[float, list[float]] = {1: [], 1000: []}
    for slow, told in waited.items():
        attempts = Attempts(3, slow)
        with rough_server(*[json(503, "{}")] * 3) as server, pytest.raises(WaitAndRetry):
            opened(server.url, attempts=attempts, sleep=told.append).get("/x")
    assert max(waited[1]) <= 1
    assert len(waited[1000]) == 2
    assert max(waited[1000]) > 1
