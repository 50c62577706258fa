"""What a request is on the wire, on real sockets."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpcore
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncer.adapterkit.answer import by_status
from syncer.adapterkit.connections import Connections, Punctual
from syncer.adapterkit.errors import WaitAndRetry
from syncer.adapterkit.http import Http
from syncer.adapterkit.limits import Budget
from syncer.adapterkit.wire import Wire
from tests.adapterkit.rough import http, json, rough_server

OK = json(200, "{}")
WIRE = Wire("https://api.example/1", 60, "test", 1000)


def opened(url: str, **headers: str) -> Any:
    return closing(
        Http(url, headers=lambda: headers, classify=by_status, budget=Budget([]), attempts=1)
    )


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[Punctual, socket.socket]]:
    """Our end of a connection, and the other one."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "x"))
        listener.listen()
        stream = httpcore.SyncBackend().connect_unix_socket(str(tmp_path / "x"))
        other, _ = listener.accept()
        with closing(stream), other:
            yield Punctual(stream), other


def test_head_and_body_travel_together(ends: tuple[Punctual, socket.socket]) -> None:
    """A request is one piece for the network, sent once the answer is waited for."""
    ours, theirs = ends
    ours.write(b"head ", timeout=1)
    ours.write(b"body", timeout=1)
    with pytest.raises(BlockingIOError):
        theirs.recv(100, socket.MSG_DONTWAIT)
    theirs.sendall(b"answer")

    assert ours.read(100, timeout=1) == b"answer"
    assert theirs.recv(100, socket.MSG_DONTWAIT) == b"head body"


def test_who_answers_early_is_heard(ends: tuple[Punctual, socket.socket]) -> None:
    """A vendor may refuse and hang up before it has read everything."""
    ours, theirs = ends
    theirs.sendall(b"too large")
    theirs.close()
    ours.write(b"a large body", timeout=1)

    assert ours.read(100, timeout=1) == b"too large"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/a/b.c-d_e~f", "/1/a/b.c-d_e~f"),
        ("/a/b%2Fc", "/1/a/b%2Fc"),
        ("/a b/\u00e9", "/1/a%20b/%C3%A9"),
        ("/a/./b", "/1/a/b"),
        ("/a?b=c d", "/1/a?b=c%20d"),
        ("/a?b=c#d", "/1/a?b=c"),
        ("/", "/1/"),
    ],
    ids=["plain", "encoded", "not encoded", "a dot", "a query", "a fragment", "the root"],
)
def test_a_path_has_one_form(path: str, target: str) -> None:
    """Whatever a path holds, it is sent as URLs are written."""
    with rough_server(OK) as server, opened(server.url + "/1") as client:
        client.get(path)
    assert server.seen[0].startswith(f"GET {target} HTTP/1.1\r\n")


@pytest.mark.parametrize("path", ["/a/b", "/a b", "/a?x=1"], ids=["plain", "odd", "more"])
@settings(max_examples=40)
@given(
    query=st.dictionaries(
        st.text(max_size=5),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
        | st.integers()
        | st.booleans()
        | st.none()
        | st.lists(st.text(max_size=3), max_size=2),
        max_size=3,
    )
)
def test_parameters_have_one_form(path: str, query: dict[str, Any]) -> None:
    """They are written as the HTTP library writes them, whichever way the path is."""
    base = "https://api.example/1"
    told = {key: value for key, value in query.items() if value is not None}
    wanted = httpx.URL(base + path).copy_merge_params(told).raw_path if told else None

    for _ in range(2):
        target = WIRE.parcel("GET", path, query, None, None).target
        assert target == (wanted or httpx.URL(base + path).raw_path)


def test_an_adapter_names_its_own_headers() -> None:
    """What an adapter says about itself counts, in any case, and is said once."""
    with rough_server(OK) as server, opened(server.url, Accept="text/x", Thing="a") as client:
        client.post("/x", json={"a": "\u00e9"})
    head = server.seen[0].lower().split("\r\n")
    assert [line for line in head if line.startswith("accept:")] == ["accept: text/x"]
    assert {"thing: a", "content-type: application/json", "content-length: 10"} <= set(head)
    assert f"host: 127.0.0.1:{server.port}" in head


def test_a_write_without_a_body_says_so() -> None:
    """Servers wait for a body unless they are told that there is none."""
    with rough_server(OK, OK) as server, opened(server.url) as client:
        client.post("/x")
        client.get("/x")
    assert "content-length: 0" in server.seen[0].lower()
    assert "content-length" not in server.seen[1].lower()


def test_a_form_is_sent_as_one() -> None:
    """Tokens are asked for by a form."""
    with rough_server(OK) as server, opened(server.url) as client:
        client.post("/token", form={"grant": "a b", "scope": ["x", "y"]})
    assert "content-type: application/x-www-form-urlencoded" in server.seen[0].lower()
    assert "content-length: 25" in server.seen[0].lower()


def test_a_header_that_comes_twice_holds_both() -> None:
    """As RFC 9110 reads it; what is no UTF-8 is read all the same."""
    odd = b"HTTP/1.1 200 OK\r\nLink: a\r\nlink: b\r\nX-Odd: \xe9\r\nContent-Length: 2\r\n\r\n{}"
    with rough_server(odd) as server, opened(server.url) as client:
        answer = client.get("/x")
    assert answer.headers["link"] == "a, b"
    assert answer.headers["x-odd"] == "\u00e9"


def test_no_cookie_is_kept() -> None:
    """A vendor's cookie is not sent back: who asks is said by the credential alone."""
    with (
        rough_server(json(200, "{}", "Set-Cookie: a=b; Path=/"), OK) as server,
        opened(server.url) as client,
    ):
        client.get("/x")
        client.get("/x")
    assert "cookie" not in server.seen[1].lower()


def test_a_proxy_of_the_environment_is_for_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is meant for a vendor goes by the proxy that the environment names."""
    with rough_server(http(502, "")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with (
            opened("https://api.example") as client,
            pytest.raises(WaitAndRetry, match="ProxyError"),
        ):
            # The vendor never heard of this write: nothing is to be looked up.
            client.post("/x")
    assert proxy.seen[0].startswith("CONNECT api.example:443 ")


def test_certificates_are_read_for_tls_only() -> None:
    """Whoever is asked by TLS must have one; without it none is read, and nobody would be trusted."""
    trusted = {}
    for url in ("https://api.example", "http://127.0.0.1:9"):
        found = Connections(httpx.URL(url))
        found.close()
        context = found.pool._ssl_context
        assert context is not None
        assert (ssl.CERT_REQUIRED, True) == (context.verify_mode, context.check_hostname)
        trusted[url] = context.cert_store_stats()["x509_ca"] > 0

    assert {"https://api.example": True, "http://127.0.0.1:9": False} == trusted
