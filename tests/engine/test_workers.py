"""Threads of the engine: what they do, they do for the client that the work is for."""

import os
import signal
import threading
import time

import pytest

from syncer.adapterkit.limits import spender, spending_for
from syncer.engine.workers import Flight, in_order, side_by_side


@pytest.mark.parametrize("most", [1, 3], ids=["alone", "side by side"])
def test_requests_of_a_client_wait_in_its_own_line(most: int) -> None:
    """Also what other threads send for a client takes turns with the other clients' requests."""
    expected = dict.fromkeys((1, 2, 3), "bakery")
    with spending_for("bakery"):
        flight = Flight([1, 2, 3], lambda _: spender())
        assert dict(in_order([1, 2, 3], lambda _: spender(), most)) == expected
        assert dict(side_by_side([1, 2, 3], lambda _: spender())) == expected
    assert {piece: who for landed in flight.landing(most) for piece, who in landed} == expected
    assert spender() == ""


def test_without_its_whole_crew_nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the machine gives no more threads, those that began do not write on, unheard."""
    begun: list[threading.Thread] = []
    refused = threading.Event()
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if len(begun) == 2:
            refused.set()
            raise RuntimeError("can't start new thread")
        begun.append(thread)
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    flight = Flight(range(200_000), lambda _: refused.wait())

    with pytest.raises(RuntimeError, match="new thread"):
        list(flight.landing(3))
    assert not any(thread.is_alive() for thread in begun)


def test_threads_for_systems_stay_for_the_next_cycle() -> None:
    """What is done side by side again and again starts no thread each time."""
    seen: set[threading.Thread] = set()

    def note(_: int) -> None:
        seen.add(threading.current_thread())

    for _ in range(20):
        side_by_side(range(3), note)
    assert len(seen) < 20


def test_a_forked_process_has_threads_of_its_own() -> None:
    """Work is done side by side also where the threads that stay are those of another process."""
    side_by_side(range(3), lambda _: time.sleep(0.05))
    time.sleep(0.1)  # until they wait for more
    child = os.fork()
    if not child:
        signal.alarm(20)
        os._exit(len(side_by_side(range(3), str)))
    assert 3 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_work_side_by_side_may_itself_be_done_side_by_side() -> None:
    """Who waits for others keeps nobody from beginning, however deep it goes."""

    def deeper(level: int) -> int:
        found = side_by_side([level - 1] * 3, deeper) if level else []
        return 1 + sum(result for _, result in found if isinstance(result, int))

    assert 40 == deeper(3)
