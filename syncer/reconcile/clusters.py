"""Which things of the same key hang together, because some of them could be one."""

from collections.abc import Iterator, Sequence

from syncer.reconcile.things import Said, Thing


def could_be(one: Thing, other: Thing, said: Said) -> bool:
    """Whether both can be one thing: no system has it twice, one is new, nobody said no."""
    apart = not one.connections & other.connections
    return apart and bool(one.views or other.views) and not said.differ(one.places, other.places)


def clusters(bucket: Sequence[Thing], said: Said) -> Iterator[list[Thing]]:
    """Things that hang together by what could be one."""
    if frozenset.intersection(*(thing.connections for thing in bucket)):
        yield from ([thing] for thing in bucket)  # they all stand side by side in one system
        return
    left = list(bucket)
    while left:
        cluster = [left.pop(0)]
        for thing in cluster:
            cluster += [other for other in left if could_be(thing, other, said)]
            left = [other for other in left if not could_be(thing, other, said)]
        yield cluster
