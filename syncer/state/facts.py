"""What the state itself knows about clients and their cycles."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct, field

ALL_CLIENTS: Final = "*"
"""Pausing this key pauses every client."""


class CycleStatus(StrEnum):
    """How a cycle stands or ended. ``KILLED``: it never said goodbye; found by the next one."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    KILLED = "killed"


class Cycle(Struct, frozen=True):
    """One cycle of one client.

    ``counts`` is for reports: numbers by name. ``text`` is one line on how it ended.
    ``full``: everything was compared, not only what feeds told.
    """

    id: str
    client: str
    started_at: datetime
    finished_at: datetime | None = None
    status: CycleStatus = CycleStatus.RUNNING
    full: bool = False
    counts: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


class ClientState(Struct, frozen=True):
    """What is remembered about a client as a whole."""

    key: str
    paused_since: datetime | None = None
    last_ok_at: datetime | None = None
    last_full_at: datetime | None = None
