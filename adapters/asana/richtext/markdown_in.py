"""Markdown (CommonMark with strike-through, and tags for what it has no sign for), read."""

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from adapters.asana.richtext.html import code_text
from adapters.asana.richtext.tree import (
    Block,
    Code,
    Document,
    Listing,
    Quote,
    Rule,
    Run,
    as_item,
    paragraphs,
    tidy,
)
from adapters.asana.richtext.urls import usable

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_TAG = re.compile(r"<(/?)(strong|em|s|u|code)>")


def parse_markdown(text: str) -> Document:
    """The document in a Markdown text."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    return tidy(_read(_parsed(clean).children))


def _parsed(markdown: str) -> "SyntaxTreeNode":
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(_reader().parse(markdown))


@cache
def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # in most cycles no text is written

    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": 40})
    return reader.enable("strikethrough").disable("html_block")


def _read(nodes: "Iterable[SyntaxTreeNode]") -> list[Block]:
    return [block for node in nodes for block in _block(node)]


def _block(node: "SyntaxTreeNode") -> list[Block]:
    kind = node.type
    if kind == "paragraph":
        return list(paragraphs(_inline(node)))
    if kind == "heading":
        return list(paragraphs(_inline(node), 1 if node.tag == "h1" else 2))
    if kind == "hr":
        return [Rule()]
    if kind in ("fence", "code_block"):
        return [Code(code_text(node.content))]
    if kind == "blockquote":
        return [Quote(tidy(_read(node.children)))]
    if kind in ("bullet_list", "ordered_list"):
        items = tuple(as_item(_read(item.children)) for item in node.children)
        return [Listing(kind == "ordered_list", items)]
    return _read(node.children)


def _inline(node: "SyntaxTreeNode") -> list[Run]:
    runs: list[Run] = []
    for child in node.children:
        _runs(child.children if child.type == "inline" else [child], Run(""), runs)
    return runs


def _runs(nodes: "list[SyntaxTreeNode]", look: Run, runs: list[Run]) -> None:
    """Inline nodes as runs; the few tags that Markdown has no sign for are paired here."""
    place = 0
    while place < len(nodes):
        node = nodes[place]
        end = _closing(nodes, place)
        if end is not None:
            mark = _TAG.fullmatch(node.content)
            marks = look.marks | {mark[2]} if mark else look.marks
            _runs(nodes[place + 1 : end], Run("", marks, look.href), runs)
            place = end
        else:
            _run(node, look, runs)
        place += 1


def _closing(nodes: "list[SyntaxTreeNode]", place: int) -> int | None:
    """Where the tag that opens at ``place`` closes."""
    opens = _TAG.fullmatch(nodes[place].content) if nodes[place].type == "html_inline" else None
    if not opens or opens[1]:
        return None
    depth = 0
    for later in range(place, len(nodes)):
        tag = _TAG.fullmatch(nodes[later].content) if nodes[later].type == "html_inline" else None
        if tag and tag[2] == opens[2]:
            depth += -1 if tag[1] else 1
            if not depth:
                return later
    return None


def _run(node: "SyntaxTreeNode", look: Run, runs: list[Run]) -> None:
    if node.type in ("strong", "em", "s"):
        _runs(node.children, Run("", look.marks | {node.type}, look.href), runs)
    elif node.type == "link":
        href = usable(str(node.attrs.get("href", "")))
        _runs(node.children, Run("", look.marks, href or look.href), runs)
    elif node.type == "image":
        href = usable(str(node.attrs.get("src", "")))
        runs.append(Run(node.content or href or "", look.marks, href or look.href))
    elif node.type in ("softbreak", "hardbreak"):
        runs.append(Run("\n", look.marks, look.href))
    elif node.type == "code_inline":
        runs.append(Run(node.content, look.marks | {"code"}, look.href))
    else:
        runs.append(Run(node.content, look.marks, look.href))
