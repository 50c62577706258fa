"""When a project is to go out, and how that day came about."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.agreements import Agreed, Agreement
from syncer.model.client_inside import Moved
from syncer.model.client_parts import DEADLINE, START
from syncer.model.client_report import Deadline, Mark, Move
from syncer.model.records import Proposal, ProposalStatus, Record
from syncer.model.values import Value
from syncer.reconcile.days import day

_LATE: Final = timedelta(minutes=1)
"""Clocks of vendors and ours need not agree: so much earlier is not earlier."""


class Step(Struct, frozen=True):
    """One agreement on the day, with the one before it."""

    agreed: Agreed | Agreement
    before: date | None
    after: date | None


def steps(record: Record, past: Sequence[Agreement], zone: ZoneInfo) -> list[Step]:
    """Every agreement in order; the one that stands now is the last, also if it alone is known."""
    now = record.agreed.get(DEADLINE)
    told: list[Agreed | Agreement] = list(past)
    if now is not None and (not told or told[-1].value != now.value):
        told.append(now)
    found: list[Step] = []
    before: Value = None
    for one in told:
        if one.value != before:
            found.append(Step(one, day(before, zone), day(one.value, zone)))
        before = one.value
    return found


def deadline_told(record: Record, taken: Sequence[Step], zone: ZoneInfo) -> Deadline | None:
    """What anybody may know of it; an agreement on another time of the same day is not told."""
    launch, start = day(record.value(DEADLINE), zone), day(record.value(START), zone)
    moves = tuple(Move(s.agreed.at, s.before, s.after) for s in taken if s.before != s.after)
    return Deadline(launch, start, moves) if launch or start or moves else None


def marks(record: Record, zone: ZoneInfo) -> tuple[Mark, ...]:
    """The launch, for plots."""
    launch = day(record.value(DEADLINE), zone)
    return (Mark(launch, "Launch"),) if launch else ()


def moved_by(
    taken: Sequence[Step], proposals: Sequence[Proposal], names: dict[str, str]
) -> tuple[Moved, ...]:
    """Who moved it, and who had asked for it and agreed, where it came from a proposal.

    Args:
        proposals: of this record and field, in any state.
        names: people by key.
    """
    left = sorted(
        (p for p in proposals if p.status is ProposalStatus.ACCEPTED),
        key=lambda p: (p.closed_at or p.updated_at, p.id),
    )
    found = []
    for step in taken:
        asked = next((p for p in left if _answers(p, step.agreed)), None)
        if asked is not None:
            left.remove(asked)
        found.append(_moved(step, asked, names))
    return tuple(found)


def _answers(proposal: Proposal, agreed: Agreed | Agreement) -> bool:
    """Whether an agreement is the answer to a proposal: its value, set by who accepted it."""
    same = proposal.value == agreed.value and proposal.closed_by == agreed.by
    return same and _not_before(agreed.at, proposal.opened_at)


def _not_before(at: datetime | None, begun: datetime) -> bool:
    return at is None or at >= begun - _LATE


def _moved(step: Step, asked: Proposal | None, names: dict[str, str]) -> Moved:
    agreed = step.agreed
    return Moved(
        at=agreed.at,
        before=step.before,
        after=step.after,
        by=_name(agreed.by, names),
        role=agreed.role or "",
        where=agreed.connection or ("the command line" if agreed.by else ""),
        rule=agreed.rule,
        asked=_name(asked.proposer, names) if asked else "",
        approved=_name(asked.closed_by, names) if asked else "",
    )


def _name(person: str | None, names: dict[str, str]) -> str:
    return names.get(person, person) if person else ""
