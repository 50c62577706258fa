"""What systems told of is looked up in parts: everything once, and nothing that was let go."""

from datetime import UTC, datetime

import pytest

from syncer.engine import pulled
from syncer.engine.pulled import Pulled, in_parts
from syncer.model.feeds import Page
from syncer.model.remote import Change, Gone, RemoteRecord

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _told(name: str, count: int) -> Pulled:
    """So many cards, one that is gone, one that is absent and two of which changes were told."""
    found = Pulled(name)
    cards = tuple(RemoteRecord("card", f"c{at}", {}, NOW) for at in range(count))
    changes = (Change("card", "c0", "name", None), Change("card", "x", "name", None))
    found.add(Page("feed", cards, gone=(Gone("card", "gone"),), changes=changes))
    found.absent.add(("board", "absent"))
    return found


@pytest.fixture
def pulls(monkeypatch: pytest.MonkeyPatch) -> dict[str, Pulled]:
    """Two systems, of which three things are looked up together."""
    monkeypatch.setattr(pulled, "TOGETHER", 3)
    return {"one": _told("one", 7), "two": _told("two", 2)}


RARE = {("card", "gone"), ("board", "absent"), ("card", "x")}


def test_everything_is_told_once(pulls: dict[str, Pulled]) -> None:
    """Each thing is in one part; what is no record comes with the first."""
    first, *rest = in_parts(pulls)
    every = [place for part in (first, *rest) for place in part]

    assert len(every) == len(set(every)) == 9 + 2 * len(RARE)
    assert {(name, *key) for name in pulls for key in RARE} <= set(first)
    assert [len(part) for part in rest] == [3, 3]


def test_what_is_let_go_meanwhile_is_left_out(pulls: dict[str, Pulled]) -> None:
    """What was settled with an earlier part is in no later one."""
    parts = in_parts(pulls)
    next(parts)
    for name, id in (("one", "c5"), ("two", "c0")):
        pulls[name].records.let_go(("card", id))

    later = {place for part in parts for place in part}

    assert later == {("one", "card", f"c{at}") for at in (3, 4, 6)} | {("two", "card", "c1")}


def test_nothing_told_is_no_part() -> None:
    """Where nothing was told, nothing is looked up."""
    assert list(in_parts({"one": Pulled("one")})) == []
