"""As of when results are told: the last whole day, or the last whole week."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from syncer.model.measures import Every
from syncer.reconcile.days import day_of


def as_of(now: datetime, zone: ZoneInfo, every: Every = Every.DAY) -> date:
    """Yesterday in a property's zone, or the Sunday that ended the last whole week there."""
    yesterday = day_of(now, zone) - timedelta(days=1)
    if every is Every.DAY:
        return yesterday
    return yesterday - timedelta(days=yesterday.isoweekday() % 7)


def weekly_due(told_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Whether a week has ended since it was last told; what was told stands until then.

    Args:
        told_at: when the value that is agreed was drawn up; None if there is none.
        zone: the property's.
    """
    return told_at is None or as_of(told_at, zone, Every.WEEK) < as_of(now, zone, Every.WEEK)
