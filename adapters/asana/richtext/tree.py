"""The common shape of a rich text: blocks of lines of runs. Equal texts are equal trees."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

MARKS = ("strong", "em", "s", "u", "code")
"""Marks of a run, the outermost first."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029\ufffe\uffff]")


class Run(Struct, frozen=True):
    """A piece of a line with the same marks throughout."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str | None = None


Line = tuple[Run, ...]


class Text(Struct, frozen=True):
    """Lines that belong together; ``level`` 1 or 2 for a heading, which has one line."""

    lines: tuple[Line, ...]
    level: int = 0


class Rule(Struct, frozen=True):
    """A line across the page."""


class Code(Struct, frozen=True):
    """A block of code, as it is."""

    text: str


class Item(Struct, frozen=True):
    """An entry of a list and the lists under it."""

    lines: tuple[Line, ...]
    lists: "tuple[Listing, ...]" = ()


class Listing(Struct, frozen=True):
    """A bulleted or numbered list."""

    ordered: bool
    items: tuple[Item, ...]


class Quote(Struct, frozen=True):
    """Blocks that somebody else said."""

    blocks: "tuple[Block, ...]"


Block = Text | Rule | Code | Listing | Quote
Document = tuple[Block, ...]


def split_lines(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs cut at their line breaks; control characters, which XML cannot hold, are dropped."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        text = run.text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        for number, piece in enumerate(_CONTROL.sub("", text).split("\n")):
            if number:
                lines.append([])
            lines[-1].append(replace(run, text=piece))
    return lines


def paragraphs(runs: Iterable[Run], level: int = 0) -> list[Text]:
    """Texts from runs: empty lines part them; a heading is one line."""
    lines = [tidy_line(line) for line in split_lines(runs)]
    if level:
        kept = [line for line in lines if line]
        joined = [run for line in kept for run in (*line, Run(" "))]
        return [Text((tidy_line(joined),), level)] if kept else []
    parts = groupby(lines, key=bool)
    return [Text(tuple(group)) for filled, group in parts if filled]


def tidy_line(runs: Sequence[Run]) -> Line:
    """One form for one look: no blanks at the edges of marks, links or the line."""
    pieces = _merged(_bare_link(run) for run in _pieces(runs))
    while pieces and pieces[0].text.isspace():
        pieces = pieces[1:]
    while pieces and pieces[-1].text.isspace():
        pieces = pieces[:-1]
    if not pieces:
        return ()
    first = replace(pieces[0], text=pieces[0].text.lstrip())
    pieces = [first, *pieces[1:]]
    last = replace(pieces[-1], text=pieces[-1].text.rstrip())
    return tuple(_merged([*pieces[:-1], last]))


def _pieces(runs: Sequence[Run]) -> list[Run]:
    """Runs with the blanks at their edges cut off and stripped of what does not span them."""
    cut: list[Run] = []
    for run in _merged(runs):
        core = run.text.strip()
        if not core:
            cut.append(run)
            continue
        start = run.text.index(core[0]) if not run.text[0].isspace() else _leading(run.text)
        end = start + len(core)
        parts = (run.text[:start], core, run.text[end:])
        cut.extend(replace(run, text=part) for part in parts if part)
    return [_spanned(cut, place) for place in range(len(cut))]


def _leading(text: str) -> int:
    return len(text) - len(text.lstrip())


def _spanned(cut: list[Run], place: int) -> Run:
    run = cut[place]
    if not run.text.isspace():
        return run
    before = next((r for r in reversed(cut[:place]) if not r.text.isspace()), Run(""))
    after = next((r for r in cut[place + 1 :] if not r.text.isspace()), Run(""))
    marks = run.marks & before.marks & after.marks - {"code"}
    if "code" in run.marks and before.marks == after.marks == run.marks:
        marks = run.marks
    same = run.href == before.href == after.href
    return Run(run.text, marks, run.href if same else None)


def _bare_link(run: Run) -> Run:
    """A link that shows its own address is that address: Asana links it by itself."""
    if run.href in (run.text, f"mailto:{run.text}") and not run.marks:
        return Run(run.text)
    return run


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Neighbours that look the same made one."""
    kept = [run for run in runs if run.text]
    groups = groupby(kept, key=lambda run: (run.marks, run.href))
    return [Run("".join(r.text for r in group), *look) for look, group in groups]


def tidy(blocks: Iterable[Block]) -> Document:
    """Empty blocks dropped, neighbouring lists and quotes of one kind joined."""
    done: list[Block] = []
    for found in blocks:
        block, before = found, done[-1] if done else None
        if isinstance(block, Listing):
            block = Listing(block.ordered, tidy_items(block.items))
            if isinstance(before, Listing) and before.ordered == block.ordered:
                done[-1] = Listing(block.ordered, before.items + block.items)
                continue
        if isinstance(block, Quote) and isinstance(before, Quote):
            done[-1] = Quote(tidy(before.blocks + block.blocks))
            continue
        if not isinstance(block, Rule) and not _content(block):
            continue
        done.append(block)
    return tuple(done)


def _content(block: Text | Code | Listing | Quote) -> object:
    if isinstance(block, Text):
        return block.lines
    if isinstance(block, Code):
        return block.text.strip()
    return block.items if isinstance(block, Listing) else block.blocks


def tidy_items(items: Iterable[Item]) -> tuple[Item, ...]:
    """Entries with something in them; lists under an empty entry move up."""
    done: list[Item] = []
    for item in items:
        lists = tuple(block for block in tidy(item.lists) if isinstance(block, Listing))
        if item.lines:
            done.append(Item(item.lines, lists))
        else:
            done.extend(entry for listing in lists for entry in listing.items)
    return tuple(done)


def as_item(blocks: Iterable[Block]) -> Item:
    """What blocks become inside a list: lines, and the lists under them."""
    lines: list[Line] = []
    lists: list[Listing] = []
    for block in blocks:
        if isinstance(block, Listing):
            lists.append(block)
        elif isinstance(block, Quote):
            inner = as_item(block.blocks)
            lines.extend(inner.lines)
            lists.extend(inner.lists)
        else:
            lines.extend(_lines(block))
    return Item(tuple(lines), tuple(lists))


def _lines(block: Text | Rule | Code) -> list[Line]:
    """A block as lines without a block of its own."""
    if isinstance(block, Rule):
        return [(Run("\u2014\u2014\u2014"),)]
    if isinstance(block, Text):
        extra = frozenset({"strong"} if block.level else ())
        marked = [[replace(r, marks=r.marks | extra) for r in line] for line in block.lines]
        return [tidy_line(line) for line in marked]
    code = (Run(line.strip(), frozenset({"code"})) for line in block.text.split("\n"))
    return [(run,) for run in code if run.text]


def without_blocks(document: Document) -> Document:
    """The same with paragraphs and lists only."""
    flat: list[Block] = []
    for block in document:
        if isinstance(block, Listing):
            flat.append(block)
        elif isinstance(block, Quote):
            flat.extend(without_blocks(block.blocks))
        else:
            flat.append(Text(tuple(_lines(block))))
    return tidy(flat)


def tidy_lines(text: str) -> Document:
    """A plain text as a document."""
    return tuple(paragraphs([Run(text)]))
