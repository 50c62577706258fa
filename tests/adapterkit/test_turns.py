"""Who goes first where more requests wait than a limit has places."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from syncer.adapterkit.limits import Budget, Limit, spending_for

WRITE = frozenset({"write"})


class Queue:
    """Requests that wait, each in a thread, and the order in which they went."""

    def __init__(self) -> None:
        self.went: list[str] = []
        self.threads: list[threading.Thread] = []

    def add(self, budget: Budget, name: str, kind: str = "", cost: int = 1) -> None:
        """A client's request; it waits by the time this returns."""
        before = budget.waiting

        def send() -> None:
            with spending_for(name), budget.slot(kind, cost):
                self.went.append(name)

        self.threads.append(threading.Thread(target=send))
        self.threads[-1].start()
        wait_for(lambda: budget.waiting == before + 1)

    def ended(self) -> list[str]:
        """The order, once all went."""
        for thread in self.threads:
            thread.join(10)
        return self.went


def wait_for(done: Callable[[], bool]) -> None:
    """Until it is so; fails if it never is."""
    until = time.monotonic() + 10
    while not done():
        assert time.monotonic() < until
        time.sleep(0.001)


@contextmanager
def all_taken(budget: Budget, count: int = 1) -> Iterator[None]:
    """A time in which others hold every place."""
    with budget.slot(cost=count):
        yield


def test_clients_take_turns() -> None:
    """A client with many requests does not keep another from its few; each is served in order."""
    budget, queue = Budget([Limit(1, 0)]), Queue()
    with all_taken(budget):
        for name in ("big", "big", "big", "big", "small", "small"):
            queue.add(budget, name)
    assert queue.ended() == ["big", "small", "big", "small", "big", "big"]


def test_tokens_of_one_key_take_turns() -> None:
    """Connections that share a key are served in turn as well, and none holds the key in vain.

    Those of the first token wait for a place of their own; the key's places stay free for others.
    """
    key = Budget([Limit(3, 0)], share=1)
    full, free = Budget([Limit(1, 0)], also=[key]), Budget([Limit(9, 0)], also=[key])
    queue = Queue()
    with full.slot():
        for _ in range(4):
            queue.add(full, "full")
        assert free.delay(cost=2) == 0
        with free.slot(cost=2):
            assert full.delay() is free.delay() is None
    assert queue.ended() == ["full"] * 4


def test_a_large_batch_is_not_overtaken_for_ever() -> None:
    """What needs many places gets them in its turn, though single requests keep coming."""
    budget, queue = Budget([Limit(3, 0)], share=1), Queue()
    with budget.slot():
        with budget.slot():
            queue.add(budget, "batch", cost=3)
            queue.add(budget, "single")
        assert queue.went == []
    assert queue.ended() == ["batch", "single"]


def test_who_waits_for_one_limit_holds_up_no_other() -> None:
    """Writes that wait for a limit on writes leave all other places to reads."""
    budget, queue = Budget([Limit(1, 0, WRITE), Limit(2, 0)], share=1), Queue()
    with budget.slot("write"):
        queue.add(budget, "writer", "write")
        with budget.slot("read"):
            assert queue.went == []
    assert queue.ended() == ["writer"]


def test_one_that_gives_up_leaves_its_turn() -> None:
    """A request that is broken off while it waits keeps neither a place nor a turn."""
    budget, queue, main = Budget([Limit(1, 0)]), Queue(), threading.main_thread().ident
    assert main is not None

    def broken_off() -> None:
        wait_for(lambda: budget.waiting == 1)
        queue.add(budget, "behind it")
        signal.pthread_kill(main, signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, signal.default_int_handler)
    thread = threading.Thread(target=broken_off)
    try:
        with budget.slot():
            thread.start()
            with pytest.raises(KeyboardInterrupt), budget.slot():
                pytest.fail("it went")  # pragma: no cover
            thread.join(10)
            assert budget.waiting == 1
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert queue.ended() == ["behind it"]
    assert budget.delay() == 0


def test_places_of_a_window_go_to_those_who_wait_in_order() -> None:
    """Each place goes on a window after its answer, to whoever waited longest."""
    now, queue = [0.0], Queue()
    budget = Budget([Limit(1, 0.01)], share=1, clock=lambda: now[0])
    budget.acquire()
    names = ["first", "second", "third", "fourth"]
    for name in names:
        queue.add(budget, name)

    def passes() -> bool:
        now[0] += 0.001
        return len(queue.went) == len(names)

    wait_for(passes)
    assert queue.ended() == names


def test_budgets_that_count_the_same_wait_together() -> None:
    """Two budgets of which each has its own queue cannot both count one request."""
    with pytest.raises(ValueError, match="wait together"):
        Budget([], also=[Budget([]), Budget([])])
