"""A message as HTML of a note or task, and such HTML as people read it.

HubSpot cleans the HTML it is sent and may give back another ("Notes"): what is read is text.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from typing import Final

import nh3
from msgspec.structs import replace

from syncer.model.comments import Anchor, Mention, Message, Paragraph, Part, Quoted, Words

MAX: Final = 65_536
"""Characters of a body, markup included ("Notes": hs_note_body)."""

_APART: Final = "\u200b"
"""Shows nothing; put into what looks like an address, it keeps that from becoming a link."""

_ADDRESS: Final = re.compile(
    r"(?<=\S):(?=//|\S+@)|\bww(?=w\.)|(?<=\S)\.(?=[^\W\d_]{2})|(?<=\w)@(?=\w)", re.IGNORECASE
)
_UNSEEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Controls, half characters, and signs that turn the direction of what follows."""

_BLOCKS: Final = frozenset(
    {
        *("address", "blockquote", "br", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
    }
)


def written(message: Message, mark: str) -> str:
    """A message as HTML with the mark as its last line, cut honestly if it is too long.

    What is quoted is cut first, all of it at one length; then whole lines, from the end.
    """
    lines, end = message.paragraphs, f"<p>{escape(mark)}</p>"

    def told(most: int, count: int) -> str:
        kept = lines if count == len(lines) else (*lines[:count], _LEFT_OUT)
        return _html(_cut(kept, most)) + end

    longest = max(
        (len(Paragraph((part,)).plain) for line in lines for part in line.parts), default=0
    )
    if len(whole := told(longest, len(lines))) <= MAX:
        return whole
    most = _most(longest, lambda most: len(told(most, len(lines))) <= MAX)
    if len(shortened := told(most, len(lines))) <= MAX:
        return shortened
    return told(0, _most(len(lines) - 1, lambda count: len(told(0, count)) <= MAX))


_LEFT_OUT: Final = Paragraph((Words("(The rest is left out: it is too long for HubSpot.)"),))


def _most(longest: int, fits: Callable[[int], bool]) -> int:
    """The largest length that fits, zero if none does."""
    low, high = 0, longest
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _cut(lines: Sequence[Paragraph], most: int) -> list[Paragraph]:
    def shortened(part: Part) -> Part:
        text = part.text if isinstance(part, Quoted) else ""
        return Quoted(f"{text[:most].rstrip()}…") if len(text) > most else part

    return [replace(line, parts=tuple(map(shortened, line.parts))) for line in lines]


def _html(lines: Sequence[Paragraph]) -> str:
    pieces, listing = [], False
    for paragraph in lines:
        if paragraph.item is not listing:
            pieces.append("<ul>" if paragraph.item else "</ul>")
            listing = paragraph.item
        tag = "li" if paragraph.item else "p"
        pieces.append(f"<{tag}>{_line(paragraph.parts)}</{tag}>")
    return "".join(pieces) + ("</ul>" if listing else "")


def _line(parts: Sequence[Part]) -> str:
    """One line. Nothing in it leads anywhere but an anchor, also not two parts together."""
    texts = _apart([_clean(_text(part)) for part in parts])
    return "".join(map(_part, parts, texts))


def _text(part: Part) -> str:
    """What is read of a part. Notes cannot mention anybody: a mention is a name."""
    return part.name if isinstance(part, Mention) else part.text


def _part(part: Part, text: str) -> str:
    html = "<br>".join(escape(line, quote=False) for line in text.split("\n"))
    if isinstance(part, Words) and part.strong:
        return f"<strong>{html}</strong>"
    if isinstance(part, Anchor) and part.url.startswith(("https://", "http://")):
        return f'<a href="{escape(part.url)}">{html}</a>'
    return html


def _apart(texts: Sequence[str]) -> list[str]:
    """The texts of a line, with what looks like an address in it taken apart."""
    places = [found.end() for found in _ADDRESS.finditer("".join(texts))]
    kept, start = [], 0
    for text in texts:
        end = start + len(text)
        cuts = [start, *(place for place in places if start < place <= end), end]
        pieces = (text[one - start : other - start] for one, other in pairwise(cuts))
        kept.append(_APART.join(pieces))
        start = end
    return kept


def _clean(text: str) -> str:
    """Without what cannot be sent, cannot be seen, or would turn our words around too."""
    plain = text.replace("\r\n", "\n").replace("\r", " ").replace("\t", " ")
    return _UNSEEN.sub("", plain)


class _Reader(HTMLParser):
    """Collects text; what begins or ends a block begins a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pieces.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        self.pieces.append(data.replace("\n", " "))


def lines_of(html: str) -> list[str]:
    """What people read, line by line, without empty ones. Any text will do."""
    reader = _Reader()
    # A body without markup is what other programs write; in HTML the ends of lines are blanks.
    told = html if "<" in html else html.replace("\n", "<br>")
    reader.feed(nh3.clean(told, tags=set(_BLOCKS), attributes={}))
    reader.close()
    text = "".join(reader.pieces).replace(_APART, "")
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return list(filter(None, lines))
