"""Results are told in plain words and rounded numbers: what is beyond the rounding is quiet."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.entities import BUILTIN
from syncer.model.goals import RESULTS, Fault, Pace, Standing
from syncer.model.measures import Every, Flag, Grain
from syncer.model.values import Value, normalise
from syncer.reconcile.as_of import as_of, weekly_due
from syncer.reconcile.exact import significant, total
from syncer.reconcile.results import results, weekly
from syncer.reconcile.series import Figures, gathered
from syncer.reconcile.standing import stand
from tests.reconcile.made_figures import daily, row
from tests.reconcile.made_goals import fault, goal

SET, NOV, NOW = date(2026, 9, 1), date(2026, 11, 1), date(2026, 11, 20)
EVENTS = "key events >= 500 by 2026-12-31"
D = Decimal


def standing(line: str, figures: Figures, day: date = NOW, begins: date = SET) -> Standing:
    """How a line stands."""
    return stand(goal(line), figures, begins=begins, as_of=day)


def told(*standings: Standing, faults: tuple[Fault, ...] = (), digits: int = 3) -> str:
    """The text of the results."""
    found = results(standings, faults, digits=digits)[RESULTS]
    assert isinstance(found, str)
    return found


def test_every_field_of_results_is_drawn_up() -> None:
    """Each field of a client and a project has a value of its type, and no other field has one."""
    some = standing(EVENTS, daily(SET, NOW, keyEvents=3))
    found = results([some], digits=3) | weekly([some], digits=3)

    for entity in ("client", "project"):
        fields = BUILTIN[entity].fields
        assert {name for name in fields if name.startswith(RESULTS)} == found.keys()
        assert found == {name: normalise(fields[name].type, v) for name, v in found.items()}


def test_the_numbers_are_those_of_the_first_goal() -> None:
    """A deal has room for one: value, share, what is expected, and how many are behind."""
    figures = daily(SET, NOW, keyEvents=3, sessions=1000)
    lines = (EVENTS, "sessions >= 10000 per month", "sessions >= 900000 by 2026-12-31")
    found = results([standing(line, figures) for line in lines], digits=2)

    assert (D(240), D(48), D(370)) == tuple(
        found[f"{RESULTS}_{name}"] for name in ("value", "share", "projection")
    )
    assert ("behind", D(2)) == (found[f"{RESULTS}_pace"], found[f"{RESULTS}_behind"])
    assert (NOW, None) == (found[f"{RESULTS}_as_of"], found[f"{RESULTS}_flags"])


def test_without_goals_the_fields_are_empty() -> None:
    """When the last goal is taken out, nothing of it remains."""
    assert {None} == set(results([], digits=3).values()) | set(weekly([], digits=3).values())


def test_wrong_lines_alone_are_told() -> None:
    """A client without any line that counts still learns why."""
    found = results([], [fault("key evnts >= 5")], digits=3)

    assert {RESULTS} == {name for name, value in found.items() if value is not None}


def test_wrong_lines_alone_are_not_told_for_a_week() -> None:
    """What is posted for all members of a project is about results."""
    assert {None} == set(weekly([], [fault("key evnts >= 5")], digits=3).values())


def test_the_text_reads_as_one_would_say_it() -> None:
    """As of when, each goal with how it stands, how sure that is, and what was not counted."""
    rows = [
        row("keyEvents", SET, 231, flags=[Flag.SAMPLED]),
        row("engagedSessions", NOV, 532),
        row("sessions", NOV, 1000, flags=[Flag.OTHER]),
    ]
    covered = {(m, Grain.DAY): (SET, NOW) for m in ("keyEvents", "engagedSessions", "sessions")}
    figures = gathered(rows, covered)
    lines = (EVENTS, "engagement rate >= 55 %", "sessions >= 5 per month from 2026-12-01")

    assert told(*(standing(line, figures) for line in lines), faults=(fault("sell more"),)) == (
        "As of 20 November 2026:\n"
        "\n"
        "- key events >= 500 by 2026-12-31: 231 so far (46 %), behind: about 231 expected by"
        " then, at the rate of the last 28 days\n"
        "- engagement rate >= 55 %: 53.2 % so far, on track\n"
        "- sessions >= 5 per month from 2026-12-01: begins on 1 December 2026\n"
        "\n"
        "Some figures are estimates: other (rare values are put together), sampled (counted from"
        " a part of the visits).\n"
        "\n"
        "Not counted:\n"
        "\n"
        '- line 1 ("sell more"): it has no >= and number to reach; ' + fault("sell more").fix
    )


@pytest.mark.parametrize(
    ("line", "day", "a_day", "sentence"),
    [
        (
            "sessions >= 40000 per month",
            NOW,
            1373,
            (
                "November: 27,500 so far (69 %), on track: about 41,200 expected by the end of the"
                " month, at the rate of the last 28 days"
            ),
        ),
        ("sessions >= 40000 per month", date(2026, 10, 31), 1373, "October: met, 42,600 (106 %)"),
        ("sessions >= 40000 per month", date(2026, 10, 31), 1000, "October: missed, 31,000 (78 %)"),
        ("sessions >= 1000 by 2026-12-31", NOW, 1000, "met, 81,000 so far (8100 %)"),
        ("sessions >= 99999", NOW, 1, "81 so far (0 %), no last day is set, so there is no pace"),
        (
            "sessions +10 % vs last year per month",
            NOW,
            10,
            "November: 200 so far, there are no figures of 2025-11 to compare with",
        ),
        ("users >= 5 per month", NOW, 1, "November: not known, no figures have been read yet"),
    ],
)
def test_each_pace_has_its_words(line: str, day: date, a_day: int, sentence: str) -> None:
    """Met and missed say what it came to, a running goal what is expected, others why not."""
    found = told(standing(line, daily(SET, NOW, sessions=a_day), day)).partition("- ")[2]

    assert f"{line}: {sentence}" == found


def test_growth_says_what_it_comes_to() -> None:
    """Ten percent more than last year is a number that the line does not show."""
    figures = daily(date(2025, 11, 1), NOW, sessions=100)
    found = told(standing("sessions +10 % vs last year per month", figures))

    assert "November: 2,000 so far of 3,300, behind: about 3,000 expected" in found


def test_money_is_told_with_its_currency() -> None:
    """Amounts of the property, so that nobody takes them for another money."""
    found = told(standing("revenue >= 9000 by 2026-12-31", daily(SET, NOW, totalRevenue=10)))

    assert "810 EUR so far (9 %), behind: about 1,220 EUR expected by then" in found


def test_a_rate_is_told_in_percent_with_one_decimal() -> None:
    """Also in the fields for numbers: 53.3 of 55."""
    figures = daily(SET, NOW, engagedSessions=8, sessions=15)
    found = results([standing("engagement rate >= 55 %", figures)], digits=1)

    assert (D("53.3"), D(97)) == (found[f"{RESULTS}_value"], found[f"{RESULTS}_share"])


def test_flags_are_told_by_name() -> None:
    """One field says how sure all the figures are."""
    some = standing(EVENTS, daily(SET, NOW, keyEvents=3))
    flagged = [replace(some, flags=frozenset({flag})) for flag in (Flag.SAMPLED, Flag.OTHER)]

    assert "other, sampled" == results([some, *flagged], digits=3)[f"{RESULTS}_flags"]


def test_goals_that_are_over_stay_as_they_are() -> None:
    """Long after the last day there is nothing new to write, not even the date."""
    figures = daily(SET, date(2027, 3, 1), keyEvents=5)
    first, second = (
        results([standing(EVENTS, figures, day)], digits=3)
        for day in (date(2026, 12, 31), date(2027, 3, 1))
    )

    assert first == second


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        ("41234", 3, "41200"),
        ("41250", 3, "41200"),
        ("41350", 3, "41400"),
        ("99.96", 3, "100"),
        ("0.0012349", 3, "0.00123"),
        ("-41234", 2, "-41000"),
        ("0.00", 3, "0"),
        ("7", 3, "7"),
        ("12345", 0, "10000"),
    ],
)
def test_so_many_digits_count(value: str, digits: int, rounded: str) -> None:
    """Rounded half to even, whatever the size; at least one digit is told."""
    assert (rounded, "-" in rounded) == (
        f"{significant(D(value), digits):f}",
        significant(D(value), digits) < 0,
    )


NUMBERS = st.decimals(-(10**15), 10**15, places=6)


@given(value=NUMBERS, nudge=st.decimals(-1, 1, places=6), digits=st.integers(1, 12))
def test_rounding_is_stable(value: Decimal, nudge: Decimal, digits: int) -> None:
    """What moves a rounded number by less than half a step leaves it as it is."""
    rounded = significant(value, digits)
    assume(rounded)
    # Below a power of ten the steps are a tenth as wide.
    step = D(1).scaleb(rounded.adjusted() - digits)
    near = total([rounded, (nudge * step / 2) * D("0.999")])

    assert rounded == significant(rounded, digits) == significant(near, digits)


@given(
    value=st.integers(0, 2000),
    more=st.decimals(0, 3, places=3),
    digits=st.integers(1, 4),
    day=st.dates(SET, date(2026, 12, 31)),
)
def test_what_is_beyond_the_rounding_changes_nothing(
    value: int, more: Decimal, digits: int, day: date
) -> None:
    """If value, projection and pace are told the same, so is everything else."""
    some, other = (
        standing(
            EVENTS,
            gathered([row("keyEvents", SET, v)], {("keyEvents", Grain.DAY): (SET, day)}),
            day,
        )
        for v in (value, value + more)
    )
    one, two = results([some], digits=digits), results([other], digits=digits)
    names = [f"{RESULTS}_{name}" for name in ("value", "projection", "pace")]
    if [one[name] for name in names] == [two[name] for name in names] and (
        (some.share or 0) >= 1
    ) is ((other.share or 0) >= 1):
        assert one == two


@pytest.mark.parametrize(
    ("value", "target", "share"), [(496, 500, 99), (505, 505, 100), (504, 505, 99), (506, 505, 101)]
)
def test_nearly_reached_is_not_reached(value: int, target: int, share: int) -> None:
    """Of 496, told as 500, somebody would say that 500 is reached."""
    figures = gathered([row("keyEvents", SET, value)], {("keyEvents", Grain.DAY): (SET, NOW)})
    found = results([standing(f"key events >= {target}", figures)], digits=2)

    assert D(share) == found[f"{RESULTS}_share"]


def test_goals_that_wait_have_no_day() -> None:
    """Before there is a figure the passing of days is no news."""
    found = results([standing("sessions >= 5 per month from 2026-12-01", Figures())], digits=3)

    assert None is found[f"{RESULTS}_as_of"]
    assert "- sessions >= 5 per month from 2026-12-01: begins on 1 December 2026" == found[RESULTS]


@given(a_day=st.decimals(0, 30, places=3), day=st.dates(SET, date(2027, 1, 31)))
def test_share_and_pace_agree(a_day: Decimal, day: date) -> None:
    """A goal that is met is at 100 % or more, one that is not is below, however it is rounded."""
    found = results([standing(EVENTS, daily(SET, day, keyEvents=a_day), day)], digits=2)
    share: Value = found[f"{RESULTS}_share"]

    assert isinstance(share, Decimal)
    assert (found[f"{RESULTS}_pace"] == Pace.MET) == (share >= 100)


@pytest.mark.parametrize(
    ("now", "day", "week"),
    [
        (datetime(2026, 11, 22, 22, tzinfo=UTC), date(2026, 11, 21), date(2026, 11, 15)),
        (datetime(2026, 11, 22, 23, tzinfo=UTC), date(2026, 11, 22), date(2026, 11, 22)),
        (datetime(2026, 11, 28, 12, tzinfo=UTC), date(2026, 11, 27), date(2026, 11, 22)),
    ],
)
def test_the_last_whole_day_and_week_are_those_of_the_property(
    now: datetime, day: date, week: date
) -> None:
    """Midnight in Berlin ends the day, and that of Sunday the week."""
    berlin = ZoneInfo("Europe/Berlin")

    assert (day, week) == (as_of(now, berlin), as_of(now, berlin, Every.WEEK))


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (None, datetime(2026, 11, 18, 12, tzinfo=UTC), True),
        (datetime(2026, 11, 16, 6, tzinfo=UTC), datetime(2026, 11, 22, 22, tzinfo=UTC), False),
        (datetime(2026, 11, 16, 6, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC), True),
        (datetime(2026, 11, 22, 22, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC), True),
        (datetime(2026, 11, 2, 6, tzinfo=UTC), datetime(2026, 11, 18, 12, tzinfo=UTC), True),
    ],
)
def test_the_weekly_word_stands_for_its_week(
    before: datetime | None, now: datetime, due: bool
) -> None:
    """It is due once a Sunday has ended since it was told, in the property's zone."""
    assert due is weekly_due(before, now, ZoneInfo("Europe/Berlin"))


@given(
    one=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]),
)
def test_a_week_that_was_told_is_not_told_again(one: datetime, zone: str) -> None:
    """Whatever the moment, telling it settles it; the week told ended within the last seven days."""
    there = ZoneInfo(zone)

    assert not weekly_due(one, one, there)
    assert 7 == as_of(one, there, Every.WEEK).isoweekday()
    assert 0 <= (as_of(one, there) - as_of(one, there, Every.WEEK)).days <= 6
