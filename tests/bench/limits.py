"""How much of a rate limit is used by whoever has more to send than it allows.

Time runs faster: windows and the vendor's answers are shorter by the same factor, everything
else is real (threads, sockets, a server that counts arrivals in exact sliding windows and
refuses what is above them). The client is the budget around one bare request on a kept
connection, for the CPU of a whole request does not run faster; clients with the whole of it,
at limits in real time, are measured in `saturation`.

What is used is told by arrivals: with a limit of N in a window W, the request that comes N
later may come W later, not sooner. What the same N places took longer than that is lost.
"""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from syncer.adapterkit.errors import WaitAndRetry
from syncer.adapterkit.limits import Budget, Limit, spending_for
from syncer.adapterkit.retry import Attempts, retrying
from tests.bench.goal import Goal
from tests.bench.meter import Told, Vendor, serving, use_of

READ, WRITE = "read", "write"


class Case(Struct, frozen=True):
    """A limit and those who press against it.

    Args:
        limits: as documented; the first is the one that is measured.
        threads: by the kind of request that each sends, one after the other.
        answers: seconds on average until the vendor answers, give or take half of it.
    """

    name: str
    limits: tuple[Limit, ...]
    threads: tuple[tuple[str, int], ...]
    answers: float

    def faster(self, times: float) -> "Case":
        """The same in time that runs so many times faster."""
        limits = (replace(limit, seconds=limit.seconds / times) for limit in self.limits)
        return replace(self, limits=tuple(limits), answers=self.answers / times)

    @property
    def bound(self) -> float:
        """What no client can exceed that never risks a refusal: see `syncer.adapterkit.window`."""
        window = self.limits[0].seconds
        return window / (window + self.answers)


CASES: Final = (
    Case("100 / 10 s", (Limit(100, 10),), ((READ, 8),), 0.05),
    Case("190 / 10 s", (Limit(190, 10),), ((READ, 8),), 0.05),
    Case(
        "1500 / 60 s, 50 reads and 15 writes in flight",
        (
            Limit(1500, 60),
            Limit(50, 0, frozenset({READ})),
            Limit(15, 0, frozenset({WRITE})),
        ),
        ((READ, 50), (WRITE, 15)),
        0.2,
    ),
)
_SHARED: Final = replace(CASES[1], name="190 / 10 s by two clients", threads=((READ, 16),))
_METHODS: Final = {READ: b"GET", WRITE: b"PUT"}


class _Run(Struct, frozen=True):
    """What the vendor counted, and how many useful answers each client got."""

    case: Case
    told: Told
    answered: dict[str, int]

    @property
    def used(self) -> float:
        """How much of the limit got useful answers."""
        return use_of(self.case.limits[0], self.told)

    @property
    def refused(self) -> int:
        """Requests above a limit."""
        return self.told.statuses[429]


class _Phone:
    """Bare requests on a connection that is kept."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._line = socket.create_connection((str(where.hostname), where.port or 80))
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: bytes) -> int:
        """The status of the answer."""
        self._line.sendall(method + b" / HTTP/1.1\r\nauthorization: token\r\n\r\n")
        answer = self._line.recv(4096)
        return int(answer[9:12])

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def _press(case: Case, faster: float, windows: float, shares: Sequence[int], part: float) -> _Run:
    """Send as much as the limit allows for so many windows.

    ``shares`` are the threads of each client (of one kind), or none: then all are of one.
    """
    limits = case.limits
    answered: dict[str, int] = {}
    budget = Budget(limits, share=1)
    again = retrying(Attempts(4, slow=1 / faster), time.sleep)
    vendor = Vendor(limits, case.answers * 0.5, case.answers * 1.5, part)
    with serving(vendor) as running:
        until = time.monotonic() + limits[0].seconds * windows + case.answers

        def work(client: str, kind: str) -> None:
            with closing(_Phone(running.url)) as phone, spending_for(client):
                got = 0
                while time.monotonic() < until:
                    again(_once, budget, phone, kind)
                    got += 1
                answered[f"{client} {threading.get_ident()}"] = got

        crews = [(f"client {n}", READ, size) for n, size in enumerate(shares)]
        crews = crews or [("", kind, size) for kind, size in case.threads]
        _together([(work, (c, kind)) for c, kind, size in crews for _ in range(size)])
        (told,) = running.stop().values()
    return _Run(case, told, answered)


def _once(budget: Budget, phone: _Phone, kind: str) -> None:
    with budget.slot(kind):
        status = phone.ask(_METHODS[kind])
    if status != 200:
        raise WaitAndRetry("no", status=status)


def _together(work: Sequence[tuple[Callable[..., None], tuple[str, str]]]) -> None:
    threads = [threading.Thread(target=do, args=args) for do, args in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _use(case: Case, faster: float, windows: float, part: float, least: float) -> Goal:
    run = _press(case.faster(faster), faster, windows, (), part)
    failing = f", {part:.0%} of answers 503" if part else ""
    detail = (
        f"time runs {faster:g} times faster; {len(run.told.arrivals)} requests, "
        f"{run.refused} refused; answers take {case.answers * 1000:.0f} ms +- 50 %, which bounds "
        f"it at {case.bound * (1 - part):.4f}: a place is given on a window after its answer"
    )
    holds = run.used >= least and not run.refused
    target = f">= {least}, 0 refused"
    return Goal(9, f"use of {case.name}{failing}", target, run.used, "", holds, detail)


def _fair(faster: float, windows: float) -> Goal:
    run = _press(_SHARED.faster(faster), faster, windows, (8, 8), 0)
    totals = [
        sum(count for name, count in run.answered.items() if name.startswith(f"client {n} "))
        for n in (0, 1)
    ]
    figure = min(totals) / max(totals)
    detail = (
        f"one process, one token, 8 threads each: {totals[0]} and {totals[1]} answers, "
        f"{run.refused} refused; both together used {run.used:.4f}. Processes share no budget: "
        "each is given a share of the limit in the configuration"
    )
    name, holds = "two clients sharing one key: slower / faster", figure >= 0.95 and not run.refused
    return Goal(9, name, ">= 0.95", figure, "", holds, detail)


def measure(quick: bool) -> list[Goal]:
    """The use of each limit; quick: all at once, in time that runs faster, for fewer windows."""
    windows, seconds = (2.2, 2.5) if quick else (5.3, 6)
    with ProcessPoolExecutor(7 if quick else 1, get_context("spawn")) as pool:
        told = [
            pool.submit(_use, case, min(20, case.limits[0].seconds / seconds), windows, *part)
            for case in CASES
            for part in ((0.0, 0.99), (0.02, 0.95))
        ]
        told.append(pool.submit(_fair, 15 if quick else 4, 8))
        return [goal.result() for goal in told]
