"""Results as canonical values: what is told of a record's goals in its fields."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from syncer.model.goals import RESULTS, Fault, Pace, Standing
from syncer.model.values import Value
from syncer.reconcile.rounding import shown, whole_percent
from syncer.reconcile.telling import flags_told, told

VALUE: Final = f"{RESULTS}_value"
SHARE: Final = f"{RESULTS}_share"
PROJECTION: Final = f"{RESULTS}_projection"
PACE: Final = f"{RESULTS}_pace"
BEHIND: Final = f"{RESULTS}_behind"
AS_OF: Final = f"{RESULTS}_as_of"
FLAGS: Final = f"{RESULTS}_flags"
WEEKLY: Final = f"{RESULTS}_weekly"
"""The companions of :data:`~syncer.model.goals.RESULTS`."""


def results(
    standings: Sequence[Standing], faults: Sequence[Fault] = (), *, digits: int
) -> dict[str, Value]:
    """What every field of results is to hold, apart from the weekly one.

    Where there are no goals all are empty. Numbers are rounded, and the share and the words are
    made of the rounded numbers: what changes beyond that changes no field.

    Args:
        standings: of the record's goals, in the order of the text; the first has fields of its
            own.
        faults: the lines of the text that could not be read.
        digits: how many digits of a count or an amount are told; of a rate always one decimal of
            its percents.
    """
    first = next(iter(standings), None)
    day = _day(standings)
    found: dict[str, Value] = {
        RESULTS: told(standings, faults, day, digits),
        VALUE: None,
        SHARE: None,
        PROJECTION: None,
        PACE: str(first.pace) if first else None,
        BEHIND: None,
        AS_OF: day,
        FLAGS: flags_told(standings),
    }
    return found | _first(first, standings, digits) if first else found


def weekly(
    standings: Sequence[Standing], faults: Sequence[Fault] = (), *, digits: int
) -> dict[str, Value]:
    """The same in words for the field that stands for a week.

    Wrong lines alone are no news for a week: where it is posted for all, it would only complain.

    Args:
        standings: as of the last Sunday (:func:`~syncer.reconcile.as_of.as_of`).
    """
    return {WEEKLY: told(standings, faults, _day(standings), digits) if standings else None}


def _first(first: Standing, standings: Sequence[Standing], digits: int) -> dict[str, Value]:
    """The numbers of the first goal, and how many goals are behind."""
    measure, value, expected = first.goal.measure, first.value, first.projection
    return {
        VALUE: None if value is None else shown(measure, value, digits),
        SHARE: whole_percent(first, digits),
        PROJECTION: None if expected is None else shown(measure, expected, digits),
        BEHIND: Decimal(sum(one.pace is Pace.BEHIND for one in standings)),
    }


def _day(standings: Sequence[Standing]) -> date | None:
    """The last day that counts; goals without figures have none."""
    return max((one.as_of for one in standings if one.value is not None), default=None)
