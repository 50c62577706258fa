"""Goals as the account manager writes them, and how far a client or project has come."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from syncer.model.measures import Flag, Measure

GOALS: Final = "goals"
"""The field in which goals are written, one a line."""

RESULTS: Final = "results"
"""The field in which results are told in words; its companions begin with the same word.

``_value``, ``_share`` (in percent), ``_projection`` and ``_pace`` are of the first goal (a rate is
told in percent, too); ``_behind`` counts the goals that are behind; ``_as_of`` is the last day that counts; ``_flags``
say how sure the figures are; ``_weekly`` tells it in words once a week and then stands.
"""


class Goal(Struct, frozen=True):
    """One line that could be read.

    Args:
        line: as it was written, without bullets and marks; ``number`` counts lines from 1.
        measure: what it is about, resolved: a ``*`` in its metric is filled in.
        target: the number to reach; of a rate the share (0.55 for 55 %).
        at_most: the target is not to be exceeded (rates only).
        unit: the currency of money, if it was written.
        growth: instead of ``target``: how much more than last year (0.1 for +10 %).
        monthly: each calendar month is judged by itself.
        since: first day that counts, where it was written.
        until: last day that counts, where it was written.
    """

    line: str
    number: int
    measure: Measure
    target: Decimal | None
    at_most: bool = False
    unit: str = ""
    growth: Decimal | None = None
    monthly: bool = False
    since: date | None = None
    until: date | None = None


class Fault(Struct, frozen=True):
    """A line that could not be read: what is wrong, and how to write it.

    Args:
        line, number: as of a :class:`Goal`.
        problem: what is wrong, in words that begin no sentence.
        fix: what to do, in words that follow a semicolon: ``write "sessions >= 500 per month"``.
    """

    line: str
    number: int
    problem: str
    fix: str

    def __str__(self) -> str:
        return f'line {self.number} ("{self.line}"): {self.problem}; {self.fix}'


class Goals(Struct, frozen=True):
    """All lines of one text."""

    goals: tuple[Goal, ...] = ()
    faults: tuple[Fault, ...] = ()


class Pace(StrEnum):
    """How a goal stands: by the projection while its time runs, by the value when it is over.

    ``MET`` is also a running goal whose target is reached for good. ``WAITING`` has not begun;
    ``UNKNOWN`` cannot be judged: it has no figures, or no last day.
    """

    AHEAD = "ahead"
    ON_TRACK = "on track"
    BEHIND = "behind"
    MET = "met"
    MISSED = "missed"
    WAITING = "waiting"
    UNKNOWN = "unknown"


class Standing(Struct, frozen=True):
    """How one goal stands in one period (of a monthly goal: one calendar month).

    Args:
        since, until: the period's first and last day; ``until`` None is open-ended.
        as_of: the last day whose figures are in ``value``.
        value: so far; None without figures. ``target`` is the number it is judged by.
        share: value of target (1 is all of it).
        projection: what it will be at the end if it goes on as lately; None where that cannot be said.
        basis: on what the projection rests, in words.
        flags: of all figures that are in it. ``currency`` of money.
    """

    goal: Goal
    pace: Pace
    since: date
    until: date | None
    as_of: date
    value: Decimal | None = None
    target: Decimal | None = None
    share: Decimal | None = None
    projection: Decimal | None = None
    basis: str = ""
    flags: frozenset[Flag] = field(default_factory=frozenset)
    currency: str = ""
