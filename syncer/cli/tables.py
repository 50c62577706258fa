"""Tables in a terminal: nothing is cut off, however narrow the terminal is."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from syncer.report.document import Cell, Table

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    Painter = Callable[[Cell], Text]

LONGEST: Final = 18
"""Characters of a word that are kept on one line; an address is kept whole, to be copied."""
_BETWEEN: Final = 3
_EDGES: Final = 1


def fitted(block: Table, width: int, paint: "Painter") -> "Iterator[RenderableType]":
    """A table for a terminal of ``width`` columns; as a list, if its words have no room beside.

    What is empty in every row is left out where room is short.
    """
    widths = _widths(block, width)
    if widths is None:
        block = _without_empty(block)
        widths = _widths(block, width)
    yield from _listed(block, paint) if widths is None else _table(block, widths, paint)


def _widths(block: Table, width: int) -> list[int] | None:
    """Of each column; None where they have no room."""
    from rich.cells import cell_len

    texts = [[name, *(row[at].text for row in block.rows)] for at, name in enumerate(block.columns)]
    natural = [max(map(cell_len, column)) for column in texts]
    room = width - _BETWEEN * len(natural) - _EDGES
    if sum(natural) <= room:
        return natural
    least = [max(map(_word, column)) for column in texts]
    return _spread(natural, least, room) if sum(least) <= room else None


def _word(text: str) -> int:
    """The longest word; not the whole of one that nobody copies."""
    from rich.cells import cell_len

    lengths = (cell_len(word) if "://" in word else min(cell_len(word), LONGEST)
               for word in text.split())  # fmt: skip
    return max(lengths, default=1)


def _spread(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """What is left of the room goes where it is narrowest for what it holds."""
    given = list(least)
    for _ in range(room - sum(least)):
        lines = [wanted / has for wanted, has in zip(natural, given, strict=True)]
        given[lines.index(max(lines))] += 1
    return given


def _without_empty(block: Table) -> Table:
    kept = [at for at in range(len(block.columns)) if any(row[at].text for row in block.rows)]
    rows = tuple(tuple(row[at] for at in kept) for row in block.rows)
    return Table(tuple(block.columns[at] for at in kept), rows)


def _table(block: Table, widths: Sequence[int], paint: "Painter") -> "Iterator[RenderableType]":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as RichTable

    table = RichTable(header_style="bold", box=SIMPLE_HEAD)
    for name, width in zip(block.columns, widths, strict=True):
        table.add_column(name, width=width, overflow="fold")
    for row in block.rows:
        table.add_row(*map(paint, row))
    yield table


def _listed(block: Table, paint: "Painter") -> "Iterator[RenderableType]":
    """Each row under its first cell, every other cell after the name of its column."""
    from rich.padding import Padding
    from rich.text import Text

    for first, *rest in block.rows:
        head = paint(first)
        head.stylize("bold")
        yield Padding(head, (0, 0, 0, 2), expand=False)
        cells = [_named(name, cell, paint)
                 for name, cell in zip(block.columns[1:], rest, strict=True) if cell.text]  # fmt: skip
        yield Padding(Text("  ").join(cells), (0, 0, 0, 4), expand=False)
    yield Text()


def _named(name: str, cell: Cell, paint: "Painter") -> "Text":
    from rich.text import Text

    return Text(f"{name}: " if name else "", style="dim").append_text(paint(cell))
