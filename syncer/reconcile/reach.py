"""Which known records new things may be: all others need not be read, let alone compared."""

from collections.abc import Callable, Iterable

from syncer.model.decisions import View
from syncer.model.values import Value
from syncer.reconcile.near import block_of
from syncer.reconcile.things import Said, key_of, key_with

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
    keys = [key for view in views if (key := key_of(view))]
    names = sorted({tuple(name for name, _ in key) for key in keys})
    blocks = {block_of(key) for key in keys}
    return lambda value: any(block_of(key_with(each, value)) in blocks for each in names)
