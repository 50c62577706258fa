"""``syncer client``: clients as a whole."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncer.cli.commands import Commands
from syncer.cli.exits import Exit, Fault
from syncer.cli.export import export_client
from syncer.cli.options import Json
from syncer.cli.setup import Setup, opened, operator
from syncer.cli.work import known_client, service

if TYPE_CHECKING:
    from syncer.engine.retiring import Open
    from syncer.engine.service import Service
    from syncer.model.configuration import Configuration
    from syncer.report.document import Line
    from syncer.state import Store

group = typer.Typer(cls=Commands, help="Clients as a whole.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(metavar="CLIENT", help="A key of config/sync.yaml.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without, it is only shown.")]
Undo = Annotated[bool, typer.Option("--undo", help="Let a retired client run again.")]
Export = Annotated[
    Path | None,
    typer.Option("--export", metavar="DIR", help="Write all that is known of it there, as CSV."),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    from syncer.cli import client_add

    client_add.register(group)
    app.add_typer(group, name="client")


@group.command()
def retire(
    ctx: typer.Context,
    client: Key,
    yes: Yes = False,
    undo: Undo = False,
    export: Export = None,
    json: Json = False,
) -> None:
    """End a client's open work and run it no more; nothing in any tool is deleted."""
    setup: Setup = ctx.obj
    output = setup.output(json)
    config = setup.configuration()
    known_client(config, client)
    if undo:
        _undo(setup, config, client)
        return
    with output.progress() as told, service(config, told) as running:
        work, since = _stand(running.store, client)
        if since and yes:
            raise Fault(f"{client} is retired already, {since}", Exit.CONFIGURATION)
        written = export_client(config, client, export) if export else []
        down = _end(running, client) if yes else {}
    lines = _lines_of(config, client)
    output.show(
        [*_document(client, work, done=yes, down=down), *_afterwards(client, lines, written, yes)],
        _json(client, work, done=yes) | {"lines": lines, "exported": written, "down": down},
    )
    raise typer.Exit(Exit.FAILED if down else Exit.DONE)


def _stand(store: "Store", client: str) -> "tuple[Open, str]":
    from syncer.engine.retiring import open_work
    from syncer.state.standstill import retired

    since = retired(store, client)
    return open_work(store, client), str(since) if since else ""


def _end(running: "Service", client: str) -> dict[str, str]:
    if client in running.config.broken:
        text = f"{client}: its configuration is wrong, so nobody can be told: `syncer check`"
        raise Fault(text, Exit.CONFIGURATION)
    return running.retire(client, operator())


def _undo(setup: Setup, config: "Configuration", client: str) -> None:
    from syncer.model.records import JournalEntry
    from syncer.report.document import line
    from syncer.state.standstill import retired, take_back

    with opened(config) as store:
        if retired(store, client) is None:
            raise Fault(f"{client} is not retired", Exit.CONFIGURATION)
        text = f"client retire {client} --undo, typed by {operator()}"
        entry = JournalEntry(client, datetime.now(UTC), "command", outcome="take back", text=text)
        with store.transaction() as tx:
            take_back(tx, client)
            tx.journal([entry])
    words = f"{client} runs again; what was withdrawn stays withdrawn"
    setup.output(setup.json).show([line(words)], {"client": client, "retired": False})


def _document(client: str, work: "Open", *, done: bool, down: dict[str, str]) -> "Iterator[Line]":
    from syncer.report.document import Style, counted, line

    verb = "is" if done else "would be"
    yield line(f"{client} {verb} retired: no run looks at it, nothing in any tool is deleted")
    twins = ", ".join(f"{name} {count}" for name, count in sorted(work.twins.items()))
    yield line(f"left as they are: {twins or 'no twins'}", indent=1)
    facts = [
        (counted(len(work.proposals), "proposal"), "withdrawn"),
        (counted(len(work.asked), "comment or task", "comments or tasks"), "asked, and say so"),
        (counted(work.waiting, "heads-up"), "waiting, told nobody"),
        (counted(work.parked, "parked write"), "given up"),
        (counted(work.unanswered, "write"), "without an answer, looked up"),
    ]
    for count, became in facts:
        if not count.startswith("0 "):
            yield line(f"{count}: {became}", indent=1)
    for name, why in sorted(down.items()):
        yield line(f"{name} could not be told: {why}", Style.BAD, 1)


def _afterwards(client: str, lines: list[str], written: list[str], done: bool) -> "Iterator[Line]":
    from syncer.report.document import Style, line

    if written:
        yield line(f"exported: {', '.join(written)}")
    if lines:
        yield line(f"its lines in the configuration can go: {', '.join(lines)}")
    if done:
        yield line(f"`syncer client retire {client} --undo` lets it run again", Style.DIM)
    else:
        yield line(f"nothing was done: `syncer client retire {client} --yes` does it", Style.DIM)


def _json(client: str, work: "Open", *, done: bool) -> dict[str, Any]:
    counts = {name: getattr(work, name) for name in ("waiting", "parked", "unanswered")}
    told = {"client": client, "retired": done, "twins": dict(work.twins), **counts}
    return told | {"proposals": len(work.proposals), "asked": len(work.asked)}


def _lines_of(config: "Configuration", client: str) -> list[str]:
    """Where the configuration names a client as a key: file, and from which line to which."""
    found: list[str] = []
    for file in sorted((config.root / "config").glob("*.yaml")):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        found += [f"config/{file.name}:{span}" for span in _spans(lines, client)]
    return found


def _spans(lines: list[str], key: str) -> Iterator[str]:
    begins = re.compile(rf"(\s*)['\"]?{re.escape(key)}['\"]?\s*:(\s|$)")
    for at, text in enumerate(lines):
        match = begins.match(text)
        if match is None:
            continue
        end = at
        for below, other in enumerate(lines[at + 1 :], at + 1):
            if other.strip() and len(other) - len(other.lstrip()) <= len(match[1]):
                break
            end = below if other.strip() else end
        yield f"{at + 1}-{end + 1}" if end > at else f"{at + 1}"
