"""``syncer export``: a table of the state as CSV or JSON, or a sound copy of the whole."""

import csv
import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Client
from syncer.cli.setup import Setup, opened, state_file
from syncer.report.document import safe_json

TABLES = ("journal", "records", "links", "proposals", "holds", "parked", "cycles", "agreements")

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


class Form(StrEnum):
    """How rows are written; ``jsonl`` is an object a line, ``sqlite`` the whole state."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    SQLITE = "sqlite"


What = Annotated[
    str | None,
    typer.Argument(metavar="TABLE", help=f"One of {', '.join(TABLES)}; the journal unless said."),
]
Format = Annotated[
    Form, typer.Option("--format", help="How to write it; sqlite is a backup of everything.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    ctx: typer.Context, what: What = None, form: Format = Form.CSV, client: Client = None
) -> None:
    """Write a table of the state, or a backup of it, to standard output."""
    setup: Setup = ctx.obj
    if what is not None and what not in TABLES:
        raise typer.BadParameter(f"one of {', '.join(TABLES)}", param_hint="TABLE")
    if form is Form.SQLITE:
        _check_backup(what, client)
    config = setup.configuration()
    file = state_file(config)
    if file is None:
        text = "the state is on a database server: export it with that server's own tools"
        raise Fault(text, Exit.CONFIGURATION)
    with opened(config):
        pass  # brings the tables up to date, or says why they cannot be
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        if form is Form.SQLITE:
            _copy(connection, file)
        else:
            _table(connection, what or "journal", form, client)


def _check_backup(what: str | None, client: str | None) -> None:
    if what or client:
        raise typer.BadParameter("sqlite is the whole state; name no table and no client")
    if sys.stdout.isatty():
        raise typer.BadParameter("send it to a file: syncer export --format sqlite > backup.db")


def _copy(connection: sqlite3.Connection, file: Path) -> None:
    """One moment of the state, with what is still in the log only, as a file of its own."""
    from syncer.state.errors import translated

    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        copy = Path(folder, file.name)
        with translated(str(file)):
            connection.execute("VACUUM INTO ?", [str(copy)])
        with copy.open("rb") as made:
            shutil.copyfileobj(made, sys.stdout.buffer)
    sys.stdout.flush()


def _table(connection: sqlite3.Connection, what: str, form: Form, client: str | None) -> None:
    import sqlite_utils

    table = sqlite_utils.Database(connection, execute_plugins=False).table(what)
    rows = table.rows_where("client = ?", [client]) if client else table.rows
    _write(rows, form, [column.name for column in table.columns])


def _write(rows: Iterable[dict[str, Any]], form: Form, columns: list[str]) -> None:
    if form is Form.CSV:
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    elif form is Form.JSONL:
        sys.stdout.writelines(f"{_json(row)}\n" for row in rows)
    else:
        sys.stdout.write(_json(list(rows), indent=2) + "\n")


def _json(value: Any, indent: int | None = None) -> str:
    return safe_json(json.dumps(value, ensure_ascii=False, indent=indent))


def _cell(value: Any) -> Any:
    """A value for a spreadsheet: text is text, never a formula; JSON has it letter for letter.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
