"""The bench's parts work together; what anything costs is no test's business."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncer.cli.work import service
from syncer.engine.service import Service
from syncer.model.report import CycleResult
from syncer.settings import load
from tests.bench import equal
from tests.bench.bounds import BOUNDS
from tests.bench.course import CHANGED, FIRST, Course
from tests.bench.document import written
from tests.bench.environments import HERE, PEERS
from tests.bench.equal import difference, rows
from tests.bench.folder import install
from tests.bench.ratios import at_most
from tests.bench.records import MAPPED, item
from tests.bench.running import Cost
from tests.bench.served import Server

COUNT = 30
PIN = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ;\\]+( ; .*)? \\$")


@pytest.fixture
def server() -> Iterator[Server]:
    """Two systems; the second one is empty."""
    with Server() as running:
        running.load("one", COUNT)
        running.clear("two")
        yield running


def cycle(running: Service) -> None:
    """One cycle that ends well."""
    [report] = running.run()
    assert report.result is CycleResult.DONE, report.problems


@pytest.mark.parametrize("batch", [1, 100], ids=["single", "batch"])
def test_both_sides_are_equal(
    server: Server, batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first sync and one after edits leave both systems with the same, by the fewest writes."""
    installed = install(tmp_path, server.url, ("one", "two"), batch)
    monkeypatch.syspath_prepend(str(installed.root / "plugin"))
    config = load(installed.root, installed.env)

    with service(config) as running:
        cycle(running)
        first = server.counts()
        assert not difference(rows(server.url, "one"), rows(server.url, "two"))
        assert len(rows(server.url, "one")) == COUNT + 1
        cycle(running)
        server.change("one", 3, 1)
        assert difference(rows(server.url, "one"), rows(server.url, "two"))
        server.counts()
        cycle(running)
        assert not difference(rows(server.url, "one"), rows(server.url, "two"))

    assert first["two POST items"] == (1 if batch == 100 else COUNT)
    assert server.counts() == {
        "one GET changed": 1,
        "two GET changed": 1,
        **({"two POST items": 1} if batch == 100 else {"two PUT items": 3}),
    }


def test_nothing_is_not_equal_to_nothing(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was not carried over at all does not pass for carried over well."""
    assert equal.main("systems", server.url, "one", "one") == 0
    assert equal.main("systems", server.url, "two", "two") == 1
    assert capsys.readouterr().out == f"{COUNT + 1} equalthere is nothing in two"


def test_records_are_as_large_as_said() -> None:
    """A record has 20 keys and about 1 KB, and is the same whenever it is made."""
    with Server() as running:
        running.load("one", COUNT)
        told = running.dump("one")
    made = [json.loads(line)["row"] for line in told.splitlines()]
    items = [row for row in made if "code" in row]

    assert {20} == {len(row) for row in items}
    assert all(700 < len(json.dumps(row)) < 1300 for row in items)
    place = items[7]["project"]
    assert {name: items[7][name] for name in MAPPED} == item(7, place)


@pytest.mark.parametrize("peer", PEERS)
def test_peers_are_locked_with_hashes(peer: str) -> None:
    """What is measured beside us is one known version, from wherever it is installed."""
    [named] = (HERE / f"{peer}.in").read_text().split()
    lock = (HERE / f"{peer}.lock").read_text().splitlines()
    pins = [line for line in lock if not line.startswith(" ")]

    assert pins
    assert all(PIN.match(line) for line in pins), pins
    assert any(line.startswith(re.sub(r"\[.*\]", "", named)) for line in pins)
    assert all("--hash=sha256:" in line for line in lock if line.startswith(" "))
    assert not any("://" in line for line in lock)


def test_the_page_says_what_does_not_hold() -> None:
    """By how much it does not, and what bounds it; of a goal that holds neither."""
    cost = Cost(cpu=2.0, wall=3.0, peak=90.0)
    ran = Course(1000, 100, {FIRST: [cost, cost], CHANGED: [cost]}, {FIRST: 21})
    goals = [
        at_most(1, "comparing", 0.25, [0.4, 0.5, 0.6]),
        at_most(2, "loading", 0.25, [0.2]),
        at_most(4, "starting", 0.3, [0.2], "s"),
    ]

    page = written(goals, [ran], ["## More\n\nOf another module."])

    assert "2 of 3 hold" in page
    row = next(line for line in page.splitlines() if "| comparing |" in line)
    assert "| 0.5 | **no**, 2 times as much | 0.4..0.6, 3 turns |" in row
    assert BOUNDS[1] in page
    assert BOUNDS[2] not in page
    assert "| first sync | 2,000 us a record (2,000..2,000, 2 turns) | 3.0 s | 90 MB | 21 |" in page
    assert "200,000 us a changed record" in page
    assert page.endswith("## More\n\nOf another module.\n")
