"""``syncer run`` and ``syncer plan``."""

from typing import Annotated, Any

import typer

from syncer.cli.exits import Exit, worst
from syncer.cli.metrics import Metrics, tried_metrics
from syncer.cli.options import Client, Full, Json
from syncer.cli.setup import Setup
from syncer.cli.work import CODES, known_client, log_unfinished, namer, service
from syncer.model.report import CycleReport, CycleResult

ALLOWED = ("archives", "updates", "remaps", "absent", "leaving")

Allow = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND",
        help="Let the guard pass, this time: " + ", ".join(ALLOWED) + ". May be repeated.",
    ),
]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="4 if the plan is not empty.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(run)
    app.command()(plan)


def run(
    ctx: typer.Context,
    client: Client = None,
    full: Full = False,
    allow: Allow = None,
    metrics: Metrics = None,
    json: Json = False,
) -> None:
    """Bring all tools into step, once."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    allowed = _allowed(allow)
    config = setup.configuration()
    known_client(config, client)
    from syncer.engine.context import Orders
    from syncer.report.cycle import run_document
    from syncer.report.document import Style

    reports: list[CycleReport] = []
    with output.progress() as told, service(config, told) as running:
        reports += running.run(client, Orders(full, allowed))
        log_unfinished(reports)
        names = namer(config, running.store, reports)
        blocks = [block for report in reports for block in run_document(report, names)]
        unwritten = metrics and tried_metrics(metrics, config, running.store)
    codes = [CODES[report.result] for report in reports]
    code = worst([*codes, Exit.FAILED] if unwritten else codes)
    output.show(blocks, _json(reports, code))
    if unwritten:
        output.note(unwritten, Style.BAD)
    raise typer.Exit(code)


def _allowed(said: list[str] | None) -> frozenset[str]:
    allowed = frozenset(said or ())
    if allowed - set(ALLOWED):
        raise typer.BadParameter(f"one of {', '.join(ALLOWED)}", param_hint="--allow")
    return allowed


def plan(
    ctx: typer.Context,
    client: Client = None,
    exit_code: ExitCode = False,
    full: Full = False,
    json: Json = False,
) -> None:
    """Show what a run would do now; nothing is written to any tool."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    from syncer.engine.context import Orders
    from syncer.report.cycle import plan_report

    reports: list[CycleReport] = []
    with output.progress() as told, service(config, told) as running:
        reports += running.plan(client, Orders(full))
        names = namer(config, running.store, reports)
        blocks = [block for report in reports for block in plan_report(report, names)]
    codes = [CODES[report.result] for report in reports]
    if exit_code and any(map(_not_empty, reports)):
        codes.append(Exit.NOT_EMPTY)
    code = worst(codes)
    output.show(blocks, _json(reports, code))
    raise typer.Exit(code)


def _not_empty(report: CycleReport) -> bool:
    return report.plan is not None and bool(report.plan.actions or report.plan.remaps)


def _json(reports: list[CycleReport], code: Exit) -> dict[str, Any]:
    from syncer.report.cycle import cycle_json

    results = {report.result for report in reports}
    told = [cycle_json(report) for report in reports]
    return {"done": results <= {CycleResult.DONE}, "exit_code": int(code), "clients": told}
