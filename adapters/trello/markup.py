"""Messages in Trello's Markdown, and what people read where somebody wrote some.

Trello looks for ``@name``, ``@card`` and ``@board`` in the raw text of a comment and makes links
of what looks like an address, so a backslash is not enough against either: there an invisible
word joiner stands inside. Everything else that has a meaning is escaped.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from adapters.trello.fields import LONGEST
from adapters.trello.reading import JOINER, mark
from syncer.model.comments import Anchor, Mention, Message, Paragraph, Part, Quoted, Words

Named = Callable[[Mention], str | None]
"""Gives the user name of somebody, ``None`` where Trello would not tell them."""

CUT: Final = "… (cut short)"
"""What a text ends with that is not shown whole."""

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS: Final = re.compile("\r\n?|[\u2028\u2029]")
_COLON: Final = re.compile(r":(?=//|[\w+-]+:)|(?<=[A-Za-z]):(?=\S)")
"""After which an address may go on, or in which an emoji is named."""
_HOST: Final = re.compile(r"(?<=www)\.|(?<=[\w-])\.(?=[^\W\d_]{2,})", re.IGNORECASE)
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>~|&]")
_START: Final = re.compile(r"(?m)^([ \t]*)(?:([#+=-])|(\d{1,9})([.)]))")
_INDENT: Final = re.compile(r"(?m)^[ \t]+")
_URL: Final = re.compile(r"https?://\S", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[^\w!#$%&'*+,./:;=?@~-]", re.ASCII)
_SPACES: Final = re.compile(r"\s+")
_NAME: Final = re.compile(r"[A-Za-z0-9_]+")
_MENTION: Final = re.compile(r"@[A-Za-z0-9_]+$")

QUOTE, ITEM, PLAIN = "> ", "- ", ""


def escaped(text: str) -> str:
    """A text that reads as it is and does nothing: no mention, no link, no format."""
    text = _CONTROL.sub("", _BREAKS.sub("\n", text))
    text = _COLON.sub(f":{JOINER}", text.replace("@", f"@{JOINER}"))
    text = _HOST.sub(f"{JOINER}.", text)
    return _SPECIAL.sub(r"\\\g<0>", text)


def rendered(message: Message, ref: str, named: Named) -> str:
    """A message with its mark. Of one that is too long the quotations are cut, then the end."""
    longest = max((len(p.text) for p in _quotations(message)), default=0)
    whole = _with_mark(message, ref, named, longest)
    if _size(whole) <= LONGEST:
        return whole
    least, most = 0, longest
    while least < most:
        middle = (least + most + 1) // 2
        fits = _size(_with_mark(message, ref, named, middle)) <= LONGEST
        least, most = (middle, most) if fits else (least, middle - 1)
    text = _with_mark(message, ref, named, least)
    while _size(text) > LONGEST and message.paragraphs:
        message = Message(message.paragraphs[:-1])
        cut = Message((*message.paragraphs, Paragraph((Words(CUT),))))
        text = _with_mark(cut, ref, named, least)
    return text


def _quotations(message: Message) -> Iterator[Quoted]:
    for paragraph in message.paragraphs:
        yield from (part for part in paragraph.parts if isinstance(part, Quoted))


def _size(text: str) -> int:
    """Characters as a vendor may count them: those beyond the first plane as two."""
    return len(text.encode("utf-16-le")) // 2


def _with_mark(message: Message, ref: str, named: Named, most: int) -> str:
    blocks = [block for p in message.paragraphs for block in _blocks(p, named, most)]
    text, before = "", PLAIN
    for kind, block in blocks:
        close = kind == before == ITEM
        text += ("\n" if close else "\n\n" if text else "") + block
        before = kind
    return f"{text}\n\n{mark(ref)}".lstrip("\n")


def _blocks(paragraph: Paragraph, named: Named, most: int) -> Iterator[tuple[str, str]]:
    """A line of the message; what was quoted in several lines is a block of its own."""
    line, kind = "", ITEM if paragraph.item else PLAIN
    for piece in _pieces(paragraph.parts, most):
        if isinstance(piece, str) and "\n" in piece:
            if line.strip():
                yield kind, kind + _started(line)
            yield QUOTE, _block_quote(piece)
            line, kind = "", PLAIN
        else:
            line += _spaced(
                line, escaped(piece) if isinstance(piece, str) else _inline(piece, named)
            )
    if line.strip():
        yield kind, kind + _started(line)


def _pieces(parts: Iterable[Part], most: int) -> Iterator[str | Part]:
    """Texts, joined where they meet, for two harmless halves may be a link; and all else."""
    text = ""
    for part in parts:
        quoted = _cut(part.text, most).strip("\n") if isinstance(part, Quoted) else ""
        if isinstance(part, Words) and not part.strong:
            text += _SPACES.sub(" ", part.text)
        elif isinstance(part, Quoted) and "\n" not in quoted:
            text += quoted
        else:
            yield text
            yield quoted or part
            text = ""
    yield text


def _cut(text: str, most: int) -> str:
    text = _BREAKS.sub("\n", text)
    return text if len(text) <= most else text[:most].rstrip() + CUT


def _started(line: str) -> str:
    """What would begin a heading, a list or a rule does not; nor do spaces begin code."""
    return _START.sub(_broken, _SPACES.sub(" ", line).strip())


def _broken(found: re.Match[str]) -> str:
    space, sign, number, dot = found.groups()
    return f"{space}\\{sign}" if sign else f"{space}{number}\\{dot}"


def _block_quote(text: str) -> str:
    lines = _START.sub(_broken, escaped(text.strip("\n")))
    lines = _INDENT.sub(lambda found: "\u00a0" * len(found[0].expandtabs(4)), lines)
    return "  \n".join(f"{QUOTE}{line.rstrip()}".rstrip() for line in lines.split("\n"))


def _inline(part: Part, named: Named) -> str:
    if isinstance(part, Anchor):
        return _link(part)
    if isinstance(part, Mention):
        name = named(part) or ""
        return f"@{name}" if _NAME.fullmatch(name) else escaped(f"@{part.name}")
    return _strong(part.text)


def _strong(text: str) -> str:
    """Bold; spaces stay outside, where they must be."""
    inner = _SPACES.sub(" ", text).strip()
    if not inner:
        return " " if text else ""
    start, end = (" " if text[at].isspace() else "" for at in (0, -1))
    return f"{start}**{escaped(inner)}**{end}"


def _link(part: Anchor) -> str:
    text, url = escaped(_SPACES.sub(" ", part.text).strip()), part.url.strip()
    if not _URL.match(url):
        return text
    safe = _UNSAFE.sub(lambda found: "".join(f"%{b:02X}" for b in found[0].encode()), url)
    return f"[{text or escaped(url)}]({safe})"


def _spaced(line: str, text: str) -> str:
    """A mention stands by itself: letters before or after it would be part of a name."""
    before = text.startswith("@") and line[-1:].isalnum()
    after = _MENTION.search(line) and text[:1].isalnum()
    return f" {text}" if before or after else text
