"""Google Analytics 4: a property's reports, read and never written."""

from adapters.google_analytics import addresses
from adapters.google_analytics.adapter import GoogleAnalytics
from adapters.google_analytics.options import Options, ScopeOptions
from syncer.adapterkit.measuring import SourceSpec

ADAPTER = SourceSpec(
    "google_analytics", GoogleAnalytics.opened, Options, ScopeOptions, addresses.shown
)

__all__ = ["ADAPTER"]
