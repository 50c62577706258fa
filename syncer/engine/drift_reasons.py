"""A difference in words: why it is so, for whom it waits, and until when."""

from datetime import datetime

from syncer.engine.answers import Answers
from syncer.engine.drift_facts import Known, Shown
from syncer.model.drift import Cause, Drift, Standing
from syncer.model.records import Proposal

_NEXT_RUN = "the next run"


def explained(known: Known, one: Shown, standing: Standing, cause: Cause) -> Drift:
    """A difference with all that there is to say about it."""
    proposal = _proposal(known, one) if cause is Cause.PROPOSAL else None
    link = one.twin.link if one.twin else None
    return Drift(
        connection=one.connection,
        entity=one.case.record.entity,
        record="" if one.case.new else one.case.record.id,
        title=known.title(one.case),
        field=one.field,
        shown=one.shown,
        agreed=one.agreed,
        standing=standing,
        cause=cause if one.twin is not None or cause is not Cause.NOT_MAPPED else Cause.NO_TWIN,
        why=_why(known, one, cause, proposal),
        people=_deciders(known, proposal) if proposal else (),
        until=_until(known, one, cause, proposal),
        id=link.remote_id if link else "",
        url=(link.url if link else "") or "",
    )


def _proposal(known: Known, one: Shown) -> Proposal:
    """The proposal it waits for: that of the very tool, where there are several."""
    found = known.proposals[one.case.record.id, one.field]
    return min(found, key=lambda p: (p.connection != one.connection, p.opened_at))


def _deciders(known: Known, proposal: Proposal) -> tuple[str, ...]:
    ctx = known.ctx
    return Answers(ctx.config, ctx.store, clock=ctx.clock).deciders(proposal)


def _why(known: Known, one: Shown, cause: Cause, proposal: Proposal | None) -> str:
    case, connection, field = one.case, one.connection, one.field
    if proposal is not None:
        return proposal.number
    if cause is Cause.HELD:
        hold = known.hold(case, connection, field)
        return hold.reason if hold else ""
    if cause is Cause.PARKED:
        stuck = known.stuck(case, connection, field)
        return stuck.reason if stuck else ""
    if cause is Cause.DIRECTION:
        return f"the mapping's direction is {one.facts.direction}"
    return one.note


def _until(known: Known, one: Shown, cause: Cause, proposal: Proposal | None) -> str:
    """When, or by what, it goes on."""
    if proposal is not None:
        return _moment(proposal.expires_at)
    if cause is Cause.PARKED:
        stuck = known.stuck(one.case, one.connection, one.field)
        return _moment(stuck.next_try) if stuck else ""
    if cause is Cause.PAUSED:
        return "`syncer resume`"
    if cause is Cause.OBSERVED:
        return "`mode: observe` is taken out of sync.yaml"
    if cause is Cause.SETTLING:
        rule = known.ctx.config.ownership.rules[one.case.record.entity, one.field]
        return f"it has been left alone for {rule.settle}"
    waits = (Cause.UNANSWERED, Cause.EDITED, Cause.REMAPPED, Cause.NEW, Cause.OWED)
    return _NEXT_RUN if cause in waits else ""


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
