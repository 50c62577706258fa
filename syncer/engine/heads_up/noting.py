"""Noting: who is to hear what, from what was decided, answered, or has waited for long."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from msgspec.structs import replace

from syncer.engine.cases import Case
from syncer.engine.context import Context
from syncer.engine.decided import Decided
from syncer.engine.heads_up.listening import Hearing, notes, tells
from syncer.engine.heads_up.scenes import title_of
from syncer.model.notices import Notice, NoticeKind, NoticeStatus
from syncer.model.records import LinkStatus, Proposal, ProposalStatus
from syncer.model.rules import Rule
from syncer.reconcile.leaving import OF_SCOPE, back, left
from syncer.reconcile.notices import notices_of
from syncer.reconcile.proposal_notices import ended_notices as ended
from syncer.reconcile.replies import Ruling
from syncer.reconcile.reply_notices import again, not_yours, settled, unclear
from syncer.reconcile.scenes import Scene

WAITING_FOR_ANSWER = (NoticeKind.ASK, NoticeKind.REMINDER, NoticeKind.AGAIN, NoticeKind.WAITS)
BY_VERSION = (NoticeKind.ASK, NoticeKind.REMINDER, NoticeKind.WAITS)


class Noter:
    """Notes, for one record, what its cycle makes people hear."""

    def __init__(self, ctx: Context, scene: Callable[[], Scene], decided: Decided) -> None:
        self.ctx = ctx
        self.decided = decided
        self._scene = scene

    @cached_property
    def scene(self) -> Scene:
        """The record and all around it, put together where somebody is to hear something."""
        return self._scene()

    def answered(self, hearing: Hearing, ruling: Ruling, rule: Rule) -> None:
        """Meet somebody whose answer does not count, or ask the owner again."""
        if not tells(self.ctx):
            return
        reply, proposal = ruling.reply, ruling.proposal
        if proposal is None:
            now = self.decided.proposals
            asked = [now.get(a.proposal.id, a.proposal) for a in hearing.asked]
            waiting = [p for p in asked if p.status is ProposalStatus.OPEN]
            self._add(unclear(self.scene, rule, reply, waiting))
        elif ruling.problem == "again":
            self._add(again(self.scene, rule, reply, proposal, ruling.role))
        elif ruling.problem == "not_yours":
            self._add(not_yours(self.scene, rule, reply, proposal))
        elif ruling.problem == "ended":
            self._add(settled(self.scene, rule, reply, proposal))

    def _add(self, *notices: Notice) -> None:
        known = {notice.id for notice in self.decided.notices}
        self.decided.notices += [notice for notice in notices if notice.id not in known]

    def note(self, first: bool) -> None:
        """Everything that the verdicts about this record make people hear.

        At the first contact of a whole client nobody is told of single things.
        """
        if first or not self.decided.verdicts or not notes(self.ctx):
            return
        scene = replace(self.scene, title=title_of(self.ctx, self.decided.record))
        touched = self.decided.proposals.values()
        for verdict in self.decided.verdicts:
            mine = [p for p in touched if p.field == verdict.field]
            opened = [p for p in mine if p.status is ProposalStatus.OPEN]
            over = [p for p in mine if p.status is not ProposalStatus.OPEN]
            self._add(*notices_of(scene, verdict, opened, over))

    def of_scope(self, case: Case) -> None:
        """What is said on the twins of a record when one of them left the scope, or returned."""
        back_in = [c for c, twin in case.twins.items() if twin.returned]
        if not (back_in or self.decided.leaving) or not notes(self.ctx):
            return
        scene = replace(self.scene, title=title_of(self.ctx, self.decided.record))
        name = self.ctx.client.name
        self._add(*left(scene, self.decided.leaving, self.decided.linked, name))
        every = tuple(NoticeStatus)
        noted = (
            self.ctx.store.notices(scene.client, every, record=scene.record.id) if back_in else []
        )
        for connection in back_in:
            self._add(*back(scene, connection, noted))


def ended_notices(ctx: Context, scene: Scene, proposal: Proposal) -> tuple[Notice, ...]:
    """What the proposer hears of a proposal that has ended."""
    rule = ctx.config.ownership.rules.get((proposal.entity, proposal.field))
    return ended(scene, proposal, rule) if rule else ()


def stale(ctx: Context, waiting: Sequence[Notice]) -> list[Notice]:
    """Notices that nobody need hear any more: what they are about has ended or changed."""
    about = {notice.proposal for notice in waiting if notice.proposal}
    known = {id: ctx.store.proposal(id) for id in about}
    over = [
        notice for notice in waiting if notice.proposal and _over(notice, known[notice.proposal])
    ]
    return [*over, *_turned(ctx, [n for n in waiting if n.kind in OF_SCOPE and n.record])]


def _turned(ctx: Context, waiting: Sequence[Notice]) -> Iterator[Notice]:
    """What left and is back before that was told, and the other way round."""
    links = ctx.store.links_of({str(notice.record) for notice in waiting})
    for notice in waiting:
        where = notice.facts.get("where")
        here = [link for link in links[str(notice.record)] if link.connection == where]
        linked = any(link.status is LinkStatus.LINKED for link in here)
        if linked is (notice.kind is NoticeKind.LEFT):
            yield notice


def _over(notice: Notice, proposal: Proposal | None) -> bool:
    if proposal is None:
        return True
    ended = proposal.status is not ProposalStatus.OPEN
    older = notice.kind in BY_VERSION and notice.version < proposal.version
    return older or (ended and notice.kind in WAITING_FOR_ANSWER)
