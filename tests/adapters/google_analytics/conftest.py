"""A stand-in for Google Analytics for each test."""

from collections.abc import Iterator

import pytest

from adapters.google_analytics import ledger
from syncer.adapterkit import outcome, retry
from tests.adapters.google_analytics.bench import Bench, bench


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)
    # What is known of quotas lives as long as the process; another test may get the same port.
    monkeypatch.setattr(ledger, "_books", {})


@pytest.fixture
def b() -> Iterator[Bench]:
    with bench() as made:
        yield made
