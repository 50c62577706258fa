"""Figures of one slice as sums over days are made of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct, field

from syncer.model.measures import Figure, Flag, Grain
from syncer.reconcile.exact import total

Of = tuple[str, Grain]
"""A metric (the vendor's name) and how much of time one figure of it covers."""

UNREAD = "no figures have been read yet"
HIDDEN = "our account may not see these figures"


class Series(Struct, frozen=True):
    """What was counted of one metric.

    Args:
        values: by day (of a month: its first); None where our account may not see it.
        flags, currencies: by day, where there are any.
        since, until: first and last day that was asked for. Between them a day without a figure
            had nothing to count; outside nobody knows.
    """

    since: date
    until: date
    values: Mapping[date, Decimal | None] = field(default_factory=dict)
    flags: Mapping[date, frozenset[Flag]] = field(default_factory=dict)
    currencies: Mapping[date, str] = field(default_factory=dict)


class Figures(Struct, frozen=True):
    """Everything that was counted of one slice. ``currency`` is the property's."""

    series: Mapping[Of, Series] = field(default_factory=dict)
    currency: str = ""


class Sum(Struct, frozen=True):
    """A sum over days; where ``value`` is None, ``reason`` says why."""

    value: Decimal | None
    flags: frozenset[Flag] = frozenset()
    currencies: frozenset[str] = frozenset()
    reason: str = ""


def gathered(
    figures: Iterable[Figure], covered: Mapping[Of, tuple[date, date]], currency: str = ""
) -> Figures:
    """The figures of one slice and one report, in any order; dimensions are added up.

    Args:
        covered: first and last day that was asked for, of every metric that was; a metric that
            is not among them was not read.
        currency: the property's, which is meant where nothing was counted.
    """
    rows: dict[Of, dict[date, list[Figure]]] = {of: defaultdict(list) for of in covered}
    for one in figures:
        if (one.metric, one.grain) in rows:
            rows[one.metric, one.grain][one.day].append(one)
    found = {of: _series(days, *covered[of]) for of, days in rows.items()}
    return Figures(found, currency)


def _series(days: Mapping[date, list[Figure]], since: date, until: date) -> Series:
    values: dict[date, Decimal | None] = {}
    for day, rows in days.items():
        known = [row.value for row in rows if row.value is not None]
        values[day] = total(known) if len(known) == len(rows) else None
    flags = {day: frozenset(f for row in rows for f in row.flags) for day, rows in days.items()}
    money = {day: sorted({row.currency for row in rows}) for day, rows in days.items()}
    return Series(since, until, values, flags, {day: "/".join(one) for day, one in money.items()})


def over(figures: Figures, of: Of, since: date, until: date) -> Sum:
    """The sum of these days, both included; a month counts as the first of its days.

    Of months the one that holds ``since`` is the first.
    """
    series = figures.series.get(of)
    first = since.replace(day=1) if of[1] is Grain.MONTH else since
    if series is None or series.until < first:
        return Sum(None, reason=UNREAD)
    if series.since > first:
        return Sum(None, reason=f"figures are known from {series.since} on only")
    days = sorted(day for day in series.values if first <= day <= until)
    flags = frozenset(flag for day in days for flag in series.flags.get(day, ()))
    currencies = frozenset(filter(None, (series.currencies.get(day) for day in days)))
    values = [value for day in days if (value := series.values[day]) is not None]
    if len(values) < len(days):
        return Sum(None, flags | {Flag.RESTRICTED}, currencies, HIDDEN)
    return Sum(total(values), flags, currencies)
