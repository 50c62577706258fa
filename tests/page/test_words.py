"""Numbers, days and judgements as they are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.client_report import Period
from syncer.model.goals import Pace
from syncer.model.measures import Flag
from syncer.report.page import words
from syncer.report.page.words import LONGEST
from tests.page.made import by_date, monthly, rate


def plain(text: str) -> str:
    """With blanks that may break, as they are easier to read here."""
    return text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("12345", "", "12,345"),
        ("0", "", "0"),
        ("0.25", "", "0.25"),
        ("231.5", "", "231.5"),
        ("1234.56", "", "1,235"),
        ("-1234567", "", "-1,234,567"),
        ("25000", "EUR", "25,000 EUR"),
        ("12.5", "EUR", "12.50 EUR"),
        ("0.5534", "%", "55.3 %"),
        ("0.55", "%", "55 %"),
        ("1E+3", "", "1,000"),
        (None, "EUR", "–"),
    ],
)
def test_numbers_are_grouped_and_have_their_unit(value: str | None, unit: str, text: str) -> None:
    """Thousands are set apart, money has its currency, a share is told in percent."""
    assert text == plain(words.number(None if value is None else Decimal(value), unit))


def test_days_and_moments_are_those_of_a_zone() -> None:
    """A day is written out; a moment is shown as the clocks there show it."""
    at = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    assert "21 Nov 2026" == plain(words.day(date(2026, 11, 21)))
    assert "22 Nov 2026, 00:30" == plain(words.moment(at, "Europe/Berlin"))
    assert "–" == words.moment(None, "UTC") == words.day(None)


def test_a_goal_is_told_in_words() -> None:
    """What is to be reached, by when or how often; a share, a limit, or more than last year."""
    growth = replace(monthly(), growth=Decimal("0.1"), target=None)

    assert "at least 500 by 31 Dec 2026" == plain(words.aim(by_date()))
    assert "at least 25,000 EUR each month" == plain(words.aim(monthly()))
    assert "at least 55 %" == plain(words.aim(rate()))
    assert "at most 55 %" == plain(words.aim(replace(rate(), at_most=True)))
    assert "10 % more than last year each month" == plain(words.aim(growth))


def test_what_is_expected_is_held_against_the_goal() -> None:
    """The projection, on what it rests, and how far above or below the goal that is."""
    assert (
        "Expected by 31 Dec 2026: 638 (as in the last 28 days), 28 % above the goal."
        " Figures up to 21 Nov 2026." == plain(words.standing(by_date()))
    )
    assert "9 % below the goal" in plain(words.standing(monthly()))
    assert "Figures up to 21 Nov 2026." == plain(words.standing(rate()))


def test_what_cannot_be_said_is_not_said() -> None:
    """Nothing is expected of what is over, has not begun, or has no figures."""
    day = date(2026, 11, 21)
    begins = Period(date(2027, 1, 1), None, day, Pace.WAITING)
    unread = Period(day, None, day, Pace.UNKNOWN, basis="no figures have been read yet")
    over = replace(by_date().now, until=day, pace=Pace.MISSED)

    assert "It counts from 1 Jan 2027 on." == plain(words.standing(replace(rate(), now=begins)))
    assert "No figures have been read yet." == words.standing(replace(rate(), now=unread))
    assert "Figures up to 21 Nov 2026." == plain(words.standing(replace(by_date(), now=over)))


def test_every_pace_and_every_flag_has_its_words() -> None:
    """None is shown as the program calls it; a sign and a word tell what a colour tells too."""
    told = [words.pace(one) for one in Pace]

    assert len({(sign, name) for _, sign, name in told}) == len(Pace)
    assert {"good", "fair", "bad", "dim"} == {kind for kind, _, _ in told}
    assert len({words.flag(one) for one in Flag}) == len(Flag)


@given(st.text(max_size=2 * LONGEST))
def test_a_text_stands_on_one_line(text: str) -> None:
    """Whatever somebody typed: no control characters, and not longer than can be read."""
    said = words.said(text)

    assert len(said) <= LONGEST
    assert said.splitlines() in ([], [said])
    assert said == words.said(said)


def test_how_far_a_day_moved() -> None:
    """In days, later or earlier; the first time and the last are told as such."""
    day = date(2026, 12, 18)

    assert "first agreed" == words.moved(None, day)
    assert "taken back" == words.moved(day, None)
    assert "1 day later" == words.moved(date(2026, 12, 17), day)
    assert "14 days earlier" == words.moved(date(2027, 1, 1), day)
