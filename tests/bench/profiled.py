"""Where the time of our phases goes: ``python -m tests.bench.profiled N [--single] [--lines 15]``.

A first sync, the cycle that hears the echoes and a full compare in this process, on the bench's
server, each under a profiler. It slows down what makes many calls, so its seconds are no figures of
the bench; the threads that pull and send are not looked into.
"""

import argparse
import cProfile
import io
import logging
import os
import pstats
import sys
import tempfile
from pathlib import Path

import structlog

from syncer.cli.work import service
from syncer.engine.context import NO_ORDERS, Orders
from syncer.model.report import CycleResult
from syncer.settings import load
from tests.bench.course import BATCH, ECHO, FIRST, FULL, SINGLE
from tests.bench.environments import ROOT
from tests.bench.folder import install
from tests.bench.served import Server

PHASES = {FIRST: NO_ORDERS, ECHO: NO_ORDERS, FULL: Orders(full=True)}


def main(count: int, batch: int, lines: int) -> None:
    """Print the first lines by own time and by time with what was called."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="profiled-") as folder, Server() as server:
        server.load("one", count)
        server.clear("two")
        installed = install(Path(folder), server.url, ("one", "two"), batch)
        sys.path.insert(0, str(installed.root / "plugin"))
        config = load(installed.root, {**os.environ, **installed.env})
        for phase, orders in PHASES.items():
            profile = cProfile.Profile()
            with service(config) as running, profile:
                [report] = running.run(None, orders)
            assert report.result is CycleResult.DONE, report.problems
            _show(phase, profile, lines)


def _show(phase: str, profile: cProfile.Profile, lines: int) -> None:
    for order in ("tottime", "cumtime"):
        told = io.StringIO()
        pstats.Stats(profile, stream=told).sort_stats(order).print_stats(lines * 4)
        rows = told.getvalue().partition("filename:lineno(function)\n")[2].splitlines()
        if order == "cumtime":
            rows = [row for row in rows if "/syncer/" in row and "service.py" not in row]
        sys.stdout.write(f"\n{phase}, by {order}: calls, own, each, all, each\n")
        for row in rows[:lines]:
            sys.stdout.write(f"{row.replace(f'{ROOT}/', '')[:110]}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.profiled")
    parser.add_argument("count", type=int)
    parser.add_argument("--single", action="store_true", help="one record a write")
    parser.add_argument("--lines", type=int, default=15)
    asked = parser.parse_args()
    main(asked.count, SINGLE if asked.single else BATCH, asked.lines)
