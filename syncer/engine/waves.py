"""The writes of a plan in the order in which they are carried out: what others refer to first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from operator import itemgetter
from typing import overload

from msgspec import Struct

from syncer.engine.parcels import UNFIT, action_from, action_parcel
from syncer.engine.spool import Spool
from syncer.model.decisions import Action
from syncer.model.remote import Op

Place = tuple[int, str, str, str, str]


class Group(Struct):
    """Writes of one level that can be sent together."""

    connection: str
    op: Op
    actions: Iterable[Action]


def order(action: Action) -> Place:
    """What a plan's writes are sorted by."""
    return (action.level, action.connection, action.object, action.title, action.record)


class Actions(Sequence[Action]):
    """The writes of a large plan, sorted, and kept in a spool: each is read when it is its turn."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._lots: dict[tuple[int, str, str, Op], int] = {}
        self._first: dict[int, bytes] = {}
        self._unfit: dict[tuple[int, bytes], Action] = {}
        self.counts: Counter[tuple[str, Op]] = Counter()

    def add(self, action: Action) -> None:
        """Take in a write."""
        key = (action.level, action.connection, action.object, action.op)
        lot = self._lots.setdefault(key, len(self._lots))
        place = f"{action.title}\0{action.record}".encode(errors="surrogatepass")
        try:
            parcel = action_parcel(action)
        except UNFIT:
            parcel = b""
            self._unfit[(lot, place)] = action
        self._spool.put(parcel, lot, place)
        self._first[lot] = min(place, self._first.get(lot, place))
        self.counts[(action.connection, action.op)] += 1

    def extend(self, actions: Iterable[Action]) -> None:
        """Take in writes."""
        for action in actions:
            self.add(action)

    def __len__(self) -> int:
        return self.counts.total()

    def __eq__(self, other: object) -> bool:
        """Whether the same writes stand there in the same order, wherever they are kept."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[Action]:
        for _, lots in groupby(sorted(self._lots.items()), key=lambda item: item[0][:3]):
            placed = (self._placed(lot) for _, lot in lots)
            yield from (action for _, action in merge(*placed, key=itemgetter(0)))

    @overload
    def __getitem__(self, at: int) -> Action: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Action]: ...
    def __getitem__(self, at: int | slice) -> Action | Sequence[Action]:
        if isinstance(at, slice):
            return tuple(islice(self, *at.indices(len(self))))
        found = next(islice(self, at if at >= 0 else len(self) + at, None), None)
        if found is None:
            raise IndexError(at)
        return found

    def groups(self) -> Iterator[tuple[int, list[Group]]]:
        """Each level with its groups, in the order in which they come first."""
        for level, lots in groupby(sorted(self._lots.items(), key=self._turn), _level_of):
            yield level, [Group(key[1], key[3], self._of(lot)) for key, lot in lots]

    def _turn(self, item: tuple[tuple[int, str, str, Op], int]) -> tuple[int, str, str, bytes]:
        (level, connection, object_name, _), lot = item
        return (level, connection, object_name, self._first[lot])

    def _of(self, lot: int) -> Iterator[Action]:
        return (action for _, action in self._placed(lot))

    def _placed(self, lot: int) -> Iterator[tuple[bytes, Action]]:
        for place, parcel in self._spool.lot(lot):
            yield place, action_from(parcel) if parcel else self._unfit[(lot, place)]


def _level_of(item: tuple[tuple[int, str, str, Op], int]) -> int:
    return item[0][0]


def waves(actions: Sequence[Action]) -> Iterator[tuple[int, list[Group]]]:
    """The levels of a plan, from the lowest, each with what can be sent together."""
    if isinstance(actions, Actions):
        yield from actions.groups()
        return
    levels: dict[int, list[Action]] = defaultdict(list)
    for action in actions:
        levels[action.level].append(action)
    for level in sorted(levels):
        yield level, grouped(levels[level])


def grouped(actions: Iterable[Action]) -> list[Group]:
    """Writes of one level as they can be sent together."""
    groups: dict[tuple[str, Op, str], list[Action]] = defaultdict(list)
    for action in actions:
        groups[(action.connection, action.op, action.object)].append(action)
    return [Group(connection, op, group) for (connection, op, _), group in groups.items()]
