"""``syncer provision``: the custom fields that mappings need."""

from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.errors import told
from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup
from syncer.cli.work import known_client, observed, service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syncer.engine.service import Service
    from syncer.report.document import Line

Yes = Annotated[bool, typer.Option("--yes", help="Make them; else they are only listed.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(provision)


def provision(
    ctx: typer.Context, client: Client = None, yes: Yes = False, json: Json = False
) -> None:
    """List the properties and custom fields that mappings need and tools lack; --yes makes them."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    lines: list[str] = []
    failed: dict[str, str] = {}
    watched: list[str] = []
    with output.progress() as progress, service(config, progress) as running:
        for key in running.clients(client):
            try:
                only_seen = client is None and observed(config, key)
                lines += _provision(running, key, yes and not only_seen)
                watched += [key] if yes and only_seen else []
            except Exception as error:  # noqa: BLE001 - one client must not stop the next
                failed[key] = told(setup, error)
    document = [*_document(lines, failed, yes), *_not_made(watched)]
    output.show(document, {"made" if yes else "missing": lines, "failed": failed})
    if config.broken.keys() & failed.keys():
        raise typer.Exit(Exit.CONFIGURATION)
    raise typer.Exit(Exit.FAILED if failed else Exit.DONE)


def _not_made(watched: list[str]) -> "Iterator[Line]":
    """Nothing is made for a client that is only observed, unless somebody names it."""
    from syncer.report.document import Style, line

    for key in watched:
        text = f"{key} is only observed, nothing was made for it: name it, `--client {key}`"
        yield line(text, Style.WARN)


def _provision(running: "Service", key: str, yes: bool) -> list[str]:
    if key in running.config.broken:
        raise Fault("its configuration is wrong: see `syncer check`", Exit.CONFIGURATION)
    return running.provision(key, dry_run=not yes)


def _document(lines: list[str], failed: dict[str, str], yes: bool) -> "list[Line]":
    from syncer.report.document import Style, line

    shown = [line(text) for text in lines]
    if lines and not yes:
        shown.append(line("nothing was made: `syncer provision --yes` makes them", Style.DIM))
    if not lines and not failed:
        shown.append(line("nothing is missing", Style.GOOD))
    return shown + [line(f"{key}: {text}", Style.BAD) for key, text in failed.items()]
