"""``syncer export``: a table of the state as CSV or JSON."""

import csv
import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from enum import StrEnum
from typing import Annotated, Any

import typer

from syncer.cli.exits import Exit, Fault
from syncer.cli.options import Client
from syncer.cli.setup import Setup, opened, state_file

TABLES = ("journal", "records", "links", "proposals", "holds", "parked", "cycles")


class Form(StrEnum):
    """How rows are written; ``jsonl`` is an object a line."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


What = Annotated[str, typer.Argument(metavar="TABLE", help=f"One of {', '.join(TABLES)}.")]
Format = Annotated[Form, typer.Option("--format", help="How to write it.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(export)


def export(
    ctx: typer.Context, what: What = "journal", form: Format = Form.CSV, client: Client = None
) -> None:
    """Write a table of the state to standard output."""
    setup: Setup = ctx.obj
    if what not in TABLES:
        raise typer.BadParameter(f"one of {', '.join(TABLES)}", param_hint="TABLE")
    config = setup.configuration()
    file = state_file(config)
    if file is None:
        text = "the state is on a database server: export it with that server's own tools"
        raise Fault(text, Exit.CONFIGURATION)
    with opened(config):
        pass  # brings the tables up to date, or says why they cannot be
    import sqlite_utils

    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        table = sqlite_utils.Database(connection, execute_plugins=False).table(what)
        rows = table.rows_where("client = ?", [client]) if client else table.rows
        _write(rows, form, [column.name for column in table.columns])


def _write(rows: Iterable[dict[str, Any]], form: Form, columns: list[str]) -> None:
    if form is Form.CSV:
        writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    elif form is Form.JSONL:
        sys.stdout.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        json.dump(list(rows), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
