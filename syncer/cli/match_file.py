"""The CSV of ``syncer match import``: what a person wrote into the column ``decision``."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from syncer.cli.exits import Exit, Fault
from syncer.cli.rows import plain_cell
from syncer.model.contact import Candidate, Decision

if TYPE_CHECKING:
    from syncer.state import Store

_WORDS: Final = {
    "accept": Decision.ACCEPTED,
    "accepted": Decision.ACCEPTED,
    "reject": Decision.REJECTED,
    "rejected": Decision.REJECTED,
    "create": Decision.CREATED,
    "created": Decision.CREATED,
    "open": Decision.OPEN,
}
_SEPARATORS: Final = ",;\t"
_ASKED: Final = ("title_1", "title_2")

Said = tuple[int, Candidate, Decision]
"""Line of the file, candidate, and what is said of it."""


def said_in(file: Path, store: "Store") -> list[Said]:
    """The decisions in a file; lines whose ``decision`` is empty say nothing.

    Raises :class:`Fault` with every line that is wrong.
    """
    rows = list(_rows(file))
    known = store.candidates_by_id(row.get("id", "").strip().upper() for _, row in rows)
    wrong: list[str] = []
    found: dict[str, Said] = {}
    for number, row in rows:
        word = row.get("decision", "").strip().casefold()
        if not word:
            continue
        id = row.get("id", "").strip().upper()
        fault = _fault(id, word, row, known, found)
        if fault:
            wrong.append(f"{file}:{number}: {fault}")
        else:
            found[id] = (number, known[id], _WORDS[word])
    if wrong:
        raise Fault("nothing was changed", Exit.CONFIGURATION, wrong)
    return list(found.values())


def _fault(
    id: str,
    word: str,
    row: Mapping[str, str],
    known: Mapping[str, Candidate],
    found: Mapping[str, Said],
) -> str:
    """What is wrong with a line, if anything is."""
    if word not in _WORDS:
        return f'decision "{word}" is none; write accept, reject, create, open or nothing'
    if id not in known:
        return f'no candidate is called "{id}"; export the list again'
    if id in found and found[id][2] is not _WORDS[word]:
        return f"{id} stands in line {found[id][0]} with another decision"
    one = known[id]
    for name, side in zip(_ASKED, (one.left, one.right), strict=True):
        written = row.get(name)
        title = " ".join(side.title.split())
        if written is not None and _bare(written) != _bare(str(plain_cell(title))):
            return (
                f'{name} is not that of {id} ("{title}"): a column was sorted alone, or the'
                " title changed since; export the list again"
            )
    return ""


def _bare(text: str) -> str:
    """A title without what spreadsheets add or drop."""
    return " ".join(text.lstrip("'").split())


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with the line it begins on, whatever separates its columns."""
    text = _text(file)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        names = [name.strip().casefold() for name in next(reader, [])]
        if missing := {"id", "decision"} - set(names):
            text = f'{file}:1: there is no column "{min(missing)}"'
            raise Fault(text, Exit.CONFIGURATION, ["`syncer match export` writes such a file."])
        before = reader.line_num
        for row in reader:
            if any(cell.strip() for cell in row):
                yield before + 1, dict(zip(names, row, strict=False))
            before = reader.line_num
    except csv.Error as error:
        raise Fault(f"{file}:{reader.line_num}: {error}", Exit.CONFIGURATION) from None


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        text = f"{file} cannot be read: {error.strerror or error}"
        raise Fault(text, Exit.CONFIGURATION) from None
    except UnicodeDecodeError:
        text = f'{file} is not UTF-8: save it as "CSV UTF-8"'
        raise Fault(text, Exit.CONFIGURATION) from None
