"""Processes, and what each cost: CPU of it and all that it started, wall time, peak memory."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.environments import ROOT, Failed


@dataclass(frozen=True)
class Cost:
    """What one process cost.

    Args:
        cpu: seconds, user and system, of it and of all its children.
        wall: seconds.
        peak: MB of the largest of them.
        out: what it printed.
    """

    cpu: float
    wall: float
    peak: float
    out: str = ""


def run(
    command: Sequence[str | Path],
    folder: Path,
    env: Mapping[str, str] | None = None,
    *,
    silent: bool = False,
) -> Cost:
    """Run a command to its end and measure it. Raises :class:`Failed` where it ends badly.

    Args:
        command: what to run.
        folder: where its output is put.
        env: what it finds in its environment beside the usual.
        silent: its output is thrown away unread.
    """
    out, err = folder / "out.txt", folder / "err.txt"
    with out.open("wb") as told, err.open("wb") as amiss:
        started = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if silent else told,
            stderr=amiss,
            env=environment() | dict(env or {}),
            cwd=folder,
        )
        # Its own time and that of children it waited for, as the kernel counts it.
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        text = (out.read_text(errors="replace") + err.read_text(errors="replace"))[-1500:]
        raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text}")
    cpu = used.ru_utime + used.ru_stime
    return Cost(cpu, wall, used.ru_maxrss / 1024, "" if silent else out.read_text())


def environment() -> dict[str, str]:
    """What measured processes find: nothing of ours, and files are read from where they are."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SYNCER_", "PYTHON"))}
    return kept | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "TQDM_DISABLE": "1"}


def ours(*words: str | Path) -> list[str | Path]:
    """A command of our own interpreter."""
    return [sys.executable, *words]
