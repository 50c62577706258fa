"""A look at the live systems: whose credentials these are, and what can be read with them.

Nothing is written, neither to a system nor to the state.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from syncer.adapterkit.contract import Adapter, Opening, Scope
from syncer.adapterkit.errors import (
    AdapterError,
    AskPerson,
    SkipRecord,
    StopConnection,
    WaitAndRetry,
)
from syncer.adapterkit.measuring import Measurer
from syncer.adapterkit.redact import clean
from syncer.adapterkit.registry import adapter_spec
from syncer.engine.looking_source import asks, property_words
from syncer.model.configuration import ClientConfig, Configuration, Connection
from syncer.model.remote import RemotePerson

T = TypeVar("T")
_ENDS: Final = (StopConnection, WaitAndRetry)
"""After these, nothing more can be learnt from the system now."""


@dataclass(frozen=True)
class Look:
    """One thing that was looked at. With a ``cause`` it is a fault, and ``fix`` says what to do.

    Args:
        client: its key; empty for what concerns the whole connection.
        what: the thing; ``told`` is what the system says of it.
    """

    connection: str
    client: str
    what: str
    told: str = ""
    cause: str = ""
    fix: str = ""


@dataclass(frozen=True)
class _Place:
    """What is being looked at, and by whose account."""

    connection: Connection
    client: ClientConfig | None = None
    account: str = ""

    def found(self, what: str, told: str) -> Look:
        return Look(self.connection.name, self._client, what, told)

    def fault(self, what: str, cause: str, fix: str) -> Look:
        return Look(self.connection.name, self._client, what, "", str(clean(cause)), fix)

    def failed(self, what: str, error: AdapterError) -> Look:
        cause, _, own = error.reason.partition("; ")
        said = f"{cause}: {error.detail}" if error.detail else cause
        return self.fault(what, said, own or _fix(error, self.connection))

    @property
    def _client(self) -> str:
        return self.client.key if self.client else ""


def look(config: Configuration) -> Iterator[Look]:
    """Look at every connection, one after the other; a fault of one hides no other."""
    for connection in config.connections.values():
        yield from _connection(config, _Place(connection))


def _connection(config: Configuration, place: _Place) -> Iterator[Look]:
    connection = place.connection
    opening = Opening(connection.name, connection.options, connection.share, connection.timeout)
    opened = _asked(lambda: adapter_spec(connection.adapter).open(opening))
    if isinstance(opened, AdapterError):
        yield place.failed("account", opened)
        return
    with closing(opened):
        account = _asked(opened.whoami)
        if isinstance(account, AdapterError):
            yield place.failed("account", account)
            return
        yield place.found("account", _named(account))
        if not isinstance(opened, Adapter):
            yield from _source(config, connection, opened, account.name)


def _source(
    config: Configuration, connection: Connection, source: Measurer, account: str
) -> Iterator[Look]:
    """A system that only counts: its properties, and what each client asks of its own."""
    place = _Place(connection, account=account)
    found = _asked(source.properties)
    if isinstance(found, AdapterError):
        yield place.failed("properties", found)
        return
    names = ", ".join(f"{each.name} ({each.id})" for each in found)
    yield place.found("properties", f"{len(found)}: {names}" if found else "none")
    for client in config.clients.values():
        if connection.name in client.measuring:
            mine = _Place(connection, client, account)
            yield from _client(mine, client, source, {each.id for each in found})


def _client(
    place: _Place, client: ClientConfig, source: Measurer, visible: set[str]
) -> Iterator[Look]:
    name = place.connection.name
    slices = source.slices(Scope(client.key, client.scopes[name]))
    for property in dict.fromkeys(part.property for part in slices):
        what = f"property {property}"
        if property not in visible:
            yield place.fault(what, f"{place.account} does not see it", _let_in(place, client))
            return
        described = _asked(partial(source.describe, property))
        if isinstance(described, AdapterError):
            yield place.failed(what, described)
            return
        yield place.found(what, property_words(described, client.zone))
    yield from _reports(place, client, source)


def _reports(place: _Place, client: ClientConfig, source: Measurer) -> Iterator[Look]:
    measuring = client.measuring[place.connection.name]
    slices = source.slices(Scope(client.key, client.scopes[place.connection.name]))
    for what, where, ask in asks(measuring, slices, source.now()):
        misfits = _asked(partial(source.misfits, ask))
        if isinstance(misfits, AdapterError):
            yield place.failed(what, misfits)
            if isinstance(misfits, _ENDS):
                return
        elif misfits:
            yield place.fault(what, "; ".join(misfits), f"correct it at {where}")
        else:
            yield place.found(what, "can be asked for")


def _let_in(place: _Place, client: ClientConfig) -> str:
    system, name = place.connection.adapter, place.connection.name
    where = f"{client.key}'s scope in {name} ({client.source})"
    return f"let {place.account} see it in {system}, or correct the property in {where}"


def _asked(call: Callable[[], T]) -> T | AdapterError:
    """What a call gives, or why it fails: a fault of one adapter stops no other look."""
    try:
        return call()
    except AdapterError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever an adapter does wrong, the look goes on
        return SkipRecord(f"a fault of the adapter: {type(error).__name__}: {clean(str(error))}")


def _named(account: RemotePerson) -> str:
    return account.name if account.id in ("", account.name) else f"{account.name} ({account.id})"


def _fix(error: AdapterError, connection: Connection) -> str:
    if isinstance(error, StopConnection):
        places = ", ".join(f"{key} at {at}" for key, at in connection.secrets_at.items())
        return f"correct its credential ({places or connection.source})"
    if isinstance(error, WaitAndRetry):
        return "try again later"
    if isinstance(error, AskPerson):
        return f"somebody must change it in {connection.adapter}"
    return f"look at the connection at {connection.source}"
