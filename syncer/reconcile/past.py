"""What was agreed at a moment of the past, from all that is kept of it; nothing is guessed."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from syncer.model.agreements import Agreed, Agreement, Then
from syncer.model.records import JournalEntry, Proposal, ProposalStatus, Record
from syncer.model.values import MISSING, FieldType, Json, Seen, load

TAKEN: Final = ("taken", "first", "notified")
"""Outcomes of an edit that is agreed since."""


def agreed_then(
    record: Record,
    field: str,
    kind: FieldType,
    moment: datetime,
    agreements: Sequence[Agreement],
    journal: Sequence[JournalEntry],
    proposals: Sequence[Proposal],
) -> Then:
    """What was agreed of one field at a moment.

    Args:
        agreements, journal, proposals: of this record, in any order.
    """
    now = record.agreed.get(field)
    if now is not None and (now.at is None or now.at <= moment):
        return Then(now)
    known = [
        *(_agreed(a) for a in agreements if a.field == field),
        *_journalled(field, kind, journal, proposals),
        *([now] if now is not None else []),
    ]
    # What nobody knows the time of was agreed before all that is known.
    before = [one for one in known if one.at is None or one.at <= moment]
    if before:
        return Then(max(before, key=lambda one: (one.at is not None, one.at or moment)))
    began = met(journal)
    stood = None if began is not None and began > moment else _stood(field, kind, moment, journal)
    if stood is not None:
        return Then(stood)
    first = min((one.at for one in known if one.at is not None), default=None)
    edits = [e for e in _edits(field, journal) if e.at == first and e.old is not None]
    shown = _loaded(kind, edits[0].old) if edits else MISSING
    return Then(None, first, shown, unmet=began is not None and began > moment)


def _stood(
    field: str, kind: FieldType, moment: datetime, journal: Iterable[JournalEntry]
) -> Agreed | None:
    """What the next value took the place of, as the journal says; by whom it does not say."""
    later = [e for e in journal if e.kind == "verdict" and e.field == field and e.at > moment]
    value = _loaded(kind, min(later, key=lambda e: e.at).old) if later else MISSING
    return None if value is MISSING else Agreed(value)


def met(journal: Iterable[JournalEntry]) -> datetime | None:
    """When a record was first seen; None where the journal does not say it."""
    found = [e.at for e in journal if e.kind == "first_contact" and e.outcome == "met"]
    return min(found, default=None)


def open_then(proposals: Iterable[Proposal], moment: datetime) -> list[Proposal]:
    """The proposals that waited at a moment, oldest first."""
    found = [
        one
        for one in proposals
        if one.opened_at <= moment and (one.closed_at is None or one.closed_at > moment)
    ]
    return sorted(found, key=lambda one: (one.opened_at, one.id))


def _agreed(one: Agreement) -> Agreed:
    return Agreed(one.value, one.by, one.role, one.connection, one.at, one.rule)


def _journalled(
    field: str, kind: FieldType, journal: Sequence[JournalEntry], proposals: Sequence[Proposal]
) -> Iterator[Agreed]:
    """What the journal tells was agreed: edits that were taken, proposals that were accepted."""
    for entry in _edits(field, journal):
        value = _loaded(kind, entry.new)
        if value is not MISSING:
            who, where = entry.editor, entry.connection
            yield Agreed(value, who, entry.role, where, entry.at, entry.rule)
    for one in proposals:
        if one.field == field and one.status is ProposalStatus.ACCEPTED:
            yield Agreed(one.value, one.closed_by, None, one.connection, one.closed_at, one.rule)


def _edits(field: str, journal: Iterable[JournalEntry]) -> Iterator[JournalEntry]:
    taken = (e for e in journal if e.kind == "edit" and e.outcome in TAKEN)
    return (entry for entry in taken if entry.field == field)


def _loaded(kind: FieldType, value: Json) -> Seen:
    """A value of the journal; of one that was of another type it is not known what it is now."""
    try:
        return load(kind, value)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        return MISSING
