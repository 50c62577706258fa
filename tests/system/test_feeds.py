"""Feeds that fail: every way the guides know, for each vendor, and all in step afterwards."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.system import feeds_asana, feeds_hubspot, feeds_many, feeds_trello
from tests.system.feeds import Feeds, Way, small_world

WAYS: tuple[Way, ...] = (*feeds_asana.WAYS, *feeds_trello.WAYS, *feeds_hubspot.WAYS)
DEALS = 120
"""More than one batch reads, so that polls search."""

HEALED: set[str] = set()


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """One small agency in step; each way to fail acts on things of its own."""
    with Feeds(tmp_path_factory.mktemp("feeds")) as feeds:
        feeds.cycle()
        feeds.settle()
        yield feeds


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """A client with very many deals, two of them won, and their projects in Asana."""
    systems = ("asana", "hubspot")
    world = replace(small_world(), tasks=())
    with Feeds(tmp_path_factory.mktemp("many"), systems=systems, world=world) as feeds:
        company = str(feeds.box("hubspot").scope_of("bakery")["company"])
        feeds_many.fill(feeds, DEALS, company)
        feeds.cycle()
        feeds.settle()
        assert not any(path.endswith("deals/batch/read") for _, path in feeds.requests("hubspot"))
        yield feeds


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_feed_that_fails_is_healed(feeds: Feeds, way: Way) -> None:
    """What the feed kept from us is found, judged once with its editor, and all is quiet."""
    way.story(feeds)
    HEALED.add(str(way))


@pytest.mark.parametrize("way", feeds_many.WAYS, ids=str)
def test_a_search_that_fails_is_healed(many: Feeds, way: Way) -> None:
    """With more deals than a batch reads the index tells; what it does not tell is found."""
    way.story(many)
    HEALED.add(str(way))
