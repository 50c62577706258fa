"""A goal and what was measured for it: the one form in which every measuring module answers.

A measuring module has a function `measure(quick: bool) -> list[Goal]`. It raises where the
measuring itself failed or two sides that must be equal are not. It may have a function
`section() -> str` as well: Markdown that begins with `## `, for the end of that page.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """One line of the table in `docs/performance.md`."""

    number: int
    """Of the goal; several lines may share one."""
    name: str
    """What is measured, in plain words."""
    target: str
    """What the figure must be, as written: `<= 0.25`."""
    figure: float
    """What was measured: the median of the rounds."""
    unit: str
    """Of the figure and the target; empty for a ratio."""
    holds: bool
    """Whether the figure meets the target."""
    detail: str
    """How it came about: spread, N, what bounds it."""
