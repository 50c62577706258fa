"""Every error as one clear message and an exit code; a traceback only for those who ask."""

import sys
import traceback
from typing import Any

import typer
from msgspec import Struct

from syncer.cli.exits import Exit, Fault
from syncer.cli.output import Output
from syncer.cli.setup import Setup
from syncer.report.document import Style, safe_lines


class _Said(Struct, frozen=True):
    code: Exit
    message: str
    lines: tuple[str, ...] = ()


def failed(setup: Setup, error: Exception) -> Exit:
    """Say what went wrong; returns the exit code."""
    from syncer.adapterkit.redact import clean

    _trace(setup, error)
    said = _meaning(error)
    message, lines = clean(said.message), [clean(text) for text in said.lines]
    output = Output(json=setup.json)
    if setup.json:
        told = {"error": message, "details": lines, "exit_code": int(said.code)}
        output.data(told)
    output.note(f"syncer: {message}", Style.BAD)
    for text in lines:
        output.note(text)
    return said.code


def told(setup: Setup, error: Exception) -> str:
    """The message of an error that stops only a part of the work."""
    from syncer.adapterkit.redact import clean

    _trace(setup, error)
    return str(clean(_meaning(error).message))


def _trace(setup: Setup, error: Exception) -> None:
    from syncer.adapterkit.redact import clean

    if setup.debug:
        sys.stderr.write(safe_lines(clean("".join(traceback.format_exception(error)))))


def _meaning(error: Exception) -> _Said:
    from syncer.adapterkit.errors import AdapterError
    from syncer.engine.answers import AnswerRefused
    from syncer.settings import ConfigurationError
    from syncer.state import LockHeld, StateError

    if isinstance(error, USAGE):
        return _usage(error)
    if isinstance(error, Fault):
        return _Said(error.code, error.message, error.lines)
    if isinstance(error, ConfigurationError):
        problems = tuple(str(problem) for problem in error.problems)
        return _Said(Exit.CONFIGURATION, "the configuration is wrong", problems)
    if isinstance(error, LockHeld):
        return _Said(Exit.LOCKED, str(error))
    if isinstance(error, StateError):
        return _Said(_state_code(error.reason), f"the state cannot be used: {error}")
    if isinstance(error, AnswerRefused):
        return _Said(Exit.CONFIGURATION, str(error))
    if isinstance(error, AdapterError):
        return _Said(Exit.FAILED, str(error))
    text = f"a fault of the program: {type(error).__name__}: {error}"
    return _Said(Exit.FAILED, text, ("Run it again with --debug to see where, and report it.",))


USAGE: type[Exception] = typer.BadParameter.__mro__[1]
"""What a wrong command line raises; the class has no public name of its own."""


def _usage(error: Any) -> _Said:
    context = getattr(error, "ctx", None)
    lines = (context.get_usage(),) if context is not None else ()
    return _Said(Exit.CONFIGURATION, error.format_message(), lines)


_PASSING = ("the database does not answer", "another process", "it cannot be written: the disk")


def _state_code(reason: str) -> Exit:
    """A state that cannot be the right one is a matter of configuration; the rest may pass."""
    return Exit.FAILED if reason.startswith(_PASSING) else Exit.CONFIGURATION
