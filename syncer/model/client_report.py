"""The client's report: what one page tells of the results and of the work, for whom.

What a client may see is an allow list twice over. A :class:`Page` has no field for anything
else: people, prices, proposals, holds and rules stand in an :class:`Inside`, which only the
agency's page has. And it is drawn from the canonical fields of :data:`~syncer.model.client_parts.DRAWN` alone, so that a
field added later stays inside until somebody writes its name there.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from syncer.model.client_parts import Part
from syncer.model.goals import Pace
from syncer.model.measures import Flag


class Point(Struct, frozen=True):
    """A number on a day; None where there is none: a line is broken there."""

    day: date
    value: Decimal | None


class Span(Struct, frozen=True):
    """Whole days, first and last included."""

    since: date
    until: date


class Mark(Struct, frozen=True):
    """A day that a plot shows by a line across it: the launch, as agreed now."""

    day: date
    text: str


class Shape(StrEnum):
    """How numbers over time are drawn: added up, a bar for each month, a line."""

    SUM = "sum"
    MONTHS = "months"
    LINE = "line"


class Plot(Struct, frozen=True):
    """Numbers over time.

    Args:
        unit: a currency, ``%`` (of values that are shares: 0.55), or nothing.
        goal: what was to be reached, a line from point to point.
        projection: from where things stand to where they will be.
    """

    shape: Shape
    values: tuple[Point, ...]
    unit: str = ""
    goal: tuple[Point, ...] = ()
    projection: tuple[Point, ...] = ()
    marks: tuple[Mark, ...] = ()


class Period(Struct, frozen=True):
    """How a goal stands, or stood, in one period.

    Args:
        until: None is open-ended. ``as_of`` is the last day whose figures count.
        share: of the target (1 is all of it).
        basis: on what the projection rests.
    """

    since: date
    until: date | None
    as_of: date
    pace: Pace
    value: Decimal | None = None
    target: Decimal | None = None
    share: Decimal | None = None
    projection: Decimal | None = None
    basis: str = ""
    flags: tuple[Flag, ...] = ()


class GoalTold(Struct, frozen=True):
    """A goal, and how it stands.

    Args:
        measure: what it is about.
        target: the number as it was written; of a rate the share. None where ``growth`` says it.
        earlier: months that are over, oldest first.
    """

    measure: str
    now: Period
    unit: str = ""
    target: Decimal | None = None
    at_most: bool = False
    growth: Decimal | None = None
    monthly: bool = False
    earlier: tuple[Period, ...] = ()
    plot: Plot | None = None


class Column(Struct, frozen=True):
    """A number that a breakdown counts."""

    name: str
    unit: str = ""


class Entry(Struct, frozen=True):
    """A line of a breakdown: what it is about, and its numbers (None: not to be seen)."""

    labels: tuple[str, ...]
    values: tuple[Decimal | None, ...]


class Breakdown(Struct, frozen=True):
    """A report of the mapping, added up over the time in question, largest first.

    Args:
        total: of all entries, also of the ``left_out`` ones that are too small to be listed.
        unadded: numbers that cannot be told for a time: they do not add up over days.
    """

    name: str
    span: Span
    dimensions: tuple[str, ...]
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    total: tuple[Decimal | None, ...]
    left_out: int = 0
    unadded: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


class Move(Struct, frozen=True):
    """The deadline was agreed, or agreed anew. ``before`` is None the first time."""

    at: datetime | None
    before: date | None
    after: date | None


class Deadline(Struct, frozen=True):
    """When a project is to go out, and how that came about, oldest first."""

    launch: date | None
    start: date | None = None
    moves: tuple[Move, ...] = ()


class Tasks(Struct, frozen=True):
    """The work in numbers, as of a day.

    Args:
        soon: to be done within the next two weeks; ``undated`` have no day.
        plot: done so far, against what was to be done by then.
    """

    as_of: date
    total: int
    done: int
    overdue: int = 0
    soon: int = 0
    undated: int = 0
    plot: Plot | None = None


class Section(Struct, frozen=True):
    """A project, or (the first one, where it has anything to tell) the client as such.

    Args:
        measured: whether there are any figures of it; ``shared``: they are of the whole client,
            as the project has none of its own. What they come from is told with the client.
    """

    name: str
    project: bool
    measured: bool = False
    goals: tuple[GoalTold, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    deadline: Deadline | None = None
    tasks: Tasks | None = None
    shared: bool = False


class Page(Struct, frozen=True):
    """What a client sees: nothing about people, money agreed with us, or how we work.

    Args:
        key: the client's key in ``sync.yaml``.
        day: the day it is of, in the client's ``zone``; ``made_at`` the moment.
        span: of what is broken down, and of the plots where that was asked for.
        parts: what was to stand on it.
    """

    key: str
    client: str
    zone: str
    made_at: datetime
    day: date
    span: Span
    parts: tuple[Part, ...] = tuple(Part)
    sections: tuple[Section, ...] = ()
