"""Days and points in time: a day is a day in one zone, and stays that day."""

from datetime import UTC, date, datetime, time, tzinfo

from syncer.model.values import Value, is_day, is_instant


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The day that a point in time is on in a zone."""
    return moment.astimezone(zone).date()


def day(value: Value, zone: tzinfo) -> date | None:
    """The day of a date or of a point in time; None of anything else."""
    if is_instant(value):
        return day_of(value, zone)
    return value if is_day(value) else None


def time_of(moment: datetime, zone: tzinfo) -> time:
    """The time of day that the clocks of a zone show at a point in time."""
    return moment.astimezone(zone).time()


def on_day(day: date, at: time, zone: tzinfo) -> datetime:
    """The point in time (UTC) at which the clocks of a zone show this time on this day.

    A time that the clocks skip is moved, but never to another day; of a time that they show
    twice the first is meant.
    """
    moments = [
        datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1)
    ]
    return next((moment for moment in moments if day_of(moment, zone) == day), moments[0])


def ends_day(moment: datetime, end: time, zone: tzinfo) -> bool:
    """Whether a point in time stands for its whole day, ``end`` being the time that does."""
    local = moment.astimezone(zone)
    return local.time() == end or on_day(local.date(), end, zone) == moment.astimezone(UTC)
