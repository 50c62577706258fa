"""Fresh random cases for as long as told: ``python -m tests.laws.soak --minutes 5``.

Prints what was tried every half minute and at the end; a failure with its seed and the shortest
script that was found for it. Ends with 1 if a law was broken.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from random import SystemRandom

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.laws.base import FAILED, RULES, TALLY
from tests.laws.machine import Machine
from tests.laws.replay import shortened, written

CASES, STEPS = 15, 18
EVERY = 30.0
SHORTENING = 60.0
"""Seconds in which a failed case is made shorter."""


@dataclass(frozen=True)
class Failure:
    """A broken law, with what plays it again."""

    seed: int
    message: str
    script: str


def cases(number: int, count: int, steps: int, swarm: Sequence[str] = ()) -> str:
    """So many cases from a seed, until one fails; what it says, or nothing.

    ``swarm`` names the only rules that these cases use, beside the beginning; all unless said.
    """
    left_out = RULES - set(swarm) if swarm else set()
    machine = seed(number)(type("Machine", (Machine,), dict.fromkeys(left_out)))
    usual = settings(
        max_examples=count,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    FAILED.clear()
    try:
        run_state_machine_as_test(machine, settings=usual)
    except Exception as error:  # noqa: BLE001 - a fault of the program is a failure like any other
        return str(error) or repr(error)
    return ""


def batch(number: int) -> tuple[Counter[str], Failure | None]:
    """One batch in a process of its own: what was tried, and the failure."""
    TALLY.clear()
    message = cases(number, CASES, STEPS)
    tried = Counter(TALLY)
    if not message:
        return tried, None
    script, said = shortened(list(FAILED), message, SHORTENING)
    return tried, Failure(number, said, written(script))


def figures(tried: Counter[str]) -> str:
    """What was tried, in two lines."""
    first = ("cases", "steps", "cycles", "kills tried", "kills that hit")
    head = ", ".join(f"{tried[name]} {name}" for name in first)
    rest = ", ".join(f"{n} {name}" for name, n in sorted(tried.items()) if name not in first)
    return f"{head}\n  {rest}"


def soak(minutes: float, start: int, workers: int) -> int:
    """Run until the time is up. Returns how many failures there were."""
    end, shown, tried = time.monotonic() + 60 * minutes, time.monotonic(), Counter[str]()
    failures: list[Failure] = []
    with ProcessPoolExecutor(workers, max_tasks_per_child=8) as pool:
        numbers = iter(range(start, sys.maxsize))
        waiting = {pool.submit(batch, next(numbers)) for _ in range(workers)}
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            counted, failure = done.result()
            tried += counted
            failures += [failure] if failure else []
            if failure:
                print(f"seed {failure.seed}: {failure.message}\n{failure.script}", flush=True)
            if time.monotonic() < end:
                waiting.add(pool.submit(batch, next(numbers)))
            if time.monotonic() - shown >= EVERY:
                shown = time.monotonic()
                print(f"{figures(tried)}\n  {len(failures)} failures", flush=True)
    print(f"{figures(tried)}\n  {len(failures)} failures, seeds from {start} on")
    return len(failures)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.laws.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**9))
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args(arguments)
    return 1 if soak(given.minutes, given.seed, given.workers) else 0


if __name__ == "__main__":
    sys.exit(main())
