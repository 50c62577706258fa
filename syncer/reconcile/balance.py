"""When a person is told: at once, in the next digest, and never too much."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from syncer.model.notices import Notice, NoticeKind
from syncer.model.texts import Balance
from syncer.reconcile.days import day_of, on_day, time_of
from syncer.reconcile.workdays import workday

Quiet = tuple[time, time] | None

TO_WHO_ACTED: Final = frozenset(
    {
        NoticeKind.WAITS,
        NoticeKind.PUT_BACK,
        NoticeKind.OVERTAKEN,
        NoticeKind.RIVALS,
        NoticeKind.AGAIN,
        NoticeKind.NOT_YOURS,
        NoticeKind.UNCLEAR,
    }
)
"""What somebody is told of their own edit or answer: they are at work, whatever the hour."""


class Released(Struct, frozen=True):
    """What one person is told of now, each in its place; what forms a digest; what waits.

    All that is ``later`` has ``not_before``.
    """

    now: tuple[Notice, ...] = ()
    digest: tuple[Notice, ...] = ()
    later: tuple[Notice, ...] = ()


def release(
    notices: Sequence[Notice],
    zone: tzinfo,
    quiet: Quiet,
    digest: time,
    now: datetime,
    told_today: int,
    balance: Balance,
) -> Released:
    """What one person may be told now.

    Args:
        notices: all that wait for them.
        zone, quiet, digest: theirs: where they are, when nobody is told, when digests come.
        told_today: comments they were told in today, their day.
    """
    early = resting(now, zone, quiet, balance)
    at_once: list[Notice] = []
    gathered: list[Notice] = []
    later: list[Notice] = []
    for notice in sorted(notices, key=lambda each: (each.created_at, each.id)):
        if notice.urgent:
            at_once.append(notice)
        elif notice.not_before is not None and notice.not_before > now:
            later.append(notice)
        elif notice.not_before is not None:
            (later if early else gathered).append(notice)
        else:
            acted = notice.kind in TO_WHO_ACTED
            (at_once if acted or not early else later).append(notice)
    fitting = _below_cap(at_once, told_today, balance)
    told = {each.id for each in fitting}
    kept = [each for each in at_once if each.id not in told]
    moment = next_digest(now, zone, quiet, digest, balance)
    waiting = (_wait(each, now, moment) for each in [*later, *kept])
    return Released(tuple(fitting), tuple(gathered), tuple(waiting))


def _wait(notice: Notice, now: datetime, moment: datetime) -> Notice:
    if notice.not_before is not None and notice.not_before > now:
        return notice
    return replace(notice, not_before=moment)


def _below_cap(notices: Sequence[Notice], told: int, balance: Balance) -> list[Notice]:
    """Those that are told now: urgent ones, and others while there is room for their comment.

    All about one record in one place are one comment.
    """
    places = {_comment(notice) for notice in notices if notice.urgent}
    for notice in notices:
        if told + len(places) < balance.cap:
            places.add(_comment(notice))
    return [notice for notice in notices if notice.urgent or _comment(notice) in places]


def _comment(notice: Notice) -> tuple[str, str | None]:
    return (notice.record or notice.id, notice.at)


def resting(now: datetime, zone: tzinfo, quiet: Quiet, balance: Balance) -> bool:
    """Whether it is a free day or a quiet hour for somebody."""
    return not workday(day_of(now, zone), balance) or _within(time_of(now, zone), quiet)


def _within(at: time, quiet: Quiet) -> bool:
    """Whether a time of day is in quiet hours, which may go past midnight."""
    if quiet is None:
        return False
    begin, end = quiet
    return begin <= at < end if begin <= end else at >= begin or at < end


def next_digest(
    now: datetime, zone: tzinfo, quiet: Quiet, digest: time, balance: Balance
) -> datetime:
    """The next moment at which what had to wait is told together (UTC), on a working day.

    A digest in quiet hours comes when they end.
    """
    day = day_of(now, zone)
    while True:
        moment = on_day(day, _hour(day, digest, quiet, zone), zone)
        if moment > now and workday(day, balance):
            return moment
        day += timedelta(days=1)


def _hour(day: date, digest: time, quiet: Quiet, zone: tzinfo) -> time:
    """The time of day of a digest; not in quiet hours, also where the clocks skip it."""
    moved = time_of(on_day(day, digest, zone), zone)
    return quiet[1] if quiet is not None and _within(moved, quiet) else digest
