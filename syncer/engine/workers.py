"""The only place with threads: side by side for systems, several requests in flight for one."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(work: Iterable[T], do: Callable[[T], R]) -> list[tuple[T, R | Exception]]:
    """Do every piece of work at once; an error is a result and stops nobody else."""
    pieces = list(work)
    return list(in_order(pieces, do, len(pieces)))


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
        yield from zip(pieces, pool.map(lambda piece: _try(do, piece), pieces), strict=True)


def in_flight(
    work: Iterable[T], do: Callable[[T], R], most: int
) -> Iterator[tuple[T, R | Exception]]:
    """Do pieces with at most ``most`` under way; results come as they land."""
    pieces = list(work)
    if most <= 1 or len(pieces) <= 1:
        for piece in pieces:
            yield piece, _try(do, piece)
        return
    with ThreadPoolExecutor(min(most, len(pieces)), thread_name_prefix="write") as pool:
        futures = {pool.submit(_try, do, piece): piece for piece in pieces}
        for future in as_completed(futures):
            yield futures[future], future.result()


def _try(do: Callable[[T], R], piece: T) -> R | Exception:
    try:
        return do(piece)
    except Exception as error:  # noqa: BLE001 - handed to the caller as a value
        return error
