"""What people read in a comment, and the mark by which one of ours is known."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

JOINER: Final = "\u2060"
"""A word joiner: nobody sees it, and what stands around it is not one word."""

_WORD: Final = "syncer"
_MARK: Final = re.compile(rf"(?:^|\n)[ \t]*([*_]{{1,3}}){_WORD} ([A-Za-z0-9]+)\1\s*$")
_LEAVES: Final = frozenset({"text", "code_inline", "code_block", "fence", "image", "html_inline"})


def mark(ref: str) -> str:
    """The last line of a comment of ours; ``ref`` is of letters and digits."""
    return f"*{_WORD} {ref}*"


def parted(text: str) -> tuple[str, str | None]:
    """A comment without its mark, and the ref that the mark holds, if it has one."""
    found = _MARK.search(text)
    return (text[: found.start()], found[2]) if found else (text, None)


def plain(markdown: str, *, quoting: str = "> ") -> str:
    """A text without markup, line by line; what is quoted there begins with ``quoting``."""
    clean = markdown.replace("\r\n", "\n").replace("\r", "\n")
    lines = _blocks(_parsed(clean).children, quoting)
    return "\n".join(lines).replace(JOINER, "").replace("\u00a0", " ").strip()


def _parsed(markdown: str) -> "SyntaxTreeNode":
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_reader().parse(markdown))


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # of most cycles nobody says anything

    return MarkdownIt("commonmark", {"html": False, "maxNesting": 40}).enable("strikethrough")


def _blocks(nodes: "Iterable[SyntaxTreeNode]", quoting: str) -> Iterator[str]:
    for node in nodes:
        if node.type in ("bullet_list", "ordered_list"):
            yield from _listing(node, quoting)
        elif node.type == "blockquote":
            quoted = "\n".join(_blocks(node.children, quoting))
            yield "\n".join(f"{quoting}{line}" for line in quoted.split("\n"))
        elif node.type in ("fence", "code_block"):
            yield node.content.rstrip("\n")
        elif node.type in ("paragraph", "heading"):
            yield _inline(node)
        else:
            yield from _blocks(node.children, quoting)


def _listing(node: "SyntaxTreeNode", quoting: str) -> Iterator[str]:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    for number, item in enumerate(node.children):
        sign = "-" if first is None else f"{first + number}."
        lines = "\n".join(_blocks(item.children, quoting))
        yield f"{sign} {lines}"


def _inline(node: "SyntaxTreeNode") -> str:
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type in _LEAVES:
        return node.content
    return "".join(_inline(child) for child in node.children)
