"""The adapters of one process: opened on first use, shared between clients, closed together."""

from collections.abc import Mapping
from functools import partial
from threading import Lock

from syncer.adapterkit.contract import Adapter, Opening
from syncer.adapterkit.registry import adapter_spec
from syncer.engine.fence import Fenced
from syncer.model.configuration import ClientConfig, Configuration


class Pool:
    """Opens adapters. Safe to use from several threads."""

    def __init__(self, config: Configuration) -> None:
        self._config = config
        self._opened: dict[str, Adapter] = {}
        self._lock = Lock()

    def of(self, client: ClientConfig) -> Mapping[str, Adapter]:
        """A client's adapters by connection name. One that cannot be opened says so when used."""
        with self._lock:
            for name in client.mappings:
                if name not in self._opened:
                    connection = self._config.connections[name]
                    options, share = connection.options, connection.share
                    opening = Opening(name, options, share, connection.timeout)
                    opens = partial(adapter_spec(connection.adapter).open, opening)
                    self._opened[name] = Fenced(name, opens)
        return {name: self._opened[name] for name in client.mappings}

    def close(self) -> None:
        """Release all connections."""
        for adapter in self._opened.values():
            adapter.close()
