"""HubSpot: a client's company and its deals, with owners and properties of our own."""

from adapters.hubspot import addresses
from adapters.hubspot.adapter import HubSpot
from adapters.hubspot.options import Options, ScopeOptions
from syncer.adapterkit.contract import AdapterSpec

ADAPTER = AdapterSpec("hubspot", HubSpot.opened, Options, ScopeOptions, addresses=addresses.shown)

__all__ = ["ADAPTER"]
