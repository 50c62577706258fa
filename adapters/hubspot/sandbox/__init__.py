"""A stand-in for HubSpot's CRM."""

from adapters.hubspot.sandbox.sandbox import HubSpotSandbox

SANDBOX = HubSpotSandbox

__all__ = ["SANDBOX", "HubSpotSandbox"]
