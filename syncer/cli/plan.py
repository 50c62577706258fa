"""``syncer plan``: what a run would do now, or what the rules as they are would have done."""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from syncer import __version__
from syncer.cli.exits import Exit, Fault, worst
from syncer.cli.moments import moment_typed
from syncer.cli.options import Client, Full, Json
from syncer.cli.run import cycles_json
from syncer.cli.setup import Setup, opened
from syncer.cli.work import CODES, known_client, namer, service

if TYPE_CHECKING:
    from syncer.cli.output import Output
    from syncer.model.configuration import Configuration
    from syncer.model.report import CycleReport
    from syncer.report.changes import Look
    from syncer.state import Store

NARROWEST, WIDEST = 40, 160
"""Columns of a terminal that a plan is written for, at the least and at the most."""

ExitCode = Annotated[bool, typer.Option("--exit-code", help="4 if the plan is not empty.")]
All = Annotated[bool, typer.Option("--all", help="Show every write, nothing folded or cut.")]
Records = Annotated[
    list[str] | None,
    typer.Option("--record", metavar="RECORD", help="Only records of this title or id."),
]
Fields = Annotated[
    list[str] | None, typer.Option("--field", metavar="FIELD", help="Only this field.")
]
Connections = Annotated[
    list[str] | None,
    typer.Option("--connection", metavar="CONNECTION", help="Only writes to this connection."),
]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Instead: what the rules as they are would have done with the edits since then:"
        " 2026-01-31 or 2026-01-31T09:30 (UTC). No tool is asked.",
    ),
]
Save = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Save the plan, for `syncer run --plan FILE`."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(plan)


def plan(
    ctx: typer.Context,
    client: Client = None,
    exit_code: ExitCode = False,
    full: Full = False,
    show_all: All = False,
    record: Records = None,
    field: Fields = None,
    connection: Connections = None,
    save: Save = None,
    since: Since = None,
    json: Json = False,
) -> None:
    """Show what a run would do now; nothing is written to any tool."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    start = _start(since, full, save)
    if save is not None and (record or field or connection):
        raise typer.BadParameter("a plan is saved as a whole", param_hint="--save")
    config = setup.configuration()
    known_client(config, client)
    from syncer.report.changes import Look

    only = [tuple(each or ()) for each in (record, field, connection)]
    look = Look(str, columns(), show_all, *only)
    if start is not None:
        code = _replay(config, output, client, start, look)
    else:
        code = _now(config, output, client, full, look, save, exit_code)
    raise typer.Exit(Exit.DONE if code is Exit.NOT_EMPTY and not exit_code else code)


def _start(since: str | None, full: bool, save: Path | None) -> datetime | None:
    if since is not None and (full or save is not None):
        raise typer.BadParameter("the past is neither saved nor asked for", param_hint="--since")
    return moment_typed(since) if since is not None else None


def _now(
    config: "Configuration",
    output: "Output",
    client: str | None,
    full: bool,
    look: "Look",
    save: Path | None,
    exit_code: bool,
) -> Exit:
    """What a run would do now; saved, if that is wanted."""
    from syncer.engine.context import Orders
    from syncer.report.cycles import plan_reports
    from syncer.report.overview import in_all

    reports: list[CycleReport] = []
    with output.progress() as told, service(config, told) as running:
        reports += running.plan(client, Orders(full))
        look = replace(look, names=namer(config, running.store, reports))
        blocks = plan_reports(reports, look)
        if save is not None:
            _save(running.store, save, reports)
    codes = [CODES[report.result] for report in reports]
    code = worst([*codes, *(Exit.NOT_EMPTY for r in reports if exit_code and _not_empty(r))])
    output.show([*blocks, *in_all(reports)], lambda: _json(reports, look, code))
    if save is not None:
        output.note(f"saved: syncer run --plan {save} carries out exactly this, or nothing")
    return code


def _json(reports: "Sequence[CycleReport]", look: "Look", code: Exit) -> dict[str, Any]:
    """The same for programs: what was asked for, and all in numbers."""
    from syncer.report.narrowing import narrowed
    from syncer.report.overview import in_all_json

    seen = [narrowed(report, look) for report in reports]
    return cycles_json(seen, code) | {"in_all": in_all_json(reports)}


def _replay(
    config: "Configuration", output: "Output", client: str | None, since: datetime, look: "Look"
) -> Exit:
    """What would have become of the edits since then; from the journal, no tool is asked."""
    from syncer.engine.replaying import replay
    from syncer.report.replay import chosen, replay_document, replay_json

    with opened(config) as store:
        now = datetime.now(UTC)
        mine = [c for key, c in sorted(config.clients.items()) if client in (None, key)]
        found = [edit for each in mine for edit in replay(config, store, each, since, now)]
        edits = chosen(found, look)
        blocks = replay_document(edits, since, replace(look, names=namer(config, store, [])))
    output.show(blocks, replay_json(edits, since))
    broken = [Exit.CONFIGURATION for key in config.broken if client in (None, key)]
    return worst([*broken, *(Exit.NOT_EMPTY for edit in edits if edit.different)])


def columns() -> int:
    """How wide a result may be: as the terminal, or 80 where there is none."""
    if not sys.stdout.isatty():
        return 80
    return max(NARROWEST, min(shutil.get_terminal_size().columns, WIDEST))


def _save(store: "Store", file: Path, reports: "Sequence[CycleReport]") -> None:
    """Write the plans of those clients that could be planned."""
    from syncer.engine.planfile import PlanFileError, identity, write_plan
    from syncer.model.saved import SavedPlan

    clients = tuple(report.saved for report in reports if report.saved is not None)
    if not clients:
        raise Fault(f"{file}: there is no plan to save", Exit.FAILED)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        write_plan(file, SavedPlan(identity(store), made, __version__, clients))
    except PlanFileError as error:
        raise Fault(str(error), Exit.CONFIGURATION) from None


def _not_empty(report: "CycleReport") -> bool:
    return report.plan is not None and bool(report.plan.actions or report.plan.remaps)
