"""Why a twin shows something else than what is agreed: allowed, pending, or a fault."""

from typing import Final

from msgspec import Struct

from syncer.model.decisions import Change
from syncer.model.drift import Cause, Standing
from syncer.model.mapping import Direction

UNWRITTEN: Final = (Direction.PULL, Direction.CREATE)
"""Directions in which a twin that is there is never written."""


class Facts(Struct, frozen=True):
    """What is known of one field of one twin.

    Args:
        same: it reads as what is agreed, letter for letter.
        mapped: the mapping has a place for it; ``there`` the live system has too.
        agreed: something was agreed about it, if only that it is empty.
        problem: why what is shown cannot be read; ``keeps``: the mapping says to leave it so.
        differs: it would have to be written to show what is agreed, as far as it can; a field
            that is never written does not.
        note: what the system cannot hold of it.
        withheld: why others could read it there, of a confidential field.
        change: how it stands against what was last decided on.
        late: it was changed before the last good cycle, which did not hear of it.
        joined: its twin, or its record, is not linked yet.
        left: its twin left what is synced.
    """

    same: bool = False
    mapped: bool = True
    there: bool = True
    agreed: bool = True
    direction: Direction = Direction.BOTH
    problem: str = ""
    keeps: bool = False
    differs: bool = True
    note: str = ""
    withheld: str = ""
    proposal: bool = False
    held: bool = False
    parked: bool = False
    unanswered: bool = False
    paused: bool = False
    observed: bool = False
    settling: bool = False
    change: Change = Change.SAME
    late: bool = False
    joined: bool = False
    left: bool = False
    owed: bool = False


def classify(facts: Facts) -> tuple[Standing, Cause]:
    """How one field of one twin stands, and the one cause that says most."""
    if facts.same:
        return Standing.ALIKE, Cause.NONE
    allowed = _allowed(facts)
    if allowed is not None:
        return Standing.ALLOWED, allowed
    pending = _pending(facts)
    if pending is not None:
        return Standing.PENDING, pending
    return Standing.FAULT, _fault(facts)


def _allowed(facts: Facts) -> Cause | None:
    """What the configuration or the system itself makes so, whoever does what."""
    if facts.left:
        return Cause.LEFT
    if not facts.mapped:
        return Cause.NOT_MAPPED
    if facts.keeps:
        return Cause.KEPT
    told = facts.change in (Change.EDITED, Change.NEW)
    edited = told and facts.direction is Direction.PULL
    if facts.direction in UNWRITTEN and not (edited or facts.problem):
        return Cause.DIRECTION
    if facts.direction is Direction.PUSH and not (facts.agreed or told):
        return Cause.DIRECTION
    if edited or facts.problem or not facts.there or not facts.agreed:
        return None
    if not facts.differs:
        return Cause.NOT_EXPRESSIBLE if facts.note else Cause.COARSER
    return Cause.CONFIDENTIAL if facts.withheld else None


def _pending(facts: Facts) -> Cause | None:
    """What it waits for: a person before time, and time before the next cycle."""
    edited = facts.change in (Change.EDITED, Change.UNREADABLE) and not facts.late
    new = facts.joined or facts.change is Change.NEW
    waits = (
        (facts.proposal, Cause.PROPOSAL),
        (facts.held, Cause.HELD),
        (facts.parked, Cause.PARKED),
        (facts.unanswered, Cause.UNANSWERED),
        (facts.paused, Cause.PAUSED),
        (facts.observed, Cause.OBSERVED),
        (facts.settling, Cause.SETTLING),
        (edited, Cause.EDITED),
        (facts.change is Change.REMAPPED, Cause.REMAPPED),
        (new, Cause.NEW),
        (facts.owed, Cause.OWED),
    )
    return next((cause for holds, cause in waits if holds), None)


def _fault(facts: Facts) -> Cause:
    if not facts.there:
        return Cause.NO_FIELD
    if facts.problem:
        return Cause.UNREAD
    return Cause.MISSED if facts.late else Cause.UNEXPLAINED
