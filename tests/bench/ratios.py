"""From figures to goals: medians, ratios of pairs, spread."""

from collections.abc import Sequence
from statistics import median

from tests.bench.goal import Goal


def pairs(one: Sequence[float], other: Sequence[float]) -> list[float]:
    """What one cost by what the other did, round by round."""
    return [a / b for a, b in zip(one, other, strict=True)]


def spread(figures: Sequence[float]) -> str:
    """Smallest to largest, and of how many."""
    if len(figures) == 1:
        return "1 turn"
    return f"{readable(min(figures))}..{readable(max(figures))}, {len(figures)} turns"


def readable(figure: float) -> str:
    """Three digits that tell something, and thousands set apart."""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def further(small: Sequence[float], large: Sequence[float], more: int) -> list[float]:
    """What each of so many more records added, round by round: start-up is not in it."""
    return [(b - a) / more for a, b in zip(small, large, strict=True)]


def micros(seconds: Sequence[float]) -> str:
    """The median in microseconds."""
    return f"{median(seconds) * 1e6:,.0f} us"


def at_most(
    number: int, name: str, most: float, figures: Sequence[float], unit: str = "", detail: str = ""
) -> Goal:
    """A goal that the median of these figures may not be above ``most``."""
    figure = median(figures)
    said = ", ".join(part for part in (spread(figures), detail) if part)
    target = f"<= {most:g}{' ' + unit if unit else ''}"
    return Goal(number, name, target, figure, unit, figure <= most, said)
