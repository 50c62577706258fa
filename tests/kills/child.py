"""The real command line in a process that kills itself at a boundary.

The process is a fork of one that has imported everything, for a new interpreter would pay for
its imports thousands of times. It is a process like any other: its own memory, its own
sockets, its own view of the file, and SIGKILL ends it anywhere.
"""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from syncer.cli import main
from tests.kills.boundaries import Boundaries, Place, told_in

Stopped = Callable[[], None]


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, negative for a signal, and what it said."""

    code: int
    out: str
    err: str
    places: list[Place]


def command(
    folder: Path, args: list[str], end_at: Place | None = None, stopped: Stopped | None = None
) -> Ended:
    """Run ``syncer ARGS`` in a process of its own.

    Args:
        end_at: the boundary at which it kills itself.
        stopped: if given, it only stops there, this is called, and then it is killed.
    """
    told = folder / "boundaries.txt"

    def run() -> None:
        by = signal.SIGSTOP if stopped else signal.SIGKILL
        Boundaries(told, end_at, by).install()
        main(args)

    code, out, err = forked(folder, run, stopped)
    return Ended(code, out, err, told_in(told))


def forked(
    folder: Path, run: Callable[[], None], stopped: Stopped | None = None
) -> tuple[int, str, str]:
    """Run something in a child; gives its exit code, its output and its errors."""
    files = [folder / "out.txt", folder / "err.txt"]
    child = os.fork()
    if child == 0:
        _be(run, files)
    _, status = os.waitpid(child, os.WUNTRACED)
    out, err = (file.read_text("utf-8", "replace") for file in files)
    if os.WIFSTOPPED(status):
        try:
            if stopped:
                stopped()
        finally:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), out, err


def _be(run: Callable[[], None], files: list[Path]) -> None:
    code = 70
    try:
        for stream, file in zip((1, 2), files, strict=True):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), stream)
        run()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
