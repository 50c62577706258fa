"""Asana: projects, sections, tasks and subtasks, tags, people, custom fields."""

from adapters.asana.adapter import AsanaAdapter
from adapters.asana.options import Options, ScopeOptions
from syncer.adapterkit.contract import AdapterSpec

ADAPTER = AdapterSpec("asana", AsanaAdapter, Options, ScopeOptions)

__all__ = ["ADAPTER"]
