"""Connections are kept for whoever comes next, on real sockets."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from syncer.adapterkit import connections
from syncer.adapterkit.answer import by_status
from syncer.adapterkit.http import Http
from syncer.adapterkit.limits import Budget


class Server(ThreadingHTTPServer):
    """Keeps its connections; ``ports`` are those that requests came from, in their order.

    ``asked`` and ``gone`` are released for each request, and each connection that is closed.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.ports: list[int] = []
        self.open: list[socket.socket] = []
        self.asked, self.gone = threading.Semaphore(0), threading.Semaphore(0)
        self.together = threading.Barrier(1)

    def hang_up(self) -> None:
        """Close all connections from this end."""
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """Answers when as many requests are under way as are to be."""

    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self) -> None:
        """Remember the connection."""
        super().setup()
        self.server.open.append(self.connection)

    def finish(self) -> None:
        """Remember that it is closed."""
        super().finish()
        self.server.gone.release()

    def do_GET(self) -> None:
        """An empty object."""
        self.server.ports.append(self.client_address[1])
        self.server.asked.release()
        self.server.together.wait(10)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that runs for one test."""
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def client(server: Server) -> Iterator[Http]:
    """What asks it; a request is sent once."""
    url = f"http://127.0.0.1:{server.server_address[1]}"
    http = Http(url, headers=dict, classify=by_status, budget=Budget([]), attempts=1, timeout=10)
    with closing(http):
        yield http


def at_once(server: Server, client: Http, count: int) -> set[int]:
    """The ports that so many requests under way at once came from."""
    server.together, before = threading.Barrier(count), len(server.ports)
    with ThreadPoolExecutor(count) as threads:
        answers = list(threads.map(lambda _: client.get("/x"), range(count)))
    assert [{}] * count == [answer.json() for answer in answers]
    server.together = threading.Barrier(1)
    return set(server.ports[before:])


def test_one_after_the_other_uses_one_connection(server: Server, client: Http) -> None:
    """A connection is made once for all requests of which none waits for another."""
    for _ in range(5):
        client.get("/x")
    assert 1 == len(set(server.ports))


def test_requests_at_once_have_one_each(server: Server, client: Http) -> None:
    """No request waits for another's connection, and all of them are found again."""
    first = at_once(server, client, 4)
    assert 4 == len(first)
    assert first == at_once(server, client, 4)


def test_what_the_vendor_hung_up_is_not_used(server: Server, client: Http) -> None:
    """A connection that was closed from the other end meanwhile costs no request."""
    at_once(server, client, 2)
    server.hang_up()
    assert {} == client.get("/x").json()
    assert 3 == len(set(server.ports))


def test_what_nobody_uses_is_closed(
    server: Server, client: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Connections of a busy moment do not stay open for ever."""
    at_once(server, client, 3)
    monkeypatch.setattr(connections, "KEPT", 0.0)
    client.get("/x")
    assert all(server.gone.acquire(timeout=10) for _ in range(3))


def test_what_was_under_way_when_all_was_closed_is_closed_after(
    server: Server, client: Http
) -> None:
    """Closing waits for nobody, and leaves nothing open."""
    server.together = threading.Barrier(2)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(client.get, "/x")
        assert server.asked.acquire(timeout=10)
        client.close()
        server.together.wait(10)
        assert {} == answer.result(10).json()
    assert server.gone.acquire(timeout=10)
