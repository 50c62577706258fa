"""``syncer export``: a table of the state as CSV or JSON, or a sound copy of the whole."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.figures import COLUMNS, Span, figure_rows
from syncer.cli.options import Client, Json
from syncer.cli.rows import Form, write_rows, writing
from syncer.cli.setup import Setup, opened, state_file

if TYPE_CHECKING:
    from syncer.model.configuration import Configuration

METRICS = "metrics"
TABLES = (
    *("journal", "records", "links", "proposals", "holds", "parked", "cycles", "agreements"),
    *("notices", "postings", "posting_proposals", "rooms", "contacts", "candidates"),
    METRICS,
)

What = Annotated[
    str | None,
    typer.Argument(metavar="TABLE", help=f"One of {', '.join(TABLES)}; the journal unless said."),
]
Format = Annotated[
    Form | None,
    typer.Option("--format", help="How to write it; sqlite is a backup of everything."),
]
Csv = Annotated[bool, typer.Option("--csv", help="Like --format csv, which it is unless said.")]
Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Metrics: from this day on."),
]
Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Metrics: up to this day, included."),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write there; standard output unless said."),
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    ctx: typer.Context,
    what: What = None,
    form: Format = None,
    client: Client = None,
    since: Since = None,
    until: Until = None,
    out: Out = None,
    csv: Csv = False,
    json: Json = False,
) -> None:
    """Write a table of the state, or a backup of it, to standard output or a file."""
    setup: Setup = ctx.obj
    asked = json or (setup.json and form is None and not csv)
    chosen = _form(form, csv=csv, json=asked)
    span = Span(client, since and since.date(), until and until.date())
    _check(what, chosen, span)
    config = setup.configuration()
    if what == METRICS:
        with opened(config) as store, writing(out) as stream:
            rows = figure_rows(store, span, plain=chosen is Form.CSV)
            write_rows(stream, rows, chosen, COLUMNS)
        return
    file = _readable(config)
    with _reading(file) as connection:
        if chosen is Form.SQLITE:
            _copy(connection, file, out)
        else:
            _table(connection, what or "journal", chosen, client, out)


def export_client(config: "Configuration", client: str, folder: Path) -> list[str]:
    """Write all that the state knows of a client into a folder, as CSV; gives the files."""
    folder.mkdir(parents=True, exist_ok=True)
    file, written = _readable(config), [folder / f"{name}.csv" for name in TABLES]
    with _reading(file) as connection:
        for name, out in zip(TABLES, written, strict=True):
            if name != METRICS:
                _table(connection, name, Form.CSV, client, out)
    with opened(config) as store, writing(folder / f"{METRICS}.csv") as stream:
        rows = figure_rows(store, Span(client, None, None), plain=True)
        write_rows(stream, rows, Form.CSV, COLUMNS)
    return [str(path) for path in written]


def _form(form: Form | None, *, csv: bool, json: bool) -> Form:
    said = {*([form] if form else []), *([Form.CSV] if csv else []), *([Form.JSON] if json else [])}
    if len(said) > 1:
        raise typer.BadParameter("name one form only", param_hint="--format, --csv, --json")
    return said.pop() if said else Form.CSV


def _check(what: str | None, form: Form, span: Span) -> None:
    if what is not None and what not in TABLES:
        raise typer.BadParameter(f"one of {', '.join(TABLES)}", param_hint="TABLE")
    if what != METRICS and (span.since or span.until):
        raise typer.BadParameter("of metrics only", param_hint="--since, --until")
    if span.since and span.until and span.since > span.until:
        raise typer.BadParameter("it is after --until", param_hint="--since")
    if form is Form.SQLITE and (what or span.client):
        raise typer.BadParameter("sqlite is the whole state; name no table and no client")


def _readable(config: "Configuration") -> Path:
    """The file of the state, brought up to date."""
    file = state_file(config)
    if file is None:
        text = "the state is on a database server: export it with that server's own tools"
        raise Fault(text, Exit.CONFIGURATION)
    with opened(config):
        return file


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    """The file, in which nothing can be written; what is damaged in it is told as such."""
    from syncer.state.errors import translated

    address = f"{file.absolute().as_uri()}?mode=ro"
    with translated(str(file)), closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


def _copy(connection: sqlite3.Connection, file: Path, out: Path | None) -> None:
    """One moment of the state, with what is still in the log only, as a file of its own."""
    if out is None and sys.stdout.isatty():
        raise typer.BadParameter("send it to a file: syncer export --format sqlite --out backup.db")
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy = Path(folder, file.name)
        connection.execute("VACUUM INTO ?", [str(copy)])
        if out is not None:
            _place(copy, out)
            return
        with copy.open("rb") as made:
            shutil.copyfileobj(made, sys.stdout.buffer)
    sys.stdout.flush()


def _place(copy: Path, out: Path) -> None:
    try:
        shutil.copyfile(copy, out)
    except OSError as error:
        text = f"{out} cannot be written: {error.strerror or error}"
        raise Fault(text, Exit.FAILED) from None


def _table(
    connection: sqlite3.Connection, what: str, form: Form, client: str | None, out: Path | None
) -> None:
    from syncer.state.spelled import told_columns, told_rows

    with writing(out) as stream:
        rows = told_rows(connection, what, client)
        write_rows(stream, rows, form, told_columns(connection, what))
