"""How a goal stands: what was counted in its period, held against what was to be reached."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.goals import Goal, Pace, Standing
from syncer.model.measures import Flag
from syncer.reconcile.exact import ratio, times, total
from syncer.reconcile.pacing import Outlook, outlook, pace
from syncer.reconcile.periods import (
    Period,
    grain_of,
    metrics_of,
    month_end,
    period,
    year_before,
)
from syncer.reconcile.series import UNREAD, Figures, Sum, over


class Count(Struct, frozen=True):
    """What was counted over some days, in which currency; ``reason`` says why it is not known."""

    value: Decimal | None
    flags: frozenset[Flag]
    currency: str
    reason: str = ""


def stand(goal: Goal, figures: Figures, *, begins: date, as_of: date) -> Standing:
    """How a goal stands in the period that holds a day, else in its nearest.

    A period whose last day is known is over. Where figures were last read before ``as_of``, it
    stands as of that day. What cannot be known is said in ``basis``; nothing is invented.

    Args:
        begins: as in :func:`~syncer.reconcile.periods.needed`.
        as_of: the last whole day, in the property's zone.
    """
    within = period(goal, begins, as_of)
    if as_of < within.since:
        return Standing(goal, Pace.WAITING, within.since, within.until, as_of)
    known = _known(goal, figures)
    if known is None:
        return Standing(goal, Pace.UNKNOWN, within.since, within.until, as_of, basis=UNREAD)
    at = min(as_of, known)
    within = period(goal, begins, at)
    if within.until is not None:
        at = min(at, within.until)
    standing = Standing(goal, Pace.UNKNOWN, within.since, within.until, at)
    if at < within.since:
        return replace(standing, as_of=as_of, basis=UNREAD)
    return _judged(standing, figures, period(goal, begins, begins).since)


def counted(goal: Goal, figures: Figures, since: date, until: date) -> Count:
    """What a goal is about, over days of which both ends count."""
    grain = grain_of(goal.measure)
    sums = [over(figures, (name, grain), since, until) for name in metrics_of(goal.measure)]
    flags = frozenset(flag for one in sums for flag in one.flags)
    currency, reason = _money(goal, figures, sums)
    reason = next((one.reason for one in sums if one.reason), reason)
    value = None if reason else _value([one.value for one in sums])
    if value is None and not reason:
        reason = "there is nothing yet to take a rate of"
    return Count(value, flags, currency, reason)


def _known(goal: Goal, figures: Figures) -> date | None:
    """The last day that was asked for of all that a goal needs."""
    grain = grain_of(goal.measure)
    read = [figures.series.get((name, grain)) for name in metrics_of(goal.measure)]
    days = [series.until for series in read if series is not None]
    return min(days) if days and len(days) == len(read) else None


def _judged(standing: Standing, figures: Figures, first: date) -> Standing:
    goal, at = standing.goal, standing.as_of
    count = counted(goal, figures, standing.since, at)
    standing = replace(standing, value=count.value, flags=count.flags, currency=count.currency)
    if count.value is None:
        return replace(standing, basis=count.reason)
    target, last_year = _target(goal, figures, standing.since)
    standing = replace(standing, flags=standing.flags | last_year.flags)
    if target is None:
        return replace(standing, basis=last_year.reason)
    done = standing.until == at
    within = Period(standing.since, standing.until)
    if done:
        ahead = Outlook(count.value, "")
    else:
        ahead = outlook(goal, count.value, figures, within, first, at)
    found = pace(goal, count.value, target, ahead.projection, done=done)
    told = found is Pace.UNKNOWN or ahead.projection is not None
    return replace(
        standing,
        pace=found,
        target=target,
        share=ratio(count.value, target),
        projection=ahead.projection,
        basis=ahead.basis if told else "",
    )


def _target(goal: Goal, figures: Figures, since: date) -> tuple[Decimal | None, Count]:
    """What is to be reached, and what it was last year, if it is told by that."""
    if goal.growth is None:
        return goal.target, Count(None, frozenset(), "")
    first = year_before(since)
    last_year = counted(goal, figures, first, month_end(first))
    if not last_year.value or last_year.value < 0:
        reason = f"there are no figures of {first:%Y-%m} to compare with"
        return None, replace(last_year, reason=reason)
    return times(last_year.value, total([Decimal(1), goal.growth])), last_year


def _value(values: Iterable[Decimal | None]) -> Decimal | None:
    """A sum, or the first of two divided by the second; None if that is 0."""
    known = [value for value in values if value is not None]
    if len(known) == 1:
        return known[0]
    part, whole = known
    return ratio(part, whole) if whole else None


def _money(goal: Goal, figures: Figures, sums: Iterable[Sum]) -> tuple[str, str]:
    """The currency of money, and why it cannot be counted: no rates of exchange are invented."""
    if not goal.measure.money:
        return "", ""
    # What is divided by is no money, whatever currency the vendor tells with it.
    found = sorted(next(iter(sums)).currencies) or [figures.currency]
    currency = found[0] if len(found) == 1 else ""
    if len(found) > 1 or "/" in currency:
        return "", f"the figures are in {' and '.join(found).replace('/', ' and ')}"
    if goal.unit and currency != goal.unit:
        there = f"in {currency}" if currency else "in a currency that is not known"
        return currency, f"the figures are {there}, the goal is in {goal.unit}"
    return currency, ""
