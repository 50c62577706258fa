"""``docs/performance.md``, written from what was measured."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from tests.bench.bounds import BOUNDS
from tests.bench.course import (
    BARE,
    BATCH,
    CARDS_CHANGED,
    CARDS_IDLE,
    CHANGED,
    DLT_FIRST,
    DLT_IDLE,
    ECHO,
    FIRST,
    FULL,
    HELP,
    IDLE,
    TAP,
    Course,
)
from tests.bench.environments import HERE, PEERS, ROOT
from tests.bench.goal import Goal
from tests.bench.ratios import readable, spread
from tests.bench.scale import FULL as FULL_SCALE

PAGE: Final = ROOT / "docs" / "performance.md"
_BEGIN: Final = (Path(__file__).parent / "beginning.md").read_text(encoding="utf-8")
_PHASES: Final = (
    "Each is a whole process, from its start to its end: median CPU (user and system), median"
    " wall time, highest peak of memory, and requests of ours as the server counted them."
)
_PER_RECORD: Final = (FIRST, ECHO, FULL, DLT_FIRST, TAP, BARE, CARDS_IDLE)
_WHOLE: Final = (IDLE, DLT_IDLE, HELP)
_PER_CHANGED: Final = (CHANGED, CARDS_CHANGED)


def written(goals: Sequence[Goal], courses: Sequence[Course], sections: Sequence[str]) -> str:
    """The page: how it was measured, the goals, the phases, and what modules add of their own."""
    held = {goal.number for goal in goals} - {goal.number for goal in goals if not goal.holds}
    numbers = sorted({goal.number for goal in goals})
    parts = [
        _BEGIN.strip(),
        "\n".join(_machine(courses)),
        "## Goals",
        f"{len(held)} of {len(numbers)} hold. A figure is the median of its turns.",
        _table(
            ("goal", "what", "target", "figure", "holds", "how it came about"), map(_row, goals)
        ),
        *_bounds(goals, held),
        "## Phases",
        _PHASES,
        *_phases(courses),
        *sections,
    ]
    return "\n\n".join(parts) + "\n"


def _machine(courses: Sequence[Course]) -> Iterator[str]:
    """What it ran on, and beside which versions."""
    yield "## This measurement"
    yield ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[2]
    yield f"- Taken on {datetime.now(UTC):%Y-%m-%d} with {python}"
    yield f"  on {platform.system()} {platform.machine()}, {cores} cores ({_model()})."
    if load > cores:
        yield f"- The machine had other work as well: its load was {load:.0f}. Ratios bear that, absolute"
        yield "  figures less so."
    if max((one.count for one in courses), default=0) < FULL_SCALE.large:
        yield f"- The goals speak of {FULL_SCALE.small:,} and {FULL_SCALE.large:,} records. These are fewer, so"
        yield "  start-up weighs more here, and growth is told from few."
    peers = ", ".join((HERE / f"{peer}.in").read_text().strip() for peer in PEERS)
    yield f"- Beside {peers}."
    for one in _ordered(courses):
        rounds = len(one.costs[FIRST])
        how = "100 a call" if one.batch == BATCH else "one a request"
        yield f"- {one.count:,} records, writes {how}: {rounds} round{'s' * (rounds > 1)}."


def _model() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else "unknown"


def _row(goal: Goal) -> Sequence[str]:
    holds = "yes" if goal.holds else f"**no**{_by(goal)}"
    figure = f"{readable(goal.figure)} {goal.unit}".strip()
    return str(goal.number), goal.name, goal.target, figure, holds, goal.detail


def _by(goal: Goal) -> str:
    """By how much it does not hold."""
    word, target = goal.target.split(" ")[:2]
    try:
        most = float(target)
    except ValueError:
        return ""
    if word == "<=" and most:
        return f", {readable(goal.figure / most)} times as much"
    return f", by {abs(goal.figure - most):.2g}"


def _bounds(goals: Sequence[Goal], held: set[int]) -> Iterator[str]:
    missed = [number for number in BOUNDS if number in {g.number for g in goals} - held]
    if missed:
        yield "What bounds those that do not hold:"
        yield "\n".join(f"- **{number}**: {BOUNDS[number]}" for number in missed)


def _phases(courses: Sequence[Course]) -> Iterator[str]:
    for one in _ordered(courses):
        how = "100 a call" if one.batch == BATCH else "one a request"
        yield f"### {one.count:,} records, writes {how}"
        head = ("phase", "CPU", "wall", "peak", "requests")
        kinds = (
            (_PER_RECORD, one.count, "a record"),
            (_PER_CHANGED, one.changed, "a changed record"),
            (_WHOLE, 1, ""),
        )
        rows = [
            _phase(one, phase, per, unit)
            for phases, per, unit in kinds
            for phase in phases
            if phase in one.costs
        ]
        yield _table(head, rows)


def _ordered(courses: Sequence[Course]) -> list[Course]:
    return sorted(courses, key=lambda one: (-one.batch, one.count))


def _phase(one: Course, phase: str, per: int, unit: str) -> Sequence[str]:
    costs = one.costs[phase]
    cpu = one.cpu(phase, per)
    figures = [value * 1e6 for value in cpu] if unit else cpu
    said = f"{median(figures):,.0f} us {unit}" if unit else f"{median(figures):.2f} s"
    return (
        phase,
        f"{said} ({spread(figures)})",
        f"{median(cost.wall for cost in costs):.1f} s",
        f"{max(cost.peak for cost in costs):.0f} MB",
        str(one.requests.get(phase, "")),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
