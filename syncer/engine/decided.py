"""What deciding one record leads to, gathered until it is recorded in one transaction."""

from collections import defaultdict

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.model.agreements import nothing
from syncer.model.decisions import Closing, Draft, Judged, Step, Verdict
from syncer.model.notices import Notice
from syncer.model.records import (
    Agreed,
    Hold,
    JournalEntry,
    Link,
    Proposal,
    ProposalStatus,
    Record,
)
from syncer.model.rules import Rule
from syncer.model.undoing import Undone
from syncer.model.values import MISSING, Json, Seen, dump
from syncer.reconcile.leaving import Leaving

REMAP = tuple[str, str, str, str, str, str]
"""connection, entity, field, read before, read now, source of the mapping line."""


class Decided(Struct):
    """Everything that follows from one case.

    ``kept`` names, per connection, fields that are not to be written there for now; ``dropped``
    are ids of links that are forgotten, so that a twin may be made again; ``put_away`` names
    connections whose twin, made by the service, is archived there and nowhere else.
    ``leaving`` are twins that left the scope; ``linked`` the connections in which there was one
    in step before. ``unplaced``: what it is in has no twin somewhere, so that it has none there.
    """

    record: Record
    links: dict[str, Link] = field(default_factory=dict)
    agreed: dict[str, Agreed] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    journal: list[JournalEntry] = field(default_factory=list)
    proposals: dict[str, Proposal] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    remaps: list[REMAP] = field(default_factory=list)
    kept: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    waiting: bool = False
    unplaced: bool = False
    notices: list[Notice] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)
    put_away: set[str] = field(default_factory=set)
    undone: list[Undone] = field(default_factory=list)
    leaving: list[Leaving] = field(default_factory=list)
    linked: frozenset[str] = frozenset()


class Notebook:
    """Writes down, for one record, what was judged: journal lines, proposals, holds."""

    def __init__(self, ctx: Context, decided: Decided, proposals: list[Proposal]) -> None:
        self.ctx = ctx
        self.decided = decided
        self.open = {(p.field, p.proposer): p for p in proposals}

    def agree(self, name: str, value: Seen, winner: Judged | None, rule: Rule) -> None:
        """Set the agreed value, with who set it, where, when and under which rule."""
        if value is MISSING:
            return
        step = winner.step if winner else None
        if value is None and step is None:
            self.decided.agreed[name] = nothing(self.ctx.now, str(rule.source))
            return
        self.decided.agreed[name] = Agreed(
            value=value,
            by=(step.editor.person or step.editor.shown) if step else None,
            role=winner.role if winner else None,
            connection=step.connection if step else None,
            at=(step.at if step and step.at else self.ctx.now),
            rule=str(rule.source),
        )

    def judged(self, verdict: Verdict) -> None:
        """Journal every edit with its verdict, open and end proposals, hold what is unsettled."""
        self.decided.verdicts.append(verdict)
        for item in verdict.judged:
            self.entry("edit", verdict.field, item.step, item.outcome, verdict.rule, item.role)
        for closing in verdict.closings:
            self.close(closing, verdict.rule)
        for draft in verdict.drafts:
            self._open(draft, verdict)
        if verdict.held:
            self.hold("rivals", verdict.field, None, verdict.held, ())

    def entry(
        self,
        kind: str,
        name: str,
        step: Step,
        outcome: str,
        rule: Rule | None = None,
        role: str | None = None,
        text: str = "",
    ) -> None:
        """One line of the journal about a step."""
        self.decided.journal.append(
            JournalEntry(
                client=self.ctx.client.key,
                at=step.at or self.ctx.now,
                kind=kind,
                cycle=self.ctx.cycle,
                record=self.decided.record.id,
                entity=self.decided.record.entity,
                field=name,
                connection=step.connection,
                key=step.key or None,
                editor=step.editor.person or step.editor.shown,
                role=role,
                old=_json(step.old),
                new=_json(step.value),
                outcome=outcome,
                rule=str(rule.source) if rule else "",
                text=text,
            )
        )

    def note(
        self,
        kind: str,
        name: str | None,
        text: str,
        connection: str | None = None,
        new: Json = None,
        outcome: str = "",
        rule: str = "",
    ) -> None:
        """One line of the journal about what the service itself found or did."""
        self.decided.journal.append(
            JournalEntry(
                client=self.ctx.client.key,
                at=self.ctx.now,
                kind=kind,
                cycle=self.ctx.cycle,
                record=self.decided.record.id,
                entity=self.decided.record.entity,
                field=name,
                connection=connection,
                new=new,
                outcome=outcome,
                rule=rule,
                text=text,
            )
        )

    def hold(
        self,
        kind: str,
        name: str | None,
        connection: str | None,
        reason: str,
        candidates: tuple[str, ...] = (),
    ) -> None:
        """Hold a field of this record until a person looks at it."""
        key = f"{kind}:{self.decided.record.id}:{connection or ''}:{name or ''}"
        self.decided.cleared.discard(key)
        self.decided.holds[key] = Hold(
            key=key,
            client=self.ctx.client.key,
            kind=kind,
            reason=reason,
            connection=connection,
            record=self.decided.record.id,
            field=name,
            candidates=candidates,
            since=self.ctx.now,
        )

    def _open(self, draft: Draft, verdict: Verdict) -> None:
        """Open a proposal, or make a new version of the one this proposer has."""
        known = self.open.get((verdict.field, draft.proposer))
        if known is not None and known.value == draft.value:
            return
        fresh = self._version(known, draft, verdict) if known else self._first(draft, verdict)
        self.decided.proposals[fresh.id] = fresh
        self.open[(verdict.field, draft.proposer)] = fresh
        self.note(
            "proposal",
            verdict.field,
            f"{draft.proposer} proposes",
            draft.connection,
            _json(draft.value),
            f"open v{fresh.version}",
            str(verdict.rule.source),
        )

    def _version(self, known: Proposal, draft: Draft, verdict: Verdict) -> Proposal:
        return replace(
            known,
            value=draft.value,
            base=None if verdict.value is MISSING else verdict.value,
            updated_at=draft.at or self.ctx.now,
            version=known.version + 1,
            connection=draft.connection,
        )

    def _first(self, draft: Draft, verdict: Verdict) -> Proposal:
        record, at = self.decided.record, draft.at or self.ctx.now
        return Proposal(
            id=self.ctx.new_id("p"),
            client=self.ctx.client.key,
            record=record.id,
            entity=record.entity,
            field=verdict.field,
            proposer=draft.proposer,
            connection=draft.connection,
            value=draft.value,
            base=None if verdict.value is MISSING else verdict.value,
            rule=str(verdict.rule.source),
            opened_at=at,
            updated_at=at,
        )

    def close(self, closing: Closing, rule: Rule) -> None:
        """End a proposal."""
        old = closing.proposal
        self.decided.proposals[old.id] = replace(
            old, status=closing.status, closed_by=closing.by, closed_at=self.ctx.now
        )
        self.open.pop((old.field, old.proposer), None)
        self.note(
            "proposal",
            old.field,
            f"{old.proposer}'s proposal",
            old.connection,
            _json(old.value),
            str(closing.status),
            str(rule.source),
        )

    def still_open(self) -> list[Proposal]:
        """Proposals that wait after this verdict."""
        return [p for p in self.open.values() if p.status is ProposalStatus.OPEN]


def _json(value: Seen) -> Json:
    return None if value is MISSING else dump(value)
