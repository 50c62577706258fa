"""Asking what counts results; of most clients nothing is counted."""

from collections.abc import Mapping

from syncer.adapterkit.measuring import Measurer
from syncer.engine.context import Context
from syncer.engine.measured import Measured


def measure(ctx: Context, sources: Mapping[str, Measurer]) -> Measured:
    """Ask every source of the client, and draw up the results of its goals anew."""
    if not sources:
        return Measured()
    # The grammar of goals, and what asks for figures, is only loaded where something is counted.
    from syncer.engine.measuring import asked

    return asked(ctx, sources)
