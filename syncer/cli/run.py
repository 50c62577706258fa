"""``syncer run``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncer.cli.exits import Exit, Fault, worst
from syncer.cli.metrics import Metrics, tried_metrics
from syncer.cli.options import Client, Full, Json
from syncer.cli.setup import Setup
from syncer.cli.work import CODES, known_client, log_unfinished, namer, service
from syncer.model.results import CycleResult
from syncer.report.document import Style

if TYPE_CHECKING:
    from syncer.engine.service import Service
    from syncer.model.configuration import Configuration
    from syncer.model.report import CycleReport
    from syncer.model.saved import SavedPlan

ALLOWED = ("archives", "updates", "remaps", "absent", "leaving")

Allow = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND",
        help="Let the guard pass, this time: " + ", ".join(ALLOWED) + ". May be repeated.",
    ),
]
PlanFile = Annotated[
    Path | None,
    typer.Option(
        "--plan",
        metavar="FILE",
        help="Carry out exactly this saved plan; 3 and nothing written if the world moved.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(run)


def run(
    ctx: typer.Context,
    client: Client = None,
    full: Full = False,
    allow: Allow = None,
    metrics: Metrics = None,
    plan: PlanFile = None,
    json: Json = False,
) -> None:
    """Bring all tools into step, once."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    allowed = _allowed(allow, full, plan)
    config = setup.configuration()
    known_client(config, client)
    from syncer.engine.context import Orders
    from syncer.report.cycles import run_documents

    reports: list[CycleReport] = []
    with output.progress() as told, service(config, told) as running:
        saved = _saved(config, running, plan, client)
        reports += running.run(client, Orders(full, allowed, saved=saved))
        log_unfinished(reports)
        names = namer(config, running.store, reports)
        blocks = run_documents(reports, names)
        unwritten = metrics and tried_metrics(metrics, config, running.store)
    code = worst([*_codes(reports, saved), *([Exit.FAILED] if unwritten else ())])
    output.show(blocks, lambda: cycles_json(reports, code))
    if unwritten:
        output.note(unwritten, Style.BAD)
    raise typer.Exit(code)


def _codes(reports: "list[CycleReport]", saved: "SavedPlan | None") -> Iterator[Exit]:
    """A client that stands still is as somebody wants it, unless its plan was to be carried out."""
    for report in reports:
        still = report.result in (CycleResult.PAUSED, CycleResult.RETIRED)
        yield Exit.REFUSED if still and saved else CODES[report.result]


def allowed_kinds(allow: list[str] | None) -> frozenset[str]:
    """What was typed after ``--allow``. Raises ``typer.BadParameter`` for what is no kind."""
    if set(allow or ()) - set(ALLOWED):
        raise typer.BadParameter(f"one of {', '.join(ALLOWED)}", param_hint="--allow")
    return frozenset(allow or ())


def _allowed(allow: list[str] | None, full: bool, plan: Path | None) -> frozenset[str]:
    allowed = allowed_kinds(allow)
    if plan is not None and (full or allowed):
        text = "a saved plan says all: leave --full and --allow"
        raise typer.BadParameter(text, param_hint="--plan")
    return allowed


def _saved(
    config: "Configuration", running: "Service", file: Path | None, client: str | None
) -> "SavedPlan | None":
    """A saved plan that was made here, of clients that there are."""
    if file is None:
        return None
    from syncer.engine.planfile import PlanFileError, identity, read_plan

    try:
        saved = read_plan(file)
    except PlanFileError as error:
        raise Fault(str(error), Exit.CONFIGURATION) from None
    if saved.state != identity(running.store):
        text = "it was made with another state; save it anew with this configuration and state"
        raise Fault(f"{file}: {text}", Exit.CONFIGURATION)
    for each in saved.clients:
        known_client(config, each.client)
    if client is not None and saved.of(client) is None:
        has = ", ".join(each.client for each in saved.clients) or "none"
        raise Fault(f'{file}: no plan of "{client}" in it; it has: {has}', Exit.CONFIGURATION)
    return saved


def cycles_json(reports: "list[CycleReport]", code: Exit) -> dict[str, Any]:
    """What ``run`` and ``plan`` say to programs."""
    from syncer.report.cycle import cycle_json

    results = {report.result for report in reports}
    told = [cycle_json(report) for report in reports]
    return {"done": results <= {CycleResult.DONE}, "exit_code": int(code), "clients": told}
