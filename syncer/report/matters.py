"""Lines of the journal that tell of one matter: an edit, its proposal, the answer to it."""

from datetime import timedelta
from typing import Final

from syncer.model.records import JournalEntry, Proposal, ProposalStatus
from syncer.model.values import dump
from syncer.report.saying import COMMAND_LINE, Sayer

VERDICTS: Final = {
    "taken": "counts",
    "first": "counts, as the first value",
    "notified": "counts, the owner is told",
    "proposed": "held as a proposal",
    "reverted": "put back: it is not theirs to set",
    "overruled": "overruled by another value",
    "overtaken": "overtaken by a newer value",
    "overwritten": "was set again before anybody looked",
    "agrees": "is what was agreed",
    "held": "waits: several values, nobody's counts yet",
    "left": "right before it left what is synced",
    "tidied away": "tidied away, as it was done",
    "not told": "its value is not told by the system",
}
ENDED: Final = {
    ProposalStatus.OPEN: "waits",
    ProposalStatus.ACCEPTED: "approved",
    ProposalStatus.DECLINED: "declined",
    ProposalStatus.COUNTERED: "answered with another value",
    ProposalStatus.WITHDRAWN: "withdrawn",
    ProposalStatus.SUPERSEDED: "over, as another one was approved",
    ProposalStatus.LAPSED: "lapsed without an answer",
}
ANSWERS: Final = {"approve": "accepted", "decline": "declined", "withdraw": "withdrawn"}
LATE: Final = timedelta(minutes=5)
"""How far clocks of two systems may be apart."""


def opened_by(proposal: Proposal, entry: JournalEntry) -> bool:
    """Whether an edit opened a proposal, or made a version of it."""
    mine = (proposal.field, proposal.proposer) == (entry.field, entry.editor)
    begun = proposal.opened_at <= entry.at + LATE
    return mine and begun and (proposal.closed_at is None or proposal.closed_at >= entry.at - LATE)


def ended(proposal: Proposal, sayer: Sayer) -> str:
    """What became of a proposal, by whom and when."""
    words = ENDED[proposal.status]
    by = f" by {sayer.person(proposal.closed_by)}" if proposal.closed_by else ""
    at = f" on {sayer.moment(proposal.closed_at)}" if proposal.closed_at else ""
    why = f": {proposal.reason}" if proposal.reason else ""
    return f"{words}{by}{at}{why}"


def ended_so(proposal: Proposal, entry: JournalEntry) -> bool:
    """Whether a line says how a proposal ended."""
    same = (proposal.field, str(proposal.status)) == (entry.field, entry.outcome)
    near = proposal.closed_at is not None and abs(proposal.closed_at - entry.at) <= LATE
    return same and near and dump(proposal.value) == entry.new


def answers(answer: JournalEntry, ending: JournalEntry) -> bool:
    """Whether an answer, in a tool or on the command line, is what ended a proposal."""
    if answer.kind not in ("answer", "command") or answer.field != ending.field:
        return False
    return (ANSWERS.get(answer.outcome), answer.new, answer.cycle) == (
        ending.outcome,
        ending.new,
        ending.cycle,
    )


def place_of(answer: JournalEntry | None) -> str | None:
    """In which connection an answer was given, or on the command line."""
    if answer is None:
        return None
    return answer.connection if answer.kind == "answer" else COMMAND_LINE
