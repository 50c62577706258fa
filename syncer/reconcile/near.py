"""Titles too alike to be called different."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

NEAR = 90.0
"""Similarity (0 to 100) from which two titles are too alike to be called different."""

Key = tuple[tuple[str, str], ...]
"""Names and values by which things are matched; the first is the title that people know."""

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Like:
    """Something that another thing may nearly be, with the connections where it has a twin."""

    name: str
    key: Key
    taken: frozenset[str]

    @property
    def title(self) -> str:
        """The text that may have been written a little differently."""
        return self.key[0][1]

    @property
    def rest(self) -> object:
        """What must be the very same: the other keys, and all numbers in the title.

        "Newsletter 3" and "Newsletter 4" are two things, however alike they look.
        """
        names = tuple(name for name, _ in self.key)
        return (names, self.key[1:], tuple(_DIGITS.findall(self.title)))


def nearly_same(asked: Iterable[Like], others: Sequence[Like]) -> dict[str, tuple[str, ...]]:
    """For each name asked about, what it may nearly be and how alike the titles are."""
    pools: dict[object, list[Like]] = defaultdict(list)
    for other in others:
        pools[other.rest].append(other)
    found: dict[str, tuple[str, ...]] = {}
    for like in asked:
        free = [other for other in pools[like.rest] if not other.taken & like.taken]
        titles = [other.title for other in free]
        scored = process.extract(
            like.title, titles, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
        )
        if scored:
            names = (f"{free[at].name} ({score:.0f} %)" for _, score, at in scored)
            found[like.name] = tuple(sorted(names))
    return found
