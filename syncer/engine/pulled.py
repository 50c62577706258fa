"""What one system reported in a cycle."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final

from msgspec import Struct, field
from xxhash import xxh3_64_intdigest

from syncer.adapterkit.errors import AdapterError
from syncer.engine.raws import Records, RemoteKey
from syncer.engine.reread import Place
from syncer.model.comments import Comment
from syncer.model.feeds import Page
from syncer.model.records import Link
from syncer.model.remote import Change, Gone
from syncer.reconcile.guard import EMPTIED

MOST_LOOKED_UP = 100
"""Absent things of one object that are asked for one by one."""

_PARTS = 256
TOGETHER: Final = 1000
"""Things of which it is looked up together what they are."""


def digest(id: str) -> int:
    """Eight bytes that stand for an id."""
    return xxh3_64_intdigest(id.encode("utf-8", "surrogatepass"))


def _digests(ids: list[str]) -> "array[int]":
    try:
        return array("Q", map(xxh3_64_intdigest, map(str.encode, ids)))
    except UnicodeEncodeError:  # half a character in one of them
        return array("Q", map(digest, ids))


class Digests:
    """Ids in eight bytes each, however many there are."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self._all = array("Q")
        self.add(ids)

    def add(self, ids: Iterable[str]) -> None:
        """Take in ids."""
        rest = iter(ids)
        while part := list(islice(rest, TOGETHER)):
            self._all.extend(_digests(part))

    def cover(self, ids: Iterable[str]) -> bool:
        """Whether all of these are here."""
        ours, theirs = self._all, Digests(ids)._all
        # As a rule they are the very same, each of them once: then their sums say so.
        if len(ours) == len(theirs) and sum(ours) == sum(theirs):
            return True
        pairs = zip(_parts(ours), _parts(theirs), strict=True)
        return all(set(part) <= set(here) for here, part in pairs if part)

    def whole(self) -> frozenset[int]:
        """All of them."""
        return frozenset(self._all)


def _parts(numbers: "array[int]") -> list["array[int]"]:
    """The same numbers fall into the same part: to look at a few at a time needs little room."""
    parts = [array("Q") for _ in range(_PARTS)]
    for number in numbers:
        parts[number % _PARTS].append(number)
    return parts


class Pulled(Struct):
    """All that one system reported.

    ``absent`` are linked things that a complete listing lacked: deleted without a word;
    ``emptied`` those of them that were all that a listing, or a container that is absent, had.
    ``followed`` are linked things that were merged, with the ids that they have now.
    ``places`` is a mark of the places in the scope, if they are others than before.
    ``told`` is everything that was told, by object, ``familiar`` how much of it as it was when
    it was last decided on.
    """

    connection: str
    records: Records = field(default_factory=Records)
    gone: dict[RemoteKey, Gone] = field(default_factory=dict)
    changes: dict[RemoteKey, list[Change]] = field(default_factory=lambda: defaultdict(list))
    cursors: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: set[tuple[str, str | None]] = field(default_factory=set)
    absent: set[RemoteKey] = field(default_factory=set)
    followed: dict[RemoteKey, str] = field(default_factory=dict)
    emptied: set[RemoteKey] = field(default_factory=set)
    comments: list[Comment] = field(default_factory=list)
    places: str = ""
    told: dict[str, Digests] = field(default_factory=lambda: defaultdict(Digests))
    familiar: int = 0
    error: AdapterError | None = None

    def add(self, page: Page) -> None:
        """Take in one page; a later state of a record replaces an earlier one."""
        for record in page.records:
            self.records.tell(record, page.marks.get((record.object, record.id)))
            self.told[record.object].add((record.id,))
        for object_name, ids in page.same.items():
            self.told[object_name].add(ids)
            self.familiar += len(ids)
            # Told otherwise on an earlier page: by now it is as it was decided on again.
            for id in ids if self.records else ():
                self.records.pop((object_name, id), None)
        for gone in page.gone:
            self.gone[(gone.object, gone.id)] = gone
        for change in page.changes:
            self.changes[(change.object, change.id)].append(change)
        self.comments += page.comments
        if page.done:
            self.listed |= page.listed
            if page.cursor is not None:
                self.cursors[page.feed] = page.cursor

    @property
    def eventful(self) -> bool:
        """Whether anything was told that is not as it was."""
        return bool(self.records or self.gone or self.changes or self.comments)

    @property
    def count(self) -> int:
        """How many things were told."""
        return self.records.count + self.familiar

    def settle(self) -> None:
        """What is told to be gone and is listed all the same is there."""
        listed = {name: self.told[name].whole() for name in {name for name, _ in self.gone}}
        self.gone = {k: g for k, g in self.gone.items() if digest(k[1]) not in listed[k[0]]}

    def miss(self, object_name: str, linked: Callable[[], Iterable[str]]) -> None:
        """Note what of these linked things, all that there are in one place, is absent.

        They are gone through once if nothing is, so ``linked`` may read them anew each time.
        """
        told = self.told[object_name]
        if told.cover(linked()):
            return
        here = told.whole()
        keys = {(object_name, id) for id in linked()}
        # What was asked for by name is known as well, though no page told of it.
        known = self.gone.keys() | self.records.keys()
        lacking = {key for key in keys if digest(key[1]) not in here} - known
        self.absent |= lacking
        if lacking == keys and len(lacking) >= EMPTIED:
            self.emptied |= lacking


def in_parts(pulls: Mapping[str, Pulled]) -> Iterator[list[Place]]:
    """Everything that some system told something of, once, so much at a time.

    What is let go meanwhile is left out. What was told to be gone, absent or changed, without what
    it is now, comes first and all at once: of a record of which that is told nothing comes later.
    """
    rare = {
        (name, *key)
        for name, pulled in pulls.items()
        for key in chain(pulled.gone, pulled.absent, pulled.changes, pulled.followed)
        if key not in pulled.records
    }
    here = ((name, *key) for name, pulled in pulls.items() for key in pulled.records)
    part = [*rare, *islice(here, TOGETHER)]
    while part:
        yield part
        part = list(islice(here, TOGETHER))


def let_go(pulls: Mapping[str, Pulled], links: Iterable[Link]) -> None:
    """Forget what linked things were told to be, wherever that is still looked at."""
    for link in links:
        if link.connection in pulls:
            pulls[link.connection].records.let_go((link.object, link.remote_id))
