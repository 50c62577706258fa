"""The adapters of one process: opened on first use, shared between clients, closed together."""

from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock

from syncer.adapterkit.contract import Adapter, AdapterSpec, Opening
from syncer.adapterkit.measuring import Measurer, SourceSpec, Spec
from syncer.adapterkit.registry import adapter_spec
from syncer.engine.fence import Fenced
from syncer.engine.fence_source import FencedSource
from syncer.model.configuration import ClientConfig, Configuration

Specs = Callable[[str], Spec]
"""Gives an adapter's description by name."""


class Pool:
    """Opens adapters. Safe to use from several threads."""

    def __init__(self, config: Configuration, specs: Specs = adapter_spec) -> None:
        self._config = config
        self._specs = specs
        self._adapters: dict[str, Fenced] = {}
        self._sources: dict[str, FencedSource] = {}
        self._lock = Lock()

    def of(self, client: ClientConfig) -> Mapping[str, Adapter]:
        """A client's adapters by connection name. One that cannot be opened says so when used."""
        return {name: self._fenced(name) for name in client.mappings}

    def sources(self, client: ClientConfig) -> Mapping[str, Measurer]:
        """A client's sources of figures by connection name, in the same way."""
        return {name: self._fenced_source(name) for name in client.measuring}

    def one(self, connection: str) -> Fenced | FencedSource:
        """What a connection opens, whether a client uses it or not; in the same way."""
        spec = self._specs(self._config.connections[connection].adapter)
        if isinstance(spec, SourceSpec):
            return self._fenced_source(connection)
        return self._fenced(connection)

    def _fenced(self, name: str) -> Fenced:
        with self._lock:
            if name not in self._adapters:
                self._adapters[name] = Fenced(name, partial(self._adapter, name))
            return self._adapters[name]

    def _fenced_source(self, name: str) -> FencedSource:
        with self._lock:
            if name not in self._sources:
                self._sources[name] = FencedSource(name, partial(self._source, name))
            return self._sources[name]

    def _adapter(self, name: str) -> Adapter:
        spec = self._specs(self._config.connections[name].adapter)
        assert isinstance(spec, AdapterSpec), "what only counts has no mapping of records"
        return spec.open(self._opening(name))

    def _source(self, name: str) -> Measurer:
        spec = self._specs(self._config.connections[name].adapter)
        assert isinstance(spec, SourceSpec), "only what counts has a mapping of reports"
        return spec.open(self._opening(name))

    def _opening(self, name: str) -> Opening:
        connection = self._config.connections[name]
        return Opening(name, connection.options, connection.share, connection.timeout)

    def close(self) -> None:
        """Release all connections."""
        for adapter in self._adapters.values():
            adapter.close()
        for source in self._sources.values():
            source.close()
