"""The command line: one file per group of commands, heavy modules only where they are used."""

import atexit
import gc
import os
from collections.abc import Sequence
from typing import NoReturn

from syncer.engine.heap import LOADING, unhurried


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line. Always ends in ``SystemExit`` with one of the exit codes."""
    # At its end a process frees all of its memory at once: nothing is to be looked through again.
    atexit.register(gc.freeze)
    # The library would read a file of every distribution for them; nothing here has any.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with unhurried(LOADING):
        from syncer.cli.app import main as begin

        begin(args)


__all__ = ["main"]
