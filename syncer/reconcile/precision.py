"""Whether two values are the same as far as tools can show them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from syncer.model.decisions import Step
from syncer.model.values import MISSING, Seen, Value, is_day, is_instant, is_set
from syncer.reconcile.roles import Place

Shows = Mapping[str, Callable[[Value], Value]]
"""Per connection, how it shows a value of one field."""

FULL: Final[Shows] = MappingProxyType({})
"""Every connection shows every value as it is."""


def differs(wanted: Seen, value: Seen, place: Place) -> bool:
    """Whether two values differ at the precision of the coarser of the two."""
    if is_instant(wanted) and is_day(value):
        return wanted.astimezone(place.zone).date() != value
    if is_day(wanted) and is_instant(value):
        return value.astimezone(place.zone).date() != wanted
    return wanted != value


def alike(left: Step, right: Step, place: Place, shows: Shows) -> bool:
    """Whether two edits ask for the same, at the precision of the coarser tool."""
    return same(left.value, right.value, (left.connection, right.connection), place, shows)


def same(left: Seen, right: Seen, connections: tuple[str, str], place: Place, shows: Shows) -> bool:
    """Whether one of these connections, or the coarser of two values, makes no difference."""
    if left is MISSING or right is MISSING:
        return False
    if not differs(left, right, place):
        return True
    if is_set(left) or is_set(right):
        return False
    return any(shows[c](left) == shows[c](right) for c in connections if c in shows)
