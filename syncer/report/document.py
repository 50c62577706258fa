"""What is shown to people, before it is known on what: lines and tables, with hints of style."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

WIDEST: Final = 160
"""Characters of the longest value that is shown in text; JSON has all of it."""


class Style(StrEnum):
    """What something means, for whoever can show colour."""

    PLAIN = ""
    TITLE = "title"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    DIM = "dim"


class Cell(Struct, frozen=True):
    """A few words with a style."""

    text: str
    style: Style = Style.PLAIN


class Line(Struct, frozen=True):
    """One line: words side by side, ``indent`` steps to the right."""

    cells: tuple[Cell, ...]
    indent: int = 0


class Table(Struct, frozen=True):
    """Rows under headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block = Line | Table
Document = Sequence[Block]


def line(text: str, style: Style = Style.PLAIN, indent: int = 0) -> Line:
    """A line of one style."""
    return Line((Cell(text, style),), indent)


def table(columns: Sequence[str], rows: Iterable[Sequence[str | Cell]]) -> Table:
    """A table of texts and cells."""
    made = (tuple(_cell(item) for item in row) for row in rows)
    return Table(tuple(columns), tuple(made))


def _cell(item: str | Cell) -> Cell:
    return item if isinstance(item, Cell) else Cell(item)


def safe(text: str) -> str:
    """A text in which nothing moves a cursor or changes a colour: names come from strangers."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c in "\n\r\t" else "�" for c in text)


def safe_lines(text: str) -> str:
    """The same of a text whose lines are kept, like a traceback."""
    return "\n".join(safe(each) for each in text.split("\n"))


def safe_json(text: str) -> str:
    r"""JSON that says the same, with all that is no letter written as ``\uXXXX``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in text)


def short(text: str, length: int = WIDEST) -> str:
    """A text on one line, cut to a length."""
    joined = " ".join(text.split())
    return joined if len(joined) <= length else f"{joined[: length - 1]}…"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 hold``, ``2 holds``."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
