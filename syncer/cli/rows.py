"""Rows of the state as CSV or JSON, one after the other: a table need not fit in memory."""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from textwrap import indent
from typing import Any, Final, TextIO

from syncer.cli.exits import Exit, Fault
from syncer.report.document import safe_json

_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Row = Mapping[str, Any]


class Form(StrEnum):
    """How rows are written; ``jsonl`` is an object a line, ``sqlite`` the whole state."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    SQLITE = "sqlite"


@contextmanager
def writing(file: Path | None) -> Iterator[TextIO]:
    """Where rows go: a file, or standard output. Raises :class:`Fault` if it cannot be written."""
    if file is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        # Line ends are the writer's; names of any script survive.
        with file.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
    except OSError as error:
        told = error.strerror or str(error)
        raise Fault(f"{file} cannot be written: {told}", Exit.FAILED) from None


def write_rows(stream: TextIO, rows: Iterable[Row], form: Form, columns: Sequence[str]) -> None:
    """Write rows as they come."""
    if form is Form.CSV:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: plain_cell(value) for name, value in row.items()} for row in rows)
    elif form is Form.JSONL:
        stream.writelines(f"{_json(row)}\n" for row in rows)
    else:
        _write_list(stream, rows)


def _write_list(stream: TextIO, rows: Iterable[Row]) -> None:
    """A list of objects, as :mod:`json` would write it whole."""
    before = "["
    for row in rows:
        stream.write(f"{before}\n{indent(_json(row, 2), '  ')}")
        before = ","
    stream.write("[]\n" if before == "[" else "\n]\n")


def _json(value: Any, indent: int | None = None) -> str:
    return safe_json(json.dumps(value, ensure_ascii=False, indent=indent))


def plain_cell(value: Any) -> Any:
    """A value for a spreadsheet: text is text, never a formula; JSON has it letter for letter.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    if not isinstance(value, str):
        return value
    text = _CONTROL.sub(lambda found: json.dumps(found[0])[1:-1], value)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
