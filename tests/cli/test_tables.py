"""Tables in a terminal: all of every cell is to be read, however narrow the terminal is."""

from io import StringIO

import pytest

from syncer.cli.output import render
from syncer.report.document import Cell, line, table

ADDRESS = "https://app.asana.example/1/1100000000000001/task/1200000000000049"


class Terminal(StringIO):
    """What a terminal is told."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, no colours."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")


def shown(columns: tuple[str, ...], *rows: tuple[str | Cell, ...]) -> str:
    """A table as a terminal of 80 columns shows it."""
    terminal = Terminal()
    render([line("before"), table(columns, rows), line("after")], terminal)
    return terminal.getvalue()


def test_a_table_that_fits_stays_a_table() -> None:
    """Where there is room, every row is one line, and a column without a word keeps its name."""
    text = shown(("client", "holds", "state"), ("bakery", "", "ok"), ("outdoor", "", "paused"))
    [head] = [one for one in text.splitlines() if "client" in one]
    assert head.split() == ["client", "holds", "state"]
    assert [one.split() for one in text.splitlines() if "outdoor" in one] == [["outdoor", "paused"]]


def test_a_wide_cell_is_folded_at_words() -> None:
    """Nothing is cut off: what has no room on its line goes on below."""
    brief = "Keep the recipes: they bring most of the visitors, so nothing of them may be lost"
    text = shown(("field", "agreed", "rule"), ("brief", brief, "ownership.yaml:58"))
    assert "…" not in text
    assert all(word in text.split() for word in [*brief.split(), "ownership.yaml:58"])
    assert max(map(len, text.splitlines())) <= 80


def test_a_table_without_room_becomes_a_list() -> None:
    """An address stays in one piece, to be copied, and each value stands after its name."""
    columns = ("twin in", "object", "id", "state", "", "address")
    row = ("Asana", "task", "1200000000000049", "linked", "unsure", ADDRESS)
    text = shown(columns, row)
    assert ADDRESS in text.split()
    assert "object: task" in text
    assert "id: 1200000000000049" in text
    assert "  unsure" in text
    assert max(map(len, text.splitlines())) <= 80


def test_what_is_empty_makes_room() -> None:
    """A column that says nothing is left out before a table becomes a list."""
    columns = ("client", "step", "proposals", "holds", "parked", "state", "more words", "id")
    long = "simple_project_board"
    text = shown(columns, (long, "", "", "", "", long, "nothing of note", long))
    [head] = [one for one in text.splitlines() if "client" in one]
    assert head.split() == ["client", "state", "more", "words", "id"]


def test_a_table_without_rows_is_its_names() -> None:
    """Names only, however long."""
    text = shown(tuple(f"a column with number {n}" for n in range(6)))
    assert text.splitlines()[0] == "before"
    assert text.splitlines()[-1] == "after"
