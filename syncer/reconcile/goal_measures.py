"""Which measure the words of a goal mean."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from syncer.model.measures import Measure
from syncer.reconcile.goal_faults import Wrong
from syncer.reconcile.names import folded

ANY: Final = "*"
ALIKE: Final = 70.0
"""Similarity (0 to 100) from which a word that is not known is taken for a slip."""

_NAME = re.compile(r"\w(?:[\w./-]*\w)?")


def measure_of(words: str, measures: Mapping[str, Measure]) -> Measure:
    """The measure that words mean, with a name filled in where its name ends in ``*``.

    Letter case and white space make no difference, except in that name, which is one word and
    the vendor's. Raises :class:`Wrong`, with the nearest known words.
    """
    by_name = {folded(one.name): one for one in measures.values()}
    exact = by_name.get(folded(words))
    if exact is not None and ANY not in exact.name:
        return exact
    for name, named in _open(by_name):
        rest = _rest(name, words)
        if rest and len(rest) == 1 and _NAME.fullmatch(rest[0]):
            return filled(named, rest[0])
    problem = f"{words} is not something that is measured" if words else "it says not of what"
    raise Wrong(problem, words, _near(words, by_name))


def filled(measure: Measure, name: str) -> Measure:
    """A measure whose ``*`` is a name."""
    per = measure.per and measure.per.replace(ANY, name)
    return replace(
        measure,
        name=measure.name.replace(ANY, name),
        metric=measure.metric.replace(ANY, name),
        per=per,
    )


def example(line: str, measures: Mapping[str, Measure]) -> str:
    """How a goal is written, of what a line names or else of anything that is measured."""
    if not measures:
        return "nothing is measured by the mapping"
    name = mentioned(line, measures)
    if name is not None:
        return f'write it like "{_example(measure_of(name, measures))}"'
    words = sorted(one.name.replace(ANY, "NAME") for one in measures.values())
    first = min(measures.values(), key=_simplest)
    shown = _example(filled(first, "NAME"))
    return f'write a goal like "{shown}", of {", ".join(words)}; or begin it with "note:"'


def _simplest(measure: Measure) -> tuple[bool, bool, bool, str]:
    return (ANY in measure.name, measure.per is not None, measure.money, measure.name)


def _example(measure: Measure) -> str:
    rate = measure.per is not None and not measure.money
    return f"{measure.name} >= {'50 %' if rate else '500'} per month"


def mentioned(words: str, measures: Mapping[str, Measure]) -> str | None:
    """The longest known words that stand anywhere in a text."""
    text = f" {folded(words)} "
    names = [one.name for one in measures.values() if ANY not in one.name]
    names += [filled for one in measures.values() for filled in _fillings(words, one.name)]
    found = [name for name in names if f" {folded(name)} " in text]
    return max(found, key=lambda name: (len(name), name), default=None)


def _open(by_name: Mapping[str, Measure]) -> list[tuple[str, Measure]]:
    """Measures that take a name. Of so many words there is at most one that fits."""
    return [(name, one) for name, one in by_name.items() if name.endswith(ANY)]


def _rest(name: str, words: str) -> list[str] | None:
    """What follows the words before the ``*``; None if others stand there."""
    before, said = name[: -len(ANY)].split(), words.split()
    same = [folded(word) for word in said[: len(before)]] == before
    return said[len(before) :] if same else None


def _fillings(words: str, name: str) -> Iterable[str]:
    """A name with ``*``, its place taken by each word of a text."""
    if not name.endswith(ANY):
        return []
    return [name.replace(ANY, word) for word in words.split() if _NAME.fullmatch(word)]


def _near(words: str, by_name: Mapping[str, Measure]) -> tuple[str, ...]:
    """Known words that may have been meant: one, or two that are as near."""
    from rapidfuzz import fuzz, process  # only where a goal cannot be read

    said = words.split()
    choices = {
        one.name if ANY not in one.name else _with_rest(one.name, said): None
        for one in by_name.values()
    }
    names = sorted(name for name in choices if ANY not in name)
    scored = process.extract(
        folded(words), names, scorer=fuzz.ratio, processor=folded, score_cutoff=ALIKE, limit=2
    )
    best = scored[0][1] if scored else 0.0
    return tuple(name for name, score, _ in scored if score == best)


def _with_rest(name: str, said: list[str]) -> str:
    """A name with ``*``, its place taken by what follows as many words, joined to one."""
    rest = said[len(name[: -len(ANY)].split()) :]
    return name.replace(ANY, "_".join(rest)) if rest else name
