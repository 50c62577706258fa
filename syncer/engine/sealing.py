"""Sealing: once a record is planned, what is empty of all that it led to takes no room.

Most of it is empty for most records, and it is held for all of them until it is stored.
"""

from collections import defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from syncer.engine.decided import Decided
from syncer.model.records import Record
from syncer.model.structs import names

_FILLED: Final = tuple(n for n in names(Decided) if n not in ("record", "waiting", "unplaced"))
_EMPTY: Final[Mapping[type, Any]] = {
    **dict.fromkeys((list, tuple), ()),
    **dict.fromkeys((set, frozenset), frozenset()),
    **dict.fromkeys((dict, defaultdict, MappingProxyType), MappingProxyType({})),
}
"""What stands for an empty one: the same for all records, so that nothing can be put there."""


def seal(decided: Decided) -> None:
    """Nothing is added any more; whoever tries it fails."""
    for name in _FILLED:
        found = getattr(decided, name)
        if not found:
            setattr(decided, name, _EMPTY[type(found)])


def _sealed() -> Decided:
    decided = Decided(Record("", "", ""))
    seal(decided)
    return decided


NOTHING_LEFT: Final = _sealed()
"""What is left of a record that led to nothing more."""
