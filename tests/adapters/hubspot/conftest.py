"""A HubSpot account for each test."""

from collections.abc import Iterator

import pytest

from adapters.hubspot import send
from syncer.adapterkit import outcome, retry
from tests.adapters.hubspot.bench import Bench, bench


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)
    monkeypatch.setattr(send, "PAUSES", (0.15, 0.15, 0.15))


@pytest.fixture
def b() -> Iterator[Bench]:
    with bench() as made:
        yield made
