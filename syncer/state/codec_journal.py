"""Lines of the journal to rows and back.

The service's own writes of many fields of one thing are many lines and one row: its ``field`` is
:data:`EACH`, and ``old`` and ``new`` are objects, by field. Rules that are lines of one file stand
after its name with commas between them, in the order of ``new``.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Text, type_coerce

from syncer.model.records import JournalEntry
from syncer.model.structs import names
from syncer.state.bulk import Values
from syncer.state.codec_agreed import parted
from syncer.state.columns import escape, moment_text, stable_text, to_text
from syncer.state.tables import journal

JOURNALLED: Final = (*names(JournalEntry), "once")
"""The columns that a row is written to; the database numbers them."""

EACH: Final = "*"
"""What stands as the field of a row that tells of many; no field is called so."""

WRITE: Final = "write"
"""Kind of the lines about what the service itself wrote."""

SEARCHED: Final = ("text", "field", "old", "new", "editor", "outcome", "rule", "connection")
"""The columns that are searched."""

WORD: Final = re.compile(r"[^\W_]+")
"""What is a word to a search."""

_NULL: Final = "null"
_LINES: Final = re.compile(r"(.*):(\d+(?:,\d+)+)", re.DOTALL)


def once(connection: str | None, key: str, field: str | None) -> str:
    """What makes a journalled change unique within its client; of fixed length."""
    text = stable_text([connection, key, field])
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _maybe(text: str | None) -> str | None:
    return None if text is None else escape(text)


def journal_rows(entries: Iterable[JournalEntry]) -> Iterator[Values]:
    """Rows of ``journal``, each in the order of :data:`JOURNALLED`."""
    for shared, group in groupby(entries, _shared):
        lines = list(group)
        if shared is None or len(lines) == 1 or len({line.field for line in lines}) < len(lines):
            yield from map(journal_values, lines)
        else:
            yield journal_values(_together(lines))


def _shared(line: JournalEntry) -> tuple[Any, ...] | None:
    """What lines have in common that stand in one row; None for one that stands by itself."""
    if line.kind != WRITE or line.field is None or line.key is not None or "," in line.rule:
        return None
    file, _ = parted(line.rule)
    return (
        *(line.record, line.connection, line.outcome, line.text, file, "" if file else line.rule),
        *(line.cycle, line.at, line.client, line.entity, line.editor, line.role),
    )


def _together(lines: Sequence[JournalEntry]) -> JournalEntry:
    first = lines[0]
    file, _ = parted(first.rule)
    rule = f"{file}:{','.join(str(parted(line.rule)[1]) for line in lines)}" if file else first.rule
    old = {str(line.field): line.old for line in lines if line.old is not None}
    new = {str(line.field): line.new for line in lines}
    return replace(first, field=EACH, old=old or None, new=new, rule=rule)


def journal_values(entry: JournalEntry) -> Values:
    """A row of one line."""
    key = entry.key
    return (
        escape(entry.client),
        moment_text(entry.at),
        escape(entry.kind),
        escape(entry.cycle),
        _maybe(entry.record),
        _maybe(entry.entity),
        _maybe(entry.field),
        _maybe(entry.connection),
        _maybe(key),
        _maybe(entry.editor),
        _maybe(entry.role),
        _NULL if entry.old is None else to_text(entry.old),
        _NULL if entry.new is None else to_text(entry.new),
        escape(entry.outcome),
        escape(entry.rule),
        escape(entry.text),
        None if key is None else once(entry.connection, key, entry.field),
    )


def journal_from_row(row: Mapping[str, Any]) -> list[JournalEntry]:
    """The lines of a row by name, in their order."""
    return [
        JournalEntry(**{name: line[name] for name in names(JournalEntry)})
        for line in rows_apart(row)
    ]


def rows_apart(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row by name as one for each of its lines; one that is damaged stays as it is."""
    old, new = row["old"] or {}, row["new"]
    told = isinstance(old, dict) and isinstance(new, dict)
    if row["field"] != EACH or row["kind"] != WRITE or not told:
        return [dict(row)]
    found = _LINES.fullmatch(row["rule"])
    rules = [f"{found[1]}:{line}" for line in found[2].split(",")] if found else []
    if len(rules) != len(new):
        rules = [row["rule"]] * len(new)
    return [
        {**row, "field": name, "old": old.get(name), "new": new[name], "rule": rule}
        for name, rule in zip(new, rules, strict=True)
    ]


def about(field: str) -> ColumnElement[bool]:
    """Rows with a line about a field, or that may have one: a look into its lines tells."""
    named = type_coerce(journal.c.new, Text).contains(f'"{field}":', autoescape=True)
    return (journal.c.field == field) | ((journal.c.field == EACH) & named)


def holds_words(entry: JournalEntry, wanted: str) -> bool:
    """Whether a line holds each of these words, or one that begins so."""
    told = (getattr(entry, name) for name in SEARCHED)
    texts = (
        text if isinstance(text, str) else stable_text(text) for text in told if text is not None
    )
    words = {word for text in texts for word in _words(text)}
    return all(any(word.startswith(sought) for word in words) for sought in _words(wanted))


def _words(text: str) -> list[str]:
    """Words as the search compares them: without case and accents."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return WORD.findall("".join(sign for sign in apart if not unicodedata.combining(sign)))
