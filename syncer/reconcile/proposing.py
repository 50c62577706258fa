"""How open proposals end: by what the owner, or the proposer, did to the field."""

from collections.abc import Sequence

from syncer.model.decisions import Closing, Judged, Step
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.values import Value, is_day, is_instant
from syncer.reconcile.roles import Place


def differs(wanted: Value, value: Value, place: Place) -> bool:
    """Whether two values differ at the precision of the coarser of the two."""
    if is_instant(wanted) and is_day(value):
        return wanted.astimezone(place.zone).date() != value
    if is_day(wanted) and is_instant(value):
        return value.astimezone(place.zone).date() != wanted
    return wanted != value


def close(
    proposals: Sequence[Proposal],
    owned: Sequence[Step],
    judged: Sequence[Judged],
    place: Place,
) -> tuple[Closing, ...]:
    """The proposals that end with these edits.

    The owner setting the proposed value accepts it, and rivals are superseded; another value
    set after the heads-up reached the owner counters it. A proposer who puts the agreed value
    back withdraws. An owner's edit from before the heads-up ends nothing.
    """
    accepted = [p for p in proposals if any(_sets(step, p, place) for step in owned)]
    ends: list[Closing] = []
    for proposal in proposals:
        by = owned[-1].editor.shown if owned else None
        if proposal in accepted:
            ends.append(Closing(proposal, ProposalStatus.ACCEPTED, by))
        elif accepted:
            ends.append(Closing(proposal, ProposalStatus.SUPERSEDED, by))
        elif any(_counters(step, proposal) for step in owned):
            ends.append(Closing(proposal, ProposalStatus.COUNTERED, by))
        elif any(_withdraws(item, proposal) for item in judged):
            ends.append(Closing(proposal, ProposalStatus.WITHDRAWN, proposal.proposer))
    return tuple(ends)


def _sets(step: Step, proposal: Proposal, place: Place) -> bool:
    return not differs(proposal.value, _value(step), place)


def _counters(step: Step, proposal: Proposal) -> bool:
    told = proposal.delivered_at if proposal.delivered >= proposal.version else None
    return told is not None and step.at is not None and step.at > told


def _withdraws(item: Judged, proposal: Proposal) -> bool:
    who = item.step.editor.person or item.step.editor.shown
    return item.outcome == "agrees" and who == proposal.proposer


def _value(step: Step) -> Value:
    return step.value  # type: ignore[return-value]
