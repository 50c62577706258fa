"""The matter of a proposal: what an answer decides, and the lines it leaves in the journal."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.records import JournalEntry, Proposal, ProposalStatus, Record
from syncer.model.rules import Rule
from syncer.model.values import dump
from syncer.reconcile.roles import Place

PROPOSER = "proposer"
"""As what somebody ends their own proposal."""


class Matter(Struct, frozen=True):
    """What is to be decided: the proposal, its record, and where it stands."""

    proposal: Proposal
    record: Record
    rule: Rule
    place: Place


def closed(proposal: Proposal, status: ProposalStatus, by: str, at: datetime) -> Proposal:
    """A proposal as somebody ended it."""
    return replace(proposal, status=status, closed_by=by, closed_at=at)


def command_line(
    matter: Matter, ended: Proposal, role: str, word: str, operator: str
) -> JournalEntry:
    """That somebody gave an answer on the command line; ``operator`` is the user who typed it."""
    typed = f", typed by {operator}" if operator else ""
    text = f"proposals {word} {ended.id} --as {ended.closed_by}{typed}"
    return _line(matter, ended, role, "command", word, text)


def ending_line(matter: Matter, ended: Proposal, role: str) -> JournalEntry:
    """How a proposal ended."""
    text = f"{ended.proposer}'s proposal"
    return _line(matter, ended, role, "proposal", str(ended.status), text)


def _line(
    matter: Matter, ended: Proposal, role: str, kind: str, outcome: str, text: str
) -> JournalEntry:
    assert ended.closed_at is not None
    return JournalEntry(
        client=ended.client,
        at=ended.closed_at,
        kind=kind,
        record=ended.record,
        entity=ended.entity,
        field=ended.field,
        connection=ended.connection,
        editor=ended.closed_by,
        role=role,
        old=dump(matter.record.value(ended.field)),
        new=dump(ended.value),
        outcome=outcome,
        rule=str(matter.rule.source),
        text=text if not ended.reason else f"{text}: {ended.reason}",
    )
