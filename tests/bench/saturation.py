"""How many clients one core keeps at HubSpot's limit, each with a token of its own.

One process, pinned to one core, sends through the HubSpot adapter's own door: budget, request,
answer read and checked, the mark of each of its hundred rows compared with the one known (what
a poll does with deals that are as they were). The vendor runs on another core and does little
but count (`meter`): it answers each batch with a page made before. The limit is in real time;
`quick` keeps the rate and shortens the window.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

import structlog

from adapters.hubspot.decode import mark_of
from adapters.hubspot.faults import classify
from adapters.hubspot.wire import Wire, batch_of, records
from syncer.adapterkit.http import Http
from syncer.adapterkit.limits import Budget, Limit, spending_for
from syncer.model.values import Kind
from tests.bench.goal import Goal
from tests.bench.meter import Told, Vendor, serving, use_of

READ, WRITE = "reads of 100 deals", "reads of 100 deals, each fifth an update of 100"
ROWS: Final = 100
LEAST: Final = 0.95
IN_FLIGHT: Final = 4
ANSWERS: Final = (0.02, 0.06)
"""Seconds until the vendor answers, with a window of ten."""
_KINDS: Final = {
    "dealname": Kind.TEXT,
    "project_brief": Kind.TEXT,
    "project_strategy": Kind.TEXT,
    "project_goals": Kind.TEXT,
    "producer": Kind.TEXT,
    "project_results": Kind.TEXT,
    "project_start": Kind.DATE,
    "project_deadline": Kind.DATE,
    "budget_hours": Kind.NUMBER,
    "project_results_value": Kind.NUMBER,
    "project_results_share": Kind.NUMBER,
    "hs_priority": Kind.TEXT,
}
COMPANY: Final = "7"
_VALUES: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "What somebody wrote about this, in a line or two. " * 2,
    Kind.DATE: "2027-03-19",
    Kind.NUMBER: "1250.5",
}


@dataclass(frozen=True)
class Run:
    """What became of so many clients."""

    clients: int
    used: list[float]
    refused: int
    cpu: float
    """Seconds of CPU a request, with all that is done with its answer."""
    busy: float
    """The part of the core that was in use, 0 to 1."""

    @property
    def kept(self) -> int:
        """How many were kept at their limit."""
        return sum(used >= LEAST for used in self.used)


def _row(number: int) -> dict[str, Any]:
    at = "2026-11-20T08:15:30.123Z"
    properties = {id: _VALUES[kind] for id, kind in _KINDS.items()}
    properties |= {"dealname": f"Deal {number}", "pipeline": "default", "dealstage": "closedwon"}
    return {
        "id": str(9_000_000 + number),
        "properties": properties,
        "createdAt": at,
        "updatedAt": at,
        "archived": False,
    }


_PAGE: Final = [_row(number) for number in range(ROWS)]


class _Client:
    """One client of the agency: a token, a budget, and what it knows of its deals."""

    def __init__(self, url: str, name: str, limit: Limit) -> None:
        self.name = name
        budget = Budget([limit], share=1)
        headers = {"authorization": f"Bearer {name}"}
        http = Http(
            url, headers=lambda: headers, classify=classify, budget=budget, system="hubspot"
        )
        self.wire = Wire(http)
        self.ids = [str(row["id"]) for row in _PAGE]
        self.known = {str(row["id"]): mark_of(row, COMPANY) for row in _PAGE}

    def work(self, until: float, every: int) -> None:
        """Read and compare, and write each so many requests (0: never)."""
        sent = 0
        with spending_for(self.name):
            while time.monotonic() < until:
                sent += 1
                if every and sent % every == 0:
                    self._write()
                else:
                    self._compare()

    def _compare(self) -> None:
        batch = self.wire.read("deal", self.ids, list(_KINDS))
        rows = batch.rows.items()
        news = [id for id, row in rows if mark_of(row, COMPANY) != self.known.get(id)]
        assert len(batch.rows) == ROWS
        assert not news

    def _write(self) -> None:
        inputs = [{"id": id, "properties": {"project_deadline": "2027-03-19"}} for id in self.ids]
        batch = batch_of(self.wire.post(records("deal", "batch", "update"), {"inputs": inputs}))
        assert len(batch.rows) == ROWS


def _pressed(clients: int, limit: Limit, windows: float, every: int) -> Run:
    """So many clients on one core, for so many windows."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    cores = sorted(os.sched_getaffinity(0))
    body = json.dumps({"status": "COMPLETE", "results": _PAGE}).encode()
    # Where the window is shorter, so is the vendor's time to answer.
    least, most = (seconds * limit.seconds / 10 for seconds in ANSWERS)
    vendor = Vendor((limit,), least, most, pages={"": body}, core=cores[0])
    with serving(vendor) as running:
        os.sched_setaffinity(0, {cores[-1]})
        found = [_Client(running.url, f"client-{n}", limit) for n in range(clients)]
        began, used = time.monotonic(), time.process_time()
        until = began + limit.seconds * windows
        threads = [
            threading.Thread(target=client.work, args=(until, every))
            for client in found
            for _ in range(IN_FLIGHT)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent, lasted = time.process_time() - used, time.monotonic() - began
        told = running.stop()
    return _run_of(limit, list(told.values()), spent, lasted)


def _run_of(limit: Limit, told: list[Told], spent: float, lasted: float) -> Run:
    sent = sum(len(one.arrivals) for one in told)
    refused = sum(one.statuses[429] for one in told)
    used = [use_of(limit, one) for one in told]
    return Run(len(told), used, refused, spent / sent, spent / lasted)


def _most(what: str, every: int, *, quick: bool) -> Goal:
    """More and more clients, until one is not kept at its limit."""
    limit = Limit(38, 2) if quick else Limit(190, 10)
    best: Run | None = None
    last: Run | None = None
    for clients in (10,) if quick else (10, 16, 24, 32, 40):
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            last = pool.submit(_pressed, clients, limit, 2.1 if quick else 3.2, every).result()
        if last.kept < clients or last.refused:
            break
        best = last
    assert last is not None
    figure = best.clients if best else last.kept
    shown = best or last
    detail = (
        f"{what}; {limit.count} / {limit.seconds:g} s each; {shown.clients} clients used "
        f"{min(shown.used):.3f} to {max(shown.used):.3f} of theirs, {shown.refused} refused, with "
        f"{shown.busy:.0%} of the core: {shown.cpu * 1000:.2f} ms a request of {ROWS} records, "
        f"which bounds it at {limit.seconds / limit.count / shown.cpu:.0f} clients"
        + ("; more were not tried" if last is best else f"; {last.clients} were too many")
    )
    holds = figure >= 10 and not shown.refused
    return Goal(12, f"clients at HubSpot's limit, {what}", ">= 10", figure, "", holds, detail)


def measure(quick: bool) -> list[Goal]:
    """How many clients are kept at their limit; quick: whether ten are."""
    goals = [_most(READ, 0, quick=quick)]
    return goals if quick else [*goals, _most(WRITE, 5, quick=quick)]
