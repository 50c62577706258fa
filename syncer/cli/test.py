"""``syncer test``: the rules, tried by the examples that ops people wrote."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Json
from syncer.cli.setup import Setup

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.model.examples import Example
    from syncer.state import Store

Only = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="Only examples with this in their name."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test")(try_examples)


def try_examples(ctx: typer.Context, only: Only = None, json: Json = False) -> None:
    """Try the examples of config/examples.yaml against the rules; calls no tool.

    1 if one of them comes out differently; each shows what was expected, what happened, and the
    line of ownership.yaml that decided.
    """
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    from syncer.engine.examples import attempt
    from syncer.report.examples import examples_document, tried_json
    from syncer.settings.examples import examples

    wanted = _wanted(examples(config.root, config), only)
    with _state(config) as store:
        tried = [attempt(config, store, example) for example in wanted]
    failed = [one for one in tried if not one.good]
    code = Exit.FAILED if failed else Exit.DONE
    told = {
        "examples": [tried_json(one) for one in tried],
        "failed": len(failed),
        "exit_code": int(code),
    }
    output.show(examples_document(tried), told)
    raise typer.Exit(code)


def _wanted(found: "tuple[Example, ...]", only: str | None) -> "list[Example]":
    wanted = [one for one in found if only is None or only.casefold() in one.name.casefold()]
    if not wanted:
        raise Fault(f'no example has "{only}" in its name', Exit.CONFIGURATION)
    return wanted


@contextmanager
def _state(config: "Configuration") -> "Iterator[Store]":
    """A state for the while: the installation's own is not touched."""
    from syncer.state import Store

    with (
        TemporaryDirectory(prefix="syncer-test-") as folder,
        Store.open(Path(folder) / "examples.db", config.schema) as store,
    ):
        yield store
