"""Times that people type."""

from datetime import UTC, date, datetime, time

import typer


def moment_typed(text: str, option: str = "--since") -> datetime:
    """A day (its beginning) or a time, in UTC unless it says otherwise."""
    for kind in (_day, datetime.fromisoformat):
        try:
            found = kind(text.strip())
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise typer.BadParameter("write it like 2026-01-31 or 2026-01-31T09:30", param_hint=option)


def _day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), time(), UTC)
