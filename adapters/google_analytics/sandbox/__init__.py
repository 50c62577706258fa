"""A stand-in for Google Analytics 4: reports, properties and the token endpoint."""

from adapters.google_analytics.sandbox.sandbox import GoogleAnalyticsSandbox

SANDBOX = GoogleAnalyticsSandbox

__all__ = ["SANDBOX", "GoogleAnalyticsSandbox"]
