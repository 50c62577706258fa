"""``syncer provision``: the custom fields that mappings need."""

from typing import Annotated

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup
from syncer.cli.work import known_client, service

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
    from syncer.cli.errors import told
    from syncer.report.document import Style, line

    made: list[str] = []
    failed: dict[str, str] = {}
    with output.progress() as progress, service(config, progress) as running:
        for key in running.clients(client):
            try:
                if key in config.broken:
                    raise Fault(
                        "its configuration is wrong: see `syncer check`", Exit.CONFIGURATION
                    )
                made += running.provision(key, dry_run=not yes)
            except Exception as error:  # noqa: BLE001 - one client must not stop the next
                failed[key] = told(setup, error)
    lines = list(dict.fromkeys(made))
    blocks = [line(text) for text in lines]
    if not lines and not failed:
        blocks.append(line("nothing is missing", Style.GOOD))
    if lines and not yes:
        blocks.append(line("nothing was made: `syncer provision --yes` makes them", Style.DIM))
    blocks += [line(f"{key}: {text}", Style.BAD) for key, text in failed.items()]
    output.show(blocks, {"made" if yes else "missing": lines, "failed": failed})
    raise typer.Exit(_code(config.broken.keys() & failed.keys(), failed))


def _code(broken: set[str], failed: dict[str, str]) -> Exit:
    if broken:
        return Exit.CONFIGURATION
    return Exit.FAILED if failed else Exit.DONE
