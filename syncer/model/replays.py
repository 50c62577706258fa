"""Edits of the past, tried against the rules as they are now."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from msgspec import Struct

from syncer.model.values import Json

_FATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "taken": "taken",
        "first": "taken",
        "agrees": "taken",
        "notified": "told",
        "proposed": "held",
        "held": "held",
        "reverted": "put back",
        "overruled": "put back",
        "overtaken": "overtaken",
        "overwritten": "overtaken",
    }
)


def fate(outcome: str) -> str:
    """What became of an edit in one of a few words; an outcome that is none of these as it is."""
    return _FATES.get(outcome, outcome)


class Replayed(Struct, frozen=True):
    """One edit, what was decided about it then, and what would be decided now.

    Args:
        at: when it was made, by the vendor's clock.
        new: the value, as JSON. ``editor`` is a person's key, or how the vendor calls them.
        then, now: outcomes, as in the journal; ``now`` is empty where it cannot be known, and
            ``unknown`` says why.
        rule_then, rule_now: file and line.
    """

    client: str
    record: str
    entity: str
    title: str
    field: str
    connection: str
    editor: str
    at: datetime
    new: Json
    then: str
    rule_then: str = ""
    now: str = ""
    role: str | None = None
    rule_now: str = ""
    unknown: str = ""

    @property
    def different(self) -> bool:
        """Whether another thing would become of it now."""
        return not self.unknown and fate(self.then) != fate(self.now)
