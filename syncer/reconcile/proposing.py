"""Proposals: how edits open them, and how they end by what was done to the field."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.decisions import Closing, Draft, Judged, Step
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.values import MISSING, Seen, Value, is_set
from syncer.reconcile.precision import Shows, same
from syncer.reconcile.roles import Place


class Answer(Struct, frozen=True):
    """The edit that is agreed now, and whether an owner made it."""

    step: Step
    owner: bool


def proposer(step: Step) -> str:
    """By whom a step is proposed: a person's key, else how the tool calls them."""
    return step.editor.person or step.editor.shown


def one_each(judged: Sequence[Judged]) -> tuple[Judged, ...]:
    """Of what one person proposed or agreed to in several tools, the last counts."""
    last = {proposer(item.step): item for item in judged if item.outcome in ("proposed", "agrees")}
    return tuple(
        replace(item, outcome="overtaken")
        if item.outcome == "proposed" and last[proposer(item.step)] is not item
        else item
        for item in judged
    )


def draft(judged: Sequence[Judged], agreed: Seen, value: Seen) -> tuple[Draft, ...]:
    """A proposal for each step that is proposed."""
    return tuple(
        Draft(proposer(i.step), i.step.connection, _onto(value, agreed, i.step.value), i.step.at)
        for i in judged
        if i.outcome == "proposed"
    )


def _onto(value: Seen, agreed: Seen, wanted: Seen) -> Value:
    """What is wanted, upon what is agreed now: of a set only what was added or taken away."""
    if wanted is MISSING:
        return None
    if not any(is_set(each) for each in (value, agreed, wanted)):
        return wanted
    before, after = _members(agreed), _members(wanted)
    return ((_members(value) - (before - after)) | (after - before)) or None


def granted(proposal: Proposal, agreed: Value) -> Value:
    """The value once a proposal is granted: of a set what was to change, upon what is agreed now."""
    return _onto(agreed, proposal.base, proposal.value)


def _members(value: Seen) -> frozenset[object]:
    return value if is_set(value) else frozenset()


def close(
    proposals: Sequence[Proposal],
    answer: Answer | None,
    judged: Sequence[Judged],
    drafts: Sequence[Draft],
    place: Place,
    shows: Shows,
) -> tuple[Closing, ...]:
    """The proposals that end with these edits.

    The owner setting the proposed value accepts it, and rivals are superseded; another value
    set after the heads-up reached the owner counters it. A proposer who puts the agreed value
    back withdraws. An owner's edit from before the heads-up ends nothing.
    """
    met = [p for p in proposals if answer and _meets(p, answer.step, place, shows)]
    proposing = {each.proposer for each in drafts}
    ends: list[Closing] = []
    for proposal in proposals:
        by = answer.step.editor.shown if answer else None
        if answer and met and (answer.owner or proposal in met):
            accepted = answer.owner and proposal in met
            status = ProposalStatus.ACCEPTED if accepted else ProposalStatus.SUPERSEDED
            ends.append(Closing(proposal, status, by))
        elif _withdraws(proposal, answer, judged) and proposal.proposer not in proposing:
            ends.append(Closing(proposal, ProposalStatus.WITHDRAWN, proposal.proposer))
        elif answer and answer.owner and _counters(answer.step, proposal):
            ends.append(Closing(proposal, ProposalStatus.COUNTERED, by))
    return tuple(ends)


def _meets(proposal: Proposal, step: Step, place: Place, shows: Shows) -> bool:
    """Whether an edit sets what is proposed; of a set, what was to be added or taken away."""
    if is_set(proposal.value) or is_set(proposal.base):
        now, before, after = (_members(v) for v in (step.value, proposal.base, proposal.value))
        added, gone = after - before, before - after
        return added <= now and not gone & now if added or gone else now == after
    connections = (proposal.connection, step.connection)
    return same(proposal.value, step.value, connections, place, shows)


def _counters(step: Step, proposal: Proposal) -> bool:
    """Whether an edit came after the owner had been told of this very version."""
    told = proposal.delivered_at if proposal.delivered >= proposal.version else None
    return told is not None and step.at is not None and step.at > told


def _withdraws(proposal: Proposal, answer: Answer | None, judged: Sequence[Judged]) -> bool:
    mine = [item for item in judged if proposer(item.step) == proposal.proposer]
    decided = answer is not None and answer.owner and proposer(answer.step) == proposal.proposer
    return decided or any(item.outcome == "agrees" for item in mine)
