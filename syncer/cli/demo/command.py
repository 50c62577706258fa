"""The command."""

import os
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from syncer.cli.exits import Exit
from syncer.cli.options import Json
from syncer.cli.setup import Setup

WITHOUT_PUT_BACK: Final = "SYNCER_TEST_NO_PUT_BACK"
"""Set by a test that wants to see the demo fail: held edits then stay where they were made."""

Keep = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Leave configuration and state there to look at."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(ctx: typer.Context, keep: Keep = None, json: Json = False) -> None:
    """Tell the whole story on sandboxes of this machine, in a minute at most.

    People act through the tools' APIs with their own tokens, and every claim is read back the
    same way. Exit code 1 if one turns out to be false.
    """
    setup: Setup = ctx.obj
    output = setup.output(json)
    setup.begin()
    from syncer.cli.demo.stage import staged
    from syncer.cli.demo.steps import Step, Untrue
    from syncer.cli.demo.story import Story
    from syncer.report.document import Style, line

    started, told = time.monotonic(), list[dict[str, Any]]()

    def tell(step: Step) -> None:
        told.append(step.json())
        if not output.json:
            output.show(step.document(), None)

    code = Exit.DONE
    with staged(setup, keep, output, put_back=not os.environ.get(WITHOUT_PUT_BACK)) as stage:
        try:
            Story(stage, tell).play()
            end = line(f"All of it was so, in {time.monotonic() - started:.0f} s.", Style.GOOD)
        except Untrue as untrue:
            code, end = Exit.FAILED, line(f"The demo failed. {untrue}", Style.BAD)
    output.show([end, *_left(keep)], told)
    raise typer.Exit(code)


def _left(keep: Path | None) -> list[Any]:
    from syncer.report.document import line

    if keep is None:
        return []
    return [line(f"Look around: syncer --config {keep} status, proposals, explain, export")]
