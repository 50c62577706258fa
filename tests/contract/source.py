"""What the contract suite needs to know about a source: an adapter to what only counts.

Each such folder has ``tests/contract/source_<name>.py`` with a function
``source() -> ContextManager[Source]``. A folder without one fails the suite.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from syncer.adapterkit.contract import Scope
from syncer.adapterkit.measuring import Measurer
from syncer.adapterkit.sandbox import Running
from syncer.model.measures import Ask


@dataclass(frozen=True)
class Source:
    """A source on a world of its own.

    Args:
        name: the adapter.
        running: its sandbox as it is served.
        opened: the adapter as each kind of credential opens it, by name, remembering nothing of
            those before; closed by whoever opens it.
        scope: a client's place, with a project that has a part of its own.
        asks: reports of that client's property that the vendor answers: by day and by month,
            with dimensions and without, more of them than go in one call, and last one that the
            vendor refuses.
        secrets: all that the credentials hold.
    """

    name: str
    running: Running
    opened: dict[str, Callable[[], Measurer]]
    scope: Scope
    asks: Sequence[Ask]
    secrets: Sequence[str] = field(default=(), repr=False)
