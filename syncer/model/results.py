"""How a cycle may end."""

from enum import StrEnum


class CycleResult(StrEnum):
    """How a client's cycle ended.

    ``DONE``; ``FAILED``: something is to be retried; ``REFUSED`` by the guard; ``LOCKED`` by
    another run; ``PAUSED``; ``RETIRED``: it is run no more; ``BROKEN``: this client's configuration is wrong.
    """

    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    LOCKED = "locked"
    PAUSED = "paused"
    RETIRED = "retired"
    BROKEN = "broken"
