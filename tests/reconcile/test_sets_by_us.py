"""What a set would show if nobody but us had changed it: all else in it is somebody's edit."""

import pytest

from syncer.model.remote import Raw
from syncer.reconcile.members import by_us

TABLE: list[tuple[str, Raw, Raw, Raw, Raw]] = [
    ("as we sent it", ["a"], ["a", "b"], ["a", "b"], ["a", "b"]),
    ("half of it came to pass", ["a"], ["b", "c"], ["a", "b"], ["a", "b"]),
    ("nothing of it did", ["a"], ["b"], ["a"], ["a"]),
    ("somebody added another", ["a"], ["a", "b"], ["a", "b", "x"], ["a", "b"]),
    ("somebody took one away", ["a", "x"], ["a", "b", "x"], ["a", "b"], ["a", "b", "x"]),
    ("both at once", ["a", "y"], ["b", "y"], ["b", "x"], ["b", "y"]),
    ("a choice that was made for our name", ["k1"], ["k1", {"name": "New"}], ["k1", "n9"], ["k1", "n9"]),
    ("and a known one that was not ours", ["k1"], ["k1", {"name": "New"}], ["k1", "k2", "n9"], ["k1", "n9"]),
    ("emptied", ["a"], None, None, None),
    ("filled", None, ["a"], ["a"], ["a"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "sent", "shown", "ours"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_only_what_we_sent_is_ours(before: Raw, sent: Raw, shown: Raw, ours: Raw) -> None:
    """Members that others added or took away meanwhile stay to be seen as their edits."""
    assert by_us(before, sent, shown, ["k1", "k2"]) == ours
