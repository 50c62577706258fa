"""Figures for tests of goals: so many a day, told the way the state tells them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from syncer.model.measures import GOALS_REPORT, Figure, Flag, Grain
from syncer.reconcile.series import Figures, gathered

READ = datetime(2026, 11, 22, 6, tzinfo=UTC)


def days(since: date, until: date) -> list[date]:
    """Every day, first and last included."""
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]


def row(
    metric: str,
    day: date,
    value: object,
    *,
    grain: Grain = Grain.DAY,
    currency: str = "",
    flags: Iterable[Flag] = (),
) -> Figure:
    """One stored figure; None is one that our account may not see."""
    number = None if value is None else Decimal(str(value))
    return Figure(
        connection="analytics",
        property="412345678",
        project="",
        report=GOALS_REPORT,
        grain=grain,
        day=day,
        metric=metric,
        value=number,
        read_at=READ,
        currency=currency,
        flags=frozenset(flags),
    )


def daily(since: date, until: date, *, currency: str = "EUR", **a_day: object) -> Figures:
    """The same number of each metric on every day of the days that were asked for."""
    rows = [row(m, d, v, currency=currency) for m, v in a_day.items() for d in days(since, until)]
    return gathered(rows, {(m, Grain.DAY): (since, until) for m in a_day}, currency)


def by_day(
    metric: str,
    values: Mapping[date, object],
    covered: tuple[date, date],
    *,
    currency: str = "EUR",
) -> Figures:
    """One metric with the figures of single days."""
    rows = [row(metric, day, value, currency=currency) for day, value in values.items()]
    return gathered(rows, {(metric, Grain.DAY): covered}, currency)
