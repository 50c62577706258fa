"""A rich text as plain text, for places that take no marks."""

from collections.abc import Iterator

from adapters.asana.richtext.tree import Document, Line, Listing, Text


def render_plain(document: Document) -> str:
    """Paragraphs and lists as lines; a link shows its address behind its words.

    Args:
        document: without blocks of other kinds (``without_blocks``).
    """
    blocks: list[str] = []
    for block in document:
        if isinstance(block, Listing):
            blocks.append("\n".join(_items(block, "")))
        elif isinstance(block, Text):
            blocks.append("\n".join(map(_line, block.lines)))
    return "\n\n".join(block for block in blocks if block)


def _items(listing: Listing, indent: str) -> Iterator[str]:
    for number, item in enumerate(listing.items, 1):
        sign = f"{number}." if listing.ordered else "-"
        for place, line in enumerate(item.lines):
            yield f"{indent}{' ' * len(sign) if place else sign} {_line(line)}"
        for below in item.lists:
            yield from _items(below, indent + "  ")


def _line(line: Line) -> str:
    return "".join(
        f"{run.text} ({run.href})" if run.href and run.href != run.text else run.text
        for run in line
    )
