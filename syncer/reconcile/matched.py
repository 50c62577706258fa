"""What matching gives: what is surely one, what a person must say, what is left alone."""

from msgspec import Struct

from syncer.model.contact import Place
from syncer.model.decisions import View

SEVERAL = "several things have the same key"
NEARLY = "nearly the same"
LEFT_OUT = "the same, but it is left out by first_contact"
TWICE = "accepted in two ways"


class Group(Struct, frozen=True):
    """Views that are one thing; ``record`` if it is a known one."""

    views: tuple[View, ...]
    record: str | None = None


class Doubt(Struct, frozen=True):
    """A view that may be the same as another view, or as a known record; a person must say."""

    view: View
    other: Place
    score: float
    reason: str


class Matched(Struct, frozen=True):
    """What became of all views: in one group, in doubt, or left alone by the filter."""

    groups: tuple[Group, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    left: tuple[View, ...] = ()
