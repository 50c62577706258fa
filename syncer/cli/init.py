"""``syncer init``: from credentials to a configuration that passes ``syncer check``."""

from pathlib import Path
from typing import Annotated

import typer

from syncer.cli.options import Json
from syncer.cli.setup import Setup

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Where the configuration belongs; else this folder."),
]
Answers = Annotated[
    Path | None,
    typer.Option(
        "--answers", metavar="FILE", help="What it would ask, as YAML; then it asks nothing."
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Look and show all, and write no file at all.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(init)


def init(
    ctx: typer.Context,
    folder: Folder = None,
    answers: Answers = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Look at your tools, propose clients, people and mappings, and write the configuration.

    Credentials come from the environment, DIR/.env, or a prompt that does not show them. What is
    sure is taken, what is unsure is asked, or left as a comment. Nothing is changed in any tool.
    It can be run again: it goes on where it broke off, proposes only what is new, and changes
    nothing that you have changed by hand unless you agree.

    Exit codes: 0 all is said; 4 something is unsure and left out; 3 a file that was changed by
    hand is left as it is; 2 a credential, an answer or a file is wrong; 1 a tool is down.
    """
    setup: Setup = ctx.obj
    setup.begin()
    from syncer.cli.onboard import begin
    from syncer.cli.onboard_look import decide, look_around
    from syncer.cli.onboard_sign import sign_in
    from syncer.cli.onboard_write import conclude

    root = folder or setup.config or Path()
    work = begin(root, setup.environ, setup.output(json), answers, dry=dry_run)
    sign_in(work)
    look_around(work)
    draft, _ = decide(work)
    conclude(work, draft)
