"""A frightening plan is refused, in numbers, exactly where it is over a limit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.configuration import Limits
from syncer.model.decisions import Action, Refusal, Remap
from syncer.model.remote import Op
from syncer.reconcile.guard import Missing, enough, guard


def actions(op: Op, count: int, connection: str = "trello") -> list[Action]:
    """So many writes of one kind."""
    return [
        Action("bakery", f"r_{n}", "task", "Logo", connection, op, "card", 20, f"c{n}")
        for n in range(count)
    ]


def refused(
    archives: int = 0,
    updates: int = 0,
    absent: int = 0,
    emptied: int = 0,
    leaving: int = 0,
    remaps: int = 0,
    linked: int = 100,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    allowed: frozenset[str] = frozenset(),
) -> list[str]:
    """Kinds that are refused."""
    plan = [*actions(Op.ARCHIVE, archives), *actions(Op.UPDATE, updates), *actions(Op.CREATE, 99)]
    remap = [Remap("trello", "task", "status", "todo", "doing", remaps, "trello.yaml:3")]
    lacking = {"trello": Missing(absent, emptied)}
    left = {"trello": leaving}
    found = guard(plan, remap, lacking, {"trello": linked}, limits, allowed, leaving=left)
    return [refusal.kind for refusal in found]


TABLE: list[tuple[str, dict[str, Any], list[str]]] = [
    ("ten are archived", {"archives": 10}, []),
    ("eleven are", {"archives": 11}, ["archives"]),
    ("eleven of very many are", {"archives": 11, "linked": 9000}, ["archives"]),
    ("ten of a few are", {"archives": 10, "linked": 10}, []),
    ("eleven of a few are", {"archives": 11, "linked": 11}, ["archives"]),
    ("ten are missing from a listing", {"absent": 10}, []),
    ("eleven are", {"absent": 11}, ["absent"]),
    ("a whole list of two is missing", {"absent": 2, "emptied": 2}, ["absent"]),
    ("a list of one is", {"absent": 1, "emptied": 1}, []),
    ("a whole list and more are", {"absent": 11, "emptied": 5}, ["absent"]),
    ("ten leave the scope", {"leaving": 10}, []),
    ("eleven leave it", {"leaving": 11}, ["leaving"]),
    ("eleven leave it, and may", {"leaving": 11, "allowed": frozenset({"leaving"})}, []),
    ("half is changed", {"updates": 50}, []),
    ("more than half is", {"updates": 51}, ["updates"]),
    ("ten of a dozen are changed", {"updates": 10, "linked": 12}, []),
    ("eleven of a dozen are", {"updates": 11, "linked": 12}, ["updates"]),
    ("all of a very few are", {"updates": 9, "linked": 9}, []),
    ("a new client is filled", {"updates": 500, "linked": 0}, []),
    ("ten read differently", {"remaps": 10}, []),
    ("eleven do", {"remaps": 11}, ["remaps"]),
    ("a share where many may be archived", {"archives": 21, "limits": Limits(archives=500)}, ["archives"]),
    ("within that share", {"archives": 20, "limits": Limits(archives=500)}, []),
    ("below the floor shares do not count", {"archives": 8, "linked": 9, "limits": Limits(archive_share=0.0)}, []),
    ("no share at all", {"archives": 1, "limits": Limits(archive_share=0.0, floor=0)}, ["archives"]),
    ("everything at once", {"archives": 11, "updates": 51, "absent": 11, "remaps": 11}, ["archives", "absent", "updates", "remaps"]),
    ("what was allowed", {"archives": 11, "remaps": 11, "allowed": frozenset({"archives"})}, ["remaps"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "kinds"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_what_is_refused(plan: dict[str, Any], kinds: list[str]) -> None:
    """Too much archived, missing, changed or read differently needs somebody's word."""
    assert kinds == refused(**plan)


def test_a_refusal_tells_its_numbers_and_the_way_out() -> None:
    """How many, of how many, where, what the limit is, and what to type."""
    [found] = guard(actions(Op.ARCHIVE, 12), [], {}, {"trello": 40}, Limits(), frozenset())

    assert Refusal("archives", "trello", 12, 40, "10", "--allow archives") == found
    assert "archives in trello: 12 of 40, the limit is 10; to allow: --allow archives" == str(found)


def test_a_whole_list_that_is_lacking_is_told_apart() -> None:
    """Five of forty are few, but not if they were all that a board had."""
    lacking = {"trello": Missing(6, 5)}
    [found] = guard([], [], lacking, {"trello": 40}, Limits(), frozenset())

    assert (
        "absent in trello: 5 of 40, the limit is 0 where a whole list is lacking;"
        " to allow: --allow absent"
    ) == str(found)


