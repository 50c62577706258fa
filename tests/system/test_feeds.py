"""Feeds that fail: every way the guides know, for each vendor, and all in step afterwards."""

from collections.abc import Iterator

import pytest

from tests.system import feeds_asana, feeds_trello
from tests.system.feeds import Feeds, Way

WAYS: tuple[Way, ...] = (*feeds_asana.WAYS, *feeds_trello.WAYS)


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """One small agency in step; each way to fail acts on things of its own."""
    with Feeds(tmp_path_factory.mktemp("feeds")) as feeds:
        feeds.cycle()
        feeds.settle()
        yield feeds


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_feed_that_fails_is_healed(feeds: Feeds, way: Way) -> None:
    """What the feed kept from us is found, judged once with its editor, and all is quiet."""
    way.story(feeds)
