"""Lines of templates with their facts: our words, and what people typed as a quotation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from syncer.model.comments import Part, Quoted, Words
from syncer.model.texts import STATUS
from syncer.model.values import Json

Line = tuple[Part, ...]

OURS: Final = frozenset(
    {
        *("field", "owners", "number", "rule", STATUS, "until", "count", "waiting", "here"),
        *("where", "since"),
        *("lapses_in", "lapses_on", "applies_in", "applies_on"),
    }
)
"""Facts that nobody typed in a tool; all others are quoted."""

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


def fill(lines: Sequence[str], facts: Mapping[str, Json]) -> list[Line]:
    """The lines of a template with facts; without those of which a fact is not there."""
    known = {key: str(fact) for key, fact in facts.items() if fact not in (None, "", [])}
    return [
        tuple(_parts(line, known))
        for line in lines
        if set(_PLACEHOLDER.findall(line)) <= set(known)
    ]


def _parts(line: str, known: Mapping[str, str]) -> Iterator[Part]:
    """A line of a template in parts: our words, and what people typed."""
    for index, piece in enumerate(_PLACEHOLDER.split(line)):
        if index % 2:
            yield Words(known[piece]) if piece in OURS else Quoted(known[piece])
        elif piece:
            yield Words(piece)


def in_one(lines: Sequence[Line]) -> Line:
    """Several lines as one."""
    parts: list[Part] = []
    for line in lines:
        if parts:
            ends = isinstance(parts[-1], Words) and parts[-1].text.endswith((".", "!", "?", ":"))
            parts.append(Words(" " if ends else "; "))
        parts += line
    return tuple(parts)
