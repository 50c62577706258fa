"""The command line: one file per group of commands, heavy modules only where they are used."""

from syncer.cli.app import main

__all__ = ["main"]
