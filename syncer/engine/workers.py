"""The only place with threads: side by side for systems, several requests in flight for one."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from itertools import islice
from typing import Final, Generic, TypeVar

from syncer.adapterkit.limits import spender, spending_for

_NEVER_SHORT: Final = 10_000
"""More threads than are ever needed: one that waits for another must not wait for its place."""

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Iterable[T], do: Callable[[T], R]) -> list[tuple[T, R | Exception]]:
    """Do every piece of work at once; an error is a result and stops nobody else.

    The first is done here: only the others need threads, and those stay for the next time.
    """
    pieces = list(work)
    if len(pieces) <= 1:
        return [(piece, _try(do, piece)) for piece in pieces]
    do_there = _for_the_same(do)
    others = [_crew().submit(do_there, piece) for piece in pieces[1:]]
    try:
        here = _try(do, pieces[0])
    finally:
        wait(others)
    return list(zip(pieces, [here, *(other.result() for other in others)], strict=True))


@cache
def _crew() -> ThreadPoolExecutor:
    """Threads of which as many are started as were ever needed at once."""
    return ThreadPoolExecutor(_NEVER_SHORT, thread_name_prefix="worker")


# A forked process has none of them, and would wait for them for ever.
os.register_at_fork(after_in_child=_crew.cache_clear)


def in_order(
    work: Iterable[T], do: Callable[[T], R], most: int
) -> Iterator[tuple[T, R | Exception]]:
    """Do at most ``most`` pieces at once; results come in the order of the work."""
    pieces = list(work)
    if most <= 1 or len(pieces) <= 1:
        for piece in pieces:
            yield piece, _try(do, piece)
        return
    with ThreadPoolExecutor(min(most, len(pieces)), thread_name_prefix="worker") as pool:
        yield from zip(pieces, pool.map(_for_the_same(do), pieces), strict=True)


class Flight(Generic[T, R]):
    """Pieces of work of which several are under way at once, for one who listens.

    Args:
        do: called in a thread of its own; an error is a result.
        heed: told every result at once, one at a time, before the next piece is begun.
    """

    def __init__(
        self,
        work: Sequence[T],
        do: Callable[[T], R],
        heed: Callable[[R | Exception], None] = lambda _result: None,
    ) -> None:
        self._left = len(work)
        self._waiting = iter(work)
        self._do = do
        self._heed = heed
        self._client = spender()
        self._over = False
        self._landed: list[tuple[T, R | Exception]] = []
        self._broken: BaseException | None = None
        self._enough = 1
        # Guards all of these; whoever listens is woken by the first to land, and by enough.
        self._changed = threading.Condition(threading.Lock())

    def landing(
        self, most: int, together: int = 1, within: float = 0
    ) -> Iterator[list[tuple[T, R | Exception]]]:
        """Begin, with at most ``most`` under way; results come as they land.

        Up to ``together`` come at once where they land ``within`` as many seconds. Once nobody
        listens any more, no further piece is begun.
        """
        most = min(most, self._left)
        self._enough = min(together, self._left)
        crew = [threading.Thread(target=self._work, name=f"write-{n}") for n in range(most)]
        if most == self._left == 1:
            crew = []
            self._work()
        begun: list[threading.Thread] = []
        try:
            for thread in crew:
                thread.start()
                begun.append(thread)
            while self._left:
                yield self._next(within)
                self._enough = min(together, self._left)
        finally:
            self._over = True
            for thread in begun:
                thread.join()

    def _next(self, within: float) -> list[tuple[T, R | Exception]]:
        """What landed together; a thread that was broken off breaks off all."""
        with self._changed:
            self._changed.wait_for(lambda: self._landed or self._broken)
            self._changed.wait_for(
                lambda: len(self._landed) >= self._enough or self._broken, within
            )
            if self._broken is not None:
                raise self._broken
            found = self._landed[: self._enough]
            del self._landed[: self._enough]
        self._left -= len(found)
        return found

    def _work(self) -> None:
        """One piece after the other, for the client whose turn it is where they were begun."""
        try:
            with spending_for(self._client):
                for piece in self._pieces():
                    self._ended(piece, _try(self._do, piece))
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody listens
            with self._changed:
                self._broken = error
                self._changed.notify()

    def _pieces(self) -> Iterator[T]:
        while not self._over:
            with self._changed:
                found = list(islice(self._waiting, 1))
            if not found:
                return
            yield found[0]

    def _ended(self, piece: T, result: R | Exception) -> None:
        with self._changed:
            self._heed(result)
            self._landed.append((piece, result))
            if len(self._landed) == 1 or len(self._landed) >= self._enough:
                self._changed.notify()


def _for_the_same(do: Callable[[T], R]) -> Callable[[T], R | Exception]:
    """In another thread, but for the client whose turn it is in this one."""
    client = spender()

    def work(piece: T) -> R | Exception:
        with spending_for(client):
            return _try(do, piece)

    return work


def _try(do: Callable[[T], R], piece: T) -> R | Exception:
    try:
        return do(piece)
    except Exception as error:  # noqa: BLE001 - handed to the caller as a value
        return error
