"""Plots, drawn by matplotlib as SVG that stands in the page itself.

Each is drawn twice, for a wide and for a narrow screen, so that its words stay readable; the
page shows one of them. All words in it are our own: numbers, days, months.
"""

import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from msgspec import Struct

from syncer.model.client_report import Plot, Point, Shape
from syncer.report.page.svg import embedded
from syncer.report.page.ticks import day_ticks, month_name, short_number
from syncer.report.page.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VALUE: Final = "#0f766e"
RUNNING: Final = "#8fc9c1"
GOAL: Final = "#b45309"
LAUNCH: Final = "#6d28d9"
PACE: Final = "#6b7280"
_INK: Final = "#374151"
_GRID: Final = "#e5e7eb"

_BESIDE: Final = 0.47
_BELOW: Final = 0.4
"""Inches beside and below a plot."""

_STYLE: Final[dict[str, Any]] = {
    "svg.fonttype": "none",  # text stays text, in the page's own typeface
    "svg.hashsalt": "syncer",  # equal plots are equal byte for byte
    "font.family": "DejaVu Sans",  # comes with matplotlib: nothing depends on the machine
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": "#9ca3af",
    "axes.axisbelow": True,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "ytick.major.size": 0,
    "path.simplify": True,
    "text.parse_math": False,
}


class _Size(Struct, frozen=True):
    """Of one drawing, in inches; ``ticks`` is how many days fit below it, ``font`` in points."""

    width: float
    height: float
    ticks: int
    font: float


WIDE: Final = _Size(7.2, 2.7, 8, 8.0)
NARROW: Final = _Size(3.5, 2.5, 4, 8.5)


def drawn(plot: Plot, key: str) -> tuple[str, str]:
    """A plot for wide and for narrow screens, as SVG; ``key`` is unique within the page."""
    return _svg(plot, WIDE, f"{key}w"), _svg(plot, NARROW, f"{key}n")


def _svg(plot: Plot, size: _Size, key: str) -> str:
    style: Any = {**_STYLE, "font.size": size.font}
    with rc_context(style):
        figure = Figure(figsize=(size.width, size.height))
        # What stands beside an axis is short, so its room is known and need not be measured.
        left, bottom = _BESIDE / size.width, _BELOW / size.height
        figure.subplots_adjust(left, bottom, right=0.985, top=0.985)
        canvas = FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        _DRAW[plot.shape](axes, plot, size)
        _frame(axes, plot)
        into = io.BytesIO()
        canvas.print_svg(  # type: ignore[no-untyped-call]
            into, metadata={"Date": None, "Creator": None}
        )
    return embedded(into.getvalue(), key)


def _frame(axes: "Axes", plot: Plot) -> None:
    axes.grid(axis="y", color=_GRID, linewidth=0.8)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=_whole(plot)))
    low, high = axes.get_ylim()
    if plot.shape is not Shape.LINE:
        # What is counted begins at nothing, also where there is nothing, or less, to draw.
        low, high = 0.0, high if high > 0 else 1.0
    high += (high - low) * 0.06
    axes.set_ylim(low, high)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda at, _: short_number(at, plot.unit, high)))


def _whole(plot: Plot) -> bool:
    """Whether only whole numbers occur: tasks, sessions."""
    numbers = [point.value for point in (*plot.values, *plot.goal) if point.value is not None]
    return all(value == value.to_integral_value() for value in numbers)


def _xy(points: Iterable[Point]) -> tuple[list[float], list[float]]:
    """Numbers for the library; a gap is no number."""
    found = [(_x(p.day), float("nan") if p.value is None else float(p.value)) for p in points]
    return [x for x, _ in found], [y for _, y in found]


def _x(day: date) -> float:
    return float(date2num(day))  # type: ignore[no-untyped-call]


def _line(axes: "Axes", plot: Plot, size: _Size) -> None:
    axes.plot(*_xy(plot.values), color=VALUE, linewidth=2)
    _goal(axes, plot)
    _ahead(axes, plot)
    _end(axes, plot)
    _days(axes, plot, size)


