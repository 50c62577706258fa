"""``syncer status``: how every client fares, whether the service lives, whether it is fresh."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncer.cli.exits import Exit
from syncer.cli.metrics import Metrics, write_metrics
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup, opened, state_file
from syncer.cli.standings import never_ran, standings
from syncer.cli.work import known_client, namer

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.report.document import Block
    from syncer.report.status import Standing

_SPAN = re.compile(r"(\d+)(s|m|min|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days"}

Health = Annotated[
    bool,
    typer.Option(
        "--health",
        help="Liveness, for a container: exit 1 if no cycle could work here now. Tools that are"
        " down do not count: a new start would not mend them.",
    ),
]
MaxAge = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="Freshness, for an alert: exit 1 if a client that is not paused was not in step for"
        " so long (30m, 2h, 1d), whatever kept it.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(
    ctx: typer.Context,
    client: Client = None,
    health: Health = False,
    max_age: MaxAge = None,
    metrics: Metrics = None,
    json: Json = False,
) -> None:
    """Show how every client fares; reads the state only, calls no tool.

    No news is bad news: let a monitor ask `status --max-age 30m` from outside, for nothing here
    can tell that nothing runs. A client that was never in step counts from its first cycle, one
    that never ran is not fresh. `--health` asks only whether configuration and state can be used.
    """
    setup: Setup = ctx.obj
    output = setup.output(json)
    most = _span(max_age) if max_age is not None else None
    config = setup.configuration()
    known_client(config, client)
    from syncer.report.document import Style, line
    from syncer.report.status import standing_json

    found, blocks = _looked(config, client, metrics)
    told: dict[str, Any] = {"clients": [standing_json(one) for one in found]}
    reasons: list[str] = []
    if health:
        reasons = _unusable(config)
        blocks = [line(text, Style.BAD) for text in reasons] or [line("healthy", Style.GOOD)]
        told |= {"healthy": not reasons, "reasons": reasons}
    if most is not None:
        late = _fresh(found, most, blocks, told)
        reasons += late
        told["reasons"] = reasons
    output.show(blocks, told)
    raise typer.Exit(Exit.FAILED if reasons else Exit.DONE)


def _looked(
    config: "Configuration", client: str | None, metrics: Path | None
) -> "tuple[list[Standing], list[Block]]":
    """How the clients fare, and that as it is shown; nothing is made that is not there yet."""
    from syncer.report.status import status_document

    now = datetime.now(UTC)
    file = state_file(config)
    if file is not None and not file.exists():
        never = never_ran(config, client)
        if metrics is not None:
            write_metrics(metrics, never, None)
        return never, status_document(never, now, str)
    with opened(config) as store:
        found = standings(config, store, client)
        if metrics is not None:
            write_metrics(metrics, found, store)
        return found, status_document(found, now, namer(config, store, []))


def _fresh(
    found: "list[Standing]", most: timedelta, blocks: "list[Block]", told: dict[str, Any]
) -> list[str]:
    from syncer.report.fresh import fresh_document, fresh_json, freshness

    ages = freshness(found, datetime.now(UTC), most)
    blocks += fresh_document(ages, most)
    told |= fresh_json(ages)
    return [one.text for one in ages if not one.fine]


def _unusable(config: "Configuration") -> list[str]:
    """Why no cycle could remember what it does, beyond what opening the state has shown."""
    file = state_file(config)
    if file is None:
        return []
    places = [file.parent if file.parent.is_dir() else file.parent.parent]
    places += [file] if file.exists() else []
    return [f"{place} cannot be written" for place in places if not _writable(place)]


def _writable(place: Path) -> bool:
    return os.access(place, os.W_OK)


def _span(text: str) -> timedelta:
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter("write it like 30m, 2h or 1d", param_hint="--max-age")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})
