"""Kills from outside, at moments that nobody chose: the installed command, without any hook."""

import os
import random
import signal
import subprocess
import sys
import time

from tests.architecture.source import ROOT
from tests.kills.house import House, NotAsPromised
from tests.kills.scenarios import Cycle, same

SHOWN = 40


def killed_from_outside(house: House, cycle: Cycle, times: int, seed: int) -> int:
    """Kill a run so often, each time anew; gives how often it did not end the same.

    These processes pace themselves as always: only the sandboxes' own limits are lifted.
    """
    if not times:
        return 0
    chance = random.Random(seed)
    house.restore(cycle.picture)
    begun = time.monotonic()
    _started(house).wait()
    whole = time.monotonic() - begun
    wrong = struck = 0
    for number in range(1, times + 1):
        house.restore(cycle.picture)
        after = chance.uniform(whole / 4, whole)  # before that it reads its configuration
        struck += _kill(house, after)
        try:
            house.run_until_quiet()
            same(cycle.content, house.content())
        except NotAsPromised as error:
            wrong += 1
            print(f"killed from outside, {number}. time, after {after:.3f} s (seed {seed}):")
            print(*(f"  {line[:1200]}" for line in error.lines[:SHOWN]), sep="\n")
    print(
        f"from outside: {times} kills at random moments (seed {seed}), {struck} of them before"
        f" the run was over, {times - wrong} ended the same",
        flush=True,
    )
    return wrong


def _kill(house: House, after: float) -> bool:
    """Start a run and kill it; whether it was still under way."""
    process = _started(house)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _started(house: House) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "syncer", "--config", str(house.root), "run"]
    nothing = subprocess.DEVNULL
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SYNCER_")}
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=nothing, stderr=nothing)
