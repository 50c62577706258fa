"""A served stand-in for each test; what the adapter sent is checked against the document."""

from collections.abc import Iterator

import pytest

from syncer.adapterkit import outcome, retry
from tests.adapters.asana.bench import Bench, served
from tests.adapters.asana.spec import PLACE, request_problems


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between attempts nobody waits."""
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with served() as found:
        yield found
        assert found.running.problems == [], "the stand-in itself has failed"
        if PLACE.is_file():
            mine = [r for r in found.running.requests if r["user"] == "syncer"]
            assert request_problems(mine) == []
