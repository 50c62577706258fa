"""What a system told of its things: few are held as they are, many are kept in a spool."""

from collections.abc import Callable, Iterator, MutableMapping, ValuesView
from typing import Final

from msgspec import Struct
from msgspec.msgpack import Decoder, Encoder

from syncer.engine.parcels import UNFIT
from syncer.engine.spool import WHOLE, Spool
from syncer.model.remote import RemoteRecord

RemoteKey = tuple[str, str]
"""(object, remote id) within one connection."""


class Thing(Struct, frozen=True, array_like=True, gc=False):
    """A thing as it was told, with the fingerprint of that, where there is one."""

    record: RemoteRecord
    mark: int | None = None


_encode: Final = Encoder().encode
_decode: Final = Decoder(Thing).decode
_OVER: Final = 0
"""Stands for a thing of which nothing need be known any more than that it was told."""


class _Pile:
    """The things of one object, by id: each itself, or its number in the spool once there is one."""

    def __init__(self) -> None:
        self.held: dict[str, Thing | int] = {}
        self.spool: Spool | None = None
        self.over = 0

    def __len__(self) -> int:
        return len(self.held) - self.over

    def put(self, thing: Thing) -> None:
        """Take in a thing, in the place of what was told of it before."""
        self.over -= self.held.get(thing.record.id) == _OVER
        self.held[thing.record.id] = self._kept(thing)

    def _kept(self, thing: Thing) -> Thing | int:
        if self.spool is None:
            return thing
        try:
            return self.spool.put(_encode(thing))
        except UNFIT:
            return thing

    def spill(self, spool: Spool) -> None:
        """From now on all of it is kept there."""
        self.spool = spool
        self.held = {
            id: self._kept(thing) if isinstance(thing, Thing) else thing
            for id, thing in self.held.items()
        }

    def drop(self, id: str) -> bool:
        """Forget a thing; says whether it was there."""
        if self.held.get(id, _OVER) == _OVER:
            return False
        del self.held[id]
        return True

    def let_go(self, id: str) -> None:
        """Keep of a thing that it was told, and nothing more."""
        if self.held.get(id, _OVER) != _OVER:
            self.held[id] = _OVER
            self.over += 1

    def get(self, id: str) -> Thing | None:
        """A thing, if it is there."""
        found = self.held.get(id, _OVER)
        if isinstance(found, Thing):
            return found
        return _decode(self.spool.get(found)) if found and self.spool is not None else None

    def ids(self) -> Iterator[str]:
        """Those that are there."""
        return (id for id, found in self.held.items() if found != _OVER)

    def every(self) -> Iterator[RemoteRecord]:
        """All things that are there, read in one go."""
        yield from [one.record for one in self.held.values() if isinstance(one, Thing)]
        if self.spool is not None:
            for number, parcel in self.spool.numbered():
                record = _decode(parcel).record
                if self.held.get(record.id) == number:
                    yield record


class Records(MutableMapping[RemoteKey, RemoteRecord]):
    """Things by object and id, as they were told last; those of one object in any order.

    Args:
        spool: makes a room on disk; without it all is held.
        whole: so many things of an object are held.
    """

    def __init__(self, spool: Callable[[], Spool] | None = None, whole: int = WHOLE) -> None:
        self._make = spool
        self._whole = whole
        self._piles: dict[str, _Pile] = {}

    def tell(self, record: RemoteRecord, mark: int | None) -> None:
        """Take in what was told, with its fingerprint."""
        pile = self._piles.setdefault(record.object, _Pile())
        pile.put(Thing(record, mark))
        if pile.spool is None and self._make is not None and len(pile) > self._whole:
            pile.spill(self._make())

    def told(self, key: RemoteKey) -> Thing | None:
        """A thing with the fingerprint of what was told, if it is there."""
        pile = self._piles.get(key[0])
        return pile.get(key[1]) if pile else None

    def let_go(self, key: RemoteKey) -> None:
        """Forget what a thing was told to be, but not that it was told."""
        if key[0] in self._piles:
            self._piles[key[0]].let_go(key[1])

    def over(self) -> Iterator[RemoteKey]:
        """What was let go."""
        for name, pile in self._piles.items():
            yield from ((name, id) for id, found in pile.held.items() if found == _OVER)

    @property
    def count(self) -> int:
        """How many things were told, with those that were let go."""
        return sum(len(pile.held) for pile in self._piles.values())

    def of(self, object_name: str) -> Iterator[RemoteRecord]:
        """All things of one object."""
        pile = self._piles.get(object_name)
        return pile.every() if pile else iter(())

    def ids(self, object_name: str) -> Iterator[str]:
        """The ids of all things of one object."""
        pile = self._piles.get(object_name)
        return pile.ids() if pile else iter(())

    def objects(self) -> list[str]:
        """The objects of which something is there."""
        return [name for name, pile in self._piles.items() if len(pile)]

    def values(self) -> ValuesView[RemoteRecord]:
        """All things."""
        return _Values(self)

    def __setitem__(self, key: RemoteKey, record: RemoteRecord) -> None:
        self.tell(record, None)

    def __getitem__(self, key: RemoteKey) -> RemoteRecord:
        found = self.told(key)
        if found is None:
            raise KeyError(key)
        return found.record

    def __delitem__(self, key: RemoteKey) -> None:
        if key[0] not in self._piles or not self._piles[key[0]].drop(key[1]):
            raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        pile = self._piles.get(key[0]) if isinstance(key, tuple) else None
        return pile is not None and pile.held.get(key[1], _OVER) != _OVER  # type: ignore[index]

    def __iter__(self) -> Iterator[RemoteKey]:
        for name, pile in self._piles.items():
            yield from ((name, id) for id in pile.ids())

    def __len__(self) -> int:
        return sum(map(len, self._piles.values()))


class _Values(ValuesView[RemoteRecord]):
    """All things, object by object, read in one go."""

    _mapping: Records

    def __iter__(self) -> Iterator[RemoteRecord]:
        for name in self._mapping.objects():
            yield from self._mapping.of(name)
