"""Words of the story."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from syncer.cli.demo.people import Thing
from syncer.cli.stand import ZONE

PROJECT: Final = "Website relaunch"

_DAY_ENDS: Final = time(17, 0)
"""What the shipped mapping of Trello takes for "on that day"."""


def titles(
    places: Mapping[str, Thing], things: Callable[[str], list[Thing]]
) -> dict[str, list[str]]:
    """The names of the things in each place."""
    return {name: [thing["name"] for thing in things(name)] for name in places}


def counted(found: Mapping[str, list[str]]) -> str:
    """How many tasks there are in each place."""
    parts = [f'{len(titles)} tasks in "{name}"' for name, titles in sorted(found.items())]
    return " and ".join(parts) or "nothing"


def evening(day: date) -> str:
    """How Trello shows a day: by the time that stands for all of it."""
    moment = datetime.combine(day, _DAY_ENDS, ZoneInfo(ZONE)).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
