"""Where the axes of a plot have their marks, and what stands there."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from syncer.report.page.words import MONTHS, PERCENT

_SIZES: Final = ((1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k"))


def day_ticks(since: date, until: date, most: int) -> list[tuple[date, str]]:
    """At most so many days to name between two, at even steps, with their names."""
    for step in (1, 2, 7, 14):
        if (until - since).days // step < most:
            days = _by_days(since, until, step)
            return [(day, f"{day.day} {MONTHS[day.month - 1]}") for day in days]
    months = _months(since, until)
    step = next((s for s in (1, 2, 3, 6) if len(months) <= s * most), 12)
    if len(months) > step * most:
        step = 12 * -(-len(months) // (12 * most))
    kept = [day for day in months if ((day.year * 12) + day.month - 1) % step == 0]
    return [(day, month_name(day, first=at == 0)) for at, day in enumerate(kept)]


def month_name(day: date, *, first: bool) -> str:
    """``Nov``; the first one and each January with the year below."""
    name = MONTHS[day.month - 1]
    return f"{name}\n{day.year}" if first or day.month == 1 else name


def _by_days(since: date, until: date, step: int) -> list[date]:
    return [since + timedelta(days=n) for n in range(0, (until - since).days + 1, step)]


def _months(since: date, until: date) -> list[date]:
    found = [since] if since.day == 1 else []
    year, month = since.year, since.month
    while (later := date(year + month // 12, month % 12 + 1, 1)) <= until:
        found.append(later)
        year, month = later.year, later.month
    return found


def short_number(value: float, unit: str, largest: float = 0) -> str:
    """``40k``, ``1.5M``, ``55 %``: what fits beside an axis that goes up to ``largest``."""
    if unit == PERCENT:
        return f"{_plain(value * 100)} %"
    size, letter = next((s for s in _SIZES if max(abs(value), largest) >= s[0] * 10), (1, ""))
    return f"{Decimal(_plain(value / size)):,}{letter if value else ''}"


def _plain(value: float) -> str:
    return f"{round(value, 2):g}" if abs(value) < 1000 else f"{value:.0f}"
