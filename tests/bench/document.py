"""``docs/performance.md``, written from what was measured."""

from tests.bench.environments import ROOT
from tests.bench.goal import Goal

PAGE = ROOT / "docs" / "performance.md"


def written(goals: list[Goal]) -> str:
    """The page."""
    lines = [f"| {g.number} | {g.name} | {g.figure:.3g} | {g.target} |" for g in goals]
    return "\n".join(["# Performance", "", *lines, ""])
