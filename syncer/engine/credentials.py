"""The credential of a connection, as the state tells it apart from others without holding it."""

import hashlib
from functools import lru_cache

from syncer.model.configuration import Configuration
from syncer.state import Store


def new_credential(config: Configuration, store: Store, client: str, connection: str) -> bool:
    """Whether things are linked there that this credential never looked at: it may see fewer."""
    if store.cached(connection, client, me_kind(config, connection)) is not None:
        return False
    return any(name == connection for name, _ in store.link_counts(client))


def me_kind(config: Configuration, connection: str) -> str:
    """Who we are is remembered per credential: another token may be another account.

    A few digits of a digest tell credentials apart and give nothing of them away.
    """
    return f"me:{_digest(tuple(config.connections[connection].secrets))}"


@lru_cache
def _digest(secrets: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(secrets).encode()).hexdigest()[:8]
