"""``syncer pause`` and ``syncer resume``."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.options import Json
from syncer.cli.setup import Setup, opened, operator
from syncer.cli.work import known_client

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration
    from syncer.state import Store

Which = Annotated[str | None, typer.Argument(metavar="[CLIENT]", help="Else every client.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(pause)
    app.command()(resume)


def pause(ctx: typer.Context, client: Which = None, json: Json = False) -> None:
    """Leave a client, or all, alone until it is resumed."""
    _set(ctx.obj, client, json, paused=True)


def resume(ctx: typer.Context, client: Which = None, json: Json = False) -> None:
    """Let a client, or all, run again."""
    _set(ctx.obj, client, json, paused=False)


def _set(setup: Setup, client: str | None, json: bool, *, paused: bool) -> None:
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    from syncer.model.records import JournalEntry
    from syncer.report.document import counted, line
    from syncer.report.jsonable import moment_json
    from syncer.state import ALL_CLIENTS
    from syncer.state.standstill import paused as standstill

    key, now, word = client or ALL_CLIENTS, datetime.now(UTC), "pause" if paused else "resume"
    text = f"{word} {client or ''}".strip() + f", typed by {operator()}"
    entry = JournalEntry(key, now, "command", outcome=word, text=text)
    with opened(config) as store, store.transaction() as tx:
        if paused:
            tx.pause(key, now)
        else:
            tx.resume(key)
        tx.journal([entry])
    with opened(config) as store:
        still, waits = standstill(store, key), _waits(config, store, client)
    who = client or "every client"
    words = f"{who} is paused {still}" if still else f"{who} runs again"
    if still and not paused:
        words = f"{who} stays paused, because every client is: `syncer resume` without a name"
    since = still.since if still else None
    told = {"client": key, "paused_since": moment_json(since), "waits": waits}
    waiting = ", ".join(counted(count, what) for what, count in waits.items() if count)
    lines = [line(f"what waits: {waiting}", indent=1)] if waiting else []
    output.show([line(words), *lines], told | {"by": still.by if still else None})


def _waits(config: "Configuration", store: "Store", client: str | None) -> dict[str, int]:
    """What is open, and goes on when it runs again."""
    keys = [client] if client else [*config.clients, *config.broken]
    return {
        "proposal": sum(len(store.proposals(key)) for key in keys),
        "heads-up": sum(len(store.notices(key)) for key in keys),
        "parked write": sum(len(store.parked(key)) for key in keys),
    }
