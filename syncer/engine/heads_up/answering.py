"""Answers given in a tool, taken while their record is decided: after its edits, which go first."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.cases import Case
from syncer.engine.context import Context
from syncer.engine.decided import Notebook
from syncer.engine.heads_up.listening import Hearing
from syncer.engine.heads_up.noting import Noter
from syncer.model.decisions import Closing, Editor, Judged, Step, Verdict
from syncer.model.entities import EXISTENCE
from syncer.model.records import LinkStatus, Proposal, ProposalStatus
from syncer.model.rules import Rule
from syncer.model.values import MISSING
from syncer.reconcile.hearers import may_decide
from syncer.reconcile.proposing import granted
from syncer.reconcile.replies import Asked, Ruling, judge

ANSWER = "answer"
"""Kind of the journal's line about something that was answered in a tool."""


class Grant(Struct, frozen=True):
    """A proposal that is accepted, and by whom: an owner, or nobody when its time has run out."""

    proposal: Proposal
    by: str | None
    role: str | None
    at: datetime
    connection: str
    key: str = ""


class Answering:
    """Ends proposals of one case by what people answered."""

    def __init__(self, ctx: Context, case: Case, notebook: Notebook, noter: Noter) -> None:
        self.ctx = ctx
        self.case = case
        self.notebook = notebook
        self.noter = noter

    def take(self, hearings: list[Hearing]) -> None:
        """Take every answer about this record, the earliest first."""
        for hearing in sorted(hearings, key=lambda h: (h.reply.at, h.reply.id)):
            for ruling in self._rulings(hearing):
                self._follow(hearing, ruling)

    def _rulings(self, hearing: Hearing) -> list[Ruling]:
        """What an answer comes to, as proposals stand now: an edit may have ended or changed them."""
        now = {p.id: p for p in (*self.case.proposals, *self.notebook.decided.proposals.values())}
        asked = tuple(
            Asked(now.get(each.proposal.id, each.proposal), each.told) for each in hearing.asked
        )
        config = self.ctx.config
        names = [person.name for person in config.people.values()]
        words = config.texts.answers
        found = judge(hearing.reply, asked, hearing.named, self._entitled, words, names)
        first = min(each.proposal.record for each in asked) == self.case.record.id
        return [r for r in found if self._mine(r.proposal) or (r.proposal is None and first)]

    def _mine(self, proposal: Proposal | None) -> bool:
        return proposal is not None and proposal.record == self.case.record.id

    def _entitled(self, person: str, proposal: Proposal) -> str | None:
        rule = self._rule(proposal)
        if rule is None or not self._mine(proposal):
            return None
        config, today = self.ctx.config, self.ctx.now.astimezone(self.noter.scene.place.zone).date()
        return may_decide(
            person, rule, config.ownership, self.noter.scene.place, config.people, today
        )

    def _rule(self, proposal: Proposal) -> Rule | None:
        return self.ctx.config.ownership.rules.get((proposal.entity, proposal.field))

    def _follow(self, hearing: Hearing, ruling: Ruling) -> None:
        """Do what an answer says, or say why it does not count; the journal has it either way."""
        proposal, reply = ruling.proposal, ruling.reply
        rule = self._rule(proposal or hearing.asked[0].proposal)
        if rule is None:
            return
        self._journal(hearing, ruling, rule)
        if ruling.problem or proposal is None:
            self.noter.answered(hearing, ruling, rule)
            return
        ended = replace(proposal, reason=ruling.reason)
        by = reply.person or reply.shown
        if ruling.verb == "approve":
            at = min(reply.at, self.ctx.now)
            grant = Grant(ended, by, ruling.role, at, reply.connection, hearing.key)
            accept(self.notebook, rule, grant)
        elif ruling.verb == "withdraw":
            end(self.notebook, rule, Closing(ended, ProposalStatus.WITHDRAWN, by))
        else:
            self._decline(ended, by, rule)

    def _decline(self, proposal: Proposal, by: str, rule: Rule) -> None:
        end(self.notebook, rule, Closing(proposal, ProposalStatus.DECLINED, by))
        # What was kept where it was proposed is put back; a twin that was deleted is made again.
        self.notebook.decided.waiting = True
        twin = self.case.twins.get(proposal.connection)
        if proposal.field == EXISTENCE and twin and twin.link.status is LinkStatus.GONE:
            self.notebook.decided.dropped.add(twin.link.id)

    def _journal(self, hearing: Hearing, ruling: Ruling, rule: Rule) -> None:
        reply, proposal = ruling.reply, ruling.proposal
        who = Editor(reply.person, None, reply.shown)
        value = proposal.value if proposal else MISSING
        step = Step(value, reply.connection, who, reply.at, MISSING, hearing.key)
        name = proposal.field if proposal else ""
        number = proposal.number if proposal else "?"
        text = f"{ruling.verb} {number}: {ruling.reason}" if ruling.reason else ""
        text = text or f"{ruling.verb} {number}"
        outcome = ruling.problem or ruling.verb
        self.notebook.entry(ANSWER, name, step, outcome, rule, ruling.role, text)


def end(notebook: Notebook, rule: Rule, closing: Closing) -> None:
    """End a proposal without taking it: what was agreed stands."""
    agreed = notebook.decided.agreed.get(rule.field)
    stands = agreed.value if agreed else MISSING
    notebook.decided.verdicts.append(Verdict(rule.field, rule, stands, closings=(closing,)))
    notebook.close(closing, rule)


def accept(notebook: Notebook, rule: Rule, grant: Grant) -> None:
    """Agree on what was proposed; rivals about the same field end with it."""
    proposal, decided = grant.proposal, notebook.decided
    before = decided.agreed.get(proposal.field)
    old = before.value if before else MISSING
    value = granted(proposal, None if old is MISSING else old)
    who = Editor(grant.by, None, grant.by or "nobody answered in time")
    winner = Judged(Step(value, grant.connection, who, grant.at, old), "taken", grant.role)
    rivals = [p for p in notebook.still_open() if p.field == rule.field and p.id != proposal.id]
    closings = (
        Closing(proposal, ProposalStatus.ACCEPTED, grant.by),
        *(Closing(p, ProposalStatus.SUPERSEDED, grant.by) for p in rivals),
    )
    verdict = Verdict(rule.field, rule, value, value != old, winner, closings=closings)
    decided.verdicts.append(verdict)
    for closing in closings:
        notebook.close(closing, rule)
    notebook.agree(rule.field, value, winner, rule)
