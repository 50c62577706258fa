"""Goals are read as people write them; what is not clear is said, with how to write it."""

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from syncer.model.goals import Goal
from syncer.reconcile.goal_words import canonical
from syncer.reconcile.goals import MOST, goals
from tests.reconcile.made_goals import MEASURES, any_goal, fault, goal

DEC = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("line", "metric", "target", "monthly", "since", "until"),
    [
        ("key events >= 500 by 2026-12-31", "keyEvents", "500", False, None, DEC),
        ("sessions >= 40000 per month", "sessions", "40000", True, None, None),
        ("revenue >= 25000 EUR by 2026-12-31", "totalRevenue", "25000", False, None, DEC),
        ("engagement rate >= 55 %", "engagedSessions", "0.55", False, None, None),
        (
            "key event generate_lead >= 30 per month from 2026-10-01",
            "keyEvents:generate_lead",
            "30",
            True,
            date(2026, 10, 1),
            None,
        ),
    ],
)
def test_a_line_is_read_as_it_says(
    line: str, metric: str, target: str, monthly: bool, since: date | None, until: date | None
) -> None:
    """Of what, how much, each month or once, from when and to when."""
    read = goal(line)

    assert (metric, Decimal(target), None) == (read.measure.metric, read.target, read.growth)
    assert (monthly, since, until) == (read.monthly, read.since, read.until)
    assert (line, line) == (read.line, canonical(read))


def test_growth_is_read_as_a_share_of_last_year() -> None:
    """``+10 % vs last year`` has no number of its own: it is a tenth more than then."""
    read = goal("sessions +10 % vs last year per month")

    assert (None, Decimal("0.1"), True) == (read.target, read.growth, read.monthly)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sessions ≥ 40,000 each month", "sessions >= 40000 per month"),
        ("sessions => 40 000 monthly", "sessions >= 40000 per month"),
        ("Sessions at least 40'000 every month", "sessions >= 40000 per month"),
        ("sessions >= 40\u00a0000 / month", "sessions >= 40000 per month"),
        ("sessions >= 40\u202f000 a month", "sessions >= 40000 per month"),
        ("sessions >= 40’000 per month", "sessions >= 40000 per month"),
        ("sessions >= 40k per month", "sessions >= 40000 per month"),
        ("sessions >= 1.5m per month", "sessions >= 1500000 per month"),
        ("sessions >= 1,500,000.50 per month", "sessions >= 1500000.5 per month"),
        ("KEY   Events >= 500 until 31 Dec 2026", "key events >= 500 by 2026-12-31"),
        ("key events >= 500 by December 31, 2026", "key events >= 500 by 2026-12-31"),
        ("key events >= 500 by Dec 31st, 2026", "key events >= 500 by 2026-12-31"),
        ("key events >= 500 by 31. December 2026.", "key events >= 500 by 2026-12-31"),
        ("key events: >= 500, by 2026-12-31;", "key events >= 500 by 2026-12-31"),
        (
            "key events >= 500 by 2026-12-31 from 1 oct 2026",
            "key events >= 500 from 2026-10-01 by 2026-12-31",
        ),
        (
            "sessions >= 500 per month since 2026-10-01 and until 2026-12-31",
            "sessions >= 500 per month from 2026-10-01 until 2026-12-31",
        ),
        ("revenue >= EUR 25,000", "revenue >= 25000 EUR"),
        ("revenue >= €25000", "revenue >= 25000 EUR"),
        ("revenue >= 25000 €", "revenue >= 25000 EUR"),
        ("revenue >= 25k euros", "revenue >= 25000 EUR"),
        ("revenue >= £25000", "revenue >= 25000 GBP"),
        ("revenue >= 25000 usd", "revenue >= 25000 USD"),
        ("revenue >= 25000", "revenue >= 25000"),
        ("engagement rate >= 55.5percent", "engagement rate >= 55.5 %"),
        ("engagement rate at least 55 per cent monthly", "engagement rate >= 55 % per month"),
        ("bounce rate <= 40 %", "bounce rate <= 40 %"),
        ("bounce rate at most 40%", "bounce rate <= 40 %"),
        ("bounce rate ≤ 40 %", "bounce rate <= 40 %"),
        ("cost per key event <= 40 EUR per month", "cost per key event <= 40 EUR per month"),
        ("users >= 500 per month", "users >= 500 per month"),
        ("revenue +12.5 % than last year per month", "revenue +12.5 % vs last year per month"),
        ("sessions + 10% monthly versus last year", "sessions +10 % vs last year per month"),
        ("key event Sign_Up_2 >= 3 monthly", "key event Sign_Up_2 >= 3 per month"),
    ],
)
def test_people_write_the_same_in_many_ways(written: str, meant: str) -> None:
    """Signs, thousands, currencies, dates and words of every usual form mean the same."""
    assert meant == canonical(goal(written))


