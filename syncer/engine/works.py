"""What was decided of each record of a cycle, with what will be written for it."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.agreements import new_agreements
from syncer.engine.cases import Case
from syncer.engine.decided import Decided
from syncer.engine.sealing import NOTHING_LEFT
from syncer.engine.spool import Spool
from syncer.model.decisions import Action
from syncer.model.records import Link, Record
from syncer.model.remote import Op
from syncer.state import Store


class Work(Struct):
    """A decided record with what will be written for it.

    ``into`` names the connections that are written to, each once for every write.
    """

    case: Case
    decided: Decided
    actions: tuple[Action, ...] = ()
    into: tuple[str, ...] = ()

    def write(self, actions: tuple[Action, ...]) -> None:
        """Set what will be written."""
        self.actions = actions
        self.into = tuple(action.connection for action in actions)

    def recorded(self) -> None:
        """Forget what the state holds now, but for the links that are written to yet."""
        record = self.decided.record
        changed = {action.connection for action in self.actions if action.op is not Op.CREATE}
        links = {name: link for name, link in self.decided.links.items() if name in changed}
        record = Record(record.id, record.client, record.entity)
        self.decided = replace(
            NOTHING_LEFT, record=record, links=links, waiting=self.decided.waiting
        )
        self.case.record = record
        self.case.twins = {}


_LEFT, _DONE = 0, 1
"""Lots: what is to be looked at again all the same, and what is done once it is written."""

_more: Final = attrgetter(
    *("verdicts", "proposals", "holds", "cleared", "remaps", "notices"),
    *("dropped", "put_away", "undone", "leaving"),
)
"""What few records lead to."""

_Turn = tuple[int, int, Work | bytes]
"""What was taken in, with what its turn is by."""


class Works:
    """The work of one cycle, by record.

    Args:
        store: where it will be written; what waits stands in its form already.
        spool: where new records wait of which there is no more to say than what they are; all
            that is told of several records at once, and what is rare, stays ``whole``.
    """

    def __init__(self, store: Store, spool: Spool | None = None) -> None:
        self._store = store
        self._spool = spool
        self.ahead = store.ahead()
        self.whole: dict[str, Work] = {}
        self._behind: list[int] = []
        self._last = 0
        self.created = 0

    def add(self, work: Work) -> bool:
        """Take in what a record needs, to which nothing is added any more; says if it is on disk."""
        self.created += work.case.new
        if self._spool is None or not _plain(work) or not self._kept(self._spool, work):
            self.whole[work.decided.record.id] = work
            self._behind.append(self._last)
            return False
        return True

    def _kept(self, spool: Spool, work: Work) -> bool:
        decided, acts = work.decided, bool(work.into)
        record = replace(decided.record, pending=acts or decided.waiting)
        agreements = new_agreements(self._store, [(work.case.record, record)])
        try:
            parcel = self.ahead.tell(record, decided.links.values(), agreements, decided.journal)
        except OverflowError:
            return False
        lot = _DONE if acts and not decided.waiting else _LEFT
        self._last = spool.put(parcel, lot, record.id.encode())
        return True

    def chunks(self, size: int) -> Iterator[tuple[list[Work], list[bytes]]]:
        """All of it, so much at a time, in the order in which it was taken in.

        Killed in between, nothing is stored that names a record which is not.

        Returns:
            What was held of each such part, and what was told ahead.
        """
        every = self._every()
        while chunk := list(islice(every, size)):
            whole = [work for *_, work in chunk if isinstance(work, Work)]
            yield whole, [told for *_, told in chunk if isinstance(told, bytes)]

    def _every(self) -> Iterator[_Turn]:
        turns = zip(self._behind, self.whole.values(), strict=True)
        whole: Iterator[_Turn] = ((number, 1, work) for number, work in turns)
        kept = self._spool.numbered() if self._spool is not None else iter(())
        told: Iterator[_Turn] = ((number, 0, parcel) for number, parcel in kept)
        yield from merge(told, whole, key=itemgetter(0, 1))

    def links(self, record: str) -> dict[str, Link]:
        """The links of a record as they will be, by connection."""
        if record in self.whole or self._spool is None:
            return self.whole[record].decided.links
        place = record.encode()
        for lot in (_DONE, _LEFT):
            if (parcel := self._spool.at(lot, place)) is not None:
                return {link.connection: link for link in self.ahead.links(parcel)}
        raise KeyError(record)

    def again(self, record: str, connection: str) -> bool:
        """Whether a record is written to more than once there."""
        return record in self.whole and self.whole[record].into.count(connection) > 1

    def through(self) -> Iterator[str]:
        """Records of which nothing is left to do once they are written."""
        for id, work in self.whole.items():
            if work.into and not work.decided.waiting:
                yield id
        if self._spool is not None:
            yield from (place.decode() for place, _ in self._spool.lot(_DONE))


def _plain(work: Work) -> bool:
    """Whether a record is new, and nothing follows but that it is stored and written."""
    if not work.case.new or any(_more(work.decided)):
        return False
    if any(line.kind == "edit" or line.outcome == "unlinked" for line in work.decided.journal):
        return False
    once = len(set(work.into)) == len(work.into)
    return once and all(action.op in (Op.CREATE, Op.UPDATE) for action in work.actions)
