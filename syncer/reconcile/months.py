"""Month by month, each judged by the goals that stood then."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.goals import Goal, Standing
from syncer.model.measures import Measure
from syncer.reconcile.days import day_of
from syncer.reconcile.goal_checks import same
from syncer.reconcile.goals import goals
from syncer.reconcile.periods import EVER, month_end, next_month
from syncer.reconcile.series import Figures
from syncer.reconcile.standing import stand

History = Sequence[tuple[datetime | None, str | None]]
"""Texts of goals, oldest first, each with the moment since when it stood; None: ever since."""

_MOST = 120
"""Months that are looked back on."""


class Stood(Struct, frozen=True):
    """The goals that stood from a day on, until the next ones."""

    since: date
    goals: tuple[Goal, ...]


def stood(history: History, measures: Mapping[str, Measure], zone: ZoneInfo) -> tuple[Stood, ...]:
    """The goals of a history, each text read once, with the days since when it stood."""
    return tuple(
        Stood(day_of(at, zone) if at else EVER, goals(text, measures).goals) for at, text in history
    )


def set_on(goal: Goal, past: Sequence[Stood]) -> date | None:
    """The day since which a goal has stood without a break, up to now; None if it does not.

    ``EVER`` where nobody knows.
    """
    since: date | None = None
    for text in past:
        stands = any(same(goal, one) for one in text.goals)
        since = (text.since if since is None else since) if stands else None
    return since


def months(
    past: Sequence[Stood], figures: Figures, *, as_of: date, start: date | None = None
) -> tuple[Standing, ...]:
    """How the monthly goals stood in every calendar month, oldest first, in the goals' order.

    A month is judged by the lines that stood when it ended, the running one by those that stand
    now; a line that did not exist then judges nothing. Months before the first goal, before the
    project's start and before the first figures are left out.

    Args:
        as_of: the last whole day, in the property's zone.
        start: the project's first day.
    """
    if not past:
        return ()
    first = max(past[0].since, start or date.min, _read_since(figures))
    return tuple(
        stand(goal, figures, begins=_begins(goal, past, month, start), as_of=min(end, as_of))
        for month, end in _months(first, as_of)
        for goal in _then(past, end, running=end > as_of)
        if _judges(goal, month, end)
    )


def _months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """First and last day of each month."""
    earliest = max(first, date(max(last.year - _MOST // 12, 1), last.month, 1))
    month = earliest.replace(day=1)
    while month <= last:
        yield month, month_end(month)
        month = next_month(month)


def _then(past: Sequence[Stood], end: date, *, running: bool) -> tuple[Goal, ...]:
    """The goals that stood at the end of a day; of a running month those that stand now."""
    then = [text for text in past if running or text.since <= end]
    return then[-1].goals if then else ()


def _judges(goal: Goal, month: date, end: date) -> bool:
    """Whether a goal is judged by the month, and this month is one of its."""
    if not goal.monthly:
        return False
    return (goal.since or month) <= end and (goal.until or end) >= month


def _begins(goal: Goal, past: Sequence[Stood], month: date, start: date | None) -> date:
    """The first day that tells what to expect of a running month."""
    return min(max(set_on(goal, past) or month, start or date.min), month)


def _read_since(figures: Figures) -> date:
    return min((one.since for one in figures.series.values()), default=date.max)
