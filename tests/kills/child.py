"""The real command line in a process that kills itself at a boundary.

``python -m tests.kills.child --at "commit.. (3.)" -- run`` would pay for its imports each time;
so :func:`forked` makes the process by a fork of one that has imported everything. It is a
process like any other: its own memory, its own sockets, and SIGKILL ends it anywhere.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from syncer.cli import main
from tests.kills.boundaries import Boundaries, Place, told_in


@dataclass(frozen=True)
class Ended:
    """How a process ended: its exit code, negative for a signal, and what it said."""

    code: int
    out: str
    err: str
    places: list[Place]


def command(folder: Path, args: list[str], die_at: Place | None = None) -> Ended:
    """Run ``syncer ARGS`` in a process of its own; it may die at a boundary."""
    told = folder / "boundaries.txt"

    def run() -> None:
        Boundaries(told, die_at).install()
        main(args)

    code, out, err = forked(folder, run)
    return Ended(code, out, err, told_in(told))


def forked(folder: Path, run: Callable[[], None]) -> tuple[int, str, str]:
    """Run something in a child; gives its exit code, its output and its errors."""
    files = [folder / "out.txt", folder / "err.txt"]
    child = os.fork()
    if child == 0:
        code = 70
        try:
            for stream, file in zip((1, 2), files, strict=True):
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
            run()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    out, err = (file.read_text("utf-8", "replace") for file in files)
    return os.waitstatus_to_exitcode(status), out, err
