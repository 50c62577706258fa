"""Why a value is what it is, in one plain sentence."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from syncer.model.agreements import Agreed, Then
from syncer.model.entities import ARCHIVED, EXISTENCE, EntitySpec
from syncer.model.records import JournalEntry, Proposal, ProposalStatus
from syncer.model.values import MISSING, Seen, dump
from syncer.report.document import short
from syncer.report.matters import LATE
from syncer.report.saying import COMMAND_LINE, LONG, Sayer, kind_of, plain, rule_of
from syncer.report.timeline import FIRST


class Subject:
    """A field of a record, as sentences speak of it."""

    def __init__(self, sayer: Sayer, spec: EntitySpec, title: str, name: str) -> None:
        self.sayer = sayer
        self.spec = spec
        self.title = f'"{short(title, LONG)}"'
        self.name = name

    def stands(self, value: Seen, verb: str = "is") -> str:
        """``The deadline of "Relaunch" is 4 December 2026``."""
        if self.name == EXISTENCE:
            return f"{self.title} {verb} {'archived' if value == ARCHIVED else 'there'}"
        return f"The {plain(self.name)} of {self.title} {self._agrees(verb)} {self.value(value)}"

    def _agrees(self, verb: str) -> str:
        """``are`` and ``were`` of results, goals and notes."""
        if not self.name.endswith("s") or self.name.endswith(("us", "ss")):
            return verb
        return {"is": "are", "was": "were"}[verb]

    def value(self, value: Seen) -> str:
        """A value in a sentence; a long text by how it begins."""
        said = self.sayer.of_type(kind_of(self.spec, self.name), value)
        text = short(said, LONG)
        return f"“{text}”" if isinstance(value, str) and len(said) > LONG else text


def why(
    subject: Subject,
    agreed: Agreed,
    proposals: Iterable[Proposal],
    journal: Sequence[JournalEntry],
) -> str:
    """The value with its reason and the line of its rule."""
    reason = reason_of(subject, agreed, proposals, journal)
    rule = f"; {rule_of(agreed.rule)}" if agreed.rule else ""
    return f"{subject.stands(agreed.value)}{' because ' + reason if reason else ''}{rule}."


def reason_of(
    subject: Subject,
    agreed: Agreed,
    proposals: Iterable[Proposal],
    journal: Sequence[JournalEntry],
) -> str:
    """Who did what, where and when, so that this is agreed; empty where nobody knows."""
    sayer = subject.sayer
    day = f" on {sayer.day(sayer.on(agreed.at))}" if agreed.at else ""
    asked = next((p for p in proposals if p.field == subject.name and granted(p, agreed)), None)
    edit = _edit_of(subject, agreed, journal)
    if asked is not None and asked.closed_by is None:
        late = f"nobody answered {sayer.person(asked.proposer)}'s proposal in time"
        return f"{late}, and it is the rule that it counts then{day}"
    if agreed.by in (None, FIRST):
        where = f"{sayer.system(agreed.connection)} showed it" if agreed.connection else ""
        return where and f"{where} when the tools were first compared{day}"
    if agreed.by in sayer.systems:
        return f"{sayer.system(agreed.by)} counted it{day}"
    who = _who(sayer, agreed)
    where = _where(sayer, agreed.connection)
    if asked is not None and edit is None:
        return f"{who} approved {sayer.person(asked.proposer)}'s proposal{where}{day}"
    if not agreed.connection and edit is None:
        return f"{who} set it on {COMMAND_LINE}{day}"
    told = f", as {sayer.person(asked.proposer)} had asked for" if asked is not None else ""
    if edit is not None and edit.outcome == "notified":
        told = ", and the rule lets it count and tells the owner"
    elif edit is not None and edit.outcome == "first":
        told = ", as its first value"
    return f"{who} set it{where}{day}{told}"


def granted(proposal: Proposal, agreed: Agreed) -> bool:
    """Whether an agreement is the answer to a proposal: accepted by who is said to have set it."""
    if proposal.status is not ProposalStatus.ACCEPTED or proposal.value != agreed.value:
        return False
    mine = proposal.closed_by in (agreed.by, None)
    return mine and (agreed.at is None or agreed.at >= proposal.opened_at - LATE)


def _edit_of(
    subject: Subject, agreed: Agreed, journal: Sequence[JournalEntry]
) -> JournalEntry | None:
    """The line of the journal by which a value was set."""
    mine = (subject.name, agreed.by, agreed.at)
    new = dump(agreed.value)
    for entry in journal:
        same = (entry.field, entry.editor, entry.at) == mine and entry.new == new
        if same and entry.kind == "edit":
            return entry
    return None


def _who(sayer: Sayer, agreed: Agreed) -> str:
    role = f" ({plain(agreed.role)})" if agreed.role else ""
    return f"{sayer.person(agreed.by)}{role}"


def _where(sayer: Sayer, connection: str | None) -> str:
    return f" in {sayer.system(connection)}" if connection else f" on {COMMAND_LINE}"


def asks(sayer: Sayer, spec: EntitySpec, one: Proposal, deciders: Sequence[str]) -> str:
    """What is open: who asks for which value, whom it waits for."""
    subject = Subject(sayer, spec, "", one.field)
    whom = " or ".join(sayer.person(key) for key in deciders) or "somebody who may decide it"
    until = f", until {sayer.moment(one.expires_at)}" if one.expires_at else ""
    said = "that it is archived" if one.value == ARCHIVED else subject.value(one.value)
    about = "" if one.field == EXISTENCE else f" as the {plain(one.field)}"
    return (
        f"Not settled: {sayer.person(one.proposer)} asks for {said}{about} ({one.number});"
        f" it waits for {whom}{until}."
    )


def was(
    subject: Subject,
    then: Then,
    moment: datetime,
    proposals: Iterable[Proposal],
    journal: Sequence[JournalEntry],
) -> str:
    """What a field was at a moment and who had set it; else how far back anything is known."""
    sayer = subject.sayer
    at = f"On {sayer.moment(moment)}"
    if then.agreed is not None:
        said = subject.stands(then.agreed.value, "was")
        reason = reason_of(subject, then.agreed, proposals, journal)
        rule = f"; {rule_of(then.agreed.rule)}" if then.agreed.rule else ""
        return f"{at}: {said}{' because ' + reason if reason else ''}{rule}."
    if then.unmet:
        return f"{at} nothing was known of {subject.title} yet: it was first seen later."
    known = (
        f"the first agreement that is kept is of {sayer.moment(then.first)}" if then.first else ""
    )
    known = known or "nothing was ever agreed about it"
    shown = (
        f"; until then a tool showed {subject.value(then.shown)}"
        if then.shown is not MISSING
        else ""
    )
    return (
        f"{at}: what the {plain(subject.name)} of {subject.title} was is not known: {known}{shown}."
    )
