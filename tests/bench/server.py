"""The bench's server: systems over HTTP on loopback, in a process of its own.

``python -m tests.bench.server`` prints its port. It stands in for vendors, simply and fast:
lists of 100 a page, a log of changes, one record a write or 100. It has no limits and no faults.
"""

import asyncio
import sys
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from tests.bench.records import LABELS, PEOPLE, PRIORITIES, SIZES, STATUSES, SYNCER
from tests.bench.systems import KINDS, System

_OK: Final = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ndate: %b\r\ncontent-length: "
_BAD: Final = b"HTTP/1.1 %d No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
_PEOPLE: Final = [
    {"id": f"u-{who}", "name": who.title(), "email": f"{who}@example.com", "active": True}
    for who in (*PEOPLE, SYNCER)
]
_CHOICES: Final = {
    "status": STATUSES, "priority": PRIORITIES, "size": SIZES, "labels": LABELS,
}  # fmt: skip


class Refused(Exception):
    """Nothing of what was asked can be done; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Desk:
    """Answers requests."""

    def __init__(self) -> None:
        self.systems: dict[str, System] = {}
        self.counts: Counter[str] = Counter()

    def answer(self, method: str, path: str, query: dict[str, str], body: bytes, by: str) -> bytes:
        """The body of the answer to one request. Raises :class:`Refused`."""
        first, *rest = path.strip("/").split("/")
        if first == "_control":
            return self._control(rest[0], query)
        system = self.systems.get(first)
        if system is None:
            raise Refused(404)
        if not by:
            raise Refused(401)
        self.counts[f"{first} {method} {rest[0]}"] += 1
        try:
            if method == "GET":
                return _read(system, rest, query, by)
            return _written(system, method, rest, msgspec.json.decode(body), by)
        except (KeyError, ValueError, IndexError, msgspec.DecodeError):
            raise Refused(404) from None

    def _control(self, what: str, query: dict[str, str]) -> bytes:
        """What the bench itself asks for: it is counted nowhere."""
        name = query.get("system", "")
        if what == "load":
            self.systems[name] = System(name)
            self.systems[name].load(int(query["count"]), int(query.get("seed", 1)))
        elif what == "clear":
            self.systems[name] = System(name)
        elif what == "change":
            self.systems[name].change(int(query["count"]), query["by"], int(query["again"]))
        elif what == "dump":
            return b"".join(self.systems[name].dump())
        elif what == "counts":
            told, self.counts = self.counts, Counter()
            return msgspec.json.encode(told)
        return b"{}"


def _read(system: System, path: list[str], query: dict[str, str], by: str) -> bytes:
    kind, *more = path
    if kind == "changed":
        return system.changed(int(query["since"]))
    if kind == "me":
        return msgspec.json.encode(next(p for p in _PEOPLE if p["id"] == by))
    if kind == "people":
        return msgspec.json.encode({"results": _PEOPLE})
    if kind == "definitions":
        return msgspec.json.encode({"choices": _CHOICES})
    if more:
        shelf = system.shelves[kind]
        return shelf.rows[shelf.at[more[0]]]
    if "named" in query:
        return _named(system, kind, query["named"])
    if "since" in query and (not system.log or query["since"] >= system.log[0].at):
        return system.later(query["since"], int(query.get("after", 0)))
    return system.page(kind, int(query.get("after", 0)))


def _named(system: System, kind: str, name: str) -> bytes:
    shelf = system.shelves[kind]
    found = [shelf.rows[shelf.at[id]] for id in shelf.ids if shelf.row(id)["name"] == name]
    return b'{"results":[%b],"next":null}' % b",".join(found)


def _written(system: System, method: str, path: list[str], sent: Any, by: str) -> bytes:
    """One record a request, or ``inputs`` of a batch."""
    kind, *more = path
    if more == ["batch", "create"]:
        return _all(system.create(kind, one, by)[1] for one in sent["inputs"])
    if more == ["batch", "update"]:
        rows = [(one["id"], one["values"]) for one in sent["inputs"]]
        return _all(system.update(kind, id, values, by) for id, values in rows)
    if more == ["batch", "read"] and kind in KINDS:
        shelf = system.shelves[kind]
        return _all(shelf.rows[shelf.at[id]] for id in sent["ids"] if id in shelf.at)
    if kind == "log":
        return system.of(set(sent["ids"]))
    if method == "PUT":
        return system.update(kind, more[0], sent, by)
    return system.create(kind, sent, by)[1]


def _all(rows: Any) -> bytes:
    return b'{"results":[%b]}' % b",".join(rows)


class Wire(asyncio.Protocol):
    """One connection: requests with a content length, answers in their order."""

    desk = Desk()

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where answers go."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            head = self._held[:end].decode("latin-1")
            start, *lines = head.split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (one.partition(":") for one in lines)}
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._held) < whole:
                return
            body, self._held = self._held[end + 4 : whole], self._held[whole:]
            self._transport.write(self._answer(start, headers, body))

    def _answer(self, start: str, headers: dict[str, str], body: bytes) -> bytes:
        method, target, _ = start.split(" ")
        path, _, query = target.partition("?")
        by = headers.get("authorization", "").removeprefix("Bearer ")
        try:
            told = self.desk.answer(method, path, dict(parse_qsl(query)), body, by)
        except Refused as refused:
            return _BAD % refused.status
        date = format_datetime(datetime.now(UTC), usegmt=True).encode()
        return b"".join((_OK % date, b"%d\r\n\r\n" % len(told), told))


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Wire, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    # Whoever started it holds the other end: it ends with them, however they end.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
