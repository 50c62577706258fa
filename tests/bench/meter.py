"""A vendor that does little but count: a fast server in a process of its own.

It speaks HTTP/1.1 on a real loopback socket, keeps its limits exactly (arrivals in windows that
slide, requests under way), refuses what is above them with 429, answers a seeded part with 503
and each after a seeded time. It stands in for a vendor where only its limits matter; what it
answers is one prepared page.
"""

import asyncio
import multiprocessing
import os
import random
import socket
import statistics
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

from syncer.adapterkit.window import Limit

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Vendor:
    """How it behaves.

    Args:
        limits: for each token; their kinds are ``read`` and ``write``.
        least, most: seconds until an answer is sent.
        failing: the part of all requests that is answered 503, 0 to 1.
        pages: the body that is answered, by the beginning of the path; `` `` is any other.
        core: of the processor, that it runs on; ``None``: any.
    """

    limits: tuple[Limit, ...]
    least: float = 0.0
    most: float = 0.0
    failing: float = 0.0
    pages: dict[str, bytes] = field(default_factory=lambda: {"": b"{}"})
    seed: int = 1
    core: int | None = None


@dataclass
class Told:
    """What it counted of one token."""

    arrivals: list[float] = field(default_factory=list)
    """When each request arrived (monotonic seconds), those that were refused as well."""
    statuses: Counter[int] = field(default_factory=Counter)


class _Meter:
    """Arrivals of one token."""

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self.told = Told()
        self._windows = [(limit, deque[float]()) for limit in limits]
        self.under_way = Counter[str]()

    def admits(self, kind: str, now: float) -> bool:
        """Count an arrival; whether every limit has room for it."""
        self.told.arrivals.append(now)
        room = True
        for limit, arrivals in self._windows:
            if not limit.counts(kind):
                continue
            if not limit.seconds:
                room = room and self.under_way[kind] < limit.count
                continue
            while arrivals and arrivals[0] <= now - limit.seconds:
                arrivals.popleft()
            room = room and len(arrivals) < limit.count
            arrivals.append(now)
        return room


class _Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, house: "_House") -> None:
        self.house = house
        self.held = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.held += data
        head, found, rest = self.held.partition(b"\r\n\r\n")
        if not found:
            return
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return
        body, self.held = rest[:length], rest[length:]
        method, path, _ = lines[0].split(" ")
        self.house.serve(self, method, path, headers.get("authorization", ""), body)


class _House:
    def __init__(self, vendor: Vendor, loop: asyncio.AbstractEventLoop) -> None:
        self.vendor = vendor
        self.loop = loop
        self.dice = random.Random(vendor.seed)
        self.meters: dict[str, _Meter] = {}

    def serve(self, line: _Line, method: str, path: str, token: str, body: bytes) -> None:
        """Count a request and answer it after a while."""
        meter = self.meters.get(token)
        if meter is None:
            meter = self.meters[token] = _Meter(self.vendor.limits)
        kind = "write" if method in WRITES else "read"
        status = 200
        if not meter.admits(kind, time.monotonic()):
            status = 429
        elif self.dice.random() < self.vendor.failing:
            status = 503
        meter.told.statuses[status] += 1
        meter.under_way[kind] += 1
        answer = self._answer(status, path)
        after = self.dice.uniform(self.vendor.least, self.vendor.most)
        self.loop.call_later(after, self._sent, line, meter, kind, answer)

    def _sent(self, line: _Line, meter: _Meter, kind: str, answer: bytes) -> None:
        meter.under_way[kind] -= 1
        line.transport.write(answer)

    def _answer(self, status: int, path: str) -> bytes:
        pages = self.vendor.pages
        body = next(
            (page for start, page in pages.items() if start and path.startswith(start)), b""
        )
        body = (body or pages[""]) if status == 200 else b'{"message":"no"}'
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: "
        return f"{head}{len(body)}\r\n\r\n".encode() + body


def _serve(vendor: Vendor, listener: socket.socket, wire: Connection) -> None:
    if vendor.core is not None:
        os.sched_setaffinity(0, {vendor.core})

    async def main() -> None:
        loop = asyncio.get_running_loop()
        house = _House(vendor, loop)
        server = await loop.create_server(lambda: _Line(house), sock=listener, backlog=1024)
        wire.send("ready")
        await loop.run_in_executor(None, wire.recv)
        wire.send({token: meter.told for token, meter in house.meters.items()})
        server.close()

    asyncio.run(main())


class Running:
    """A vendor that is being served; ``url`` has no slash at the end."""

    def __init__(self, url: str, wire: Connection) -> None:
        self.url = url
        self._wire = wire

    def stop(self) -> dict[str, Told]:
        """Stop it; what it counted, by the header ``authorization``."""
        self._wire.send("stop")
        told: dict[str, Told] = self._wire.recv()
        return told


@contextmanager
def serving(vendor: Vendor) -> Iterator[Running]:
    """Serve a vendor from a process of its own."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(vendor, listener, theirs), daemon=True
    )
    process.start()
    try:
        assert ours.recv() == "ready"
        yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", ours)
    finally:
        process.kill()
        process.join()
        listener.close()


def use_of(limit: Limit, told: Told) -> float:
    """Arrivals that were answered with 200, by what the limit allows: the median of the windows.

    With N in a window W, the request that comes N later may come W later, not sooner; what the
    same N places took longer than that is lost. The last window is not whole: of it nothing is
    used but the places that came as far.
    """
    arrivals, n = told.arrivals, limit.count
    rounds = range(max(1, (len(arrivals) - 1) // n - 1))
    took = [
        [
            later - sooner
            for sooner, later in zip(arrivals[at * n :][:n], arrivals[at * n + n :], strict=False)
        ]
        for at in rounds
    ]
    if not took[0]:
        return len(arrivals) / n / 2
    useful = told.statuses[200] / len(arrivals)
    return limit.seconds / statistics.median(map(statistics.mean, took)) * useful
