"""Feeds that fail: every way the guides know, for each vendor, and all in step afterwards."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from msgspec.structs import replace

from syncer.cli import main
from tests.system import feeds_asana, feeds_hubspot, feeds_many, feeds_trello
from tests.system.feeds import EVERY, Feeds, Way, small_world

WAYS: tuple[Way, ...] = (*feeds_asana.WAYS, *feeds_trello.WAYS)
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
def deals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Feeds]:
    """A client's deals, few enough to be listed at each poll, and their projects in Asana."""
    world = replace(small_world(), tasks=())
    folder = tmp_path_factory.mktemp("deals")
    with Feeds(folder, systems=("asana", "hubspot"), world=world) as feeds:
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


@pytest.mark.parametrize("way", feeds_hubspot.WAYS, ids=str)
def test_a_list_that_fails_is_healed(deals: Feeds, way: Way) -> None:
    """What merges, comes out of the bin or is linked elsewhere stays what it was to us."""
    way.story(deals)
    HEALED.add(str(way))


@pytest.mark.parametrize("way", feeds_many.WAYS, ids=str)
def test_a_search_that_fails_is_healed(many: Feeds, way: Way) -> None:
    """With more deals than a batch reads the index tells; what it does not tell is found."""
    way.story(many)
    HEALED.add(str(way))


def test_status_says_when_everything_was_compared(
    many: Feeds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Per client: when it last was, how much that healed, and when it is next due."""
    many.later(minutes=1)
    feeds_many.forgotten(many, "Not told by any search")
    many.later(minutes=1)
    many.cycle()
    many.later(minutes=1)
    many.cycle(full=True)
    for name, value in many.secrets.items():
        monkeypatch.setenv(name, value)

    def said(*args: str) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--config", str(many.folder), "status", *args])
        assert ended.value.code == 0
        return capsys.readouterr().out

    (told,) = json.loads(said("--json"))["clients"]
    last = many.store.client("bakery").last_full_at
    assert last is not None
    compared = told["full_compare"]
    assert compared["healed"] == 1
    begun = last.replace(microsecond=0)
    assert datetime.fromisoformat(compared["last_at"]) == begun
    assert datetime.fromisoformat(compared["next_at"]) == begun + EVERY
    assert re.search(r"ago, healed 1; next in \d+ d", said())


def test_every_way_to_fail_was_healed(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    """Counts the ways that were tried in this run, and those of them after which all was well."""
    nodes = (getattr(item, "callspec", None) for item in request.session.items)
    tried = {str(node.params["way"]) for node in nodes if node and "way" in node.params}
    assert tried == HEALED
    record_property("figure", f"feeds: {len(HEALED)} ways to fail, all healed")
