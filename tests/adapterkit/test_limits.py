"""The request budget, against a server that counts arrivals in a sliding window."""

import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.adapterkit.http import Http, by_status
from syncer.adapterkit.limits import Budget, Limit, budget_for, digest_of
from syncer.adapterkit.sandbox import serve
from tests.adapterkit.notes import NotesSandbox


def test_no_refusal_is_ever_earned() -> None:
    """Eight threads that send as fast as they may, at the full limit, never see a 429."""
    sandbox = NotesSandbox()
    limit = Limit(20, 0.5)
    sandbox.limits = (limit,)
    with serve(sandbox) as server:
        options = server.connection("syncer")
        token = str(options["token"])
        budget = Budget([limit], share=1)
        http = Http(
            server.url,
            headers=lambda: {"authorization": f"Bearer {token}"},
            classify=by_status,
            budget=budget,
            secrets=[token],
        )
        started = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: http.get("/notes"), range(61)))
        took = time.monotonic() - started
        http.close()
        statuses = [entry["status"] for entry in server.requests]
    assert statuses == [200] * 61
    # 61 requests need three windows of 20 to pass; much more would be wasteful.
    assert 1.5 <= took < 5


@given(
    share=st.sampled_from([0.5, 0.9, 1.0]),
    count=st.integers(1, 8),
    travel=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=60),
)
def test_arrivals_never_crowd_a_window(
    share: float, count: int, travel: list[tuple[int, int]]
) -> None:
    """However long requests are on their way, no window holds more arrivals than the limit."""
    now = 0.0
    budget = Budget([Limit(count, 1.0)], share=share, clock=lambda: now)
    arrivals: list[float] = []
    for there, back in travel:
        while (delay := budget.delay()) != 0:
            assert delay is not None
            now += delay
        with budget.slot():
            now += there / 1000
            arrivals.append(now)
            now += back / 1000
    window: deque[float] = deque()
    for arrival in arrivals:
        window.append(arrival)
        while window[0] <= arrival - 1.0:
            window.popleft()
        assert len(window) <= max(1, int(count * share + 1e-9))


def test_requests_under_way_are_counted() -> None:
    """A place is only given on when its request was answered, however long that takes."""
    budget = Budget([Limit(1, 0.01)], share=1)
    order: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with budget.slot():
            inside.set()
            leave.wait(5)
            order.append("first answered")

    thread = threading.Thread(target=first)
    thread.start()
    inside.wait(5)
    threading.Timer(0.05, leave.set).start()
    with budget.slot():
        order.append("second sent")
    thread.join()
    assert order == ["first answered", "second sent"]


def test_limits_may_count_some_kinds_only() -> None:
    """A limit on searches does not hold up reads."""
    budget = Budget([Limit(1, 60, frozenset({"search"})), Limit(100, 60)], share=1)
    budget.acquire("search")
    started = time.monotonic()
    for _ in range(20):
        budget.acquire("read")
    assert time.monotonic() - started < 0.5


def test_a_batch_costs_what_is_in_it() -> None:
    """A request of cost ten leaves room for ten less; one dearer than the limit still goes."""
    budget = Budget([Limit(10, 0.15)], share=1)
    started = time.monotonic()
    budget.acquire(cost=10)
    budget.acquire()
    assert time.monotonic() - started >= 0.15
    budget.acquire(cost=50)


def test_requests_at_once_can_be_limited() -> None:
    """With zero seconds a limit counts what is under way, and no share is taken of it."""
    budget = Budget([Limit(2, 0)], share=0.5)
    most, now = [0], [0]
    lock = threading.Lock()

    def work(_: int) -> None:
        with budget.slot():
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.002)
            with lock:
                now[0] -= 1

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(30)))
    assert most == [2]


def test_a_pause_stops_the_whole_credential() -> None:
    """After a pause nothing goes for its length, also through a budget that includes it."""
    key = Budget([Limit(100, 1)])
    token = Budget([Limit(100, 1)], also=[key])
    key.pause(0.1)
    started = time.monotonic()
    token.acquire()
    assert time.monotonic() - started >= 0.1


def test_one_credential_has_one_budget() -> None:
    """The same credential on the same system shares its budget; another does not."""
    limits = [Limit(5, 1)]
    first = budget_for(digest_of("https://a.example", "secret"), limits)
    assert budget_for(digest_of("https://a.example", "secret"), limits) is first
    assert budget_for(digest_of("https://b.example", "secret"), limits) is not first
    assert "secret" not in repr(first) + digest_of("secret")


@pytest.mark.parametrize("share", [0, -1, 1.5])
def test_a_share_is_a_part(share: float) -> None:
    """A share is more than nothing and at most all."""
    with pytest.raises(ValueError, match="share"):
        Budget([Limit(1, 1)], share=share)


def test_the_client_library_is_quiet() -> None:
    """Nothing of the HTTP library writes whole URLs into the standard log."""
    import logging

    assert httpx is not None
    assert logging.getLogger("httpx").getEffectiveLevel() >= logging.WARNING
    assert logging.getLogger("httpcore").getEffectiveLevel() >= logging.WARNING
