"""Which days of a report to ask for: figures of the last days move, older ones stand."""

from collections.abc import Collection
from datetime import date, timedelta

from msgspec import Struct

from syncer.model.measures import Grain, Measuring
from syncer.reconcile.series import Of


class Reach(Struct, frozen=True):
    """What was read of a report.

    Args:
        since, until: its first and its last day.
        metrics: what it held.
        settled: the day on which the longer window was last asked for.
        doubted: it came back empty where there were figures; a second time it is believed.
    """

    since: date
    until: date
    metrics: frozenset[str]
    settled: date | None = None
    doubted: bool = False


def to_ask(
    reach: Reach | None,
    metrics: Collection[str],
    first: date,
    today: date,
    rules: Measuring,
) -> tuple[date, date]:
    """The first and the last day to ask for now, both included.

    Everything from ``first`` on, where that was not read or another metric is wanted; else the
    trailing window, once a day the longer one, and in any case all since the last time.
    """
    if reach is None or first < reach.since or not set(metrics) <= reach.metrics:
        return min(first, reach.since if reach else first, today), today
    span = rules.window if reach.settled == today else rules.settle
    return max(first, min(today - span, reach.until)), today


def reached(reach: Reach | None, metrics: Collection[str], since: date, today: date) -> Reach:
    """What is read now that an answer from ``since`` on was stored."""
    begun = min(since, reach.since) if reach else since
    return Reach(begun, today, frozenset(metrics), today)


def whole(grain: Grain, since: date) -> date:
    """The first day of what holds a day: months are asked for whole."""
    return since.replace(day=1) if grain is Grain.MONTH else since


def covered(reach: Reach, grain: Grain) -> dict[Of, tuple[date, date]]:
    """First and last day that is known of each metric; the day it was read on was not over."""
    span = (reach.since, reach.until - timedelta(days=1))
    return {(metric, grain): span for metric in reach.metrics}
