"""``syncer sandbox``: stand-ins of the tools on this machine."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Literal

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.setup import Setup
from syncer.cli.stand import SYSTEMS

Systems = Annotated[
    str | None,
    typer.Option(
        metavar="LIST",
        help="Which, separated by commas; else all, or with --load Trello and Asana.",
    ),
]
WorldName = Annotated[
    Literal["agency", "empty"] | None,
    typer.Option("--world", help="What they hold; else the agency, or with --load nothing more."),
]
Load = Annotated[
    list[str] | None,
    typer.Option(
        metavar="SYSTEM=FILE", help="Fill one from an export, like trello=board.json. Repeatable."
    ),
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The first port; 0 takes free ones.")]
WriteConfig = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write a whole configuration for them there.")
]
WriteEnv = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Write their addresses and secrets there, as `syncer init` takes them."
    ),
]
HeadsUp = Annotated[
    Literal["in-tools", "cli-only", "keep"],
    typer.Option(
        help="In that configuration: tell people in their tools, only put held edits back, or"
        " leave them."
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sandbox)


def sandbox(
    ctx: typer.Context,
    systems: Systems = None,
    world: WorldName = None,
    load: Load = None,
    port: Port = 0,
    write_config: WriteConfig = None,
    write_env: WriteEnv = None,
    heads_up: HeadsUp = "in-tools",
) -> None:
    """Serve stand-ins of the tools on this machine until stopped.

    Prints one line of JSON when they are ready: per system its addresses, its users with
    their credentials, and where each client lives.
    """
    setup: Setup = ctx.obj
    setup.begin()
    from syncer.adapterkit.sandbox import agency_world, empty_world
    from syncer.cli import configure
    from syncer.cli.stand import export_of, serving

    exports = [export_of(text) for text in load or ()]
    chosen = _systems(systems or ("trello,asana" if exports else ",".join(SYSTEMS)))
    if missing := {export.system for export in exports} - set(chosen):
        text = f"--load names {', '.join(sorted(missing))}, which --systems leaves out"
        raise Fault(text, Exit.CONFIGURATION)
    name = world or ("empty" if exports else "agency")
    held = agency_world() if name == "agency" else empty_world()
    with _until_stopped() as stopped, serving(chosen, held, exports, port) as stand:
        if write_config is not None:
            configure.write(write_config, stand, heads_up=heads_up)
        if write_env is not None:
            configure.write_env(write_env, stand)
        setup.output(False).data(stand.described(), line=True)
        stopped.wait()


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """An event that is set when somebody wants this process to end."""
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _systems(text: str) -> list[str]:
    chosen = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not chosen:
        raise Fault("--systems names none", Exit.CONFIGURATION)
    return chosen
