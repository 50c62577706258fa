"""Markdown (CommonMark with strike-through), read by markdown-it and written with least marks.

Text is escaped only where it would otherwise read as something else: every line is read
back, and a heavier form is taken until it reads as it should. People see Markdown raw in
some tools, and ``snake_case`` should stay what they typed.
"""

import re
from collections.abc import Callable, Iterable
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from adapters.asana.richtext.html import code_text
from adapters.asana.richtext.tree import (
    MARKS,
    Block,
    Code,
    Document,
    Item,
    Line,
    Listing,
    Quote,
    Rule,
    Run,
    Text,
    as_item,
    paragraphs,
    tidy,
)
from adapters.asana.richtext.urls import usable

_READER = (
    MarkdownIt("commonmark", {"html": True, "maxNesting": 40})
    .enable("strikethrough")
    .disable("html_block")
)
_TAG = re.compile(r"<(/?)(strong|em|s|u|code)>")
_SIGNS = {"strong": "**", "em": "*", "s": "~~"}
_URL = re.compile(r"https?://[^\s<>]+")
_ACTIVE = re.compile(r"([\\`*_~\[\]<&#!])")
_ANY = re.compile(r"([!-/:-@\[-`{-~])")
_LINE_START = re.compile(r"^([-+=>]|\d+(?=[.)]))")


def parse_markdown(text: str) -> Document:
    """The document in a Markdown text."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    return tidy(_read(SyntaxTreeNode(_READER.parse(clean)).children))


def _read(nodes: Iterable[SyntaxTreeNode]) -> list[Block]:
    return [block for node in nodes for block in _block(node)]


def _block(node: SyntaxTreeNode) -> list[Block]:
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


def _inline(node: SyntaxTreeNode) -> list[Run]:
    runs: list[Run] = []
    for child in node.children:
        _runs(child.children if child.type == "inline" else [child], Run(""), runs)
    return runs


def _runs(nodes: list[SyntaxTreeNode], look: Run, runs: list[Run]) -> None:
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


def _closing(nodes: list[SyntaxTreeNode], place: int) -> int | None:
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


def _run(node: SyntaxTreeNode, look: Run, runs: list[Run]) -> None:
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


Escape = Callable[[str], str]


def _as_is(text: str) -> str:
    return text


def _some(text: str) -> str:
    """Active signs escaped, addresses put in angle brackets, where they need nothing else."""
    done, last = "", 0
    for url in _URL.finditer(text):
        if usable(url[0]) == url[0]:
            done += _ACTIVE.sub(r"\\\1", text[last : url.start()]) + f"<{url[0]}>"
            last = url.end()
    return done + _ACTIVE.sub(r"\\\1", text[last:])


def _all(text: str) -> str:
    return _ANY.sub(r"\\\1", text)


_FORMS: tuple[tuple[Escape, bool], ...] = (
    (_as_is, False),
    (_some, False),
    (_some, True),
    (_all, True),
)
"""How to write a line, the lightest first: how text is escaped, and whether marks are tags."""


def render_markdown(document: Document) -> str:
    """Markdown that reads as this document."""
    light = _blocks(document, 0)
    if parse_markdown(light) == document:
        return light
    return _blocks(document, len(_FORMS) - 1)


def _blocks(document: Document, least: int) -> str:
    return "\n\n".join(_one(block, least) for block in document)


def _one(block: Block, least: int) -> str:
    if isinstance(block, Rule):
        return "---"
    if isinstance(block, Code):
        fence = "`" * max(3, 1 + _longest(block.text))
        return f"{fence}\n{block.text}\n{fence}"
    if isinstance(block, Quote):
        lines = _blocks(block.blocks, least).split("\n")
        return "\n".join(f"> {line}".rstrip() for line in lines)
    if isinstance(block, Listing):
        return _listing(block, least)
    if block.level:
        return "#" * block.level + " " + _line(block.lines[0], least, f"{'#' * block.level} ")
    return _text(block.lines, least)


def _text(lines: tuple[Line, ...], least: int) -> str:
    text = "\n".join(_line(line, least) for line in lines)
    if parse_markdown(text) == (Text(lines),):
        return text
    return "\n".join(_line(line, len(_FORMS) - 1) for line in lines)


def _listing(listing: Listing, least: int) -> str:
    done: list[str] = []
    for number, item in enumerate(listing.items, 1):
        sign = f"{number}. " if listing.ordered else "- "
        inner = [_text(item.lines, least), *_under(item, least)]
        body = "\n".join(inner).split("\n")
        rest = (f"{' ' * len(sign)}{line}" if line else "" for line in body[1:])
        done.append("\n".join([sign + body[0], *rest]))
    return "\n".join(done)


def _under(item: Item, least: int) -> list[str]:
    """Lists under an entry. One that is numbered may not follow a line directly."""
    return [
        ("\n" if number else "") + _listing(inner, least) for number, inner in enumerate(item.lists)
    ]


def _line(line: Line, least: int, before: str = "") -> str:
    """A line in the lightest form that reads as it should."""
    wanted = (Text((line,), len(before.strip())),)
    text = ""
    for escape, tags in _FORMS[least:]:
        text = _linked(line, escape, tags)
        text = text if escape is _as_is else _LINE_START.sub(_guarded, text)
        if parse_markdown(before + text) == wanted:
            break
    return text


def _guarded(found: re.Match[str]) -> str:
    sign = found[1]
    return f"{sign}\\" if sign[0].isdigit() else f"\\{sign}"


def _linked(line: Line, escape: Escape, tags: bool) -> str:
    done = ""
    for href, group in groupby(line, key=lambda run: run.href):
        inside = _marked(tuple(group), MARKS, escape, tags)
        done += f"[{inside}]({_target(href)})" if href else inside
    return done


def _target(href: str) -> str:
    return f"<{href}>" if re.search(r"[()\s]", href) else href


def _marked(runs: tuple[Run, ...], marks: tuple[str, ...], escape: Escape, tags: bool) -> str:
    mark = marks[0]
    if mark == "code":
        parts = (_code(run.text) if mark in run.marks else escape(run.text) for run in runs)
        return "".join(parts)
    done = ""
    for has, group in groupby(runs, key=lambda run: mark in run.marks):
        inside = _marked(tuple(group), marks[1:], escape, tags)
        sign = None if tags else _SIGNS.get(mark)
        opened, closed = (sign, sign) if sign else (f"<{mark}>", f"</{mark}>")
        done += f"{opened}{inside}{closed}" if has else inside
    return done


def _code(text: str) -> str:
    fence = "`" * (1 + _longest(text))
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def _longest(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
