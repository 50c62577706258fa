"""``syncer client add``: one more client."""

from typing import Annotated

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.init import Answers, DryRun
from syncer.cli.options import Json
from syncer.cli.setup import Setup

Key = Annotated[str, typer.Argument(metavar="KEY", help="Its short key in sync.yaml.")]
Called = Annotated[
    str | None,
    typer.Option("--name", help="Its name in the tools; else as like the key as can be."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Add it although you changed the file by hand.")]


def register(app: typer.Typer) -> None:
    """Add the command to its group."""
    app.command()(add)


def add(
    ctx: typer.Context,
    key: Key,
    name: Called = None,
    answers: Answers = None,
    yes: Yes = False,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Find a client in the tools that are configured, and add it to sync.yaml.

    All that stands there stays as it is, comments too. Exit codes as of `syncer init`.
    """
    setup: Setup = ctx.obj
    setup.begin()
    from syncer.cli.onboard import begin
    from syncer.cli.onboard_look import decide, look_around
    from syncer.cli.onboard_sign import sign_in
    from syncer.cli.onboard_write import conclude

    work = begin(setup.root(), setup.environ, setup.output(json), answers, dry=dry_run)
    if key in work.existing.clients:
        raise Fault(f'there is a client "{key}" already', Exit.CONFIGURATION)
    work.only = (key, name or key.replace("_", " "))
    sign_in(work)
    look_around(work)
    draft, _ = decide(work)
    if not draft.clients.clients:
        raise _nowhere(key, name)
    conclude(work, draft, agreed=yes)


def _nowhere(key: str, name: str | None) -> Fault:
    wanted = name or key
    lines = ["Name it with --name as a tool has it, or say where it lives with --answers FILE:"]
    lines.append(f"  clients: {{{key}: {{name: ..., scopes: {{CONNECTION: PLACE}}}}}}")
    return Fault(f'no tool has a place for "{wanted}"', Exit.CONFIGURATION, lines)
