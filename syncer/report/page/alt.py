"""What a plot shows, in words, for those who do not see it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from syncer.model.client_report import Plot, Point, Shape
from syncer.report.page.words import day, month, number, said

_KINDS: Final = {
    Shape.SUM: "Line chart, added up",
    Shape.MONTHS: "Bar chart by month",
    Shape.LINE: "Line chart",
}


class Names(Struct, frozen=True):
    """What the lines of a plot are called."""

    value: str
    goal: str = "Goal"


def described(plot: Plot, names: Names) -> str:
    """A sentence for each thing that can be seen."""
    known = _known(plot.values)
    if not known:
        return f"{_KINDS[plot.shape]} of {names.value}, without figures so far."
    parts = [f"{_KINDS[plot.shape]}. {names.value}: {_values(plot, known)}."]
    goal = _known(plot.goal)
    if goal:
        parts.append(f"{names.goal}: {_goal(plot, goal)}.")
    if plot.projection and plot.projection[-1].value is not None:
        last = plot.projection[-1]
        when = month(last.day) if plot.shape is Shape.MONTHS else day(last.day)
        parts.append(f"Expected for {when}: {number(last.value, plot.unit)}.")
    parts += [f"{said(mark.text)}: {day(mark.day)}." for mark in plot.marks]
    return " ".join(parts)


Known = tuple[Point, Decimal]


def _known(points: Sequence[Point]) -> list[Known]:
    return [(point, point.value) for point in points if point.value is not None]


def _values(plot: Plot, known: list[Known]) -> str:
    (first, _), (last, value) = known[0], known[-1]
    if plot.shape is Shape.MONTHS:
        return ", ".join(f"{month(p.day)} {number(v, plot.unit)}" for p, v in known)
    told = f"{number(value, plot.unit)} on {day(last.day)}"
    return told if first is last else f"from {day(first.day)} on, {told}"


def _goal(plot: Plot, goal: list[Known]) -> str:
    numbers = {value for _, value in goal}
    if len(numbers) == 1:
        return number(numbers.pop(), plot.unit)
    if plot.shape is Shape.MONTHS:
        return ", ".join(f"{month(p.day)} {number(v, plot.unit)}" for p, v in goal)
    last, value = goal[-1]
    return f"{number(value, plot.unit)} by {day(last.day)}"
