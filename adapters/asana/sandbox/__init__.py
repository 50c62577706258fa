"""A stand-in for Asana that speaks its wire API on loopback."""

from adapters.asana.sandbox.server import WORKSPACE, AsanaSandbox

SANDBOX = AsanaSandbox

__all__ = ["SANDBOX", "WORKSPACE", "AsanaSandbox"]
