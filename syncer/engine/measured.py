"""What measuring comes to in one cycle."""

from collections.abc import Mapping

from msgspec import Struct, field

from syncer.engine.cases import Counted


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
