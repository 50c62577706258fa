"""Days as people write them in a goal: ``2026-12-31``, ``31 Dec 2026``, ``December 31, 2026``."""

import calendar
import re
from contextlib import suppress
from datetime import date
from typing import Final

from syncer.reconcile.goal_faults import Wrong

YEARS: Final = range(2000, 2200)
"""Years of four digits in which a goal may lie."""

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>[0-9]{4})(?![0-9])"
_DAY = r"(?P<day>[0-9]{1,2})"
_FORMS = (
    re.compile(rf"{_YEAR}-(?P<number>[0-9]{{2}})-(?P<day>[0-9]{{2}})(?![0-9])"),
    re.compile(rf"(?<![0-9]){_DAY}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}", re.I),
    re.compile(rf"{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}", re.I),
)
_TURNED = re.compile(rf"{_YEAR}[-/.](?P<number>[0-9]{{1,2}})[-/.](?P<day>[0-9]{{1,2}})")
_MIXED = re.compile(r"(?P<one>[0-9]{1,2})[-/.](?P<two>[0-9]{1,2})[-/.](?P<year>[0-9]{4}|[0-9]{2})")
_COARSE = re.compile(rf"(?:(?:the\s+)?(?:end|start)\s+of\s+)?(?:{_MONTH}\s+)?{_YEAR}", re.I)


def read_day(text: str, *, first: bool) -> date:
    """The day that a text names. Raises :class:`Wrong`, with what may have been meant.

    Args:
        first: of a month or a year the first day may be meant, otherwise the last.
    """
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _usable(text, found)
    raise Wrong(_problem(text), text, tuple(day.isoformat() for day in _meant(text, first=first)))


def days_in(text: str) -> list[tuple[int, int, date]]:
    """Start, end and day of everything in a text that names a day clearly."""
    found = [match for form in _FORMS for match in form.finditer(text)]
    dated = [(match.start(), match.end(), _date(match)) for match in found]
    return sorted((start, end, day) for start, end, day in dated if day)


def _usable(text: str, found: re.Match[str]) -> date:
    day = _date(found)
    if day is None:
        rights = [last.isoformat() for last in [_last(found)] if last]
        raise Wrong(f"there is no day {text}", text, tuple(rights))
    return day


def _last(found: re.Match[str]) -> date | None:
    """The last day of the month in which a day is named that does not exist."""
    year, month, day = _numbers(found)
    return _end(year, month) if 1 <= month <= 12 and 28 < day <= 31 else None


def _problem(text: str) -> str:
    if len(_meant(text, first=True)) > 1:
        return f"{text} may be read in two ways"
    if _COARSE.fullmatch(text):
        return f"{text} does not say which day"
    return f"{text} is not a day as it is written here" if text else "the day is missing"


def _meant(text: str, *, first: bool) -> list[date]:
    """The days that a text may mean, the likeliest first."""
    if turned := _TURNED.fullmatch(text):
        return [day for day in [_date(turned)] if day]
    if mixed := _MIXED.fullmatch(text):
        year = int(mixed["year"]) + (2000 if len(mixed["year"]) == 2 else 0)
        ways = {(int(mixed["one"]), int(mixed["two"])), (int(mixed["two"]), int(mixed["one"]))}
        return sorted(day for one, two in ways if (day := _made(year, two, one)))
    if coarse := _COARSE.fullmatch(text):
        return [day for day in [_edge(coarse, first=first)] if day]
    return [day for _, _, day in days_in(text)]


def _edge(found: re.Match[str], *, first: bool) -> date | None:
    year = int(found["year"])
    month = _month(found["month"]) if found["month"] else (1 if first else 12)
    return _made(year, month, 1) if first else _end(year, month)


def _end(year: int, month: int) -> date | None:
    return _made(year, month, calendar.monthrange(year, month)[1]) if year in YEARS else None


def _date(found: re.Match[str]) -> date | None:
    return _made(*_numbers(found))


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day as they are written."""
    parts = found.groupdict()
    month = int(parts["number"]) if "number" in parts else _month(parts["month"])
    return int(parts["year"]), month, int(parts["day"])


def _month(name: str) -> int:
    return next(at for at, full in enumerate(MONTHS, 1) if full.startswith(name.lower()[:3]))


def _made(year: int, month: int, day: int) -> date | None:
    if year in YEARS:
        with suppress(ValueError):
            return date(year, month, day)
    return None
