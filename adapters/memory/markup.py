"""How this vendor writes a comment: escaped text, and tags for the four things that do something."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Final
from unicodedata import category

from syncer.model.comments import Anchor, Mention, Message, Part, Words

_MARK: Final = re.compile(r"\n\n— syncer ([A-Za-z0-9]+)\Z")
_MENTION: Final = re.compile(r"<@([^<>]*)>")
_LINK: Final = re.compile(r'<a href="([^"<>]*)">')
_TAG: Final = re.compile(r"<[^<>]*>")


def written(message: Message, ref: str) -> str:
    """A message in this vendor's markup, with our mark as its last line."""
    lines = [
        ("- " if paragraph.item else "") + "".join(map(_part, paragraph.parts))
        for paragraph in message.paragraphs
    ]
    return "\n".join(lines) + f"\n\n— syncer {ref}"


def typed(text: str) -> str:
    """What becomes of a plain text that somebody types: nothing in it does anything."""
    kept = (c for c in text if c in "\n\t" or category(c) != "Cc")
    return escape("".join(kept), quote=False)


def read(markup: str, name: Callable[[str], str]) -> str:
    """What people read. ``name`` gives the name of a user's id."""
    named = _MENTION.sub(lambda found: escape(f"@{name(unescape(found[1]))}"), markup)
    return unescape(_TAG.sub("", named))


def marked(text: str) -> tuple[str, str | None]:
    """What people read without our mark, and the ref in the mark if there is one."""
    found = _MARK.search(text)
    return (text[: found.start()], found[1]) if found else (text, None)


def mentioned(markup: str) -> list[str]:
    """Ids of the users whom this vendor notifies of such a comment."""
    return [unescape(id) for id in _MENTION.findall(markup)]


def linked(markup: str) -> list[str]:
    """The addresses that can be clicked on in such a comment."""
    return [unescape(url) for url in _LINK.findall(markup)]


def _part(part: Part) -> str:
    if isinstance(part, Mention):
        return f"<@{escape(part.id)}>"
    if isinstance(part, Anchor):
        return f'<a href="{escape(part.url)}">{typed(part.text)}</a>'
    text = typed(part.text)
    return f"<b>{text}</b>" if isinstance(part, Words) and part.strong else text
