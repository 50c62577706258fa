"""Ids that were told, in eight bytes each, against those that are linked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.engine.pulled import Digests, digest

IDS = st.lists(st.sampled_from(["1", "2", "3", "a", "\ud800", "ü", ""]), max_size=8)


@given(told=IDS, linked=IDS)
def test_all_that_is_linked_was_told_or_not(told: list[str], linked: list[str]) -> None:
    """In whatever order, however often, and whatever else was told; half a character too."""
    assert Digests(told).cover(iter(linked)) == (set(linked) <= set(told))


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
def test_many_are_taken_in_piece_by_piece(count: int) -> None:
    """As many as are told are known, each by its own number."""
    ids = [f"id-{number}" for number in range(count)]
    found = Digests(iter(ids))
    found.add(["one more"])
    assert found.whole() == {digest(id) for id in [*ids, "one more"]}
    assert found.cover(ids)
    assert not found.cover([*ids, "another"])
