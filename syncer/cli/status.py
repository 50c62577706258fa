"""``syncer status``."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Exit
from syncer.cli.options import Client, Json
from syncer.cli.setup import Setup, opened, state_file
from syncer.cli.work import goals_amiss, known_client, namer

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.report.status import Standing
    from syncer.state import Store

_SPAN = re.compile(r"(\d+)(s|m|min|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "min": "minutes", "h": "hours", "d": "days"}

Health = Annotated[
    bool, typer.Option("--health", help="Exit 1 unless every client was in step lately.")
]
MaxAge = Annotated[
    str, typer.Option(metavar="TIME", help="What is lately, for --health: 30m, 2h, 1d.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(
    ctx: typer.Context,
    client: Client = None,
    health: Health = False,
    max_age: MaxAge = "2h",
    json: Json = False,
) -> None:
    """Show how every client fares; reads the state only, calls no tool."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    most = _span(max_age)
    config = setup.configuration()
    known_client(config, client)
    from syncer.report.document import Style, line
    from syncer.report.status import standing_json, status_document, unhealthy

    now = datetime.now(UTC)
    file = state_file(config)
    if file is not None and not file.exists():
        found = _never(config, client)
        blocks = status_document(found, now, str)
    else:
        with opened(config) as store:
            found = _standings(config, store, client)
            blocks = status_document(found, now, namer(config, store, []))
    reasons = unhealthy(found, now, most) if health else []
    if health:
        blocks = [line(text, Style.BAD) for text in reasons] or [line("healthy", Style.GOOD)]
    told = {"clients": [standing_json(one) for one in found]}
    output.show(blocks, told | ({"healthy": not reasons, "reasons": reasons} if health else {}))
    raise typer.Exit(Exit.FAILED if reasons else Exit.DONE)


def _span(text: str) -> timedelta:
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter("write it like 30m, 2h or 1d", param_hint="--max-age")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _keys(config: "Configuration", client: str | None) -> list[str]:
    return [client] if client else sorted({*config.clients, *config.broken})


def _never(config: "Configuration", client: str | None) -> "list[Standing]":
    from syncer.report.status import Standing

    return [Standing(key, broken=config.broken.get(key, ())) for key in _keys(config, client)]


def _standings(config: "Configuration", store: "Store", client: str | None) -> "list[Standing]":
    from syncer.report.status import Standing
    from syncer.report.talk import talk_of
    from syncer.state.health import health

    known = {one.client: one for one in health(store)}
    found: list[Standing] = []
    for key in _keys(config, client):
        linked: dict[str, int] = {}
        for (connection, _), count in store.link_counts(key).items():
            linked[connection] = linked.get(connection, 0) + count
        found.append(
            Standing(
                client=key,
                health=known.get(key),
                linked=linked,
                broken=config.broken.get(key, ()),
                holds=tuple(store.holds(key)),
                parked=tuple(store.parked(key)),
                full_every=config.intervals.full_compare,
                goals=tuple(goals_amiss(config, store, key)),
                talk=talk_of(store.proposals(key, open_only=False), store.notices(key)),
            )
        )
    return found
