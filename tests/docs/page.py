"""The README and the pages of docs/ as data: their blocks, tables and words in code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

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
    page: str


@dataclass(frozen=True)
class Page:
    """One page, by its path from the root."""

    name: str

    @property
    def file(self) -> Path:
        """Where it lies."""
        return ROOT / self.name

    @cached_property
    def text(self) -> str:
        """The whole page."""
        return self.file.read_text("utf-8")

    @cached_property
    def prose(self) -> str:
        """The page without its blocks of code."""
        return _BLOCK.sub("", self.text)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Every block of code, in order."""
        return tuple(
            Block(m[1], m[2] or "", m[3], self._section(m.start()), self.name)
            for m in _BLOCK.finditer(self.text)
        )

    @cached_property
    def headings(self) -> tuple[re.Match[str], ...]:
        """Headings outside blocks of code."""
        inside = [match.span() for match in _BLOCK.finditer(self.text)]
        return tuple(
            match
            for match in _HEADING.finditer(self.text)
            if not any(start <= match.start() < end for start, end in inside)
        )

    @cached_property
    def anchors(self) -> set[str]:
        """What `#...` may name: headings in small letters, hyphens for blanks, no punctuation."""
        return {re.sub(r"[^\w -]", "", m[2].lower()).replace(" ", "-") for m in self.headings}

    @cached_property
    def spans(self) -> list[str]:
        """Every piece of code within the prose."""
        return _SPAN.findall(self.prose)

    def rows(self, first: str) -> list[list[str]]:
        """The rows of all tables whose head begins with this cell; bars in a cell are escaped."""
        lines = iter(self.prose.splitlines())
        return [row for line in lines if line.startswith(f"| {first} |") for row in _rows(lines)]

    def _section(self, at: int) -> str:
        return next((m[2] for m in reversed(self.headings) if m.start() < at), "")


def _rows(lines: Iterator[str]) -> Iterator[list[str]]:
    """The cells of a table's rows, from the line below its head on."""
    next(lines)
    for row in lines:
        if not row.startswith("|"):
            return
        yield [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


README = Page("README.md")
COOKBOOK = Page("docs/mapping-cookbook.md")
PRODUCTION = Page("docs/production.md")
PAGES = (README, *(Page(f"docs/{file.name}") for file in sorted((ROOT / "docs").glob("*.md"))))


def blocks() -> list[Block]:
    """Every block of code of every page."""
    return [block for page in PAGES for block in page.blocks]


def spans() -> list[str]:
    """Every piece of code within the prose of every page."""
    return [span for page in PAGES for span in page.spans]
