"""Which entries of a vendor's history are our own writes, and in which order the others came."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.records import Intent
from syncer.model.remote import Change, Op, Raw
from syncer.model.values import MISSING
from syncer.reconcile.history import foreign
from tests.reconcile.made import minutes

ME = frozenset({"u-syncer"})


def entry(new: Any, at: float | None = 0, by: str | None = "u-syncer", **more: Any) -> Change:
    """An entry about the due date of one card."""
    usual = {"key": f"{by}:{at}:{new}", "field": "due"} | more
    when = None if at is None else minutes(at)
    return Change("card", "c1", at=when, by=by, new=new, **usual)


def write(
    at: float = 0, got: Mapping[str, Raw] | None = None, id: str = "i1", **fields: Raw
) -> Intent:
    """A write of ours that was answered within a second."""
    return Intent(
        id, "bakery", "cycle", "r_1", "trello", Op.UPDATE, "card", "c1", "b1", fields,
        created_at=minutes(at), done_at=minutes(at), got=got or {},
    )  # fmt: skip


def kept(entries: list[Change], *writes: Intent) -> list[Any]:
    """What remains of these entries, as (who, what)."""
    return [(found.by, found.new) for found in foreign(entries, writes, ME)]


TABLE: list[tuple[str, list[Change], list[Intent], int]] = [
    ("what we sent, when we sent it", [entry("d2")], [write(due="d2")], 0),
    ("what the vendor made of it", [entry("d2.0")], [write(due="d2", got={"due": "d2.0"})], 0),
    ("without an author, by content", [entry("d2", by=None)], [write(due="d2")], 0),
    ("a touch that tells no value", [entry(MISSING)], [write(due="d2")], 0),
    ("a clock that is a little off", [entry("d2", at=4)], [write(due="d2")], 0),
    ("the same value by somebody else", [entry("d2", by="u-tom")], [write(due="d2")], 1),
    ("another value by our own account", [entry("d3")], [write(due="d2")], 1),
    ("our value on another day", [entry("d2", at=60)], [write(due="d2")], 1),
    ("our value in another field", [entry("d2", field="start")], [write(due="d2")], 1),
    ("emptied by our account while nothing came back", [entry(None)], [write(due="d2")], 1),
    ("one write explains one entry", [entry("d2"), entry("d2", at=1)], [write(due="d2")], 1),
    ("two writes explain two", [entry("d2"), entry("d2", at=1)], [write(due="d2"), write(1, id="i2", due="d2")], 0),
    ("no time is any time", [entry("d2", at=None)], [write(due="d2")], 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "writes", "count"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_own_writes_are_recognised_by_content(
    entries: list[Change], writes: list[Intent], count: int
) -> None:
    """By what was written and when; the account alone says nothing, for a person may share it."""
    assert count == len(foreign(entries, writes, ME))


def test_whoever_shares_our_account_still_counts() -> None:
    """The service runs on maya's token: her own edit, minutes after a write of ours, is hers."""
    entries = [entry("d2", by="u-maya"), entry("d5", at=1, by="u-maya")]
    found = foreign(entries, [write(due="d2")], frozenset({"u-maya"}))

    assert ["d5"] == [each.new for each in found]


def members(old: Any, new: Any, at: float = 0, by: str = "u-syncer") -> Change:
    """People of a card before and after."""
    return entry(new, at, by, field="members", old=old)


SETS: list[tuple[str, list[Change], Intent, int]] = [
    ("two people in two steps", [members(None, ["a"]), members(["a"], ["a", "b"])], write(members=["a", "b"]), 0),
    ("one comes and one goes", [members(["c"], ["a", "c"]), members(["a", "c"], ["a"])], write(members=["a"]), 0),
    ("all at once", [members(["c"], ["a", "b"])], write(members=["a", "b"]), 0),
    ("all go", [members(["c"], None)], write(members=None), 0),
    ("somebody we did not send", [members(None, ["a"]), members(["a"], ["a", "x"])], write(members=["a"]), 1),
    ("somebody who was to stay", [members(["a", "b"], ["b"])], write(members=["a", "b"]), 1),
    ("the same person twice", [members(None, ["a"]), members(["a"], None), members(None, ["a"])], write(members=["a"]), 2),
    ("a new label by the id it was given", [members(None, ["l9"])], write(members=[{"name": "New"}], got={"members": ["l9"]}), 0),
    ("who came meanwhile is not ours", [members(["a"], ["a", "x"])], write(members=["a"], got={"members": ["a", "x"]}), 1),
    ("touches of one set", [entry(MISSING, key="1", field="members"), entry(MISSING, key="2", field="members")], write(members=["a", "b"]), 0),
    ("a set whose old is not told", [entry(["a"], field="members")], write(members=["a", "b"]), 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "sent", "count"), [r[1:] for r in SETS], ids=[r[0] for r in SETS]
)
def test_a_set_is_written_member_by_member(entries: list[Change], sent: Intent, count: int) -> None:
    """Steps on the way to what was sent are ours, each member once; all others are edits."""
    assert count == len(foreign(entries, [sent], ME))


@given(st.permutations([
    entry("d3", 1, "u-tom", old="d2"), entry("d2", 1, "u-anna", old="d1"),
    entry("d4", 1, "u-ben", old="d3"), entry("d1", 0, "u-zoe"),
]))  # fmt: skip
def test_entries_follow_one_another(entries: list[Change]) -> None:
    """Oldest first; what happened at the very same time in the order that the values tell."""
    assert [("u-zoe", "d1"), ("u-anna", "d2"), ("u-tom", "d3"), ("u-ben", "d4")] == kept(entries)


@given(
    entries=st.permutations([entry("d2"), entry("d3", 1), entry("d2", 2), entry("d2", 2, "u-tom"), entry(None, 3)]),
    writes=st.permutations([write(due="d2"), write(2, id="i2", due="d3"), write(3, id="i3", due=None)]),
)  # fmt: skip
def test_the_order_of_telling_does_not_matter(entries: list[Change], writes: list[Intent]) -> None:
    """Pages and intents in any order leave the same entries."""
    assert [("u-syncer", "d2"), ("u-tom", "d2")] == kept(entries, *writes)


def test_a_new_thing_in_its_place_is_our_own_doing() -> None:
    """That what we made was put into its container is no edit; that somebody moved it on is."""
    made = replace(write(title="New"), op=Op.CREATE)
    placed, moved = entry("b1", field="board"), entry("b2", at=1, field="board")

    assert foreign([placed, moved], [made], ME) == (moved,)
