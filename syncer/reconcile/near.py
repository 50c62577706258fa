"""Titles too alike to be called different."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Generic, TypeVar

from msgspec import Struct

NEAR = 0.8
"""Similarity (0 to 1) from which two titles are too alike to be called different."""

MOST = 0.99
"""What is not letter for letter the same is never quite as sure as that."""

Key = tuple[tuple[str, str], ...]
"""Names and values by which things are matched; the first is the title that people know."""

T = TypeVar("T")

_MARKS = re.compile(r"\d+|(?<=\s)\w$")
_BETWEEN = re.compile(r"[\W_]+")


class Like(Struct, Generic[T], frozen=True, eq=False):
    """Something that another thing may nearly be.

    Args:
        key: folded names and values.
        side: the systems that it is in; it can be nothing else there.
        asks: it is new, and of two things one must be.
    """

    thing: T
    key: Key
    side: frozenset[str]
    asks: bool

    @property
    def words(self) -> str:
        """The title without what stands between its words."""
        title = self.key[0][1]
        return " ".join(_BETWEEN.split(title)).strip() or title

    @property
    def block(self) -> object:
        """What must be the very same: the other keys, and all marks of a series in the title.

        "Newsletter 3" and "Newsletter 4" are two things, and so are "Film A" and "Film B".
        """
        return block_of(self.key)


def block_of(key: Key) -> object:
    """What of a key must be the very same for two things to be nearly the same."""
    names, marks = tuple(name for name, _ in key), _MARKS.findall(key[0][1])
    return (names, key[1:], tuple(sorted(marks)))


class _Pool(Generic[T]):
    """Titles of one block and side, by length: much longer or shorter ones are not compared."""

    def __init__(self, likes: Iterable[Like[T]]) -> None:
        rows = sorted(((like.words, like) for like in likes), key=lambda row: len(row[0]))
        self.likes = [like for _, like in rows]
        self.words = [words for words, _ in rows]
        self.lengths = [len(words) for words in self.words]
        self.sorted: dict[str, list[int]] = defaultdict(list)
        for at, words in enumerate(self.words):
            self.sorted[_sorted(words)].append(at)

    def nearly(self, words: str) -> Iterator[tuple[T, float]]:
        """What is nearly called so, with how alike they are."""
        from rapidfuzz import fuzz, process  # only where things are new

        size, far = len(words), (2 - NEAR) / NEAR
        begin = bisect_left(self.lengths, int(size / far))
        end = bisect_right(self.lengths, int(size * far) + 1)
        found = dict.fromkeys(self.sorted.get(_sorted(words), ()), MOST)
        near = process.extract(
            words,
            self.words[begin:end],
            scorer=fuzz.ratio,
            processor=None,
            score_cutoff=100 * NEAR,
            limit=None,
        )
        for _, score, at in near:
            found.setdefault(begin + at, round(min(score / 100, MOST), 3))
        yield from ((self.likes[at].thing, score) for at, score in found.items())


def _sorted(words: str) -> str:
    return " ".join(sorted(words.split()))


def nearly_same(likes: Iterable[Like[T]]) -> Iterator[tuple[T, T, float]]:
    """Pairs of things of different systems that are nearly the same, with how alike they are.

    Only what has all but the title in common is compared, so that time grows with the largest
    project and not with the whole agency; only what is found is kept.
    """
    blocks: dict[object, dict[frozenset[str], list[Like[T]]]] = defaultdict(dict)
    for like in likes:
        blocks[like.block].setdefault(like.side, []).append(like)
    for sides in blocks.values():
        for one, other in combinations(sides, 2):
            if not one & other:
                yield from _between(sides[one], sides[other])


def _between(one: Sequence[Like[T]], other: Sequence[Like[T]]) -> Iterator[tuple[T, T, float]]:
    """Each pair once, and only where one of them asks."""
    fewer, more = sorted((one, other), key=lambda each: sum(like.asks for like in each))
    yield from _compared([like for like in fewer if like.asks], more)
    yield from _compared([like for like in more if like.asks], [k for k in fewer if not k.asks])


def _compared(asked: Sequence[Like[T]], others: Sequence[Like[T]]) -> Iterator[tuple[T, T, float]]:
    if not asked or not others:
        return
    pool = _Pool(others)
    for like in asked:
        for thing, score in pool.nearly(like.words):
            yield like.thing, thing, score
