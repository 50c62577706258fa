"""When people are told: at once at work, together in the morning, and never more than is good."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.notices import Notice, NoticeKind
from syncer.model.texts import Balance
from syncer.reconcile.balance import TO_WHO_ACTED, Released, next_digest, release
from syncer.reconcile.days import day_of, time_of
from syncer.reconcile.workdays import workday
from tests.reconcile.made import LONDON, NOON

QUIET = (time(19), time(8))
DIGEST = time(9)
USUAL = Balance(cap=3)
MONDAY_NIGHT = datetime(2026, 3, 2, 22, tzinfo=LONDON)
SATURDAY = datetime(2026, 3, 7, 12, tzinfo=LONDON)


def notice(id: str = "n1", kind: NoticeKind = NoticeKind.ASK, **more: Any) -> Notice:
    """A notice about a record of its own."""
    usual: dict[str, Any] = {"record": f"r-{id}", "to": "maya", "created_at": NOON}
    return Notice(id, "bakery", entity="task", field="deadline", kind=kind, **(usual | more))


def released(
    notices: Sequence[Notice], now: datetime = NOON, told: int = 0, **more: Any
) -> Released:
    """What Maya, in London, is told."""
    usual: dict[str, Any] = {"zone": LONDON, "quiet": QUIET, "digest": DIGEST, "balance": USUAL}
    return release(notices, now=now, told_today=told, **(usual | more))


def ids(notices: Sequence[Notice]) -> list[str]:
    """Which ones."""
    return [each.id for each in notices]


@pytest.mark.parametrize(
    ("now", "one", "told", "expected"),
    [
        (NOON, notice(), 0, None),
        (MONDAY_NIGHT, notice(), 0, datetime(2026, 3, 3, 9, tzinfo=LONDON)),
        (MONDAY_NIGHT, notice(urgent=True), 9, None),
        (MONDAY_NIGHT, notice(kind=NoticeKind.WAITS), 0, None),
        (MONDAY_NIGHT, notice(kind=NoticeKind.NOT_YOURS), 0, None),
        (MONDAY_NIGHT, notice(kind=NoticeKind.ENDED), 0, datetime(2026, 3, 3, 9, tzinfo=LONDON)),
        (SATURDAY, notice(), 0, datetime(2026, 3, 9, 9, tzinfo=LONDON)),
        (SATURDAY, notice(urgent=True), 0, None),
        (NOON, notice(), 3, datetime(2026, 3, 3, 9, tzinfo=LONDON)),
        (NOON, notice(kind=NoticeKind.WAITS), 3, datetime(2026, 3, 3, 9, tzinfo=LONDON)),
        (NOON, notice(urgent=True), 3, None),
        (
            datetime(2026, 3, 3, 8, 30, tzinfo=LONDON),
            notice(),
            3,
            datetime(2026, 3, 3, 9, tzinfo=LONDON),
        ),
    ],
    ids=[
        "at work",
        "at night",
        "urgent at night",
        "who edits at night",
        "who answers at night",
        "the end of a proposal at night",
        "on a free day",
        "urgent on a free day",
        "above the cap",
        "who edits above the cap",
        "urgent above the cap",
        "above the cap before the digest",
    ],
)
def test_now_or_in_the_next_digest(
    now: datetime, one: Notice, told: int, expected: datetime | None
) -> None:
    """Quiet hours, free days and the cap hold back, until the next working day's digest."""
    found = released([one], now, told)

    if expected is None:
        assert Released((one,)) == found
    else:
        assert Released(later=(replace(one, not_before=expected),)) == found


def test_what_had_to_wait_is_told_together() -> None:
    """Once its moment has come it is of the digest, also above the cap; before, it waits on."""
    due = [notice(id, not_before=NOON - timedelta(hours=1)) for id in ("a", "b")]
    early = notice("c", not_before=NOON + timedelta(hours=1))

    found = released([*due, early], told=9)

    assert (["a", "b"], ["c"]) == (ids(found.digest), ids(found.later))
    assert early in found.later


def test_a_digest_that_comes_late_keeps_the_quiet_hours() -> None:
    """If nothing ran in the morning, nobody is woken at night for it."""
    due = notice(not_before=MONDAY_NIGHT - timedelta(hours=12))
    found = released([due], MONDAY_NIGHT)

    assert [datetime(2026, 3, 3, 9, tzinfo=LONDON)] == [n.not_before for n in found.later]


