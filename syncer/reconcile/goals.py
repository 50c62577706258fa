"""Goals as people write them, one a line: ``key events >= 500 by 2026-12-31``."""

from collections.abc import Mapping
from typing import Final

from syncer.model.goals import Fault, Goal, Goals
from syncer.model.measures import Measure
from syncer.reconcile.goal_checks import goal_of, same
from syncer.reconcile.goal_faults import Wrong
from syncer.reconcile.goal_grammar import taken_apart
from syncer.reconcile.goal_guess import guesses
from syncer.reconcile.goal_lines import lines
from syncer.reconcile.goal_measures import example, measure_of
from syncer.reconcile.goal_words import canonical

MOST: Final = 100
"""Lines of one text that are looked at: more goals than these are no goals."""

_TRIES: Final = 4
"""So many mistakes in one line are mended to show how to write it."""

_MEANT: Final = 3
"""So many ways to write a line are shown."""


def goals(text: str | None, measures: Mapping[str, Measure]) -> Goals:
    """Every goal and every line that cannot be read, in the order of the text.

    Never raises, whatever the text. A wrong line takes nothing from the others.

    Args:
        text: the canonical (Markdown) value of the field; None if it is empty.
        measures: the words that goals may use, of the mapping.
    """
    found: list[Goal] = []
    faults: list[Fault] = []
    for at, (number, line) in enumerate(lines(text)):
        if at == MOST:
            faults.append(_too_many(line, number))
            break
        one = _read(line, number, measures, found)
        if isinstance(one, Goal):
            found.append(one)
        else:
            faults.append(one)
    return Goals(tuple(found), tuple(faults))


def _read(
    line: str, number: int, measures: Mapping[str, Measure], before: list[Goal]
) -> Goal | Fault:
    try:
        goal = _goal(line, number, measures)
    except Wrong as wrong:
        return Fault(line, number, wrong.problem, _fix(wrong, line, measures))
    twin = next((one for one in before if same(one, goal)), None)
    if twin is None:
        return goal
    return Fault(line, number, f"line {twin.number} says the same", "leave one of them out")


def _goal(line: str, number: int, measures: Mapping[str, Measure]) -> Goal:
    parts = taken_apart(line)
    return goal_of(line, number, parts, measure_of(parts.words, measures))


def _fix(wrong: Wrong, line: str, measures: Mapping[str, Measure]) -> str:
    """How to write a line, in words that follow "wrong: "."""
    found = _mended(wrong, line, measures, _TRIES)
    if found:
        return "write " + " or ".join(f'"{one}"' for one in found[:_MEANT])
    return example(line, measures)


def _mended(
    wrong: Wrong, line: str, measures: Mapping[str, Measure], tries: int
) -> tuple[str, ...]:
    """The lines that can be read and may have been meant, the likeliest first."""
    if not tries:
        return ()
    for meant in (wrong.meant(line), guesses(line, measures)):
        found = [good for one in meant for good in _good(one, measures, tries - 1)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _good(line: str, measures: Mapping[str, Measure], tries: int) -> tuple[str, ...]:
    try:
        good = canonical(_goal(line, 0, measures))
        return (good,) if [good] == [read for _, read in lines(good)] else ()
    except Wrong as wrong:
        return _mended(wrong, line, measures, tries)


def _too_many(line: str, number: int) -> Fault:
    problem = f"only the first {MOST} lines are read"
    return Fault(line, number, problem, "keep the goals few, and put notes elsewhere")
