"""``make bench`` and ``make bench-quick``: what a cycle costs, beside what people would use instead.

``python -m tests.bench [--quick] [--only GOAL,...] [--json] [--most N] [--rounds N]``. Prints a
line for each goal and how many hold; the full one writes ``docs/performance.md``. Exit code 1
where the bench itself failed or two sides were not equal; goals that do not hold are no failure.
``python -m tests.bench lock`` locks the peers anew.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

from tests.bench import environments
from tests.bench.course import RUN, progress
from tests.bench.document import PAGE, written
from tests.bench.environments import Failed
from tests.bench.goal import Goal
from tests.bench.ratios import readable

MODULES: Final[dict[str, set[int]]] = {
    "comparing": {1, 6},
    "loading": {2, 3},
    "idle": {4, 5},
    "growth": {7, 10, 11},
    "requests": {8},
    "limits": {9},
    "saturation": {12},
}
"""Every module that measures, and the goals that it answers for."""

ASIDE: Final = frozenset({8, 9})
"""Goals that no CPU time is measured for."""

GOALS: Final = frozenset(number for numbers in MODULES.values() for number in numbers)
BESIDE: Final = frozenset({1, 2, 3, 4, 5, 6, 7, 10, 11})
"""Goals that are measured in rounds with the peers."""


def main(words: list[str]) -> int:
    """Everything that was asked for; gives the exit code."""
    if words == ["lock"]:
        environments.lock(progress)
        return 0
    asked = _asked(words)
    os.environ |= {"BENCH_MOST": str(asked.most or ""), "BENCH_ROUNDS": str(asked.rounds or "")}
    only = asked.only or GOALS
    started = time.monotonic()
    try:
        if only & BESIDE:
            environments.build(progress)
        goals = _measured(only, quick=asked.quick)
    except (Failed, AssertionError) as error:
        sys.stdout.write(f"bench: broken: {error}\n")
        return 1
    if asked.json:
        sys.stdout.write(json.dumps([asdict(goal) for goal in goals], indent=1) + "\n")
    else:
        _show(goals)
    if not asked.quick and not asked.only:
        PAGE.write_text(written(goals, RUN, list(_sections())), encoding="utf-8")
        progress(f"{PAGE.relative_to(environments.ROOT)} is written")
    held = _held(goals)
    how = "few records, one round: start-up weighs more than it does" if asked.quick else "full"
    progress(f"{time.monotonic() - started:.0f} s ({how})")
    last = f"bench: {sum(held.values())} of {len(held)} goals hold\n"
    (sys.stderr if asked.json else sys.stdout).write(last)
    return 0


def _asked(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("--quick", action="store_true", help="few records, one round")
    parser.add_argument("--only", type=_numbers, metavar="GOAL,...", help="numbers of goals")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--most", type=int, metavar="N", help="records of the larger size")
    parser.add_argument("--rounds", type=int, metavar="N", help="turns of ours and theirs")
    return parser.parse_args(words)


def _numbers(text: str) -> frozenset[int]:
    found = frozenset(int(word) for word in text.split(","))
    if found - GOALS:
        raise argparse.ArgumentTypeError(f"goals have the numbers 1 to {max(GOALS)}")
    return found


def _measured(only: frozenset[int], *, quick: bool) -> list[Goal]:
    # Counting requests and waiting for limits need little of a core: the quick bench does it
    # beside the rounds, which are measured in CPU.
    apart = only & ASIDE if quick and only & BESIDE else frozenset[int]()
    with _aside(apart) as aside:
        found: list[Goal] = []
        for name, numbers in MODULES.items():
            if numbers & (only - apart):
                module = importlib.import_module(f"tests.bench.{name}")
                found += module.measure(quick)
        found += aside()
    return sorted((goal for goal in found if goal.number in only), key=lambda goal: goal.number)


@contextmanager
def _aside(goals: frozenset[int]) -> Iterator[Callable[[], list[Goal]]]:
    """Measure these goals in a process of its own meanwhile; what is given waits for it."""
    if not goals:
        yield list
        return
    words = [sys.executable, "-m", "tests.bench", "--quick", "--json"]
    only = ",".join(map(str, sorted(goals)))
    with subprocess.Popen([*words, "--only", only], stdout=subprocess.PIPE, text=True) as process:

        def told() -> list[Goal]:
            out, _ = process.communicate()
            if process.returncode:
                raise Failed(out.strip())
            return [Goal(**one) for one in json.loads(out)]

        try:
            yield told
        except BaseException:
            process.kill()
            raise


def _sections() -> Iterator[str]:
    """What modules add to the page: they may have a function `section` that gives Markdown."""
    for name in MODULES:
        module = sys.modules.get(f"tests.bench.{name}")
        if module is not None and hasattr(module, "section"):
            yield module.section()


def _show(goals: Iterable[Goal]) -> None:
    for goal in goals:
        mark = "holds" if goal.holds else "not  "
        figure = f"{readable(goal.figure)} {goal.unit}".strip()
        sys.stdout.write(f"{goal.number:2} {mark} {figure:>9} ({goal.target})  {goal.name}\n")
        sys.stdout.write(f"{'':20} {goal.detail}\n")


def _held(goals: Iterable[Goal]) -> dict[int, bool]:
    """By number: whether every line of it holds."""
    held: dict[int, bool] = {}
    for goal in goals:
        held[goal.number] = held.get(goal.number, True) and goal.holds
    return held


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