def _sum(axes: "Axes", plot: Plot, size: _Size) -> None:
    across, up = _xy(plot.values)
    axes.fill_between(across, up, color=VALUE, alpha=0.12, linewidth=0)
    axes.plot(across, up, color=VALUE, linewidth=2.2)
    _goal(axes, plot)
    _ahead(axes, plot)
    _end(axes, plot)
    _days(axes, plot, size)


def _goal(axes: "Axes", plot: Plot) -> None:
    """The goal's line, and its number where it begins if it is one and the same throughout."""
    axes.plot(*_xy(plot.goal), color=GOAL, linewidth=1.6)
    numbers = {point.value for point in plot.goal}
    first = plot.goal[0] if len(numbers) == 1 and plot.shape is Shape.SUM else None
    if first is not None and first.value is not None:
        axes.annotate(
            number(first.value, plot.unit if plot.unit.isascii() else ""),
            (_x(first.day), float(first.value)),
            (0, 3),
            textcoords="offset points",
            color=GOAL,
            bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.8},
        )


def _ahead(axes: "Axes", plot: Plot) -> None:
    if plot.projection:
        axes.plot(*_xy(plot.projection), color=VALUE, linewidth=1.8, linestyle=(0, (4, 2.5)))


def _end(axes: "Axes", plot: Plot) -> None:
    """A dot where things stand."""
    known = [point for point in plot.values if point.value is not None]
    if known:
        axes.plot(*_xy(known[-1:]), color=VALUE, marker="o", markersize=4.5, linestyle="none")


def _days(axes: "Axes", plot: Plot, size: _Size) -> None:
    points = (*plot.values, *plot.goal, *plot.projection)
    days = [point.day for point in points] + [mark.day for mark in plot.marks]
    if not days:
        return
    since, until = min(days), max(*days, min(days) + timedelta(days=1))
    for mark in plot.marks:
        axes.axvline(_x(mark.day), color=LAUNCH, linewidth=1.5, linestyle=(0, (1, 1.5)))
    ticks = day_ticks(since, until, size.ticks)
    axes.set_xticks([_x(day) for day, _ in ticks], [name for _, name in ticks])
    edge = (until - since) / 60
    axes.set_xlim(
        _x(since) - edge.total_seconds() / 86400, _x(until) + edge.total_seconds() / 86400
    )


def _months(axes: "Axes", plot: Plot, size: _Size) -> None:
    """A bar for each month; what is expected stands on top of one that still runs."""
    ahead = {point.day: point.value for point in plot.projection}
    for at, point in enumerate(plot.values):
        value = float(point.value or 0)
        axes.bar(at, value, width=0.62, color=RUNNING if point.day in ahead else VALUE)
        more = float(ahead.get(point.day) or 0) - value
        if more > 0:
            axes.bar(
                at, more, 0.62, value, fill=False, edgecolor=VALUE, linewidth=1.2, linestyle="--"
            )
    where = {point.day: at for at, point in enumerate(plot.values)}
    for goal in plot.goal:
        if goal.value is not None and goal.day in where:
            at = where[goal.day]
            axes.plot([at - 0.42, at + 0.42], [float(goal.value)] * 2, color=GOAL, linewidth=2)
    _launch_month(axes, plot)
    step = max(1, -(-len(plot.values) // (size.ticks + 4)))
    names = [(at, p.day) for at, p in enumerate(plot.values) if at % step == 0]
    labels = [month_name(day, first=at == 0) for at, day in names]
    axes.set_xticks([float(at) for at, _ in names], labels)
    axes.set_xlim(-0.6, max(len(plot.values), 3) - 0.4)


def _launch_month(axes: "Axes", plot: Plot) -> None:
    """The launch lies within its month as far along as its day does."""
    months = {(p.day.year, p.day.month): at for at, p in enumerate(plot.values)}
    for mark in plot.marks:
        at = months.get((mark.day.year, mark.day.month))
        if at is not None:
            across = at - 0.5 + (mark.day.day - 1) / 31
            axes.axvline(across, color=LAUNCH, linewidth=1.5, linestyle=(0, (1, 1.5)))


_DRAW: Final = {Shape.SUM: _sum, Shape.LINE: _line, Shape.MONTHS: _months}
