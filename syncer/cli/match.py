"""``syncer match``: things that may be the same, and saying whether they are."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.commands import Commands
from syncer.cli.exits import Exit, Fault
from syncer.cli.match_file import said_in
from syncer.cli.options import Client, Json
from syncer.cli.rows import Form, write_rows, writing
from syncer.cli.setup import Setup, opened, operator
from syncer.cli.work import known_client
from syncer.model.contact import Candidate, Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syncer.engine.spoken import Wish
    from syncer.state import Store

group = typer.Typer(
    cls=Commands,
    help="List things that may be the same, and say whether they are.",
    invoke_without_command=True,
)

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="As listed; a beginning will do.")
]
Every = Annotated[bool, typer.Option("--all", help="Those that somebody spoke of too.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take back what was said of them.")]
Above = Annotated[
    float | None,
    typer.Option(
        min=0,
        max=1,
        metavar="SCORE",
        help="All that are at least this likely and the one best for both; shown first.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="With --above: do it, and do not only show it.")]
Out = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write there; standard output unless said.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be changed.")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A CSV made by `syncer match export`.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group, name="match")


@group.callback()
def match(
    ctx: typer.Context, client: Client = None, every: Every = False, json: Json = False
) -> None:
    """List things that may be the same, and say whether they are."""
    setup: Setup = ctx.obj
    setup.output(json)
    if ctx.invoked_subcommand is None:
        _list(setup, client, every)


@group.command("list")
def list_(
    ctx: typer.Context, client: Client = None, every: Every = False, json: Json = False
) -> None:
    """List pairs that may be one thing; nothing is made of them until somebody says."""
    setup: Setup = ctx.obj
    setup.output(json)
    _list(setup, client, every)


@group.command()
def accept(
    ctx: typer.Context,
    ids: Ids = None,
    above: Above = None,
    client: Client = None,
    yes: Yes = False,
    undo: Undo = False,
    json: Json = False,
) -> None:
    """They are the same: the next run joins them."""
    setup: Setup = ctx.obj
    setup.output(json)
    if above is None:
        _say(setup, ids, client, Decision.ACCEPTED, undo=undo)
        return
    if ids or undo:
        raise typer.BadParameter("name IDs, or a score, and not both", param_hint="--above")
    from syncer.reconcile.best import clear_best

    with _store(setup, client) as store:
        found = clear_best(store.candidates(client, [Decision.OPEN]), above)
        _decide(setup, store, [(one, Decision.ACCEPTED) for one in found], dry=not yes)


@group.command()
def reject(
    ctx: typer.Context,
    ids: Ids = None,
    client: Client = None,
    undo: Undo = False,
    json: Json = False,
) -> None:
    """They are two things, and are never asked about again."""
    setup: Setup = ctx.obj
    setup.output(json)
    _say(setup, ids, client, Decision.REJECTED, undo=undo)


@group.command()
def create(
    ctx: typer.Context,
    ids: Ids = None,
    client: Client = None,
    undo: Undo = False,
    json: Json = False,
) -> None:
    """They are two things, and both get their twins now, whatever first_contact says."""
    setup: Setup = ctx.obj
    setup.output(json)
    _say(setup, ids, client, Decision.CREATED, undo=undo)


@group.command()
def export(
    ctx: typer.Context, client: Client = None, every: Every = False, out: Out = None
) -> None:
    """Write the list as CSV, to write accept, reject or create into its column `decision`."""
    setup: Setup = ctx.obj
    from syncer.engine.spoken import WORDS
    from syncer.report.match import COLUMNS, candidate_row

    with _store(setup, client) as store:
        found = store.candidates(client, None if every else [Decision.OPEN])
    with writing(out) as stream:
        opened_words = {**WORDS, Decision.OPEN: ""}
        rows = (candidate_row(one, opened_words[one.decision]) for one in found)
        write_rows(stream, rows, Form.CSV, COLUMNS)
    if out is not None:
        setup.output(False).note(f"{len(found)} candidates are in {out}")


@group.command("import")
def import_(ctx: typer.Context, file: File, dry_run: DryRun = False, json: Json = False) -> None:
    """Take the column `decision` of a CSV over; if anything in it is wrong, nothing is."""
    setup: Setup = ctx.obj
    setup.output(json)
    with _store(setup, None) as store:
        lines = said_in(file, store)
        _decide(setup, store, [(one, word) for _, one, word in lines], dry_run, file, lines)


@contextmanager
def _store(setup: Setup, client: str | None) -> "Iterator[Store]":
    config = setup.configuration()
    known_client(config, client)
    with opened(config) as store:
        yield store


def _list(setup: Setup, client: str | None, every: bool) -> None:
    from syncer.report.match import candidate_json, candidates_document
    from syncer.state.health import health

    with _store(setup, client) as store:
        found = store.candidates(client, None if every else [Decision.OPEN])
        met = {one.client for one in health(store) if one.last_ok_at}
    unread = sorted({client} if client else {*setup.configuration().clients})
    unread = [key for key in unread if key not in met]
    told = {"candidates": [candidate_json(one) for one in found], "never_read": unread}
    setup.output(False).show(candidates_document(found, unread), told)


def _say(
    setup: Setup, ids: Sequence[str] | None, client: str | None, word: Decision, *, undo: bool
) -> None:
    """Keep what is said of the candidates that are named."""
    if not ids:
        text = "say which: IDs as `syncer match` lists them"
        raise Fault(text, Exit.CONFIGURATION)
    with _store(setup, client) as store:
        chosen = list(_meant(store.candidates(client), ids))
        for one in chosen if undo else ():
            if one.decision is not word:
                text = f"{one.id} is {one.decision}, so there is nothing of that to take back"
                raise Fault(text, Exit.CONFIGURATION)
        _decide(setup, store, [(one, Decision.OPEN if undo else word) for one in chosen])


def _meant(found: Sequence[Candidate], ids: Iterable[str]) -> "Iterator[Candidate]":
    """The candidates that ids, or their beginnings, mean; each once."""
    for id in dict.fromkeys(text.strip().upper() for text in ids):
        fits = [one for one in found if one.id == id] or [o for o in found if o.id.startswith(id)]
        if not fits or not id:
            raise Fault(f'no candidate is called "{id}": see `syncer match`', Exit.CONFIGURATION)
        if len(fits) > 1:
            text = f'"{id}" can mean {len(fits)} candidates; write more of it'
            raise Fault(text, Exit.CONFIGURATION, [f"  {one.id}" for one in fits])
        yield fits[0]


def _decide(
    setup: Setup,
    store: "Store",
    said: Sequence[tuple[Candidate, Decision]],
    dry: bool = False,
    file: Path | None = None,
    lines: Sequence[tuple[int, Candidate, Decision]] = (),
) -> None:
    from syncer.engine.spoken import Wish, decide, faults
    from syncer.report.match import candidate_json, decided_document

    wishes = [Wish(one, decision) for one, decision in said]
    news = [wish for wish in wishes if wish.news]
    if wrong := faults(store, news):
        at = {one.id: f"{file}:{number}" for number, one, _ in lines}
        texts = [f"{at.get(id, id)}: {text}" for id, text in wrong.items()]
        raise Fault("nothing was changed", Exit.CONFIGURATION, texts)
    way = "without --dry-run it is" if file else "--yes does it"
    decided = _as_said(news) if dry else decide(store, news, operator(), datetime.now(UTC))
    told = {"changed": [candidate_json(one) for one in decided], "dry_run": dry}
    setup.output(False).show(decided_document(decided, dry=dry, way=way), told)


def _as_said(wishes: Sequence["Wish"]) -> list[Candidate]:
    from msgspec.structs import replace

    return [replace(wish.candidate, decision=wish.decision) for wish in wishes]
