"""Who owns what: the checked content of ``config/ownership.yaml``."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec import field as factory

NOBODY: Final = "nobody"
"""The role of an editor we do not know: a guest, a stranger, an unnamed robot."""

ANYONE: Final = "*"
"""Key of the policy for every role that is not named."""


class Source(Struct, frozen=True, order=True):
    """Where in the configuration something was written; ``line`` and ``column`` count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return _where(self.file, self.line)


@lru_cache(maxsize=10_000)
def _where(file: str, line: int) -> str:
    """The same text for the same line: whatever is agreed bears one."""
    return f"{file}:{line}"


NOWHERE: Final = Source("", 0)

SERVICE: Final = "syncer"
"""The system, and the role, that the service itself is where it owns a field."""


class Policy(StrEnum):
    """What happens to an edit by somebody who does not own the field."""

    PROPOSE = "propose"
    REVERT = "revert"
    NOTIFY = "notify"
    ALLOW = "allow"


class Shared(StrEnum):
    """How several new values of a field without an owner are settled."""

    LATEST = "latest"
    HOLD = "hold"
    PREFER = "prefer"
    UNION = "union"


class Waiting(StrEnum):
    """What the proposer's tool shows while a proposal is open."""

    PUT_BACK = "put_back"
    KEEP_HERE = "keep_here"


class Expiry(StrEnum):
    """What the end of a proposal's time means."""

    LAPSE = "lapse"
    APPLY = "apply"


class Role(Struct, frozen=True):
    """A role is held by people, by whoever a record's field names, or by a system.

    ``narrowed`` replaces ``people`` for a client or project key. ``home`` is the connection or
    system where a heads-up reaches them.
    """

    name: str
    people: frozenset[str] = frozenset()
    dynamic: tuple[str, str] | None = None
    system: str | None = None
    home: str | None = None
    narrowed: Mapping[str, frozenset[str]] = factory(default_factory=dict)
    source: Source = NOWHERE


class Rule(Struct, frozen=True):
    """The line of ``ownership.yaml`` that decides one field of one entity.

    Either ``owners`` or ``shared`` is set. ``others`` maps a role (or :data:`ANYONE`) to a
    policy; for ``existence`` its keys are ``create`` and ``archive``.
    """

    entity: str
    field: str
    source: Source
    owners: tuple[str, ...] = ()
    others: Mapping[str, Policy] = factory(default_factory=dict)
    shared: Shared | None = None
    prefer: tuple[str, ...] = ()
    expires_days: int | None = None
    on_expiry: Expiry = Expiry.LAPSE
    stand_in: str | None = None
    waiting: Waiting = Waiting.PUT_BACK
    settle: timedelta = timedelta(0)


class Ownership(Struct, frozen=True):
    """All rules. ``automations`` gives a role to a robot: system -> robot name -> role."""

    roles: Mapping[str, Role]
    rules: Mapping[tuple[str, str], Rule]
    automations: Mapping[str, Mapping[str, str]] = factory(default_factory=dict)
    confidential: frozenset[str] = frozenset()
