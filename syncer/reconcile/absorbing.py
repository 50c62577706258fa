"""Finer survives coarser: what an edit in a tool that shows less means for the whole value."""

from syncer.model.decisions import Bound
from syncer.model.values import MISSING, Kind, Seen, Value, is_day, is_instant, is_set
from syncer.reconcile.days import day_of, on_day, time_of
from syncer.reconcile.expressing import as_shown
from syncer.reconcile.lookup import Lookup

_NOBODY = Lookup()


def absorb(
    bound: Bound, agreed: Value, before: Seen, after: Value, lookup: Lookup = _NOBODY
) -> Value:
    """The whole value that somebody meant who saw ``before`` and made it ``after``.

    What a tool shows of the agreed value, set again, is the agreed value. A new day keeps the
    agreed time of day where the tool cannot show that time; in a set only the members that
    were shown are taken away, and only new ones are added.
    """
    if bound.type.many:
        return _absorb_set(agreed, before, after)
    shown = as_shown(bound, agreed, MISSING, lookup)
    if after == shown:
        return agreed
    if is_instant(agreed) and (bound.info.type.kind is Kind.DATE or is_day(shown)):
        day = day_of(after, bound.zone) if is_instant(after) else after
        if is_day(day) and (is_day(after) or bound.info.type.kind is Kind.DATE):
            return on_day(day, time_of(agreed, bound.zone), bound.zone)
    return after


def _absorb_set(agreed: Value, before: Seen, after: Value) -> Value:
    whole = agreed if is_set(agreed) else frozenset()
    was = before if is_set(before) else frozenset()
    now = after if is_set(after) else frozenset()
    return ((whole - (was - now)) | (now - was)) or None
