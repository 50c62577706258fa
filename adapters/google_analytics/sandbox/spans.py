"""Date ranges: days in the property's zone, named or counted back (guide, 5)."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from msgspec import Struct

from adapters.google_analytics.sandbox.answers import invalid

Json = Mapping[str, Any]

MOST_RANGES: Final = 4
_AGO: Final = re.compile(r"(\d{1,5})daysAgo")


class Span(Struct, frozen=True):
    """A range of days, both ends included, by its name."""

    name: str
    since: date
    until: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1


def ranges(told: Json, today: date) -> tuple[Span, ...]:
    """The date ranges of a report. Raises :class:`Refusal` for those the vendor does not take.

    Args:
        today: in the property's zone.
    """
    found = told.get("dateRanges", ())
    if not found:
        raise invalid("A dateRange is required.")
    if len(found) > MOST_RANGES:
        raise invalid(f"Requests are limited to {MOST_RANGES} dateRanges.")
    spans = []
    for number, one in enumerate(found):
        name = one.get("name", "")
        if name.startswith(("date_range_", "RESERVED_")):
            raise invalid(f"The name {name} of a dateRange must not begin with a reserved word.")
        since, until = (_day(one.get(key, ""), today, key) for key in ("startDate", "endDate"))
        if since > until:
            raise invalid(f"The startDate {since} must not be after the endDate {until}.")
        spans.append(Span(name or f"date_range_{number}", since, until))
    return tuple(spans)


def _day(text: str, today: date, key: str) -> date:
    relative = {"today": 0, "yesterday": 1}.get(text)
    if ago := _AGO.fullmatch(text):
        relative = int(ago[1])
    if relative is not None:
        return today - timedelta(relative)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise invalid(
        f"Invalid {key} {text}. Dates must be in the format YYYY-MM-DD, NdaysAgo, yesterday or today."
    )
