"""What a report is asked for."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.client_report import Span
from syncer.model.configuration import ClientConfig

LATELY: Final = timedelta(days=89)
"""So far before its last day a breakdown begins, unless a time is asked for."""


class NoSuchProject(Exception):
    """Nobody knows a project of this name; ``known`` are those there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name, self.known = name, tuple(known)
        super().__init__(f'there is no project "{name}"')


class Wanted(Struct, frozen=True):
    """What a report is asked for.

    Args:
        now: the moment it is made at.
        project: one project only, by its name or id.
        since, until: days that breakdowns and plots are of, both included.
    """

    client: ClientConfig
    now: datetime
    project: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its days."""
        return ZoneInfo(self.client.zone)

    @property
    def today(self) -> date:
        """The day it is made on."""
        return self.now.astimezone(self.zone).date()

    @property
    def span(self) -> Span:
        """The time asked for; else about the last three months, whole days only."""
        until = self.until or self.today - timedelta(days=1)
        return Span(self.since or min(until, until - LATELY), until)

    @property
    def clip(self) -> Span | None:
        """The time to which plots are cut; None where none was asked for."""
        return self.span if self.since or self.until else None
