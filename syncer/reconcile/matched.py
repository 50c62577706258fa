"""What matching gives: what is surely one, what a person must say, what is left alone."""

from dataclasses import dataclass

from syncer.model.contact import Place
from syncer.model.decisions import View

SEVERAL = "several things have the same key"
NEARLY = "nearly the same"
LEFT_OUT = "the same, but it is left out by first_contact"
TWICE = "accepted in two ways"


@dataclass(frozen=True)
class Group:
    """Views that are one thing; ``record`` if it is a known one."""

    views: tuple[View, ...]
    record: str | None = None


@dataclass(frozen=True)
class Doubt:
    """A view that may be the same as another view, or as a known record; a person must say."""

    view: View
    other: Place
    score: float
    reason: str


@dataclass(frozen=True)
class Matched:
    """What became of all views: in one group, in doubt, or left alone by the filter."""

    groups: tuple[Group, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left: tuple[View, ...] = ()
