"""Clients that are only observed: what would have been written, and what of it is new.

Everything is decided and remembered, with who made each edit, so that taking ``mode: observe``
out of the file carries on from there; nothing at all is written to any system, nor told.
"""

import hashlib
from typing import Any

from msgspec import Struct

from syncer.engine.context import Context
from syncer.model.configuration import Mode
from syncer.model.decisions import Action, Plan, Refusal
from syncer.reconcile.guard import ARCHIVES, CHANGED, UPDATES
from syncer.state.standstill import OBSERVED
from syncer.state.writing import Transaction


class Observed(Struct, frozen=True):
    """The writes that were not told before, and how many were."""

    news: tuple[Action, ...] = ()
    known: int = 0


def observes(ctx: Context) -> bool:
    """Whether this client is only observed."""
    return ctx.client.mode is Mode.OBSERVE


def stopping(ctx: Context, plan: Plan) -> tuple[Refusal, ...]:
    """The refusals that stop this cycle: too many writes stop nothing where none is made."""
    if not observes(ctx):
        return plan.refusals
    return tuple(r for r in plan.refusals if r.kind not in (ARCHIVES, CHANGED, UPDATES))


def note_observed(ctx: Context, plan: Plan) -> Observed:
    """Remember which writes this cycle would have made; what was told before is not new."""
    before = ctx.store.meta(OBSERVED + ctx.client.key)
    known = before or {"since": ctx.now.isoformat(), "first": _first(ctx), "told": []}
    marks = [_mark(action) for action in plan.actions]
    told = set(known["told"])
    news = tuple(a for a, mark in zip(plan.actions, marks, strict=True) if mark not in told)
    after: dict[str, Any] = {**known, "told": sorted(set(marks))}
    if after != before:
        with ctx.store.transaction() as tx:
            tx.put_meta(OBSERVED + ctx.client.key, after)
    return Observed(news, len(marks) - len(news))


def was_first(ctx: Context) -> bool:
    """Whether people were never told of this client, because it was observed from the first."""
    found = ctx.store.meta(OBSERVED + ctx.client.key)
    return bool(found and found["first"])


def no_more(ctx: Context, tx: Transaction) -> None:
    """It is in step from now on: what was only observed is done."""
    if not observes(ctx) and ctx.store.meta(OBSERVED + ctx.client.key):
        tx.put_meta(OBSERVED + ctx.client.key, None)


def _first(ctx: Context) -> bool:
    return ctx.store.client(ctx.client.key).last_ok_at is None


def _mark(action: Action) -> str:
    said = [(write.field, write.remote, write.raw) for write in action.writes]
    parts = (action.record, action.connection, action.op, said)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
