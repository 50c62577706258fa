"""Markdown, written with the least marks that read as they should.

Text is escaped only where it would otherwise read as something else: every line is read
back, and a heavier form is taken until it reads as it should. People see Markdown raw in
some tools, and ``snake_case`` should stay what they typed.
"""

import re
from collections.abc import Callable
from itertools import groupby

from adapters.asana.richtext.markdown_in import parse_markdown
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
)
from adapters.asana.richtext.urls import usable

_SIGNS = {"strong": "**", "em": "*", "s": "~~"}
_URL = re.compile(r"https?://[^\s<>]+")
_ACTIVE = re.compile(r"([\\`*_~\[\]<&#!])")
_ANY = re.compile(r"([!-/:-@\[-`{-~])")
_LINE_START = re.compile(r"^([-+=>]|\d+(?=[.)]))")

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
