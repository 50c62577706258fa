"""Where things are shown: tables and colour in a terminal, plain text in a pipe, JSON if asked."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TextIO

from syncer.cli.tables import fitted
from syncer.report.document import Block, Cell, Document, Line, Style, safe, safe_json

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from syncer.engine.context import Progress

_COLOURS: Final = {
    Style.TITLE: "bold",
    Style.GOOD: "green",
    Style.WARN: "yellow",
    Style.BAD: "red",
    Style.DIM: "dim",
}
_STEP: Final = "  "


class Output:
    """The two streams of one command; results go to ``stdout``, everything else to ``stderr``."""

    def __init__(self, *, json: bool = False) -> None:
        self.json = json

    def show(self, document: Document, data: Any) -> None:
        """The result of a command: as JSON if that was asked for, else as text.

        ``data`` may be a function that makes it: of a large plan it takes long and much memory.
        """
        if self.json:
            self.data(data() if callable(data) else data)
        else:
            render(document, sys.stdout)

    def data(self, data: Any, *, line: bool = False) -> None:
        """JSON on standard output, on one ``line`` where programs read line by line."""
        text = json.dumps(data, ensure_ascii=False, indent=None if line else 2, default=str)
        sys.stdout.write(f"{safe_json(text)}\n")
        sys.stdout.flush()

    def note(self, text: str, style: Style = Style.PLAIN) -> None:
        """A word beside the result."""
        render([Line((Cell(text, style),))], sys.stderr)

    @contextmanager
    def progress(self) -> "Iterator[Progress | None]":
        """Bars for long work in a terminal; nothing elsewhere."""
        if self.json or not sys.stderr.isatty():
            yield None
            return
        with _bars() as told:
            yield told


def render(document: Document, stream: TextIO) -> None:
    """Write blocks to a stream, in the way that suits it."""
    if stream.isatty():
        console = _console(stream)
        for block in document:
            if isinstance(block, Line):
                console.print(_line(block), soft_wrap=True)
            else:
                console.print(*fitted(block, console.width, _text), sep="\n")
    else:
        for block in document:
            stream.writelines(f"{text}\n" for text in plain(block))
    stream.flush()


def plain(block: Block) -> Iterator[str]:
    """A block as lines of text; columns are aligned, nothing is cut."""
    if isinstance(block, Line):
        yield _STEP * block.indent + safe("".join(cell.text for cell in block.cells)).rstrip()
        return
    rows = [block.columns, *([safe(cell.text) for cell in row] for row in block.rows)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(block.columns))]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        yield _STEP.join(cells).rstrip()


def _console(stream: TextIO) -> "Console":
    from rich.console import Console

    return Console(file=stream, highlight=False, markup=False, emoji=False)


def _line(block: Line) -> "Text":
    from rich.text import Text

    text = Text(_STEP * block.indent)
    for cell in block.cells:
        text.append_text(_text(cell))
    return text


def _text(cell: Cell) -> "Text":
    from rich.text import Text

    return Text(safe(cell.text), style=_COLOURS.get(cell.style, ""))


@contextmanager
def _bars() -> "Iterator[Progress]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bars, lock = Progress(*columns, console=_console(sys.stderr), transient=True), Lock()
    tasks: dict[str, Any] = {}

    def told(what: str, done: int, of: int) -> None:
        with lock:
            if what not in tasks:
                tasks[what] = bars.add_task(safe(what), total=None)
            bars.update(tasks[what], completed=done, total=of or None)

    with bars:
        yield told
