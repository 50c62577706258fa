"""The whole checked configuration, as the engine takes it."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field

from syncer.model.client_parts import Part
from syncer.model.contact import ContactRules
from syncer.model.entities import BUILTIN, Schema
from syncer.model.mapping import SystemMapping
from syncer.model.measures import Measuring
from syncer.model.people import Person
from syncer.model.rules import Ownership, Source
from syncer.model.structs import Discreet
from syncer.model.texts import Balance, Texts

ALERT_AFTER: Final = timedelta(hours=2)
"""How long a client may be out of step before somebody is told."""


class Mode(StrEnum):
    """``OBSERVE`` decides, journals and reports, and writes nothing to any vendor."""

    SYNC = "sync"
    OBSERVE = "observe"


class HeadsUp(StrEnum):
    """``IN_TOOLS``: held edits are put back, and people hear of it where they work.

    ``CLI_ONLY``: they are put back although nobody is told in a tool. ``KEEP`` leaves a held edit
    standing in its tool and lists it; nobody is told either.
    """

    IN_TOOLS = "in-tools"
    CLI_ONLY = "cli-only"
    KEEP = "keep"


class Limits(Struct, frozen=True):
    """What a plan may do before a person must agree. Shares are of what is linked.

    ``floor``: below this many linked records a share is not asked after, and no share allows
    fewer than this. ``archives`` holds whatever the shares say. ``after_change`` and its share
    are of all writes, in the first run after the configuration changed.
    """

    archives: int = 10
    archive_share: float = 0.2
    update_share: float = 0.5
    remaps: int = 10
    after_change: int = 25
    after_change_share: float = 0.1
    floor: int = 10


class Intervals(Struct, frozen=True):
    """How old cached knowledge may get, when everything is compared, when failures are retried.

    A first failure is retried after ``first_retry``; each further one doubles the pause, up to
    ``longest_retry``.
    """

    definitions: timedelta = timedelta(hours=1)
    people: timedelta = timedelta(hours=6)
    scopes: timedelta = timedelta(minutes=15)
    full_compare: timedelta = timedelta(hours=24)
    first_retry: timedelta = timedelta(minutes=5)
    longest_retry: timedelta = timedelta(hours=24)


class Keep(Struct, frozen=True):
    """How long what was measured is kept, with last year's, which goals compare with; and how long
    the journal has lines about our own writes.
    """

    metrics: timedelta = timedelta(days=1100)
    journal: timedelta = timedelta(days=90)


class Connection(Discreet, Struct, frozen=True):
    """An adapter with one set of credentials. ``options`` is the adapter's checked Options.

    ``timeout`` is in seconds, for each request.
    ``secrets_at`` says where each secret option is written, by its key.
    """

    HIDDEN = frozenset({"secrets"})

    name: str
    adapter: str
    options: Any
    share: float
    source: Source
    secrets: tuple[str, ...] = ()
    timeout: float = 60
    secrets_at: Mapping[str, Source] = field(default_factory=dict)


class ClientConfig(Struct, frozen=True):
    """One client of the agency: where it lives and how it is read.

    ``scopes`` and ``mappings`` are by connection name; ``measuring`` as well, for connections
    to systems that only count. ``siblings``: twins name each other's addresses, where a mapping
    has a place for that.
    to systems that only count.
    ``first_contact`` says what becomes of what the systems held when they were first met.
    """

    key: str
    name: str
    zone: str
    scopes: Mapping[str, Any]
    mappings: Mapping[str, SystemMapping]
    source: Source
    mode: Mode = Mode.SYNC
    measuring: Mapping[str, Measuring] = field(default_factory=dict)
    siblings: bool = True
    first_contact: ContactRules = field(default_factory=ContactRules)


class Configuration(Discreet, Struct, frozen=True):
    """Everything ``config/`` and ``mappings/`` say.

    ``alerts`` are addresses at which ops hear of trouble; that a client is not in step is one after
    ``alert_after``. ``for_client`` says what may stand on a report that a client gets.
    ``broken`` holds clients whose own part is wrong: only they are stopped.
    """

    HIDDEN = frozenset({"state", "alerts"})

    root: Path
    state: str  # a database URL may hold a password
    connections: Mapping[str, Connection]
    clients: Mapping[str, ClientConfig]
    ownership: Ownership
    people: Mapping[str, Person]
    schema: Schema = field(default_factory=lambda: BUILTIN)
    limits: Limits = field(default_factory=Limits)
    intervals: Intervals = field(default_factory=Intervals)
    keep: Keep = field(default_factory=Keep)
    heads_up: HeadsUp = HeadsUp.IN_TOOLS
    balance: Balance = field(default_factory=Balance)
    texts: Texts = field(default_factory=lambda: Texts({}))
    alerts: tuple[str, ...] = ()  # addresses hold tokens
    alert_after: timedelta = ALERT_AFTER
    for_client: tuple[Part, ...] = tuple(Part)
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def systems(self) -> dict[str, str]:
        """Connection name to the system it speaks to."""
        return {name: connection.adapter for name, connection in self.connections.items()}
