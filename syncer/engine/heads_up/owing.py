"""Owing: what people should have heard by now and nobody noted when it happened."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from syncer.engine.context import Context
from syncer.engine.heads_up.overdue import asleep
from syncer.engine.heads_up.scenes import scene_of
from syncer.model.decisions import Verdict
from syncer.model.notices import Notice, NoticeKind, NoticeStatus
from syncer.model.records import Proposal
from syncer.model.rules import Rule
from syncer.reconcile.hearers import away, gone
from syncer.reconcile.notices import notices_of
from syncer.reconcile.proposal_notices import reminder
from syncer.reconcile.workdays import halfway


def owed(ctx: Context) -> Iterator[Notice]:
    """Questions that nobody heard or nobody there can answer, and reminders that are due.

    Proposals may be open from a time when nobody was told, and people leave: what is owed for
    such a reason is told together.
    """
    waiting = ctx.store.proposals(ctx.client.key)
    resting = asleep(ctx, waiting)
    for proposal in (each for each in waiting if each.id not in resting):
        rule = ctx.config.ownership.rules.get((proposal.entity, proposal.field))
        kind = _due(ctx, proposal, rule) if rule else None
        record = ctx.store.records([proposal.record]).get(proposal.record) if kind else None
        if rule is None or record is None:
            continue
        about = scene_of(ctx, record)
        if kind is NoticeKind.REMINDER:
            yield from reminder(about, proposal, rule)
            continue
        standing = Verdict(proposal.field, rule, record.value(proposal.field))
        for notice in notices_of(about, standing, (proposal,), ()):
            yield replace(notice, not_before=ctx.now)


def _due(ctx: Context, proposal: Proposal, rule: Rule) -> NoticeKind | None:
    """What is owed of a proposal, if anything."""
    every = ctx.store.notices(ctx.client.key, tuple(NoticeStatus), proposal=proposal.id)
    noted = [notice for notice in every if notice.version == proposal.version]
    asked = [notice for notice in noted if notice.kind is NoticeKind.ASK]
    if not any(_there(ctx, notice.to) for notice in asked):
        return NoticeKind.ASK
    half = halfway(proposal, rule, ZoneInfo(ctx.client.zone), ctx.config.balance)
    late = half is not None and half <= ctx.now
    reminded = any(notice.kind is NoticeKind.REMINDER for notice in noted)
    return NoticeKind.REMINDER if late and not reminded else None


def _there(ctx: Context, person: str | None) -> bool:
    """Whether somebody can answer today."""
    known = ctx.config.people.get(person or "")
    today = ctx.now.astimezone(ZoneInfo(ctx.client.zone)).date()
    return known is not None and not gone(known, today) and not away(known, today)


def summary(ctx: Context) -> Iterator[Notice]:
    """What is told at the first contact of a client, once: to all who own something of it."""
    client, people = ctx.client, ctx.config.people
    count = sum(len(ctx.store.record_ids(client.key, entity)) for entity in ctx.config.schema)
    waiting = len(ctx.store.proposals(client.key))
    facts = {"client": client.name, "count": str(count), "waiting": str(waiting or "")}
    for role in ctx.config.ownership.roles.values() if count else ():
        for person in sorted(role.narrowed.get(client.key, role.people) & people.keys()):
            if not gone(people[person], ctx.now.date()):
                yield Notice(
                    id=f"n_summary_{client.key}_{person}",
                    client=client.key,
                    record=None,
                    entity=None,
                    field=None,
                    kind=NoticeKind.SUMMARY,
                    created_at=ctx.now,
                    to=person,
                    role=role.name,
                    facts=facts,
                )