def test_the_cap_counts_comments() -> None:
    """What is told of one record in one place is one comment; urgent ones take room as well."""
    same = [notice(id, record="r-1") for id in ("a", "b", "c", "d")]
    others = [notice(id) for id in ("e", "f", "g")]
    urgent = [notice(id, urgent=True) for id in ("h", "i")]

    assert ["a", "b", "c", "d", "e", "f"] == ids(released([*same, *others]).now)
    assert ["a", "b", "c", "d", "h", "i"] == ids(released([*same, *others, *urgent]).now)
    assert ["e", "f", "g"] == ids(released([*same, *others, *urgent]).later)


def test_without_quiet_hours_every_hour_of_a_working_day_is_good() -> None:
    """Who has none is told at night too."""
    assert ["n1"] == ids(released([notice()], MONDAY_NIGHT, quiet=None).now)


@pytest.mark.parametrize(
    ("now", "zone", "quiet", "digest", "expected"),
    [
        ("2026-03-28T12:00", "Europe/London", QUIET, DIGEST, "2026-03-30T08:00"),
        ("2026-10-24T12:00", "Europe/London", QUIET, DIGEST, "2026-10-26T09:00"),
        ("2026-03-02T12:00", "Pacific/Auckland", QUIET, DIGEST, "2026-03-02T20:00"),
        ("2026-03-02T12:00", "Europe/London", QUIET, time(7), "2026-03-03T08:00"),
        ("2026-03-02T12:00", "Europe/London", QUIET, time(20), "2026-03-03T08:00"),
        ("2026-03-02T12:00", "Europe/London", (time(12), time(14)), time(13), "2026-03-02T14:00"),
        ("2026-03-02T09:00", "Europe/London", None, DIGEST, "2026-03-03T09:00"),
    ],
    ids=["spring", "autumn", "ahead", "too early", "too late", "lunch", "right now"],
)
def test_when_the_digest_comes(
    now: str, zone: str, quiet: tuple[time, time] | None, digest: time, expected: str
) -> None:
    """The time of day where the person is, on a working day, never in their quiet hours."""
    start = datetime.fromisoformat(now).replace(tzinfo=UTC)
    wanted = datetime.fromisoformat(expected).replace(tzinfo=UTC)

    assert wanted == next_digest(start, ZoneInfo(zone), quiet, digest, Balance())


times = st.times().map(lambda at: at.replace(microsecond=0, second=0))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
zones = st.sampled_from(
    [ZoneInfo(n) for n in ("Europe/London", "America/Havana", "Pacific/Kiritimati", "UTC")]
)
made = st.builds(
    notice,
    st.uuids().map(str),
    st.sampled_from(NoticeKind),
    record=st.sampled_from(["r1", "r2", "r3", "r4", None]),
    urgent=st.booleans(),
    not_before=st.none() | moments,
)
balances = st.builds(
    Balance,
    cap=st.integers(0, 4),
    workdays=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 2, 1)), max_size=5),
)


@given(
    notices=st.lists(made, max_size=9, unique_by=lambda each: each.id),
    zone=zones,
    quiet=st.none() | st.tuples(times, times),
    digest=times,
    now=moments,
    told=st.integers(0, 5),
    balance=balances,
)
def test_nothing_is_lost_and_nothing_waits_for_ever(
    notices: list[Notice],
    zone: ZoneInfo,
    quiet: tuple[time, time] | None,
    digest: time,
    now: datetime,
    told: int,
    balance: Balance,
) -> None:
    """Each is told now, in the digest or later; urgent ones now; later is a good moment ahead."""
    found = release(notices, zone, quiet, digest, now, told, balance)
    later = {each.id: each for each in found.later}

    assert sorted(ids(notices)) == sorted([*ids(found.now), *ids(found.digest), *later])
    assert {n.id for n in notices if n.urgent} <= set(ids(found.now))
    assert all(each.not_before and each.not_before > now for each in found.later)
    moment = next_digest(now, zone, quiet, digest, balance)
    assert workday(day_of(moment, zone), balance)
    again = release(list(later.values()), zone, quiet, digest, moment, 99, balance)
    assert set(ids(again.digest)) == {
        id for id, each in later.items() if each.not_before and each.not_before <= moment
    }


@given(now=moments, zone=zones, balance=balances)
def test_in_quiet_hours_only_who_acts_is_told(
    now: datetime, zone: ZoneInfo, balance: Balance
) -> None:
    """Without anything urgent, an owner is left alone at night and on free days."""
    notices = [notice(kind.value, kind) for kind in NoticeKind]
    found = release(notices, zone, QUIET, DIGEST, now, 0, balance)
    at = time_of(now, zone)
    resting = at >= QUIET[0] or at < QUIET[1] or not workday(day_of(now, zone), balance)

    if resting:
        assert {each.kind for each in found.now} <= TO_WHO_ACTED
    assert len(found.now) == min(balance.cap, len(TO_WHO_ACTED) if resting else len(notices))
