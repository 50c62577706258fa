"""``syncer pause`` and ``syncer resume``."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from syncer.cli.options import Json
from syncer.cli.setup import Setup, opened, operator
from syncer.cli.work import known_client

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
    from syncer.report.document import line
    from syncer.report.jsonable import moment_json
    from syncer.state import ALL_CLIENTS

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
        since = store.paused(key)
    who, is_paused = client or "every client", since is not None
    words = f"{who} is paused" if is_paused else f"{who} runs again"
    if is_paused and not paused:
        words = f"{who} stays paused, because every client is: `syncer resume` without a name"
    output.show([line(words)], {"client": key, "paused_since": moment_json(since)})
