"""Comments as Asana's rich text, and back to what people read.

What is no mention or link of ours does nothing: it is escaped, and every address in it is broken
by a sign that nobody sees, because Asana makes links of addresses, and mentions of those of its own
things (guide, "Rich text"). When a comment is read again the sign is taken out.
"""

import re
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from typing import Final

from msgspec.structs import replace

from syncer.model.comments import Anchor, Mention, Message, Paragraph, Part, Post, Quoted, Words

LONGEST: Final = 60_000
"""Characters of markup in a comment. Asana tells of no limit; its clients know one of 65,535."""

_BREAK: Final = "\u2060"
"""A word joiner: it has no width, and no line ends there."""

_ADDRESS: Final = re.compile(r"(?<=:)(?=//)|(?<=[^\W_]\.)(?=[^\W\d_])|(?<=@)(?=\w)")
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Signs that XML cannot hold, or that end lines where nobody sees it."""

_MARK: Final = re.compile(r"<em>syncer ([A-Za-z0-9]+)</em>\s*</body>\s*$")
_QUOTES: Final = (20_000, 5_000, 1_000, 200)
"""How many characters are left of each thing that is quoted, if all is too long."""

_MORE: Final = "…"
_OTHER: Final = "\n"
"""Stands for a mention or a link where a line is searched for addresses."""


def rendered(post: Post) -> str:
    """The ``html_text`` of a post, its mark last.

    What is too long is cut: first what is quoted, then lines from the end; each cut shows.
    """
    message = post.message
    for most in _QUOTES:
        if len(_whole(message, post.ref)) <= LONGEST:
            break
        message = Message(tuple(_shorter(line, most) for line in post.message.paragraphs))
    lines = message.paragraphs
    while lines and len(_whole(message, post.ref)) > LONGEST:
        lines = lines[:-1]
        message = Message((*lines, Paragraph((Words(_MORE),))))
    return _whole(message, post.ref)


def _whole(message: Message, ref: str) -> str:
    done, listed = "", True
    for item, lines in groupby(message.paragraphs, key=lambda line: line.item):
        if item:
            done += f"<ul>{''.join(f'<li>{_line(line)}</li>' for line in lines)}</ul>"
        else:
            done += ("" if listed else "\n") + "\n".join(map(_line, lines))
        listed = item
    return f"<body>{done}\n<em>syncer {ref}</em></body>"


def _shorter(line: Paragraph, most: int) -> Paragraph:
    return replace(line, parts=tuple(_cut(part, most) for part in line.parts))


def _cut(part: Part, most: int) -> Part:
    if not isinstance(part, Quoted) or len(part.text) <= most:
        return part
    return Quoted(part.text[:most].rstrip() + _MORE)


def _line(line: Paragraph) -> str:
    """A line in which only mentions and links of ours do something.

    Addresses are looked for in the line as a whole: two harmless pieces may make one.
    """
    texts = [_fit(p.text) if isinstance(p, Words | Quoted) else _OTHER for p in line.parts]
    breaks = {found.start() for found in _ADDRESS.finditer("".join(texts))}
    done, place = "", 0
    for part, text in zip(line.parts, texts, strict=True):
        signs = enumerate(text, place)
        broken = "".join(f"{_BREAK}{sign}" if at in breaks else sign for at, sign in signs)
        done += _part(part, escape(broken, quote=False))
        place += len(text)
    return done


def _part(part: Part, text: str) -> str:
    if isinstance(part, Mention):
        return f'<a data-asana-gid="{escape(_fit(part.id))}"/>'
    if isinstance(part, Anchor):
        return f'<a href="{escape(_fit(part.url))}">{escape(_fit(part.text), quote=False)}</a>'
    strong = isinstance(part, Words) and part.strong and text
    return f"<strong>{text}</strong>" if strong else text


def _fit(text: str) -> str:
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def unmarked(html: str) -> tuple[str, str | None]:
    """A rich text without the mark that ends it, and the mark's ref; as it is if it has none.

    The emphasis belongs to the mark: what somebody types has none.
    """
    found = _MARK.search(html)
    return (html[: found.start()], found[1]) if found else (html, None)


def plain(html: str) -> str:
    """What people read in a rich text."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.said).replace(_BREAK, "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


class _Reader(HTMLParser):
    """Gathers words; entries of lists get a dash, what mentions people a sign for that."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._user = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._user = tag == "a" and ("data-asana-type", "user") in attrs
        if tag in _OWN_LINE:
            self._new_line()
        if tag == "li":
            self.said.append("- ")
        elif tag == "br":
            self.said.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._user = False

    def handle_endtag(self, tag: str) -> None:
        self._user = False
        if tag in _OWN_LINE and tag not in ("li", "body"):
            self._new_line()

    def handle_data(self, data: str) -> None:
        if self._user and not data.startswith("@"):
            self.said.append("@")
        self._user = False
        if self.said and self.said[-1] == "":
            data = data.removeprefix("\n")
        self.said.append(data)

    def _new_line(self) -> None:
        """Begin a line, unless one has begun; a line break that follows belongs to it."""
        written = next((piece for piece in reversed(self.said) if piece), "\n")
        self.said += [] if written.endswith("\n") else ["\n", ""]


_OWN_LINE: Final = frozenset("body ul ol li p div h1 h2 pre blockquote hr".split())

__all__ = ["LONGEST", "plain", "rendered", "unmarked"]
