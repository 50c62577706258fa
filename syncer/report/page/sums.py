"""Small sums that a page shows beside what it was given."""

from collections.abc import Iterable
from decimal import Decimal

from syncer.model.client_report import Breakdown, Page
from syncer.model.goals import Pace

_WELL = frozenset({Pace.AHEAD, Pace.ON_TRACK, Pace.MET})
_JUDGED = _WELL | {Pace.BEHIND, Pace.MISSED}


def standing_counts(page: Page) -> tuple[int, int]:
    """How many goals are on course, and how many can be judged at all."""
    paces = [goal.now.pace for section in page.sections for goal in section.goals]
    return sum(pace in _WELL for pace in paces), sum(pace in _JUDGED for pace in paces)


def shares(breakdown: Breakdown) -> list[Decimal]:
    """How much of the largest first number each entry has, for the bar beside it."""
    firsts = [entry.values[0] or Decimal(0) if entry.values else Decimal(0) for entry in
              breakdown.entries]  # fmt: skip
    most = _largest(firsts)
    return [max(value, Decimal(0)) / most if most else Decimal(0) for value in firsts]


def _largest(numbers: Iterable[Decimal]) -> Decimal:
    return max(numbers, default=Decimal(0))
