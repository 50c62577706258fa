"""Asana's XML fragments, read leniently and written strictly."""

from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from msgspec import Struct, field

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

_ASSET = "https://app.asana.com/app/asana/-/get_asset?asset_id="
_VOID = frozenset({"br", "hr", "img"})
_SAME = {"b": "strong", "i": "em", "del": "s", "strike": "s", "tt": "code"} | {
    mark: mark for mark in MARKS
}
_BLOCKS = frozenset({"p", "div", "table", "tr", "body", "section", "object"})
_DEEPEST = 60


class _Node(Struct):
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[_Node | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text for c in self.children)


class _Reader(HTMLParser):
    """Builds nodes from anything; what is not closed ends with its parent."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("body")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, {key: value or "" for key, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(_Node(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse_html(html: str) -> Document:
    """The document in a fragment. Tags that are not known are read through."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tidy(_Blocks().read(reader.root))


class _Blocks:
    """Gathers the blocks of one level; runs wait until a block begins or ends."""

    def __init__(self) -> None:
        self._done: list[Block] = []
        self._runs: list[Run] = []

    def read(self, node: _Node) -> list[Block]:
        """The blocks in a node."""
        self._children(node, Run(""))
        self._flush()
        return self._done

    def _flush(self, level: int = 0) -> None:
        self._done.extend(paragraphs(self._runs, level))
        self._runs = []

    def _children(self, node: _Node, look: Run) -> None:
        for child in node.children:
            if isinstance(child, str):
                self._runs.append(Run(child, look.marks, look.href))
            else:
                self._node(child, look)

    def _node(self, node: _Node, look: Run) -> None:
        block = _block(node)
        if block is not None:
            self._flush()
            self._done.extend(block)
        elif node.tag in _BLOCKS:
            self._flush()
            self._children(node, look)
            self._flush()
        elif node.tag == "br":
            self._runs.append(Run("\n", look.marks, look.href))
        elif node.tag == "img":
            self._runs.append(_image(node))
        else:
            self._children(node, _look(node, look))


def _look(node: _Node, look: Run) -> Run:
    """Marks and link of what is inside an inline element."""
    href = look.href
    if node.tag == "a" and usable(node.attrs.get("href", "")):
        href = usable(node.attrs["href"])
    mark = _SAME.get(node.tag)
    return Run("", look.marks | {mark} if mark else look.marks, href)


def _image(node: _Node) -> Run:
    """A link that stays valid; the address in ``src`` is signed and dies within minutes."""
    gid = node.attrs.get("data-asana-gid", "")
    if gid.isdigit():
        return Run(node.attrs.get("alt") or "image", href=_ASSET + gid)
    return Run(node.attrs.get("alt", ""))


def _block(node: _Node) -> list[Block] | None:
    """What a block element stands for; ``None`` for any other."""
    if node.tag in ("ul", "ol"):
        return [Listing(node.tag == "ol", tuple(_items(node)))]
    if node.tag == "hr":
        return [Rule()]
    if node.tag == "pre":
        return [Code(code_text(node.text))]
    if node.tag == "blockquote":
        return [Quote(tidy(_Blocks().read(node)))]
    if len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1] in "123456":
        return _heading(node)
    return None


def _heading(node: _Node) -> list[Block]:
    inner = as_item(_Blocks().read(node))
    runs = [run for line in inner.lines for run in (*line, Run("\n"))]
    return [*paragraphs(runs, 1 if node.tag == "h1" else 2), *inner.lists]


def code_text(text: str) -> str:
    """The text of a code block in one form."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    kept = "\n".join("".join(c for c in line if c.isprintable()).rstrip() for line in lines)
    return kept.strip("\n")


def _items(node: _Node) -> Iterator[Item]:
    """Entries of a list; a list directly inside a list belongs to the entry before it."""
    waiting: Item | None = None
    for child in node.children:
        if isinstance(child, str) and not child.strip():
            continue
        if isinstance(child, _Node) and child.tag in ("ul", "ol"):
            inner = Listing(child.tag == "ol", tuple(_items(child)))
            before = waiting or Item(())
            waiting = Item(before.lines, (*before.lists, inner))
            continue
        if waiting:
            yield waiting
        whole = (
            child if isinstance(child, _Node) and child.tag == "li" else _Node("li", {}, [child])
        )
        waiting = as_item(_Blocks().read(whole))
    if waiting:
        yield waiting


def render_html(document: Document) -> str:
    """The fragment for a document, in one ``<body>``."""
    return f"<body>{_blocks(document)}</body>"


def _blocks(document: Document) -> str:
    done = ""
    before: Block | None = None
    for block in document:
        plain = isinstance(block, Text) and not block.level
        if plain and isinstance(before, Text) and not before.level:
            done += "\n\n"
        done += _one(block)
        before = block
    return done


def _one(block: Block) -> str:
    if isinstance(block, Rule):
        return "<hr/>"
    if isinstance(block, Code):
        return f"<pre>{escape(block.text, quote=False)}</pre>"
    if isinstance(block, Quote):
        return f"<blockquote>{_blocks(block.blocks)}</blockquote>"
    if isinstance(block, Listing):
        tag = "ol" if block.ordered else "ul"
        return f"<{tag}>{''.join(_entry(item) for item in block.items)}</{tag}>"
    inside = _lines(block.lines)
    return f"<h{block.level}>{inside}</h{block.level}>" if block.level else inside


def _entry(item: Item) -> str:
    return f"<li>{_lines(item.lines)}{''.join(_one(listing) for listing in item.lists)}</li>"


def _lines(lines: tuple[Line, ...]) -> str:
    return "\n".join(_line(line) for line in lines)


def _line(line: Line) -> str:
    done = ""
    for href, runs in groupby(line, key=lambda run: run.href):
        inside = _marked(tuple(runs), MARKS)
        done += f'<a href="{escape(href)}">{inside}</a>' if href else inside
    return done


def _marked(runs: tuple[Run, ...], marks: tuple[str, ...]) -> str:
    if not marks:
        return "".join(escape(run.text, quote=False) for run in runs)
    mark, inner = marks[0], marks[1:]
    groups = groupby(runs, key=lambda run: mark in run.marks)
    parts = ((has, _marked(tuple(group), inner)) for has, group in groups)
    return "".join(f"<{mark}>{text}</{mark}>" if has else text for has, text in parts)
