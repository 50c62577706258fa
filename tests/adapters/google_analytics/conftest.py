"""A stand-in for Google Analytics for each test."""

from collections.abc import Iterator

import pytest

from syncer.adapterkit import outcome, retry
from tests.adapters.google_analytics.bench import Bench, bench


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)


@pytest.fixture
def b() -> Iterator[Bench]:
    with bench() as made:
        yield made
