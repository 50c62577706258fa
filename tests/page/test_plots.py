"""Plots as they stand in the page: their own names, equal for equal numbers, told in words."""

import re
from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.client_report import GoalTold, Plot, Point, Shape
from syncer.report.page.alt import Names, described
from syncer.report.page.plots import drawn
from syncer.report.page.ticks import day_ticks, short_number
from tests.page.made import by_date, monthly, rate

DAY = date(2026, 11, 21)


def plot_of(goal: GoalTold) -> Plot:
    """Its plot."""
    assert goal.plot
    return goal.plot


def test_equal_plots_are_equal_and_share_no_names() -> None:
    """Drawn again it is the same text; beside another one in a page no id stands twice."""
    plot = plot_of(by_date())
    first, again, other = drawn(plot, "a"), drawn(plot, "a"), drawn(plot, "b")
    ids = [re.findall(r'\bid="([^"]+)"', "".join(pair)) for pair in (first, other)]

    assert first == again
    assert ids[0]
    assert len(set(ids[0])) == len(ids[0])
    assert not set(ids[0]) & set(ids[1])
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', "".join(first)))
    assert used == set(ids[0])


@pytest.mark.parametrize("goal", [by_date(), monthly(), rate()])
def test_a_plot_holds_nothing_but_a_drawing(goal: GoalTold) -> None:
    """No style for the whole page, no date, no address but names of formats, no script."""
    for svg in drawn(plot_of(goal), "p"):
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}

        assert tags <= {"svg", "g", "defs", "path", "use", "clipPath", "rect", "text", "tspan"}
        assert {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"} >= set(
            re.findall(r"https?://[^\"]+", svg)
        )
        assert "<text" in svg


def test_the_goal_the_projection_and_the_launch_are_drawn() -> None:
    """Each is a line of its own: without it the drawing is another one."""
    plot = plot_of(by_date())
    whole = drawn(plot, "p")[0]

    for colour, without in (
        ("#b45309", replace(plot, goal=())),
        ("#6d28d9", replace(plot, marks=())),
    ):
        assert colour in whole
        assert colour not in drawn(without, "p")[0]
    assert whole.count("stroke-dasharray") > drawn(replace(plot, projection=()), "p")[0].count(
        "stroke-dasharray"
    )


FEW = settings(max_examples=25)
numbers = st.none() | st.decimals(-(10**12), 10**12, places=2)


@FEW
@given(
    st.sampled_from(list(Shape)),
    st.lists(numbers, max_size=9),
    st.lists(numbers, max_size=3),
    st.sampled_from(["", "%", "EUR", "$x$"]),
)
@example(Shape.MONTHS, [None], [Decimal("-0.01")], "")
def test_any_numbers_can_be_drawn(
    shape: Shape, values: list[Decimal | None], goal: list[Decimal | None], unit: str
) -> None:
    """None, one, huge, negative or equal ones: there is a drawing and words for it."""
    step = 31 if shape is Shape.MONTHS else 1

    def points(found: list[Decimal | None]) -> tuple[Point, ...]:
        return tuple(Point(DAY + timedelta(days=step * n), v) for n, v in enumerate(found))

    plot = Plot(shape, points(values), unit, points(goal))

    assert drawn(plot, "p")[0].startswith("<svg")
    assert described(plot, Names("Sessions")).endswith(".")


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 9000), st.integers(3, 9))
def test_there_are_a_few_days_below_a_plot(since: date, days: int, most: int) -> None:
    """In order, within it, no more than there is room for, and at least one in its middle."""
    until = since + timedelta(days=days)
    ticks = [day for day, _ in day_ticks(since, until, most)]

    assert ticks == sorted(set(ticks))
    assert all(since <= day <= until for day in ticks)
    assert 1 <= len(ticks) <= most + 1


@pytest.mark.parametrize(
    ("value", "unit", "largest", "text"),
    [
        (0, "", 25000, "0"),
        (8000, "", 25000, "8k"),
        (2500, "", 25000, "2.5k"),
        (2500, "", 9000, "2,500"),
        (1_500_000, "", 30_000_000, "1.5M"),
        (0.555, "%", 1, "55.5 %"),
    ],
)
def test_numbers_beside_an_axis_are_short(
    value: float, unit: str, largest: float, text: str
) -> None:
    """All in one size, that of the largest."""
    assert text == short_number(value, unit, largest)


def test_a_plot_in_words_tells_the_months() -> None:
    """Bars are told one by one, with the goal of each and what is expected."""
    said = described(plot_of(monthly()), Names("Revenue")).replace("\xa0", " ")

    assert said.startswith("Bar chart by month. Revenue: Jun 2026 18,200 EUR, ")
    assert "Goal: Jun 2026 20,000 EUR" in said
    assert "Expected for Nov 2026: 22,686 EUR." in said
