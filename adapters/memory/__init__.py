"""An adapter without a wire: a world in this process, for tests and as an example."""

from adapters.memory.adapter import MemoryAdapter
from adapters.memory.options import Options, ScopeOptions
from adapters.memory.world import World, drop_world, put_world, world_of
from syncer.adapterkit.contract import AdapterSpec

ADAPTER = AdapterSpec("memory", MemoryAdapter, Options, ScopeOptions)

__all__ = ["ADAPTER", "World", "drop_world", "put_world", "world_of"]
