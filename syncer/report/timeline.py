"""The timeline of a record: everything that happened to it, in the order in which it happened."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.model.agreements import Agreed
from syncer.model.entities import EntitySpec
from syncer.model.notices import NoticeKind
from syncer.model.records import JournalEntry, Proposal, ProposalStatus
from syncer.model.values import MISSING, Seen
from syncer.report.matters import (
    ANSWERS,
    ENDED,
    LATE,
    VERDICTS,
    answers,
    ended,
    ended_so,
    opened_by,
    place_of,
)
from syncer.report.saying import COMMAND_LINE, Sayer, kind_of, loaded
from syncer.report.told import SAID

_BESIDE: Final = ("write", "rewrite", "heads_up", "remap")
"""Kinds of lines that only say how what was agreed came about or was carried out."""

_QUIET: Final = ("agrees", "overwritten", "replay", "recovered")
"""Outcomes that changed nothing."""

_SEEN: Final = "first seen in "
FIRST: Final = "first contact"
"""Who set a value that was there when the tools were first compared."""


class Event(Struct, frozen=True):
    """One thing that happened.

    Args:
        matters: it is shown without being asked for.
        verdict: what was decided about it; ``became`` what its proposal came to, later.
        number: of the proposal. ``shown_in`` are the connections that were made to show it.
        text: what the journal says beside it.
    """

    at: datetime
    kind: str
    field: str | None = None
    old: Seen = MISSING
    new: Seen = MISSING
    person: str | None = None
    role: str | None = None
    connection: str | None = None
    verdict: str = ""
    number: str = ""
    became: str = ""
    rule: str = ""
    cycle: str = ""
    text: str = ""
    matters: bool = True
    shown_in: tuple[str, ...] = ()


class Kept(Struct, frozen=True):
    """What is kept of a record: its journal, and each value that was agreed, in any order."""

    spec: EntitySpec
    journal: Sequence[JournalEntry]
    proposals: Sequence[Proposal] = ()
    agreed: Sequence[tuple[str, Agreed]] = field(default=())


def timeline(kept: Kept, sayer: Sayer) -> tuple[Event, ...]:
    """All events, oldest first. One that is told twice matters once."""
    teller = _Teller(kept, sayer)
    events = [teller.told(entry) for entry in kept.journal]
    events += [e for e in _unsaid(kept) if not _covered(e, events)]
    return tuple(sorted(events, key=lambda e: e.at))


class _Teller:
    """Tells what each line of the journal says, with what others say of the same matter."""

    def __init__(self, kept: Kept, sayer: Sayer) -> None:
        self.kept = kept
        self.sayer = sayer
        self.cycles: dict[str, list[JournalEntry]] = defaultdict(list)
        for entry in kept.journal:
            self.cycles[entry.cycle].append(entry)

    def told(self, entry: JournalEntry) -> Event:
        kind = kind_of(self.kept.spec, entry.field)
        event = Event(
            at=entry.at,
            kind=entry.kind,
            field=entry.field or None,
            old=loaded(kind, entry.old),
            new=loaded(kind, entry.new),
            person=entry.editor,
            role=entry.role,
            connection=entry.connection,
            verdict=VERDICTS.get(entry.outcome, entry.outcome),
            rule=entry.rule,
            cycle=entry.cycle,
            text=entry.text,
            matters=entry.kind not in _BESIDE and entry.outcome not in _QUIET,
        )
        known: dict[str, Callable[[JournalEntry, Event], Event]] = {
            "edit": self._edit,
            "proposal": self._proposal,
            "answer": self._answer,
            "command": self._answer,
            "write": self._write,
            "heads_up": self._heads_up,
            "first_contact": self._met,
            "verdict": self._verdict,
        }
        return known[entry.kind](entry, event) if entry.kind in known else event

    def _edit(self, entry: JournalEntry, event: Event) -> Event:
        same = (entry.field, entry.new)
        writes = (e for e in self.cycles[entry.cycle] if e.kind == "write")
        shown = tuple(e.connection for e in writes if e.connection and (e.field, e.new) == same)
        place = entry.connection or COMMAND_LINE
        event = replace(event, connection=place, shown_in=shown)
        found = [p for p in self.kept.proposals if opened_by(p, entry)]
        if entry.outcome != "proposed" or not found:
            return event
        one = max(found, key=lambda p: p.opened_at)
        return replace(event, number=one.number, became=ended(one, self.sayer))

    def _proposal(self, entry: JournalEntry, event: Event) -> Event:
        """That one was opened, which its edit tells too; or how it ended, by whom and where."""
        event = replace(event, old=MISSING)
        mates = self.cycles[entry.cycle]
        if entry.outcome.startswith("open"):
            edit = ("edit", "proposed", entry.field, entry.new)
            told = any((e.kind, e.outcome, e.field, e.new) == edit for e in mates)
            verdict = f"held as a proposal ({entry.outcome})"
            return replace(event, verdict=verdict, text="", matters=not told)
        found = [p for p in self.kept.proposals if ended_so(p, entry)]
        if not found:
            return event
        one = min(found, key=lambda p: abs((p.closed_at or entry.at) - entry.at))
        answer = next((e for e in mates if answers(e, entry)), None)
        asked = self.sayer.person(one.proposer)
        return replace(
            event,
            at=answer.at if answer else entry.at,
            old=one.base if one.status is ProposalStatus.ACCEPTED else MISSING,
            person=one.closed_by,
            role=(answer.role if answer else None) or entry.role,
            connection=place_of(answer),
            verdict=f"{asked}'s proposal {one.number} is {ENDED[one.status]}",
            number=one.number,
            text=one.reason,
        )

    def _answer(self, entry: JournalEntry, event: Event) -> Event:
        """Of an answer that counted, the line that says how its proposal ended tells all."""
        if entry.outcome not in ANSWERS:
            return event
        told = any(e.kind == "proposal" and answers(entry, e) for e in self.cycles[entry.cycle])
        return replace(event, verdict="", old=MISSING, matters=not told)

    def _verdict(self, entry: JournalEntry, event: Event) -> Event:
        """That another value is agreed, which the edit or the proposal that led to it tells too."""
        same = (entry.field, entry.new)
        mates = (e for e in self.cycles[entry.cycle] if e.kind in ("edit", "proposal"))
        told = any((e.field, e.new) == same for e in mates)
        return replace(event, verdict="counts from then on", matters=not told)

    def _write(self, entry: JournalEntry, event: Event) -> Event:
        who, found, where = entry.text.rpartition(" in ")
        said = f"{self.sayer.person(who)} in {self.sayer.system(where)}" if found else entry.text
        return replace(event, verdict=f"written there ({entry.outcome})", text=said)

    def _heads_up(self, entry: JournalEntry, event: Event) -> Event:
        who = self.sayer.person(entry.text.removeprefix("told "))
        known = entry.outcome in list(NoticeKind)
        said = SAID[NoticeKind(entry.outcome)] if known else f"told ({entry.outcome})"
        return replace(event, verdict=f"{who} was {said}", text="")

    def _met(self, entry: JournalEntry, event: Event) -> Event:
        if entry.field:
            verdict = "overruled when the tools were first compared"
            return replace(event, person=FIRST, verdict=verdict)
        places = entry.text.removeprefix(_SEEN).split(", ")
        return replace(event, verdict="", text=_SEEN + ", ".join(map(self.sayer.system, places)))


def _unsaid(kept: Kept) -> Iterator[Event]:
    """Values that were agreed without a line of the journal: first ones, and what was counted."""
    for name, agreed in kept.agreed:
        if agreed.at is None:
            continue
        first = agreed.by in (None, FIRST)
        yield Event(
            at=agreed.at,
            kind="agreed",
            field=name,
            new=agreed.value,
            person=agreed.by,
            role=agreed.role,
            connection=agreed.connection,
            verdict="found when the tools were first compared" if first else "counts",
            rule=agreed.rule,
            matters=agreed.value is not None,
        )


def _covered(one: Event, events: Sequence[Event]) -> bool:
    """Whether the journal tells of an agreement already."""
    return any(
        e.field == one.field and e.new == one.new and abs(e.at - one.at) <= LATE
        for e in events
        if e.kind in ("edit", "proposal", "agreed")
    )
