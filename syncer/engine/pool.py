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
        self._adapters: dict[str, Adapter] = {}
        self._sources: dict[str, Measurer] = {}
        self._lock = Lock()

    def of(self, client: ClientConfig) -> Mapping[str, Adapter]:
        """A client's adapters by connection name. One that cannot be opened says so when used."""
        with self._lock:
            for name in client.mappings.keys() - self._adapters.keys():
                self._adapters[name] = Fenced(name, partial(self._adapter, name))
            return {name: self._adapters[name] for name in client.mappings}

    def sources(self, client: ClientConfig) -> Mapping[str, Measurer]:
        """A client's sources of figures by connection name, in the same way."""
        with self._lock:
            for name in client.measuring.keys() - self._sources.keys():
                self._sources[name] = FencedSource(name, partial(self._source, name))
            return {name: self._sources[name] for name in client.measuring}

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
