"""The lines of a rich text that may be goals, as a person reads them: without marks."""

import html
import re
import unicodedata
from collections.abc import Iterator

LONGEST = 300
"""No goal needs as many characters; of a longer line only the beginning is looked at."""

_BULLET = re.compile(
    r"(?:[-*+\u2022\u2023\u25e6\u00b7\u2013\u2014]|[0-9]{1,3}[.)])\s+(?:\[[ xX]?\]\s+)?"
)
_QUOTE = re.compile(r"(?:>(?!=)\s*)+")
_HEADING = re.compile(r"#{1,6}(?:\s|$)")
_REMARK = re.compile(r"note\s*:|//", re.IGNORECASE)
_STRUCK = re.compile(r"(~~?)[^~]+\1")
_LINK = re.compile(r"\[([^\]\[]*)\]\([^()\s]*\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_EMPHASIS = re.compile(r"\*+|`+|(?<![A-Za-z0-9_])_+|_+(?![A-Za-z0-9_])")
_TYPED = str.maketrans({"\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2019": "'"})
"""What word processors make of a minus, a hyphen and an apostrophe."""

_ENDS = " .,;:\\"


def lines(text: str | None) -> Iterator[tuple[int, str]]:
    """Number (from 1, blank lines counted) and words of each line that may be a goal.

    Bullets, marks of Markdown and full stops at the end are taken off. Blank lines, headings,
    rules, lines that are struck through and lines that begin with ``note:`` or ``//`` are left
    out: they are there for people.
    """
    unix = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    for number, raw in enumerate(unix.split("\n"), 1):
        line = _cleaned(_spaced(html.unescape(raw[: 2 * LONGEST])))
        if line:
            yield number, line[:LONGEST]


def _spaced(raw: str) -> str:
    """One plain space for every kind of white space, nothing for what has no width."""
    shown = "".join(char for char in raw if unicodedata.category(char) != "Cf")
    return " ".join(shown.translate(_TYPED).split())


def _cleaned(raw: str) -> str:
    """The words of one line; empty if it is no goal."""
    line = _unbulleted(raw)
    if _HEADING.match(line) or _STRUCK.fullmatch(line.strip(_ENDS)):
        return ""
    # What a person typed as "- " or "1. " into plain text arrives escaped.
    line = _unbulleted(_EMPHASIS.sub("", _ESCAPED.sub(r"\1", _LINK.sub(r"\1", line))).strip())
    return "" if _REMARK.match(line) else _told(line)


def _told(line: str) -> str:
    """A line without what ends a sentence; nothing if no letter or digit is in it."""
    words = line.strip(" ").rstrip(_ENDS)
    return " ".join(words.split()) if any(char.isalnum() for char in words) else ""


def _unbulleted(line: str) -> str:
    quoted = _QUOTE.match(line)
    line = line[quoted.end() :] if quoted else line
    found = _BULLET.match(line)
    return line[found.end() :] if found else line
