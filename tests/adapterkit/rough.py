"""A loopback server that behaves as badly as it is told to, below the level of HTTP."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


def http(status: int, body: str = "", *headers: str) -> bytes:
    """The bytes of an answer."""
    length = f"Content-Length: {len(body.encode())}"
    lines = [f"HTTP/1.1 {status} x", length, "Connection: close", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def json(status: int, body: str, *headers: str) -> bytes:
    """The bytes of an answer with JSON."""
    return http(status, body, "Content-Type: application/json", *headers)


@dataclass
class Rough:
    """Each request gets the next answer: bytes to send, or a function of the connection."""

    port: int
    answers: list[bytes | Script] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def handle(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            head = _whole(connection)
            if not head:
                return
            self.seen.append(head)
            answer = self.answers.pop(0)
            if isinstance(answer, bytes):
                connection.sendall(answer)
            else:
                answer(connection)


def _whole(connection: socket.socket) -> str:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return ""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    while length and len(body) < int(length[0].split(b":")[1]):
        body += connection.recv(65536)
    return (head + b"\r\n\r\n" + body).decode("latin-1")


@contextmanager
def rough_server(*answers: bytes | Script) -> Iterator[Rough]:
    """Serve these answers, one a connection, then stop."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        rough = Rough(listener.getsockname()[1], list(answers))

        def loop() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                try:
                    rough.handle(connection)
                except OSError:
                    continue

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        try:
            yield rough
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
