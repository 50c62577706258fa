"""A day stays that day: in every zone, over changes of the clocks, in every tool."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.values import MISSING, Kind, instant_text, is_day, is_instant
from syncer.reconcile.absorbing import absorb
from syncer.reconcile.days import day_of, ends_day, on_day, time_of
from syncer.reconcile.expressing import express
from syncer.reconcile.reading import read
from tests.reconcile.made import LOOKUP, bound, clock

ZONES = [
    ZoneInfo(name)
    for name in (
        "Etc/GMT+11",
        "UTC",
        "Europe/London",
        "Pacific/Kiritimati",
        "America/Havana",
        "America/Scoresbysund",
    )
]
"""UTC-11, UTC, a change of the clocks, UTC+14; and clocks that skip midnight or the hour before."""

LONDON = ZONES[2]
CHANGES = [date(2026, 3, 28) + timedelta(days=n) for n in range(3)]
CHANGES += [date(2026, 10, 24) + timedelta(days=n) for n in range(3)]
days = st.sampled_from(CHANGES) | st.dates(date(2020, 1, 1), date(2035, 1, 1))
times = st.times() | st.sampled_from(
    [time(0), time(0, 30), time(1, 30), time(23, 30), time(23, 59)]
)
zones = st.sampled_from(ZONES)


@given(day=days, at=times, zone=zones)
def test_a_time_on_a_day_is_on_that_day(day: date, at: time, zone: ZoneInfo) -> None:
    """Also where the clocks skip that time, it is never moved to another day."""
    assert day == day_of(on_day(day, at, zone), zone)


@given(day=days, at=times, zone=zones)
def test_what_stands_for_a_day_is_read_as_that_day(day: date, at: time, zone: ZoneInfo) -> None:
    """Whatever ``day_end`` and zone a mapping names, day to moment to day is the same day."""
    field = bound(Kind.WHEN, Kind.INSTANT, day_end=at.replace(microsecond=0), zone=zone)
    written = express(field, day, MISSING, LOOKUP).raw

    assert day == read(field, written, LOOKUP).value


@given(
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    zone=zones,
)
def test_a_moment_at_day_end_returns_byte_for_byte(moment: datetime, zone: ZoneInfo) -> None:
    """A due date is either read as a moment or as the day that is written as the same moment."""
    field = bound(Kind.WHEN, Kind.INSTANT, day_end=clock(17), zone=zone)
    raw = instant_text(moment)
    value = read(field, raw, LOOKUP).value

    assert raw == express(field, value, MISSING, LOOKUP).raw
    assert is_day(value) == (moment.astimezone(zone).time() == clock(17))


def test_both_hours_that_are_called_the_same_end_the_day() -> None:
    """In the night when an hour is shown twice, the same clock time means the same day."""
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

    assert ends_day(first, clock(1, 30), LONDON)
    assert ends_day(second, clock(1, 30), LONDON)
    assert not ends_day(second, clock(2, 30), LONDON)


@given(old=days, new=days, at=times, zone=zones)
def test_a_new_day_in_a_tool_for_days_keeps_the_time_of_day(
    old: date, new: date, at: time, zone: ZoneInfo
) -> None:
    """An edit of a day never shifts a day, and never erases a time that others can show."""
    field = bound(Kind.WHEN, Kind.DATE, zone=zone)
    agreed = on_day(old, at.replace(microsecond=0), zone)
    meant = absorb(field, agreed, old, new)

    assert is_instant(meant)
    assert new == day_of(meant, zone)
    assert (new.isoformat(), old == new) == (
        express(field, meant, MISSING, LOOKUP).raw,
        meant == agreed,
    )


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_plain_time_of_day_stays_over_a_change_of_the_clocks(zone: ZoneInfo) -> None:
    """Half past two in the afternoon is that on each day, whatever the clocks did meanwhile."""
    field = bound(Kind.WHEN, Kind.DATE, zone=zone)
    meant = on_day(CHANGES[0], clock(14, 30), zone)
    for day in CHANGES[1:]:
        meant = absorb(field, meant, MISSING, day)

        assert is_instant(meant)
        assert clock(14, 30) == time_of(meant, zone)


@given(day=days, zone=zones, other=zones)
def test_a_day_stays_a_day_from_tool_to_tool(day: date, zone: ZoneInfo, other: ZoneInfo) -> None:
    """Days, whens and moments with ``day_end``: handing a day around never changes it."""
    tools = [
        bound(Kind.WHEN, Kind.DATE, zone=zone),
        bound(Kind.WHEN, zone=other),
        bound(Kind.WHEN, Kind.INSTANT, zone=zone, day_end=clock(17)),
        bound(Kind.WHEN, Kind.INSTANT, zone=other, day_end=clock(23, 59)),
        bound(Kind.WHEN, Kind.TEXT, zone=zone),
    ]
    for tool in tools:
        raw = express(tool, day, MISSING, LOOKUP).raw

        assert day == read(tool, raw, LOOKUP).value
