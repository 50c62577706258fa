"""Asana: projects, sections, tasks and subtasks, tags, people, custom fields."""

from adapters.asana import addresses
from adapters.asana.adapter import AsanaAdapter
from adapters.asana.options import Options, ScopeOptions
from syncer.adapterkit.contract import AdapterSpec

ADAPTER = AdapterSpec("asana", AsanaAdapter, Options, ScopeOptions, addresses=addresses.shown)

__all__ = ["ADAPTER"]
