"""Lines that fit: words side by side as far as there is room, the rest below and further in."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import cell_len, chop_cells

from syncer.report.document import Cell, Line, Style, safe

WIDTH: Final = 80
"""Columns where nobody says how many there are, as in a pipe."""

UNBOUND: Final = 1_000_000
"""Columns of what is not to be broken, like the one line that a run has for each client."""

STEP: Final = 2
"""Columns of one step to the right."""

_LEAST: Final = 24
"""Columns that a text gets in any case, however far in it stands."""


def flowing(
    text: str, style: Style = Style.PLAIN, indent: int = 0, width: int = WIDTH, hang: int = 1
) -> Iterator[Line]:
    """A text on as many lines as it needs; from the second one on ``hang`` steps further in."""
    room = _room(width, indent)
    first, *rest = folded(text, room, max(_LEAST, room - STEP * hang))
    yield Line((Cell(first, style),), indent)
    for part in rest:
        yield Line((Cell(part, style),), indent + hang)


def fitting(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Lines that somebody else made, on as many as they need; those of several styles stay."""
    for line in lines:
        if len(line.cells) == 1:
            cell = line.cells[0]
            yield from flowing(cell.text, cell.style, line.indent, width)
        else:
            yield line


def with_reason(
    text: str, reason: str, style: Style = Style.PLAIN, indent: int = 0, width: int = WIDTH
) -> Iterator[Line]:
    """A text, and beside it why; below it where both do not fit."""
    both = cell_len(safe(text)) + cell_len(safe(reason)) + STEP
    if reason and both <= _room(width, indent):
        yield Line((Cell(text, style), Cell(" " * STEP + reason, Style.DIM)), indent)
        return
    yield from flowing(text, style, indent, width)
    if reason:
        yield from flowing(reason, Style.DIM, indent + 1, width)


def folded(text: str, first: int, rest: int | None = None) -> list[str]:
    """A text in parts of so many columns, broken between words where there are any."""
    rest = first if rest is None else rest
    lines: list[str] = []
    line, room = None, first
    for word in _words(safe(text), min(first, rest)):
        joined = word if line is None else f"{line} {word}"
        if line is None or cell_len(joined) <= room:
            line = joined
        else:
            lines.append(line)
            line, room = word, rest
    return [*lines, line or ""]


def _words(text: str, longest: int) -> Iterator[str]:
    # Single spaces only: what is set in, or set apart by two, stays so.
    for word in text.split(" "):
        yield from chop_cells(word, longest) if cell_len(word) > longest else (word,)


def _room(width: int, indent: int) -> int:
    return max(_LEAST, width - STEP * indent)
