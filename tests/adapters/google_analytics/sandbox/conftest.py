"""A stand-in of one's own whose clock stands."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from adapters.google_analytics.sandbox import GoogleAnalyticsSandbox
from syncer.adapterkit.sandbox import agency_world, serve
from tests.adapters.google_analytics.sandbox.desk import NOON, Desk


@contextmanager
def opened() -> Iterator[Desk]:
    """The agency's properties at noon."""
    box = GoogleAnalyticsSandbox()
    box.set_clock(NOON, frozen=True)
    box.start_with(agency_world())
    with serve(box) as running:
        yield Desk(box, running)
        assert running.problems == []


@pytest.fixture
def desk() -> Iterator[Desk]:
    """For tests that change something."""
    with opened() as desk:
        yield desk


@pytest.fixture(scope="module")
def there() -> Iterator[Desk]:
    """For tests that only look."""
    with opened() as desk:
        yield desk