@pytest.mark.parametrize(
    "text",
    [
        "- {}",
        "* {}",
        "+ {}",
        "• {}",
        "1. {}",
        "12) {}",
        "- [ ] {}",
        "> {}",
        "**{}**",
        "- *{}*",
        "__{}__",
        "`{}`",
        "{}.",
        "  {}  \\",
        "\\- {}",
        "1\\. {}",
        "\ufeff{}\r",
        "[{}](https://www.example.org/goals)",
    ],
)
def test_marks_of_rich_text_make_no_difference(text: str) -> None:
    """Bullets, emphasis, links, escapes and a full stop are not part of the goal."""
    line = "key event generate_lead >= 500 per month"
    escaped = line.replace("_", "\\_").replace(">", "\\>")

    assert line == goal(text.format(line)).line
    assert line == goal(text.format(escaped)).line
    assert line == goal(text.format(line.replace(">", "&gt;").replace(" ", "&nbsp;"))).line


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "# Goals 2026",
        "### sessions >= 500",
        "note: sessions >= 500",
        "- Note : as agreed on the phone",
        "**Note:** to be seen",
        "// sessions >= 500",
        "---",
        "* * *",
        "~~sessions >= 500 per month~~",
        "- ~~sessions >= 500~~.",
    ],
)
def test_what_is_for_people_only_is_no_goal_and_no_fault(line: str) -> None:
    """Headings, notes, rules and what was struck through are left alone."""
    found = goals(f"sessions >= 1\n{line}\nkey events >= 2", MEASURES)

    assert ([1, 3], ()) == ([one.number for one in found.goals], found.faults)


