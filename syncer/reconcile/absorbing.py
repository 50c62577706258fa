"""Finer survives coarser: what an edit in a tool that shows less means for the whole value."""

from datetime import datetime

from syncer.model.decisions import Bound
from syncer.model.values import Kind, Seen, Value, is_day, is_instant, is_set


def absorb(bound: Bound, agreed: Value, before: Seen, after: Value) -> Value:
    """The whole value that somebody meant who saw ``before`` and made it ``after``.

    A new day keeps the agreed time of day where the tool shows days only; in a set only the
    members that were shown are taken away, and only new ones are added.
    """
    if bound.type.many:
        return _absorb_set(agreed, before, after)
    if is_instant(agreed) and is_day(after) and bound.info.type.kind is Kind.DATE:
        local = agreed.astimezone(bound.zone)
        return datetime.combine(after, local.timetz().replace(tzinfo=None), bound.zone).astimezone(
            agreed.tzinfo
        )
    return after


def _absorb_set(agreed: Value, before: Seen, after: Value) -> Value:
    whole = agreed if is_set(agreed) else frozenset()
    was = before if is_set(before) else frozenset()
    now = after if is_set(after) else frozenset()
    return ((whole - (was - now)) | (now - was)) or None
