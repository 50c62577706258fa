"""The mark at the end of what we post, and what people have added to it."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

_MARK: Final = re.compile(r"^— ?syncer ([A-Za-z0-9]{1,64})$")


def mark_of(ref: str) -> str:
    """The last line of what is posted under a ref."""
    return f"— syncer {ref}"


def marked(lines: Sequence[str]) -> tuple[list[str], str | None]:
    """The lines without the mark and what stands below it, and the ref; the last mark counts.

    Found as a line of its own, wherever it stands: HubSpot may write a body anew, and a
    person may write below it.
    """
    for place in range(len(lines) - 1, -1, -1):
        if found := _MARK.match(lines[place]):
            return list(lines[:place]), found[1]
    return list(lines), None


def below(lines: Sequence[str]) -> str:
    """What stands below the mark."""
    said, ref = marked(lines)
    return "\n".join(lines[len(said) + 1 :]) if ref else ""


def added(before: Sequence[str], after: Sequence[str]) -> str:
    """What somebody has added to a text: new lines, and new words before or behind old ones."""
    start = _alike(before, after)
    end = _alike(before[start:][::-1], after[start:][::-1])
    # What is alike at both ends is left out first: matching many lines takes long.
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    return "\n".join(_news(old, new))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the start on."""
    pairs = zip(_words(one), _words(other), strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _words(lines: Sequence[str]) -> list[str]:
    """Lines to compare by: an editor may exchange quotes, blanks and dashes for others.

    An item of a list stays one: who clears a text and types what an item said has said it.
    """
    return [
        line[: line.startswith("- ")] + "".join(c for c in line.casefold() if c.isalnum())
        for line in lines
    ]


def _news(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(None, _words(old), _words(new)).get_opcodes():
        if kind == "insert":
            yield from new[c:d]
        elif kind == "replace":
            yield from (_more(old[a:b], line) for line in new[c:d])


def _more(old: Sequence[str], line: str) -> str:
    """The words of a line that none of the old ones had; all of them if it is another line."""
    was = max((one for one in old if one in line), key=len, default="")
    return line.replace(was, "", 1).strip()