def test_a_board_counts_as_all_that_is_in_it() -> None:
    """Archiving a board puts its cards out of sight: each counts once, whatever else is archived."""
    plan = actions(Op.ARCHIVE, 3)
    inside = {("trello", "c0"): frozenset({"c1", *(f"x{n}" for n in range(9))})}
    [found] = guard(plan, [], {}, {"trello": 40}, Limits(), frozenset(), inside)

    assert Refusal("archives", "trello", 12, 40, "10", "--allow archives") == found


def test_each_system_counts_for_itself() -> None:
    """Ten in one tool and ten in another are not twenty."""
    plan = [*actions(Op.ARCHIVE, 10, "asana"), *actions(Op.ARCHIVE, 10)]

    assert () == guard(plan, [], {}, {"asana": 40, "trello": 40}, Limits(), frozenset())


counts = st.integers(0, 60)
shares = st.integers(0, 100).map(lambda percent: percent / 100)


@given(archives=counts, updates=counts, linked=counts, most=counts, floor=counts, share=shares)
def test_refused_if_and_only_if_over(
    archives: int, updates: int, linked: int, most: int, floor: int, share: float
) -> None:
    """Over the number, or over the share of enough linked things where that is above the floor."""
    limits = Limits(archives=most, archive_share=share, update_share=share, floor=floor)
    of_share = linked * round(share * 100)

    def over(count: int) -> bool:
        return linked >= floor and count > floor and count * 100 > of_share

    expected = ["archives"] if archives > most or over(archives) else []
    expected += ["updates"] if over(updates) else []
    assert expected == refused(archives, updates, linked=linked, limits=limits)


CHANGES = [
    ("the limit of a few", {"writes": 25, "linked": 5}, []),
    ("one more", {"writes": 26, "linked": 5}, ["configuration"]),
    ("the floor where a tenth is less", {"writes": 10, "linked": 40}, []),
    ("more than the floor", {"writes": 11, "linked": 40}, ["configuration"]),
    ("a tenth", {"writes": 20, "linked": 200}, []),
    ("more than a tenth", {"writes": 21, "linked": 200}, ["configuration"]),
    ("the limit of very many", {"writes": 26, "linked": 9000}, ["configuration"]),
    ("nothing was changed", {"writes": 400, "linked": 4000, "changed": False}, []),
    ("no share", {"writes": 25, "linked": 60, "limits": Limits(after_change_share=1.0)}, []),
]


@pytest.mark.parametrize(("case", "kinds"), [r[1:] for r in CHANGES], ids=[r[0] for r in CHANGES])
def test_what_is_refused_after_the_rules_changed(case: dict[str, Any], kinds: list[str]) -> None:
    """All writes of all systems are counted, whatever they are, against all that is linked."""
    half = case["writes"] // 2
    plan = [*actions(Op.CREATE, half), *actions(Op.UPDATE, case["writes"] - half, "asana")]
    linked = {"trello": case["linked"] // 2, "asana": case["linked"] - case["linked"] // 2}
    limits = replace(case.get("limits", Limits()), update_share=1.0)

    changed = len(plan) if case.get("changed", True) else 0
    found = guard(plan, [], {}, linked, limits, frozenset(), changed=changed)

    assert kinds == [refusal.kind for refusal in found]
    assert all(refusal.flag == "--plan FILE" for refusal in found)


@given(
    counts=st.fixed_dictionaries(
        {
            name: st.integers(0, 60)
            for name in ("archives", "updates", "absent", "emptied", "leaving", "remaps")
        }
    ),
    more=st.integers(0, 500),
    limits=st.builds(
        Limits,
        archives=st.integers(0, 30),
        archive_share=st.floats(0.01, 1),
        update_share=st.floats(0.01, 1),
        floor=st.integers(0, 40),
    ),
)
def test_more_than_enough_linked_things_change_nothing(
    counts: dict[str, int], more: int, limits: Limits
) -> None:
    """Where as many are linked as can matter, no more need to be counted."""
    most = enough(counts["updates"], limits)
    assert most is not None
    found = refused(**counts, linked=most, limits=limits)
    assert found == refused(**counts, linked=most + more, limits=limits)


def test_of_no_share_all_counts() -> None:
    """Where none of what is linked may be touched, no number of linked things is enough."""
    assert enough(1, Limits(update_share=0)) is None
    assert enough(1, Limits(archive_share=0)) is None
