"""The collector of rings of objects, while cycles run: made for programs that make fewer objects."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

UNHURRIED: Final = (20_000, 10, 100)
"""Objects made before the young are looked through, and rounds before older ones are.

A cycle makes millions of objects and hardly any in rings, so that what it looks through most is
thrown away for nothing: with the usual (700, 10, 10) that is a quarter of a cycle's time. Rings
that are dropped, like errors and answers, are still found young: they cost a few MB at most.
"""

LOADING: Final = (500_000, 10, 100)
"""More than a program's modules and its configuration are: hardly anything of it is in rings."""


def loaded() -> None:
    """What begins to be made now is looked through, where it was left alone for loading."""
    if gc.get_threshold() == LOADING:
        gc.set_threshold(*UNHURRIED)


@contextmanager
def unhurried(often: tuple[int, int, int] = UNHURRIED) -> Iterator[None]:
    """Look for rings less often within; it holds for the whole process."""
    before = gc.get_threshold()
    gc.set_threshold(*often)
    try:
        yield
    finally:
        gc.set_threshold(*before)