@pytest.mark.parametrize(
    ("line", "problem", "fix"),
    [
        (
            "key events >= 500 by 12/10/2026",
            "12/10/2026 may be read in two ways",
            'write "key events >= 500 by 2026-10-12" or "key events >= 500 by 2026-12-10"',
        ),
        (
            "key events >= 500 by 31.12.2026",
            "31.12.2026 is not a day as it is written here",
            'write "key events >= 500 by 2026-12-31"',
        ),
        (
            "key events >= 500 by 31 Feb 2026",
            "there is no day 31 Feb 2026",
            'write "key events >= 500 by 2026-02-28"',
        ),
        (
            "key events >= 500 by 0206-12-31",
            "there is no day 0206-12-31",
            'write it like "key events >= 500 per month"',
        ),
        (
            "key events >= 500 by the end of 2026",
            "the end of 2026 does not say which day",
            'write "key events >= 500 by 2026-12-31"',
        ),
        (
            "sessions >= 500 per month from October 2026",
            "October 2026 does not say which day",
            'write "sessions >= 500 per month from 2026-10-01"',
        ),
        (
            "sessions >= 500 by tomorrow",
            "tomorrow is not a day as it is written here",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "sessions >= 500 by",
            "the day is missing",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "sessions >= 40.000 per month",
            "40.000 may be read in two ways",
            'write "sessions >= 40000 per month" or "sessions >= 40 per month"',
        ),
        (
            "revenue >= 1.234,56 EUR",
            "1.234,56 is not a number as it is written here",
            'write "revenue >= 1234.56 EUR"',
        ),
        (
            "engagement rate >= 55,5 %",
            "55,5 is not a number as it is written here",
            'write "engagement rate >= 55.5 %"',
        ),
        (
            "revenue >= ¥500",
            "¥ may be several currencies",
            'write "revenue >= 500 JPY" or "revenue >= 500 CNY"',
        ),
        (
            "revenue >= EUR 500 CHF",
            "EUR and CHF are two units",
            'write "revenue >= 500 EUR"',
        ),
        (
            "key evnts >= 500",
            "key evnts is not something that is measured",
            'write "key events >= 500"',
        ),
        (
            "key evnt generate_lead >= 5",
            "key evnt generate_lead is not something that is measured",
            'write "key event generate_lead >= 5"',
        ),
        (
            "key event generate lead >= 5",
            "key event generate lead is not something that is measured",
            'write "key event generate_lead >= 5"',
        ),
        (">= 5 sessions", "sessions means nothing here", 'write "sessions >= 5"'),
        (
            "sessions > 500 per month",
            "> is not how a goal is set",
            'write "sessions >= 500 per month"',
        ),
        ("bounce rate < 40 %", "< is not how a goal is set", 'write "bounce rate <= 40 %"'),
        (
            "500 sessions a month",
            "it has no >= and number to reach",
            'write "sessions >= 500 per month"',
        ),
        (
            "sessions >= many",
            "no number stands after >=",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "sessions >= 500 leads by 2026-12-31",
            "leads means nothing here",
            'write "sessions >= 500 by 2026-12-31"',
        ),
        (
            "sessions >= 500 by 2026-12-31 by 2026-11-30",
            "it says by 2026-11-30 when it has said so already",
            'write "sessions >= 500 by 2026-12-31"',
        ),
        (
            "sessions >= 500 in December 2026",
            "in December 2026 means nothing here",
            'write "sessions >= 500 by 2026-12-31"',
        ),
        (
            "sessions >= 500 per month starting on 1 Oct 2026",
            "starting on 1 Oct 2026 means nothing here",
            'write "sessions >= 500 per month from 2026-10-01"',
        ),
        (
            "sessions >= 500 (31 Dec 2026)",
            "(31 Dec 2026) means nothing here",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "sessions >= 500 of 20 pages by 2026-12-31",
            "of 20 pages means nothing here",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "no less than 55 % engagement rate",
            "it has no >= and number to reach",
            'write "engagement rate >= 55 %"',
        ),
        (
            "sessions >= 5 until 2026-12-31 by 2026-11-30",
            "it says by 2026-11-30 when it has said so already",
            'write "sessions >= 5 by 2026-12-31"',
        ),
        (
            "sessions >= 5 by 2026-12-31 until 2026-11-30",
            "it says until 2026-11-30 when it has said so already",
            'write "sessions >= 5 by 2026-12-31"',
        ),
        (
            "sessions >= 5, key events >= 6",
            "these are two goals: write each on a line of its own",
            'write it like "key events >= 500 per month"',
        ),
        (
            "sessions >= 1234567890123456",
            "a goal has no more than 15 digits",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "sessions >= 0",
            "a goal is more than 0",
            'write it like "sessions >= 500 per month"',
        ),
        (
            "engagement rate >= -5 %",
            "a goal is more than 0",
            'write it like "engagement rate >= 50 % per month"',
        ),
    ],
)
def test_what_is_not_clear_is_refused_with_how_to_write_it(
    line: str, problem: str, fix: str
) -> None:
    """Nothing is guessed; the fault says what is wrong and what may have been meant."""
    told = fault(line)

    assert (line, problem, fix) == (told.line, told.problem, told.fix)


@pytest.mark.parametrize(
    ("line", "problem", "fix"),
    [
        ("sessions >= 5 EUR", "sessions is not an amount of money", 'write "sessions >= 5"'),
        (
            "sessions >= 10 % per month",
            "sessions is not written in percent",
            'write "sessions +10 % vs last year per month" or "sessions >= 10 per month"',
        ),
        (
            "engagement rate >= 55",
            "engagement rate is written in percent",
            'write "engagement rate >= 55 %"',
        ),
        (
            "engagement rate >= 0.55",
            "engagement rate is written in percent",
            'write "engagement rate >= 55 %"',
        ),
        ("sessions <= 5", "<= goes with rates only", 'write "sessions >= 5"'),
        ("revenue <= 5 EUR", "<= goes with rates only", 'write "revenue >= 5 EUR"'),
        (
            "sessions >= 5 per month by 2026-12-31",
            "by and per month do not go together",
            'write "sessions >= 5 per month until 2026-12-31" or "sessions >= 5 by 2026-12-31"',
        ),
        (
            "users >= 5 by 2026-12-31",
            "users of several months cannot be added up",
            'write "users >= 5 per month until 2026-12-31"',
        ),
        (
            "users >= 5 per month from 2026-10-15",
            "users of a part of a month cannot be told",
            'write "users >= 5 per month from 2026-10-01"',
        ),
        (
            "sessions >= 5 from 2026-12-31 by 2026-01-31",
            "it ends before it begins",
            'write "sessions >= 5 from 2026-01-31 by 2026-12-31"',
        ),
        (
            "sessions +10 % vs last year",
            "growth is told per month",
            'write "sessions +10 % vs last year per month"',
        ),
        (
            "sessions +10 % per month",
            "growth needs vs last year",
            'write "sessions +10 % vs last year per month"',
        ),
        (
            "sessions +10 vs last year per month",
            "growth is written in percent",
            'write "sessions +10 % vs last year per month"',
        ),
        ("sessions +10", "growth is written in percent", 'write "sessions >= 10"'),
        (
            "sessions >= 10 % vs last year",
            "more than last year is written with +",
            'write "sessions +10 % vs last year per month"',
        ),
    ],
)
def test_what_does_not_go_together_is_refused(line: str, problem: str, fix: str) -> None:
    """A unit, a sign or a time that makes no sense with the measure is a fault."""
    told = fault(line)

    assert (problem, fix) == (told.problem, told.fix)


