"""Working time: weekends, holidays and changes of the clocks cost nobody their time to answer."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.texts import Balance
from syncer.model.values import Value
from syncer.reconcile.days import day_of, time_of
from syncer.reconcile.workdays import after, expiry, halfway, urgent, workday
from tests.reconcile.made import BERLIN, LONDON, proposal, rule

USUAL = Balance()
HOLIDAYS = Balance(holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
"""Good Friday and Easter Monday of 2026."""

ZONES = st.sampled_from([ZoneInfo(n) for n in ("UTC", "Europe/London", "Pacific/Kiritimati")])
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
balances = st.builds(
    Balance,
    workdays=st.frozensets(st.integers(0, 6)),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 3, 1)), max_size=9),
)


def local(zone: ZoneInfo, *parts: int) -> datetime:
    """A moment as the clocks of a zone show it."""
    return datetime(*parts, tzinfo=zone)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("start", "days", "end", "balance"),
    [
        ((2026, 3, 2, 15), 3, (2026, 3, 5, 15), USUAL),
        ((2026, 3, 5, 15), 3, (2026, 3, 10, 15), USUAL),
        ((2026, 3, 7, 15), 1, (2026, 3, 10, 15), USUAL),
        ((2026, 3, 7, 15), 0, (2026, 3, 9, 15), USUAL),
        ((2026, 4, 2, 9), 1, (2026, 4, 7, 9), HOLIDAYS),
        ((2026, 3, 27, 12), 1, (2026, 3, 30, 12), USUAL),
        ((2026, 10, 23, 12), 1, (2026, 10, 26, 12), USUAL),
    ],
    ids=["in the week", "weekend", "from Saturday", "none", "Easter", "spring", "autumn"],
)
def test_so_many_working_days_later(
    start: tuple[int, ...], days: int, end: tuple[int, ...], balance: Balance
) -> None:
    """The same time of day, free days left out, also where the clocks change."""
    assert local(LONDON, *end) == after(local(LONDON, *start), days, LONDON, balance)


@given(start=moments, days=st.integers(0, 20), zone=ZONES, balance=balances)
def test_working_days_are_working_days(
    start: datetime, days: int, zone: ZoneInfo, balance: Balance
) -> None:
    """It ends on a working day, with exactly so many of them behind it, at the same time."""
    end = after(start, days, zone, balance)
    first, last = day_of(start, zone), day_of(end, zone)
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    begun = days if workday(first, balance) else days + 1

    assert workday(last, balance)
    assert begun == sum(workday(day, balance) for day in between)
    assert time_of(start, zone) == time_of(end, zone)


DELIVERED = local(LONDON, 2026, 3, 2, 10)
EXPIRES = rule(expires_days=3)


@pytest.mark.parametrize(
    ("base", "value", "end"),
    [
        (None, "in words", (2026, 3, 5, 10)),
        (date(2026, 3, 20), date(2026, 3, 27), (2026, 3, 5, 10)),
        (date(2026, 3, 20), date(2026, 3, 4), (2026, 3, 4)),
        (date(2026, 3, 4), date(2026, 3, 27), (2026, 3, 4)),
        (date(2026, 3, 5), date(2026, 3, 4), (2026, 3, 4)),
        (date(2026, 3, 1), date(2026, 3, 27), (2026, 3, 5, 10)),
        (local(LONDON, 2026, 3, 2, 17), None, (2026, 3, 2, 17)),
        (frozenset({"a"}), None, (2026, 3, 5, 10)),
    ],
    ids=["no date", "later", "asked", "agreed", "both", "past", "a moment today", "a set"],
)
def test_a_proposal_ends_before_the_dates_at_stake(
    base: Value, value: Value, end: tuple[int, ...]
) -> None:
    """Its time is working days from the delivery, never past the earlier date that lies ahead."""
    made = proposal(base=base, value=value, delivered=1, delivered_at=DELIVERED)

    assert local(LONDON, *end) == expiry(made, EXPIRES, LONDON, USUAL)


def test_the_clock_stands_still() -> None:
    """Undelivered, delivered in an older version only, or without `expires`: no end."""
    told = proposal(delivered=1, delivered_at=DELIVERED)

    assert expiry(proposal(), EXPIRES, LONDON, USUAL) is None
    assert expiry(told, rule(), LONDON, USUAL) is None
    newer = proposal(version=2, delivered=1, delivered_at=DELIVERED)
    assert expiry(newer, EXPIRES, LONDON, USUAL) is None
    assert halfway(newer, EXPIRES, LONDON, USUAL) is None


@pytest.mark.parametrize(
    ("since", "days", "half"),
    [
        ((2026, 3, 2, 10), 2, (2026, 3, 3, 10)),
        ((2026, 3, 6, 12), 1, (2026, 3, 9)),
        ((2026, 3, 5, 12), 2, (2026, 3, 6, 12)),
        ((2026, 3, 7, 12), 1, (2026, 3, 9, 18)),
    ],
    ids=["in the week", "over a weekend", "before a weekend", "delivered on a Saturday"],
)
def test_halfway_is_in_working_time(
    since: tuple[int, ...], days: int, half: tuple[int, ...]
) -> None:
    """A weekend in between is not half of the time."""
    made = proposal(value="x", base="y", delivered=1, delivered_at=local(LONDON, *since))

    assert local(LONDON, *half) == halfway(made, rule(expires_days=days), LONDON, USUAL)


def test_no_working_time_is_no_halfway() -> None:
    """What was delivered on a Saturday about a Sunday has no moment to be reminded at."""
    saturday = local(LONDON, 2026, 3, 7, 12)
    made = proposal(base=date(2026, 3, 8), delivered=1, delivered_at=saturday)

    assert halfway(made, EXPIRES, LONDON, USUAL) is None


@given(since=moments, days=st.integers(1, 9), zone=ZONES, balance=balances)
def test_halfway_lies_between(since: datetime, days: int, zone: ZoneInfo, balance: Balance) -> None:
    """The reminder comes after the delivery, before the end, and on a working day."""
    made = proposal(value="x", base=None, delivered=1, delivered_at=since)
    limit = rule(expires_days=days)
    half, end = halfway(made, limit, zone, balance), expiry(made, limit, zone, balance)

    assert half is not None
    assert end is not None
    assert since < half < end
    assert workday(day_of(half, zone), balance)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 4), False),
        (date(2026, 3, 5), True),
        (date(2026, 3, 9), True),
        (date(2026, 3, 10), False),
        (local(BERLIN, 2026, 3, 5, 9), False),
        (local(BERLIN, 2026, 3, 5, 17), True),
        ("2026-03-05", False),
        (None, False),
    ],
    ids=["past", "today", "next", "later", "past moment", "moment", "text", "empty"],
)
def test_what_is_urgent(value: Value, expected: bool) -> None:
    """On a Thursday everything until Monday is: two working days. The past never is."""
    now = datetime.combine(date(2026, 3, 5), time(12), LONDON)

    assert expected == urgent([value], now, LONDON, Balance(urgent=2))
    assert expected == urgent([None, value], now, LONDON, Balance(urgent=2))


def test_a_weekend_brings_nothing_nearer() -> None:
    """On a Saturday Monday and Tuesday are two working days ahead, Wednesday is not."""
    now = local(LONDON, 2026, 3, 7, 12)

    assert urgent([date(2026, 3, 10)], now, LONDON, USUAL)
    assert not urgent([date(2026, 3, 11)], now, LONDON, USUAL)
