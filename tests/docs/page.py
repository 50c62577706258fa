"""The README as data: its blocks, tables and words in code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"

_BLOCK = re.compile(r"^```(\w*)(?: ([^\n]+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A block of code: its language, what its first line says besides, and where it stands."""

    language: str
    about: str
    content: str
    section: str


@cache
def text() -> str:
    """The whole page."""
    return README.read_text("utf-8")


@cache
def prose() -> str:
    """The page without its blocks of code."""
    return _BLOCK.sub("", text())


@cache
def blocks() -> tuple[Block, ...]:
    """Every block of code, in order."""
    return tuple(
        Block(match[1], match[2] or "", match[3], section(match.start()))
        for match in _BLOCK.finditer(text())
    )


def section(at: int) -> str:
    """The last heading before a place of the page."""
    return next((m[2] for m in reversed(list(headings())) if m.start() < at), "")


def headings() -> Iterator[re.Match[str]]:
    """Headings outside blocks of code."""
    inside = [match.span() for match in _BLOCK.finditer(text())]
    for match in _HEADING.finditer(text()):
        if not any(start <= match.start() < end for start, end in inside):
            yield match


def anchors() -> set[str]:
    """What `#...` may name: headings in small letters, hyphens for blanks, no punctuation."""
    return {re.sub(r"[^\w -]", "", m[2].lower()).replace(" ", "-") for m in headings()}


def spans() -> list[str]:
    """Every piece of code within the prose."""
    return _SPAN.findall(prose())


def rows(first: str) -> list[list[str]]:
    """The rows of the table whose head begins with this cell; bars in a cell are escaped."""
    lines = iter(prose().splitlines())
    found: list[list[str]] = []
    for line in lines:
        if line.startswith(f"| {first} |"):
            next(lines)
            for row in lines:
                if not row.startswith("|"):
                    break
                found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]])
    return found
