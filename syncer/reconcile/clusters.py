"""Which things of the same key hang together, because some of them could be one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from syncer.model.decisions import View


@dataclass(frozen=True)
class Thing:
    """A view or a known record, in a bucket of things with the same key."""

    name: str
    connections: frozenset[str]
    view: View | None = None

    def could_be(self, other: "Thing") -> bool:
        """Whether both can be one thing: no system has it twice, and one of them is new."""
        apart = not self.connections & other.connections
        return apart and (self.view is not None or other.view is not None)


def clusters(bucket: Sequence[Thing]) -> Iterator[list[Thing]]:
    """Things that hang together by what could be one."""
    left = list(bucket)
    while left:
        cluster = [left.pop(0)]
        for thing in cluster:
            cluster += [other for other in left if thing.could_be(other)]
            left = [other for other in left if not thing.could_be(other)]
        yield cluster
