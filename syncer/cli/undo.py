"""``syncer undo``: take back what a cycle, or the last change of a record, brought about."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from syncer.cli.exits import Exit, Fault, worst
from syncer.cli.moments import moment_typed
from syncer.cli.options import Client, Json
from syncer.cli.run import allowed_kinds
from syncer.cli.setup import Setup, operator
from syncer.cli.work import CODES, known_client, namer, service

if TYPE_CHECKING:
    from syncer.engine.service import Service
    from syncer.model.configuration import Configuration
    from syncer.model.decisions import Editor
    from syncer.model.records import JournalEntry
    from syncer.model.report import CycleReport
    from syncer.model.undoing import Beyond
    from syncer.state import Cycle, Store

LAST = "last"

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[CYCLE|RECORD]",
        help="A cycle's id, `last`, or a record: id, title, vendor's id or address.",
    ),
]
Field = Annotated[str | None, typer.Option(metavar="FIELD", help="This field only.")]
Since = Annotated[
    str | None,
    typer.Option(
        metavar="TIME", help="All changes since then: 2026-01-31 or 2026-01-31T09:30 (UTC)."
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="PERSON",
        help="Undo it in this person's roles; else what has an owner is only proposed.",
    ),
]  # fmt: skip
Yes = Annotated[bool, typer.Option("--yes", help="Do it; else it is only shown.")]
Allow = Annotated[list[str] | None, typer.Option(metavar="KIND", help="As for `syncer run`.")]


class Request(Struct, frozen=True):
    """What was typed: whose changes to undo, as whom, and whether to do it or to show it."""

    what: str | None
    field: str | None
    since: datetime | None
    client: str | None
    editor: "Editor"
    allowed: frozenset[str]
    yes: bool
    text: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(undo)


def undo(
    ctx: typer.Context,
    what: What = None,
    field: Field = None,
    since: Since = None,
    person: As = None,
    client: Client = None,
    allow: Allow = None,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Take back what a cycle or the last change of a record brought about; shown first, --yes does it.

    Only what nobody edited since goes back, and the owners' rules hold as for any edit. What is
    undone is itself in the journal, and can be undone.
    """
    setup: Setup = ctx.obj
    setup.output(json)
    if what is None and since is None:
        raise typer.BadParameter("name a cycle or a record, or give --since", param_hint="WHAT")
    config = setup.configuration()
    known_client(config, client)
    request = Request(
        what, field, moment_typed(since) if since else None, client, _editor(config, person),
        allowed_kinds(allow), yes, _text(what, since, person),
    )  # fmt: skip
    _undo(setup, config, request)


def _undo(setup: Setup, config: "Configuration", request: Request) -> None:
    from syncer.report.document import Style, line
    from syncer.report.undo import anything, carried_out, undo_document, undo_json

    output = setup.output(False)
    with output.progress() as told, service(config, told) as running:
        lines = _lines(config, running.store, request)
        done = [_client(running, key, found, request) for key, found in lines.items()]
        names = namer(config, running.store, [report for report, _ in done])
        blocks = [
            b for r, beyond in done for b in undo_document(r, beyond, names, done=request.yes)
        ]
    reports = [report for report, _ in done]
    code = worst(CODES[report.result] for report in reports)
    if request.what == LAST and not any(report.undone for report in reports):
        text = "the last cycle changed nothing: name an earlier one as `syncer explain RECORD` shows it"
        blocks.append(line(f"{text}, or all since a time with --since", Style.DIM))
    elif not request.yes and anything(reports):
        blocks.append(line("nothing was changed: add --yes to do it", Style.DIM))
    clients = [undo_json(report, beyond) for report, beyond in done]
    through = request.yes and all(map(carried_out, reports))
    output.show(blocks, {"done": through, "exit_code": int(code), "clients": clients})
    raise typer.Exit(code)


def _client(
    running: "Service", key: str, lines: "list[JournalEntry]", request: Request
) -> "tuple[CycleReport, Beyond]":
    """Undo, or show it, in one client."""
    from syncer.engine.context import Orders
    from syncer.model.undoing import Undo
    from syncer.reconcile.undoing import beyond, chosen

    found = chosen(lines, twins=request.field is None)
    undo = Undo(request.editor, found.wishes, found.made, found.away, request.text)
    orders = Orders(allowed=request.allowed, undo=undo)
    comments = running.store.comments_of(key, {line.cycle for line in lines if line.cycle})
    do = running.run if request.yes else running.plan
    [report] = do(key, orders)
    return report, beyond(lines, comments)


def _lines(
    config: "Configuration", store: "Store", request: Request
) -> "dict[str, list[JournalEntry]]":
    """By client, what the journal holds about what is to be undone. Raises :class:`Fault`."""
    from syncer.cli.finding import record_of
    from syncer.reconcile.undoing import last_change

    what, field, since = request.what, request.field, request.since
    if what is None:
        keys = [request.client] if request.client else sorted(config.clients)
        found = {key: store.changes(key, since=since, field=field) for key in keys}
        return {key: lines for key, lines in found.items() if lines}
    cycle = _cycle(store, what, request.client)
    if cycle is not None:
        return {cycle.client: store.changes(cycle.client, cycle=cycle.id, field=field, since=since)}
    record = record_of(config, store, what, request.client)
    lines = store.changes(record.client, record=record.id, field=field, since=since)
    return {record.client: lines if since else last_change(lines)}


def _cycle(store: "Store", what: str, client: str | None) -> "Cycle | None":
    """The cycle that is meant; None if it is none. Raises :class:`Fault`."""
    if what != LAST and not what.startswith("c_"):
        return None
    if what == LAST:
        found = [cycle for key, cycle in store.last_cycles().items() if client in (None, key)]
    else:
        found = [cycle for cycle in store.cycles_meant(what) if client in (None, cycle.client)]
    if len(found) == 1:
        return found[0]
    several = (
        f"{what} can mean {len(found)} cycles: {', '.join(f'{c.id} ({c.client})' for c in found)}"
    )
    none = f"there is no cycle {what}: `syncer explain RECORD` names them"
    raise Fault(several if found else none, Exit.CONFIGURATION)


def _editor(config: "Configuration", person: str | None) -> "Editor":
    from syncer.model.decisions import Editor
    from syncer.model.undoing import UNDO

    if person is None:
        return Editor(automation=UNDO, shown=UNDO)
    if person not in config.people:
        names = ", ".join(sorted(config.people))
        text = f"nobody is called {person} in config/people.yaml: {names}"
        raise Fault(text, Exit.CONFIGURATION)
    return Editor(person, shown=config.people[person].name)


def _text(what: str | None, since: str | None, person: str | None) -> str:
    """The command, for the journal."""
    given = [what or "", f"--since {since}" if since else "", f"--as {person}" if person else ""]
    return f"undo {' '.join(filter(None, given))}, typed by {operator()}"
