"""The order in which things happened, whatever order they were told in."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TypeVar

from syncer.model.decisions import Step
from syncer.model.values import MISSING, dump

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that nobody told: before every time that was."""

T = TypeVar("T")


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Steps by the vendors' time; ties by person, then connection.

    Steps of one connection at the very same time follow one another by what each changed.
    """
    found = list(steps)
    if len(found) < 2:
        return found
    found.sort(key=_tie)
    ordered: list[Step] = []
    for _, run in groupby(found, key=_when):
        ordered += by_place(list(run), lambda step: step.connection, _follows)
    return ordered


def _when(step: Step) -> datetime:
    return step.at or EPOCH


def _tie(step: Step) -> tuple[datetime, str, str, str, str]:
    shown = step.editor.person or step.editor.shown
    value = "" if step.value is MISSING else str(dump(step.value))
    return (_when(step), shown, step.connection, step.key, value)


def _follows(before: Step, after: Step) -> bool:
    return after.old is not MISSING and after.old == before.value


def by_place(
    run: Sequence[T], place: Callable[[T], Hashable], follows: Callable[[T, T], bool]
) -> list[T]:
    """Let the items of each place follow one another, within the seats they have."""
    if len(run) == 1:
        return list(run)
    at: dict[Hashable, list[T]] = defaultdict(list)
    for item in run:
        at[place(item)].append(item)
    queues = {name: iter(chained(items, follows)) for name, items in at.items()}
    return [next(queues[place(item)]) for item in run]


def chained(items: Sequence[T], follows: Callable[[T, T], bool]) -> list[T]:
    """Items one after the other: each where it follows the one before, as far as that can be."""
    left, chain = list(items), list[T]()
    while left:
        after = [item for item in left if chain and follows(chain[-1], item)]
        first = [i for i in left if not any(follows(o, i) for o in left if o is not i)]
        found = next(iter(after or first or left))
        left = [item for item in left if item is not found]
        chain.append(found)
    return chain
