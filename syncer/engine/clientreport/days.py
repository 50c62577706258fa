"""Days of the page, in the client's zone."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from syncer.model.client_report import Point, Span


def each_day(since: date, until: date) -> Iterator[date]:
    """Every day, first and last included."""
    for number in range((until - since).days + 1):
        yield since + timedelta(days=number)


def running_total(on: Iterable[date], since: date, until: date) -> tuple[Point, ...]:
    """How many of these days have come, day by day; earlier ones count from the first on."""
    per: dict[date, int] = {}
    for one in on:
        at = max(one, since)
        per[at] = per.get(at, 0) + 1
    total, points = 0, []
    for one in each_day(since, until):
        total += per.get(one, 0)
        points.append(Point(one, Decimal(total)))
    return tuple(points)


def within(points: Iterable[Point], span: Span | None) -> tuple[Point, ...]:
    """Those of the span; all, where none was asked for."""
    return tuple(p for p in points if span is None or span.since <= p.day <= span.until)
