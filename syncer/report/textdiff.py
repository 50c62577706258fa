"""What changed in a long text, in a few lines: line by line, and word by word in a long line."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

LONG: Final = 60
"""Characters from which on a text is not shown whole, but by what changed in it."""

_CONTEXT: Final = 1
"""Unchanged lines around a change."""

_NEAR: Final = 4
"""Unchanged words and signs that are shown beside a changed one, on each side."""

_MOST: Final = 3000
"""Parts of a text that are compared with one another; beyond it only its size is told."""

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")

Diff = tuple[str, str]
"""A sign (``-``, ``+``, ``~``: changed within; a space: unchanged; ``:`` said about it); words."""


_Code = tuple[str, int, int, int, int]


def is_long(text: str) -> bool:
    """Whether a text is better shown by what changed in it."""
    return "\n" in text or len(text) > LONG


def text_diff(old: str, new: str) -> Iterator[Diff]:
    """What is to be shown, line by line."""
    if old.split() == new.split():
        yield ":", "only white space differs"
        return
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > _MOST:
        yield ":", f"{len(before)} lines become {len(after)}"
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for number, group in enumerate(matcher.get_grouped_opcodes(_CONTEXT)):
        if number:
            yield ":", "..."
        for verb, i, j, k, m in group:
            yield from _part(verb, before[i:j], after[k:m])


def _part(verb: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Diff]:
    if verb == "equal":
        yield from ((" ", text) for text in old)
    elif len(old) == len(new) and all(map(_alike, old, new)):
        yield from (("~", _words(a, b)) for a, b in zip(old, new, strict=True))
    else:
        yield from (("-", text) for text in old)
        yield from (("+", text) for text in new)


def _alike(old: str, new: str) -> bool:
    """Whether two lines are one line in two versions, and too long to be shown twice."""
    if max(len(old), len(new)) <= LONG:
        return False
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    if max(len(a), len(b)) > _MOST:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.5


def _words(old: str, new: str) -> str:
    """A line with ``[-what went-]`` and ``{+what came+}``; far from both it is left out."""
    a, b = _TOKEN.findall(old), _TOKEN.findall(new)
    codes = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    ends = {codes[0], codes[-1]}
    return "".join(_word(code, a, b, code in ends, code is codes[0]) for code in codes)


def _word(code: _Code, a: Sequence[str], b: Sequence[str], end: bool, first: bool) -> str:
    verb, i, j, k, m = code
    if verb != "equal":
        gone = f"[-{''.join(a[i:j])}-]" if j > i else ""
        return gone + (f"{{+{''.join(b[k:m])}+}}" if m > k else "")
    kept = a[i:j]
    if end:
        far = len(kept) > _NEAR
        near = kept[-_NEAR:] if first else kept[:_NEAR]
        shown = "".join(near if far else kept)
        return shown if not far else (f"... {shown}" if first else f"{shown} ...")
    if len(kept) <= 2 * _NEAR:
        return "".join(kept)
    return f"{''.join(kept[:_NEAR])} ... {''.join(kept[-_NEAR:])}"
