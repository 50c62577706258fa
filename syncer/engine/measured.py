"""What measuring comes to in one cycle; of most clients nothing is counted."""

from collections.abc import Mapping

from msgspec import Struct, field

from syncer.adapterkit.measuring import Measurer
from syncer.engine.cases import Counted
from syncer.engine.context import Context


class Measured(Struct, frozen=True):
    """What came of it.

    Args:
        counted: results that differ from what is agreed, as steps of the system that counted.
        down: connections that did not answer in full, with the reason.
        problems: what else a person should know.
    """

    counted: Counted = field(default_factory=dict)
    down: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def measure(ctx: Context, sources: Mapping[str, Measurer]) -> Measured:
    """Ask every source of the client, and draw up the results of its goals anew."""
    if not sources:
        return Measured()
    # The grammar of goals, and what asks for figures, is only loaded where something is counted.
    from syncer.engine.measuring import asked

    return asked(ctx, sources)
