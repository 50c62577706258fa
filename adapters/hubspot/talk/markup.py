"""A message as HTML of a note or task, and such HTML as people read it.

HubSpot cleans the HTML it is sent and may give back another ("Notes"): what is read is text.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from typing import Final
from unicodedata import category

import nh3

from syncer.model.comments import Anchor, Message, Paragraph, Part, Quoted, Words

MAX: Final = 65_536
"""Characters of a body, markup included ("Notes": hs_note_body)."""

_APART: Final = "\u200b"
"""Shows nothing; put into what looks like an address, it keeps that from becoming a link."""

_ADDRESS: Final = re.compile(
    r"(?<=\w):(?=//|\S+@)|(?<=\bwww)(?=\.)|(?<=\w)\.(?=[^\W\d_]{2})|(?<=\w)@(?=\w)", re.IGNORECASE
)
_DIRECTING: Final = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A)})
"""Characters that turn the direction of what follows, also of our words."""

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
        cut = f"{text[:most]}… ({len(text) - most} characters are left out)"
        return Quoted(cut) if len(cut) < len(text) else part

    return [replace(line, parts=tuple(map(shortened, line.parts))) for line in lines]


def _html(lines: Sequence[Paragraph]) -> str:
    pieces, listing = [], False
    for paragraph in lines:
        if paragraph.item is not listing:
            pieces.append("<ul>" if paragraph.item else "</ul>")
            listing = paragraph.item
        tag = "li" if paragraph.item else "p"
        pieces.append(f"<{tag}>{''.join(map(_part, paragraph.parts))}</{tag}>")
    return "".join(pieces) + ("</ul>" if listing else "")


def _part(part: Part) -> str:
    """One part. Notes cannot mention anybody: a mention is the name of the person."""
    if isinstance(part, Words):
        text = _escaped(part.text)
        return f"<strong>{text}</strong>" if part.strong else text
    if isinstance(part, Anchor):
        url = part.url if part.url.startswith(("https://", "http://")) else ""
        text = _quiet(part.text)
        return f'<a href="{escape(url)}">{text}</a>' if url else text
    return _quiet(part.text if isinstance(part, Quoted) else part.name)


def _quiet(text: str) -> str:
    """What somebody typed: nothing in it is markup, leads anywhere or turns the lines around."""
    return _escaped(_ADDRESS.sub(lambda found: found[0] + _APART, text))


def _escaped(text: str) -> str:
    lines = text.replace("\t", " ").splitlines()
    return "<br>".join(escape("".join(filter(_shows, line)), quote=False) for line in lines)


def _shows(char: str) -> bool:
    return category(char) != "Cc" and ord(char) not in _DIRECTING


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
    return [line for line in lines if line not in ("", "-")]
