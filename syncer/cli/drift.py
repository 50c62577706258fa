"""``syncer drift``: how the tools differ right now, and whether that is as it should be."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Exit, worst
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup, opened
from syncer.cli.work import known_client, sayer_of

if TYPE_CHECKING:
    from syncer.engine.onlooker import Onlooker
    from syncer.model.drift import DriftReport

All = Annotated[bool, typer.Option("--all", help="Also what is allowed; else it is counted.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(drift)


def drift(
    ctx: typer.Context, client: Client = None, every: All = False, json: Json = False
) -> None:
    """Show how the tools differ right now and why: allowed, pending, or a fault (then exit 1).

    Everything is listed in all tools; nothing is written to them, nor to the state.
    """
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    from syncer.engine.onlooker import Onlooker
    from syncer.report.drift import drift_document, drift_json

    with output.progress() as told, opened(config) as store:
        with Onlooker(config, store, progress=told) as onlooker:
            keys = [client] if client else sorted({*config.clients, *config.broken})
            reports = list(_each(onlooker, keys))
        blocks = [
            block
            for report in reports
            for block in drift_document(
                report, sayer_of(config, store, report.client), config.schema, every=every
            )
        ]
    code = worst(map(_code, reports))
    output.show(blocks, {"clients": [drift_json(one) for one in reports], "exit_code": int(code)})
    raise typer.Exit(code)


def _each(onlooker: "Onlooker", keys: list[str]) -> "Iterator[DriftReport]":
    """One client after the other; none stops another."""
    from syncer.adapterkit.errors import AdapterError
    from syncer.adapterkit.redact import clean
    from syncer.engine.drift import drift as looked
    from syncer.model.drift import DriftReport
    from syncer.state import LockHeld

    for key in keys:
        if key in onlooker.config.broken:
            problem = "; ".join(onlooker.config.broken[key])
            yield DriftReport(key, problem=problem, broken=True)
            continue
        try:
            with onlooker.store.lock(key):
                yield looked(onlooker.context(key, full=True), onlooker.adapters(key))
        except LockHeld as error:
            yield DriftReport(key, problem=str(error), locked=True)
        except AdapterError as error:
            yield DriftReport(key, problem=clean(str(error)))


def _code(report: "DriftReport") -> Exit:
    from syncer.model.drift import Standing

    if report.broken:
        return Exit.CONFIGURATION
    if report.locked:
        return Exit.LOCKED
    wrong = report.problem or report.down or report.of(Standing.FAULT)
    return Exit.FAILED if wrong else Exit.DONE
