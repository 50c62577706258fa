"""Which known records new things may be: all others need not be read, let alone compared."""

from collections.abc import Callable, Iterable
from functools import cached_property

from syncer.model.decisions import View
from syncer.model.values import Value
from syncer.reconcile.near import block_of
from syncer.reconcile.things import Names, Said, key_of, key_with

Reach = Callable[[Callable[[str], Value]], bool]
"""Told how to get the value of a record's field, says whether something may be that record."""


def reach(views: Iterable[View], said: Said) -> Reach:
    """What one of these views may be: a record whose key is the same, or nearly so.

    What a person called the same may be called anything, and so may what that is the same as:
    then nothing is left out.
    """
    views = list(views)
    spoken_of = {place for pair in said.same for place in pair}
    if any(view.key in spoken_of for view in views):
        return lambda _: True
    wanted = _Wanted(views)
    return lambda value: any(
        block_of(key_with(names, value)) in wanted.blocks for names in wanted.names
    )


class _Wanted:
    """What the keys of new things have in common with those of records that they may be.

    It is looked at when there is such a record: where nothing is known yet there is none.
    """

    def __init__(self, views: list[View]) -> None:
        self._views = views

    @cached_property
    def blocks(self) -> set[object]:
        return {block_of(key) for view in self._views if (key := key_of(view))}

    @cached_property
    def names(self) -> list[Names]:
        return sorted({view.mapping.match for view in self._views if key_of(view)})
