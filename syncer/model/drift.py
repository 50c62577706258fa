"""What the tools show differently right now, and why that is so."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from syncer.model.values import Seen


class Standing(StrEnum):
    """``ALIKE`` is no difference; ``ALLOWED`` is as configured; ``PENDING`` waits; or a fault."""

    ALIKE = "alike"
    ALLOWED = "allowed"
    PENDING = "pending"
    FAULT = "fault"


class Cause(StrEnum):
    """Why a twin shows something else than what is agreed."""

    NONE = "none"
    NOT_MAPPED = "not mapped"
    NO_TWIN = "no twin"
    LEFT = "left the scope"
    DIRECTION = "direction"
    KEPT = "kept by the mapping"
    COARSER = "coarser system"
    NOT_EXPRESSIBLE = "not expressible"
    CONFIDENTIAL = "confidential"
    PROPOSAL = "open proposal"
    HELD = "held"
    PARKED = "parked"
    UNANSWERED = "unanswered write"
    PAUSED = "paused"
    OBSERVED = "observed only"
    SETTLING = "settling"
    EDITED = "edited"
    REMAPPED = "mapping changed"
    NEW = "new"
    OWED = "still to be written"
    MISSED = "missed edit"
    NO_FIELD = "no such field"
    UNREAD = "not to be read"
    UNEXPLAINED = "unexplained"


class Drift(Struct, frozen=True):
    """One field of one twin that does not show what is agreed.

    Args:
        record: its id; empty of a thing that has none. ``id`` and ``url`` are the twin's.
        why: more about the cause, for people.
        people: keys of those for whom it waits. ``until`` says when it goes on by itself.
    """

    connection: str
    entity: str
    record: str
    title: str
    field: str
    shown: Seen
    agreed: Seen
    standing: Standing
    cause: Cause
    why: str = ""
    people: tuple[str, ...] = ()
    until: str = ""
    id: str = ""
    url: str = ""


class DriftReport(Struct, frozen=True):
    """How the tools of one client differ.

    Args:
        found: all that differs, sorted.
        alike: how many fields of twins show what is agreed.
        down: systems that could not be looked at, with the reason.
        problem: why nothing was looked at.
    """

    client: str
    found: tuple[Drift, ...] = ()
    alike: int = 0
    down: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    locked: bool = False
    broken: bool = False

    def of(self, standing: Standing) -> list[Drift]:
        """What stands so."""
        return [one for one in self.found if one.standing is standing]
