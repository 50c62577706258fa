"""Google Analytics 4: a property's reports, read and never written."""

from adapters.google_analytics.options import Options, ScopeOptions
from syncer.adapterkit.contract import Opening
from syncer.adapterkit.errors import StopConnection
from syncer.adapterkit.measuring import Measurer, SourceSpec


def _open(opening: Opening) -> Measurer:
    raise StopConnection(f"{opening.connection}: reports are not read yet")


ADAPTER = SourceSpec("google_analytics", _open, Options, ScopeOptions)

__all__ = ["ADAPTER"]
