"""Results: what a system that only counts is asked, what it answers, and how far to trust it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from syncer.model.rules import NOWHERE, Source

GOALS_REPORT: Final = "goals"
"""The report that the service makes itself, of the metrics that goals are about."""


class Flag(StrEnum):
    """Why a figure is less than exact; kept beside it and shown with it.

    ``OTHER``: rare values were folded into one row. ``RESTRICTED``: our account may not see it.
    """

    SAMPLED = "sampled"
    THRESHOLDED = "thresholded"
    OTHER = "other"
    TRUNCATED = "truncated"
    RESTRICTED = "restricted"


class Grain(StrEnum):
    """How much of time one figure covers. What does not add up is asked for by month."""

    DAY = "day"
    MONTH = "month"


class Property(Struct, frozen=True):
    """A site or an app that is measured, with the zone of its days and the currency of its money.

    ``account`` is the name of what it belongs to.
    """

    id: str
    name: str = ""
    zone: str = "UTC"
    currency: str = ""
    account: str = ""


class Slice(Struct, frozen=True):
    """The part of a property that is a client's, or one of its projects'.

    Args:
        project: the project's name as it stands in ``sync.yaml``; empty for the client itself.
        property: the property's id.
        filters: the vendor's dimension to patterns, of which one must fit (``*`` is any text);
            all dimensions must.
    """

    property: str
    project: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def key(self) -> tuple[str, str]:
        """Property and project: what tells slices of one client apart."""
        return (self.property, self.project)


class Ask(Struct, frozen=True):
    """One report over whole days of the property's zone, first and last included.

    Args:
        report: its name, given back with the answer.
        metrics: the vendor's names.
        dimensions: the vendor's names, besides the day or month.
    """

    report: str
    slice: Slice
    metrics: tuple[str, ...]
    since: date
    until: date
    dimensions: tuple[str, ...] = ()
    grain: Grain = Grain.DAY
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Row(Struct, frozen=True):
    """The figures of one day (of a month: its first day) and one set of dimension values.

    A metric that our account may not see has no value here.
    """

    day: date
    values: Mapping[str, Decimal]
    dimensions: Mapping[str, str] = field(default_factory=dict)


class Answer(Struct, frozen=True):
    """What a report answered, at the vendor's time ``at``. Days without rows had no traffic.

    ``flags`` are of the whole answer; ``restricted`` are metrics that our account may not see.
    """

    ask: Ask
    rows: tuple[Row, ...]
    at: datetime
    zone: str = "UTC"
    currency: str = ""
    flags: frozenset[Flag] = frozenset()
    restricted: frozenset[str] = frozenset()


class Figure(Struct, frozen=True):
    """One stored number: a metric of a report on one day, with its flags.

    ``value`` is None where our account may not see it. ``project`` is as in :class:`Slice`.
    """

    connection: str
    property: str
    project: str
    report: str
    grain: Grain
    day: date
    metric: str
    value: Decimal | None
    read_at: datetime
    dimensions: Mapping[str, str] = field(default_factory=dict)
    currency: str = ""
    flags: frozenset[Flag] = frozenset()


class Measure(Struct, frozen=True):
    """A word that goals may use, and the metric that counts it.

    Args:
        name: as people write it; a last ``*`` stands for a name (``key event *``).
        metric: the vendor's; a ``*`` takes that name.
        per: for a rate: the metric to divide by.
        money: it is an amount in the property's currency.
        adds_up: whether days may be added; otherwise it is asked for by month.
    """

    name: str
    metric: str
    per: str | None = None
    money: bool = False
    adds_up: bool = True


class ReportLine(Struct, frozen=True):
    """A report that a mapping names. ``of`` says whose slices it is asked for."""

    name: str
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    of: frozenset[str] = frozenset({"client", "project"})
    source: Source = NOWHERE

    def asked_for(self, part: Slice) -> bool:
        """Whether it is asked for in a slice."""
        return ("project" if part.project else "client") in self.of


class Every(StrEnum):
    """How often results may move: at the end of each day, or of each week (Sunday)."""

    DAY = "day"
    WEEK = "week"


class Measuring(Struct, frozen=True):
    """A variant of the mapping file of a system that only counts.

    Args:
        measures: by name, what goals may be about.
        window: days before today that are asked for again in every cycle; ``settle`` once a day.
        every: how often results are drawn up anew; ``digits``: how many digits of a figure count.
    """

    system: str
    variant: str
    source: Source = NOWHERE
    measures: Mapping[str, Measure] = field(default_factory=dict)
    reports: tuple[ReportLine, ...] = ()
    window: timedelta = timedelta(days=3)
    settle: timedelta = timedelta(days=14)
    every: Every = Every.DAY
    digits: int = 3
