"""Working time: how long a proposal waits, when its owner is reminded, and what is urgent."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from syncer.model.records import Proposal
from syncer.model.rules import Rule
from syncer.model.texts import Balance
from syncer.model.values import Value, is_day, is_instant
from syncer.reconcile.days import day_of, on_day, time_of

_A_DAY = timedelta(days=1)


def workday(day: date, balance: Balance) -> bool:
    """Whether people work on this day. Where no weekday is a working day, every one is."""
    usual = not balance.workdays or day.weekday() in balance.workdays
    return usual and day not in balance.holidays


def after(start: datetime, days: int, zone: tzinfo, balance: Balance) -> datetime:
    """The same time of day so many working days later (UTC).

    A start on a free day counts as the same time of the next working day.
    """
    day = day_of(start, zone)
    if not workday(day, balance):
        day = _nth(day, 1, balance)
    return on_day(_nth(day, days, balance), time_of(start, zone), zone)


def _nth(day: date, count: int, balance: Balance) -> date:
    """The working day that comes so many working days after a day; the day itself for none."""
    while count > 0:
        day += _A_DAY
        count -= workday(day, balance)
    return day


def expiry(proposal: Proposal, rule: Rule, zone: tzinfo, balance: Balance) -> datetime | None:
    """When a proposal's time is over; None while its present version waits to be delivered.

    It counts from the delivery, in working days, and is never past the beginning of the earlier
    of the dates at stake that lies after the delivery. None as well where the rule sets no time.
    """
    since = proposal.delivered_at
    if rule.expires_days is None or since is None or proposal.delivered < proposal.version:
        return None
    stakes = (beginning(value, zone) for value in (proposal.base, proposal.value))
    ahead = [moment for moment in stakes if moment is not None and moment > since]
    return min([after(since, rule.expires_days, zone, balance), *ahead])


def beginning(value: Value, zone: tzinfo) -> datetime | None:
    """When a day begins in a zone, or the very moment (UTC); None of anything else."""
    if is_instant(value):
        return value.astimezone(UTC)
    return on_day(value, time(), zone) if is_day(value) else None


def halfway(proposal: Proposal, rule: Rule, zone: tzinfo, balance: Balance) -> datetime | None:
    """When half of the working time between delivery and end is over; None without such time."""
    since, until = proposal.delivered_at, expiry(proposal, rule, zone, balance)
    if since is None or until is None:
        return None
    spans = list(_working(since.astimezone(UTC), until, zone, balance))
    left = sum((end - begin for begin, end in spans), timedelta()) / 2
    for begin, end in spans:
        if left < end - begin:
            return begin + left
        left -= end - begin
    return None


def _working(
    since: datetime, until: datetime, zone: tzinfo, balance: Balance
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of working days between two moments, the first first."""
    day = day_of(since, zone)
    while (begin := on_day(day, time(), zone)) < until:
        if workday(day, balance):
            end = on_day(day + _A_DAY, time(), zone)
            yield max(begin, since), min(end, until)
        day += _A_DAY


def urgent(values: Iterable[Value], now: datetime, zone: tzinfo, balance: Balance) -> bool:
    """Whether one of these is a date with at most ``balance.urgent`` working days until then.

    Today is; what is past is not, nor is anything that is no date.
    """
    today = day_of(now, zone)
    beyond = _nth(today, balance.urgent + 1, balance)
    for value in values:
        past = is_instant(value) and value < now
        on = day_of(value, zone) if is_instant(value) else value
        if is_day(on) and not past and today <= on < beyond:
            return True
    return False
