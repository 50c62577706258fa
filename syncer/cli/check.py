"""``syncer check``: the configuration, without calling any tool unless that is asked for."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncer.cli.exits import Exit
from syncer.cli.live import live_document, live_json
from syncer.cli.options import Json
from syncer.cli.output import Output
from syncer.cli.setup import Setup, opened, state_file
from syncer.cli.work import goals_amiss

if TYPE_CHECKING:
    from syncer.engine.looking import Look
    from syncer.model.configuration import Configuration
    from syncer.report.document import Block
    from syncer.state import Store


Live = Annotated[
    bool,
    typer.Option(
        "--live",
        help="Also ask the tools: accounts, permissions, quota, every mapping of every client,"
        " people, reports. Writes nothing.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(check)


def check(ctx: typer.Context, live: Live = False, json: Json = False) -> None:
    """Check the configuration; every problem at once, with file, line and column.

    Where a tool has been seen already, it also says of which owned fields that tool keeps no
    record of who changed them: such an edit counts as a stranger's. With --live it asks the
    tools themselves: what does not fit is told with its cause and what to change or to click
    (exit 2), what is only good to know after it. A run does not need webhooks.
    """
    setup: Setup = ctx.obj
    output = setup.output(json)
    from syncer.settings import ConfigurationError

    config: Configuration | None = None
    try:
        config = setup.configuration()
        problems = [text for texts in config.broken.values() for text in texts]
    except ConfigurationError as error:
        problems = [str(problem) for problem in error.problems]
    warnings = _warnings(config) if config else []
    looks = _looks(config, output) if live and config else []
    wrong = problems or any(each.wrong for each in looks)
    code = Exit.CONFIGURATION if wrong else Exit.DONE
    told = {"problems": problems, "warnings": warnings, "exit_code": int(code)}
    told |= {"live": live_json(looks)} if live else {}
    document = [*_document(config, problems, warnings), *live_document(looks)]
    output.show(document, told | _counts(config))
    raise typer.Exit(code)


def _looks(config: "Configuration", output: Output) -> "list[Look]":
    from syncer.engine.looking import look

    found: list[Look] = []
    with output.progress() as told:
        for each in look(config):
            found.append(each)
            if told is not None:
                told(f"looking at {each.connection}", len(found), 0)
    return found


def _document(
    config: "Configuration | None", problems: list[str], warnings: list[str]
) -> "list[Block]":
    from syncer.report.document import Style, counted, line

    lines: list[Block] = [line(text, Style.BAD) for text in problems]
    lines += [line(f"warning: {text}", Style.WARN) for text in warnings]
    if problems:
        return [*lines, line(counted(len(problems), "problem"), Style.BAD)]
    counts = _counts(config)
    parts = [counted(len(counts[what]), what[:-1]) for what in counts]
    return [*lines, line(f"the configuration is right: {', '.join(parts)}", Style.GOOD)]


def _counts(config: "Configuration | None") -> dict[str, Any]:
    if config is None:
        return {}
    return {"clients": sorted(config.clients), "connections": sorted(config.connections)}


def _warnings(config: "Configuration") -> list[str]:
    """Nothing that is not there yet is made: without a state nothing is known of the tools."""
    from syncer.engine.channels import amiss

    found = [f"alerts: {text}" for text in amiss(config.alerts)]
    for key, person in sorted(config.people.items()):
        found += [f"addresses of {key}: {text}" for text in amiss(person.addresses)]
    file = state_file(config)
    if file is not None and not file.exists():
        return found
    with opened(config) as store:
        goals = [text for key in sorted(config.clients) for text in goals_amiss(config, store, key)]
        return list(dict.fromkeys([*found, *_unsigned(config, store), *goals]))


def _unsigned(config: "Configuration", store: "Store") -> Iterator[str]:
    from syncer.reconcile.authors import unsigned
    from syncer.state.codec import catalogue_from_json

    for client in config.clients.values():
        for connection, system in client.mappings.items():
            cached = store.cached(connection, client.key, "catalogue")
            if cached is not None:
                catalogue = catalogue_from_json(cached[0])
                for mapping in system.entities.values():
                    for line, rule in unsigned(mapping, catalogue.objects, config.ownership):
                        yield (
                            f"{connection} does not tell who changes {line.remote} of a"
                            f" {mapping.object}, so {mapping.entity}.{line.field} ({rule.source})"
                            f" is nobody's edit there ({line.source})"
                        )
