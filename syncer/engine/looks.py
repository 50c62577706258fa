"""What a look at a live system finds: fine, good to know, or wrong with a way out."""

from collections.abc import Callable
from typing import Final, TypeVar

from msgspec import Struct

from syncer.adapterkit.errors import AdapterError, AskPerson, StopConnection, WaitAndRetry
from syncer.adapterkit.redact import clean
from syncer.adapterkit.standing import Quota
from syncer.engine.fence import FAULT
from syncer.model.configuration import ClientConfig, Connection

T = TypeVar("T")
ENDS: Final = (StopConnection, WaitAndRetry)
"""After these, nothing more can be learnt from the system now."""

LITTLE: Final = 0.1
"""A share of a quota; with less than this left, it is good to know."""


class Look(Struct, frozen=True):
    """One thing that was looked at. With a ``cause`` it is a fault, and ``fix`` says what to do.

    Args:
        client: its key; empty for what concerns the whole connection.
        what: the thing; ``told`` is what the system says of it.
        note: the cause is no fault, only good to know.
    """

    connection: str
    client: str
    what: str
    told: str = ""
    cause: str = ""
    fix: str = ""
    note: bool = False

    @property
    def wrong(self) -> bool:
        """Whether it cannot work like this."""
        return bool(self.cause) and not self.note


class Spot(Struct, frozen=True):
    """What is being looked at, and by whose account (its name or id)."""

    connection: Connection
    client: ClientConfig | None = None
    account: str = ""

    def found(self, what: str, told: str) -> Look:
        """It is as it should be."""
        return Look(self.connection.name, self._client, what, str(clean(told)))

    def fault(self, what: str, cause: str, fix: str, *, wrong: bool = True) -> Look:
        """It is wrong, or good to know."""
        told = (str(clean(cause)), str(clean(fix)))
        return Look(self.connection.name, self._client, what, "", *told, note=not wrong)

    def quota(self, quota: Quota) -> Look:
        """What is left of a limit; little of it is good to know."""
        until = f" until {quota.until:%Y-%m-%d %H:%M} UTC" if quota.until else ""
        told = f"{quota.left:,} of {quota.of:,} {quota.what} left{until}"
        if quota.of and quota.left < LITTLE * quota.of:
            way = f"run less often, or leave other apps more: `share` at {self.connection.source}"
            return self.fault("quota", f"only {told}", way, wrong=False)
        return self.found("quota", told)

    def failed(self, what: str, error: AdapterError) -> Look:
        """It could not be looked at."""
        cause, _, own = error.reason.partition("; ")
        said = f"{cause}: {error.detail}" if error.detail else cause
        return self.fault(what, said, own or _fix(error, self.connection))

    @property
    def _client(self) -> str:
        return self.client.key if self.client else ""


def asked(call: Callable[[], T]) -> T | AdapterError:
    """What a call through a fence gives, or why it fails."""
    try:
        return call()
    except AdapterError as error:
        return error


def _fix(error: AdapterError, connection: Connection) -> str:
    if error.reason.startswith(FAULT):
        return f"report it to whoever wrote the adapter {connection.adapter}"
    if isinstance(error, StopConnection):
        places = ", ".join(f"{key} at {at}" for key, at in connection.secrets_at.items())
        return f"correct its credential ({places or connection.source})"
    if isinstance(error, WaitAndRetry):
        return "try again later"
    if isinstance(error, AskPerson):
        return f"somebody must change it in {connection.adapter}"
    return f"look at the connection at {connection.source}"
