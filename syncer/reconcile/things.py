"""What is matched: unlinked views and known records, and those that a person joined."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct
from msgspec.structs import force_setattr

from syncer.model.contact import Pair, Place
from syncer.model.decisions import View
from syncer.model.values import MISSING, Value, dump
from syncer.reconcile.names import fold
from syncer.reconcile.near import Key

Names = tuple[str, ...]


class Known(Struct, frozen=True):
    """A record that is there already: its agreed values and its twins."""

    record: str
    values: Mapping[str, Value]
    places: frozenset[Place]


class Said(Struct, frozen=True):
    """What is said of things from outside.

    Args:
        same: pairs that a person called one thing; ``apart`` are pairs that are two.
        out: what takes no part by the filter of first contact.
        alone: what is not to be matched at all.
    """

    same: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()
    out: frozenset[Place] = frozenset()
    alone: frozenset[Place] = frozenset()

    def differ(self, one: frozenset[Place], other: frozenset[Place]) -> bool:
        """Whether a person said of any two of these that they are different."""
        return bool(self.apart) and any(frozenset({a, b}) in self.apart for a in one for b in other)


class Thing(Struct, frozen=True, eq=False):
    """A view, a known record, or several of them that are surely one.

    ``keys`` is what it is known by; ``joined`` says that a person put it together.
    """

    places: frozenset[Place]
    keys: tuple[Key, ...] = ()
    views: tuple[View, ...] = ()
    record: str | None = None
    joined: bool = False
    connections: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        force_setattr(self, "connections", frozenset([place[0] for place in self.places]))

    @property
    def name(self) -> tuple[object, ...]:
        """Sorts things, and is the same in every run."""
        return (self.record or "", sorted(self.places))


def key_of(view: View) -> Key | None:
    """What a view is matched by; None if it does not show all of it."""
    key: list[tuple[str, str]] = []
    for name in view.mapping.match:
        shown = view.fields.get(name)
        if shown is None or shown.reading.value is MISSING or shown.reading.value is None:
            return None
        key.append((name, _plain(shown.reading.value)))
    return tuple(key) or None


def key_with(names: Names, value: Callable[[str], Value]) -> Key:
    """The key of a record by these names."""
    return tuple((name, _plain(value(name))) for name in names)


def _plain(value: object) -> str:
    return str(fold(value if isinstance(value, str) else dump(value)))  # type: ignore[arg-type]


def things(views: Sequence[View], known: Iterable[Known]) -> list[Thing]:
    """All that there is, in an order of its own."""
    found = [_of_view(view) for view in views]
    names = {thing.views[0].mapping.match for thing in found if thing.keys}
    found += [_of_record(record, sorted(names)) for record in known]
    return sorted(found, key=lambda thing: thing.name)


def _of_view(view: View) -> Thing:
    key = key_of(view)
    return Thing(frozenset({view.key}), (key,) if key else (), (view,))


def _of_record(known: Known, names: Iterable[Names]) -> Thing:
    keys = tuple(key_with(each, known.values.get) for each in names)
    return Thing(known.places, keys, record=known.record)


def joined(found: Sequence[Thing], said: Said) -> Iterator[Thing]:
    """The things, with those as one that a person called the same.

    Where that cannot be (twice in one system, two records, or called different as well) they
    stay apart: which of the two was meant is not guessed.
    """
    if not said.same:
        yield from found
        return
    of = {place: at for at, thing in enumerate(found) for place in thing.places}
    roots = list(range(len(found)))

    def root(at: int) -> int:
        while roots[at] != at:
            roots[at] = roots[roots[at]]
            at = roots[at]
        return at

    for pair in said.same:
        ends = [root(of[place]) for place in pair if place in of]
        if len(ends) == 2:
            roots[max(ends)] = min(ends)
    together: dict[int, list[Thing]] = defaultdict(list)
    for at, thing in enumerate(found):
        together[root(at)].append(thing)
    for parts in together.values():
        yield from [_one(parts)] if len(parts) > 1 and one_thing(parts, said) else parts


def one_thing(parts: Sequence[Thing], said: Said) -> bool:
    """Whether all of these can be one: no system has it twice, no record nor word is against it."""
    taken = [name for thing in parts for name in thing.connections]
    records = [thing.record for thing in parts if thing.record is not None]
    if len(taken) > len(set(taken)) or len(records) > 1:
        return False
    return not any(said.differ(a.places, b.places) for a, b in combinations(parts, 2))


def _one(parts: Sequence[Thing]) -> Thing:
    views = tuple(view for thing in parts for view in thing.views)
    first = min(parts, key=lambda thing: (thing.record is None, thing.name))
    keys = [*first.keys, *(key for thing in parts for key in thing.keys)]
    places = frozenset().union(*(thing.places for thing in parts))
    return Thing(places, tuple(dict.fromkeys(keys)), views, first.record, joined=True)
