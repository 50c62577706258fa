"""A served stand-in for each test."""

from collections.abc import Iterator

import pytest

from syncer.adapterkit import outcome, retry
from tests.adapters.trello.driving import Desk, served


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between attempts nobody waits."""
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with served() as found:
        yield found
