"""The only place with threads: side by side for systems, several requests in flight for one."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from syncer.adapterkit.limits import spender, spending_for

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Iterable[T], do: Callable[[T], R]) -> list[tuple[T, R | Exception]]:
    """Do every piece of work at once; an error is a result and stops nobody else.

    The first is done here: a thread is only started for the others.
    """
    pieces = list(work)
    if len(pieces) <= 1:
        return [(piece, _try(do, piece)) for piece in pieces]
    with ThreadPoolExecutor(len(pieces) - 1, thread_name_prefix="worker") as pool:
        do_there = _for_the_same(do)
        others = [pool.submit(do_there, piece) for piece in pieces[1:]]
        results = [_try(do, pieces[0]), *(other.result() for other in others)]
    return list(zip(pieces, results, strict=True))


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
        self._do = _for_the_same(do)
        self._heed = heed
        self._one_at_a_time = threading.Lock()
        self._over = False
        self._landed: SimpleQueue[tuple[T, R | Exception] | BaseException] = SimpleQueue()

    def landing(
        self, most: int, together: int = 1, within: float = 0
    ) -> Iterator[list[tuple[T, R | Exception]]]:
        """Begin, with at most ``most`` under way; results come as they land.

        Up to ``together`` come at once where they land ``within`` as many seconds. Once nobody
        listens any more, no further piece is begun.
        """
        most = min(most, self._left)
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
                found = list(self._next(together, within))
                self._left -= len(found)
                yield found
        finally:
            self._over = True
            for thread in begun:
                thread.join()

    def _next(self, together: int, within: float) -> Iterator[tuple[T, R | Exception]]:
        until = time.monotonic() + within
        for number in range(min(together, self._left)):
            patience = max(0.0, until - time.monotonic()) if number else None
            try:
                landed = self._landed.get(timeout=patience)
            except Empty:
                return
            if isinstance(landed, BaseException):
                raise landed
            if not number:
                until = time.monotonic() + within
            yield landed

    def _work(self) -> None:
        try:
            while not self._over:
                with self._one_at_a_time:
                    piece = next(self._waiting)
                result = self._do(piece)
                with self._one_at_a_time:
                    self._heed(result)
                self._landed.put((piece, result))
        except StopIteration:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody listens
            self._landed.put(error)


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
