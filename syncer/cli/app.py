"""All commands, and the options that stand before them."""

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from io import TextIOWrapper
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn

import typer

from syncer import __version__
from syncer.cli.commands import Commands
from syncer.cli.errors import failed
from syncer.cli.setup import Setup

_MODULES: Final = {
    "init": "init",
    "demo": "demo.command",
    "run": "run",
    "plan": "plan",
    "check": "check",
    "test": "test",
    "status": "status",
    "proposals": "proposals",
    "match": "match",
    "parked": "parked",
    "explain": "explain",
    "drift": "drift",
    "report": "report",
    "provision": "provision",
    "pause": "pause",
    "resume": "pause",
    "undo": "undo",
    "sandbox": "sandbox",
    "export": "export",
    "client": "client",
}
"""Where each command is, in the order in which they are shown."""

_HELP: Final = ["-h", "--help"]


def app_of(words: Iterable[str] = ()) -> typer.Typer:
    """The commands that these words may mean; all of them where none does.

    What a command needs is only loaded for that command; who asks for help before any is told
    of all.
    """
    given = list(words)
    before = takewhile(lambda word: word not in _MODULES, given)
    named = () if any(word in _HELP for word in before) else given
    meant = _MODULES.keys() & set(named) or _MODULES.keys()
    app = typer.Typer(
        name="syncer",
        cls=Commands,
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": _HELP},
    )
    for module in dict.fromkeys(module for name, module in _MODULES.items() if name in meant):
        import_module(f"syncer.cli.{module}").register(app)
    app.callback()(options)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"syncer {__version__}")
        raise typer.Exit


Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="DIR",
        help="The folder that holds config/ and mappings/; else SYNCER_CONFIG, else this folder.",
    ),
]
EnvFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="NAME=value lines; else .env in that folder, if it is there."
    ),
]
LogFormat = Annotated[
    Literal["auto", "text", "json"] | None,
    typer.Option(help="How to log; auto is text in a terminal and JSON elsewhere."),
]


def options(
    ctx: typer.Context,
    config: Config = None,
    env_file: EnvFile = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    log_format: LogFormat = None,
    debug: Annotated[bool, typer.Option("--debug", help="Log all, show tracebacks.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Keeps an agency's tools in step, with owners.

    Exit codes: 0 done; 1 something failed and will be retried; 2 the configuration is wrong;
    3 the guard refused; 4 plan --exit-code: not empty; 5 another run holds the lock. Of several
    clients the first of 2, 3, 1, 5, 4 counts.
    """
    del version
    setup: Setup = ctx.obj
    setup.config, setup.env_file = config, env_file
    setup.json, setup.debug, setup.log_format = setup.json or json, debug, log_format


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line. Always ends in ``SystemExit`` with one of the exit codes."""
    given = sys.argv[1:] if args is None else list(args)
    # A wrong command line is told as JSON too, although what it asked for could not be read.
    setup = Setup(json="--json" in given)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # titles hold what a terminal may not have
    try:
        code = app_of(given)(given, prog_name="syncer", obj=setup, standalone_mode=not setup.json)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has gone; there is nobody to tell
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - the last one to say something about it
        sys.exit(failed(setup, error))
    sys.exit(code if isinstance(code, int) else 0)
