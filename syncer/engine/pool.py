"""The adapters of one process: opened on first use, shared between clients, closed together."""

from collections.abc import Mapping
from functools import partial
from threading import Lock

from syncer.adapterkit.contract import Adapter, AdapterSpec, Opening
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
                    self._opened[name] = Fenced(name, partial(self._open, name))
        return {name: self._opened[name] for name in client.mappings}

    def _open(self, name: str) -> Adapter:
        connection = self._config.connections[name]
        spec = adapter_spec(connection.adapter)
        assert isinstance(spec, AdapterSpec), "what only counts has no mapping of records"
        return spec.open(Opening(name, connection.options, connection.share, connection.timeout))

    def close(self) -> None:
        """Release all connections."""
        for adapter in self._opened.values():
            adapter.close()
