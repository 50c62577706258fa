"""A receiver of messages on this machine: a real HTTP server that keeps what it is sent."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

TOKEN = "Hush0123hush"


@dataclass
class Receiver:
    """What arrived; ``status`` is what it answers from now on."""

    port: int = 0
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it listens, as an address with a secret in it."""
        return f"json://maya:pass-{TOKEN}@127.0.0.1:{self.port}/{TOKEN}"

    def texts(self) -> list[str]:
        """The messages, oldest first."""
        return [str(each["message"]) for each in self.got]

    def titles(self) -> list[str]:
        """Their titles."""
        return [str(each["title"]) for each in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver for as long as this lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.status == 200:
                receiver.got.append(json.loads(body))
            self.send_response(receiver.status)
            self.end_headers()
            self.wfile.write(f"answer with {TOKEN}".encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
