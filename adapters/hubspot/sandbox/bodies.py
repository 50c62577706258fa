"""HTML in bodies of notes and tasks: what the server keeps of it, and what the app makes of it."""

import re
from html import unescape
from typing import Final

import nh3

_TAGS: Final = frozenset(
    {
        *("a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "i", "img"),
        *("li", "ol", "p", "pre", "s", "span", "strong", "table", "tbody", "td", "th", "tr"),
        *("u", "ul"),
    }
)
_ATTRIBUTES: Final = {
    "*": {"dir", "style", "data-top-level"},
    "a": {"href", "target", "title"},
    "img": {"src", "alt", "height", "width"},
}
_ANCHOR: Final = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>.*?</a>', re.DOTALL)
_TAG: Final = re.compile(r"<[^<>]*>")
_BARE: Final = re.compile(
    r"\b(?:https?://|www\.)[^\s<>\"]+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b", re.IGNORECASE
)


def cleaned(html: str) -> str:
    """What is stored of a body: tags and attributes that a rich text may have, written anew.

    That bodies are cleaned, and read back otherwise than they were written, is reported
    (guide, 4.7); the list of tags is ours.
    """
    return nh3.clean(html, tags=set(_TAGS), attributes=_ATTRIBUTES, link_rel="noopener")


def clickable(html: str) -> list[str]:
    """The addresses that lead somewhere in a body.

    Whether the app makes links of bare addresses is not told; here it does, of all that look
    so: whoever wants none must see to it.
    """
    made = [unescape(url) for url in _ANCHOR.findall(html)]
    rest = unescape(_TAG.sub(" ", _ANCHOR.sub(" ", html)))
    return made + _BARE.findall(rest)


def read(html: str) -> list[str]:
    """A body as people read it, line by line."""
    broken = re.sub(r"<li[^>]*>", "\n- ", re.sub(r"<(?:br|/?p|/?div|/?ul|/?ol)[^>]*>", "\n", html))
    lines = unescape(_TAG.sub("", broken)).splitlines()
    return [line.strip() for line in lines if line.strip()]