def test_a_word_that_nobody_knows_lists_the_known_ones() -> None:
    """Where nothing near is measured, the line says what is, with an example of it."""
    told = fault("happiness >= 500 per month")

    assert told.fix.startswith('write a goal like "engaged sessions >= 500 per month", of ')
    assert "key event NAME" in told.fix
    assert "users" in told.fix


def test_nothing_measured_is_said() -> None:
    """A mapping without measures is not the fault of the line."""
    (told,) = goals("sessions >= 5", {}).faults

    assert "nothing is measured by the mapping" == told.fix


def test_a_line_without_a_measure_says_so() -> None:
    """A number alone is of nothing."""
    assert "it says not of what" == fault(">= 5 per month").problem


def test_the_same_goal_twice_counts_once() -> None:
    """Written in another way it is still the same; the later line says where the first stands."""
    found = goals("sessions >= 40000 per month\n\nsessions ≥ 40k monthly", MEASURES)

    assert [1] == [one.number for one in found.goals]
    assert [(3, "line 1 says the same")] == [(one.number, one.problem) for one in found.faults]


def test_a_wrong_line_takes_nothing_from_the_others() -> None:
    """Lines are counted as they stand, and a fault quotes its own."""
    text = "# Goals\n\n- key events >= 500 by 2026-12-31\n- tidy up\n- sessions >= 5 monthly"
    found = goals(text, MEASURES)

    assert [3, 5] == [one.number for one in found.goals]
    assert ['line 4 ("tidy up")'] == [str(one).split(":")[0] for one in found.faults]


def test_names_of_events_keep_their_case() -> None:
    """The words are ours, the name behind them is the vendor's."""
    assert "keyEvents:Lead" == goal("Key EVENT Lead >= 5").measure.metric


def test_an_exact_word_wins_over_one_that_takes_a_name() -> None:
    """``key events`` is not a key event of the name ``s``."""
    assert "keyEvents" == goal("key events >= 5").measure.metric


@given(any_goal())
def test_a_goal_written_as_its_line_is_read_as_itself(one: Goal) -> None:
    """The canonical line loses nothing."""
    assert ((one,), ()) == ((read := goals(one.line, MEASURES)).goals, read.faults)


PIECES = st.sampled_from(
    [
        *(
            "sessions",
            "revenue",
            "engagement rate",
            "key event lead",
            "users",
            "leads",
            "last year",
        ),
        *(">=", "<=", ">", "≥", "+10 %", "500", "40.000", "40,5", "1.5m", "0", "-3", "55 %", "€"),
        *(
            "by",
            "from",
            "until",
            "per month",
            "monthly",
            "vs last year",
            "and",
            ",",
            "*",
            "\\",
            "\n",
        ),
        *("2026-12-31", "12/10/2026", "31 Dec 2026", "2026-02-30", "end of May 2026", "0000", "$"),
    ]
)
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=12).map(" ".join)


@given(TEXTS)
@example("sessions >= 5 by 9999-99-99 from 0000")
@example("+5 % vs last year by 99 December 99999")
@example(">= " + "9,999" * 60)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing a person can type raises, and every way out that is told can be taken."""
    found = goals(text, MEASURES)
    for one in found.faults:
        for line in re.findall(r'write "([^"]+)"', one.fix):
            assert line == canonical(goal(line))


def test_a_text_without_end_is_cut_off() -> None:
    """A document pasted into the field costs no more than a hundred lines."""
    found = goals("\n".join(["all we ever wanted"] * 5000), MEASURES)

    assert MOST + 1 == len(found.faults)
    assert "only the first 100 lines are read" == found.faults[-1].problem
