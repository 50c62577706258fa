"""A look at the live systems: whose credentials these are, and whether the mappings fit them.

Nothing is written, neither to a system nor to the state.
"""

from collections.abc import Iterator
from contextlib import closing

from syncer.adapterkit.registry import adapter_spec
from syncer.engine.fence import Fenced
from syncer.engine.fence_source import FencedSource
from syncer.engine.looking_records import records
from syncer.engine.looking_source import figures
from syncer.engine.looks import Look, Spot, asked
from syncer.engine.pool import Pool, Specs
from syncer.model.configuration import Configuration, Connection
from syncer.model.remote import RemotePerson

__all__ = ["Look", "look"]


def look(config: Configuration, specs: Specs = adapter_spec) -> Iterator[Look]:
    """Look at every connection, one after the other; a fault of one hides no other."""
    with closing(Pool(config, specs)) as pool:
        for connection in config.connections.values():
            yield from _connection(config, connection, pool.one(connection.name))


def _connection(
    config: Configuration, connection: Connection, opened: Fenced | FencedSource
) -> Iterator[Look]:
    spot = Spot(connection)
    account = asked(opened.whoami)
    if not isinstance(account, RemotePerson):
        yield spot.failed("account", account)
        return
    yield spot.found("account", _named(account))
    if isinstance(opened, FencedSource):
        yield from figures(config, connection, opened, account.name)
    else:
        yield from records(config, connection, opened, account)


def _named(account: RemotePerson) -> str:
    return account.name if account.id in ("", account.name) else f"{account.name} ({account.id})"
