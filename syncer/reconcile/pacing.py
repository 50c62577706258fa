"""Ahead, on track or behind: what a goal will come to, held against what was to be reached."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from msgspec import Struct

from syncer.model.goals import Goal, Pace
from syncer.reconcile.exact import ratio, times, total
from syncer.reconcile.periods import Period, grain_of
from syncer.reconcile.series import Figures, over

AHEAD: Final = Decimal("1.10")
"""From this share of the target on, what is expected counts as ahead."""

ON_TRACK: Final = Decimal("0.95")
"""From this share on it counts as on track, below it as behind."""

LATELY: Final = 28
"""Days whose mean is what to expect: four weeks, so that every day of the week counts alike."""

ENDLESS: Final = "no last day is set, so there is no pace"


class Outlook(Struct, frozen=True):
    """What a goal will come to, and on what that rests, in words."""

    projection: Decimal | None
    basis: str


def pace(
    goal: Goal, value: Decimal, target: Decimal, expected: Decimal | None, *, done: bool
) -> Pace:
    """How a goal stands. A count that is reached is met for good, a rate may fall again.

    Args:
        target: more than 0; of growth what last year makes of it.
        expected: what it will come to; None where that cannot be said.
        done: its time is over.
    """
    reached = value <= target if goal.at_most else value >= target
    if done:
        return Pace.MET if reached else Pace.MISSED
    if reached and goal.measure.per is None:
        return Pace.MET
    if expected is None:
        return Pace.UNKNOWN
    if goal.at_most:
        ahead, fine = (times(expected, bound) <= target for bound in (AHEAD, ON_TRACK))
    else:
        ahead, fine = (expected >= times(target, bound) for bound in (AHEAD, ON_TRACK))
    return Pace.AHEAD if ahead else Pace.ON_TRACK if fine else Pace.BEHIND


def outlook(
    goal: Goal, value: Decimal, figures: Figures, within: Period, first: date, at: date
) -> Outlook:
    """What is there, and for each day that remains as much as in the mean of the last 28.

    A rate is expected to stay as it is. What does not add up over days grows in proportion, at
    most.

    Args:
        first: the first day of the goal: a young one has fewer than 28 days.
        at: the last whole day that is known; not after the last of ``within``.
    """
    if goal.measure.per is not None:
        return Outlook(value, "if it stays as it is")
    if within.until is None:
        return Outlook(None, ENDLESS)
    left = (within.until - at).days
    if not goal.measure.adds_up:
        so_far = (at - within.since).days + 1
        whole = ratio(times(value, so_far + left), so_far)
        return Outlook(whole, "at the rate of this month, at most: the same people come again")
    recent, days = _lately(goal, figures, within, first, at)
    expected = total([value, ratio(times(recent, left), days)])
    return Outlook(expected, f"at the rate of the last {f'{days} days' if days > 1 else 'day'}")


def _lately(
    goal: Goal, figures: Figures, within: Period, first: date, at: date
) -> tuple[Decimal, int]:
    """The sum of the last days of a goal that are known, and how many they are."""
    of = (goal.measure.metric, grain_of(goal.measure))
    for earliest in (min(first, within.since), within.since):
        since = max(earliest, figures.series[of].since, at - timedelta(days=LATELY - 1))
        recent = over(figures, of, since, at).value
        if recent is not None:
            return recent, (at - since).days + 1
    raise ValueError("the days of the period are not known")  # its value was: cannot happen
