"""Fields without an owner: one new value is taken, several are settled by the rule."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.decisions import Step, Verdict
from syncer.model.rules import Shared
from syncer.model.values import MISSING, Seen
from syncer.reconcile.ownership import decide
from tests.reconcile.made import OWNERSHIP, PLACE, edit, rule

LATEST, HOLD, PREFER, UNION = Shared.LATEST, Shared.HOLD, Shared.PREFER, Shared.UNION


def settle(
    how: Shared, steps: list[Step], agreed: Seen = "old", prefer: tuple[str, ...] = ()
) -> Verdict:
    """What these edits of a shared field lead to."""
    line = rule(shared=how, prefer=prefer, field="notes")
    return decide(line, agreed, steps, (), OWNERSHIP, PLACE)


def some(*members: str) -> frozenset[str]:
    """A set."""
    return frozenset(members)


A, B = edit("tom", "a", "asana"), edit("anna", "b", "hubspot", 1)

TABLE: list[tuple[str, Shared, Seen, list[Step], Seen, list[str]]] = [
    *[("one new value", how, "old", [A], "a", ["taken"]) for how in Shared],
    *[("nobody's as well", how, "old", [edit(None, "a")], "a", ["taken"]) for how in Shared],
    *[("nothing new", how, "old", [], "old", []) for how in Shared],
    *[("twice the same", how, "old", [A, edit("anna", "a", "hubspot", 1)], "a", ["taken", "taken"]) for how in Shared],
    *[("there and back", how, "old", [A, edit("tom", "old", "asana", 1)], "old", ["overwritten", "agrees"]) for how in Shared],
    *[("in one tool the last", how, "old", [A, edit("anna", "b", "asana", 1)], "b", ["overwritten", "taken"]) for how in Shared],
    *[("a value that is not told", how, "old", [edit("tom", MISSING), B], "b", ["not told", "taken"]) for how in Shared],
    ("several: the latest", LATEST, "old", [A, B], "b", ["overruled", "taken"]),
    ("several: held", HOLD, "old", [A, B], "old", ["held", "held"]),
    ("several: the preferred", PREFER, "old", [A, B], "a", ["taken", "overruled"]),
    ("the preferred has none: the latest", PREFER, "old", [B, edit("ben", "c", "trello", 2)], "c", ["overruled", "taken"]),
    ("emptied is a value too", LATEST, "old", [A, edit("anna", None, "hubspot", 1)], None, ["overruled", "taken"]),
    ("sets are joined", UNION, some("x"), [edit("tom", some("x", "a")), edit("anna", some("x", "b"), "hubspot", 1)], some("x", "a", "b"), ["taken", "taken"]),
    ("what either took away is gone", UNION, some("x", "y"), [edit("tom", some("y", "a")), edit("anna", some("x"), "hubspot", 1)], some("a"), ["taken", "taken"]),
    ("both take all away", UNION, some("x", "y"), [edit("tom", some("x")), edit("anna", None, "hubspot", 1)], None, ["taken", "taken"]),
    ("no sets: the latest", UNION, "old", [A, B], "b", ["overruled", "taken"]),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[f"{r[0]} [{r[1]}]" for r in TABLE])
def test_the_rule_settles_it(row: tuple[Any, ...]) -> None:
    """Each shared rule, with what every edit came to."""
    _, how, agreed, steps, value, outcomes = row
    verdict = settle(how, steps, agreed, ("asana",))

    assert (value, outcomes) == (verdict.value, [item.outcome for item in verdict.judged])
    assert verdict.changed == (value != agreed)
    assert ((), ()) == (verdict.drafts, verdict.closings)


def test_what_is_held_stays_in_both_tools_and_both_hear_of_it() -> None:
    """Nothing is written over until a person settles it."""
    verdict = settle(HOLD, [A, B])

    assert {"asana", "hubspot"} == verdict.keep_in
    assert "edited differently in asana and hubspot" == verdict.held
    assert (A, B) == verdict.told


def test_of_several_in_the_preferred_system_the_latest() -> None:
    """A preferred system with two edits in two connections has its latest word."""
    place = replace(PLACE, systems={"one": "asana", "two": "asana"})
    steps = [edit("tom", "a", "one"), edit("tom", "c", "two", 1), edit("anna", "b", "hubspot", 2)]
    line = rule(shared=PREFER, prefer=("asana",))

    assert "c" == decide(line, "old", steps, (), OWNERSHIP, place).value


texts = st.sampled_from(["old", "a", "b", None, MISSING])
sets = st.sampled_from([some("x"), some("x", "a"), some("a", "b"), None])


@given(how=st.sampled_from(list(Shared)), data=st.data())
def test_order_free_and_nothing_lost(how: Shared, data: st.DataObject) -> None:
    """Told in any order the verdict is the same, and every edit is in it once."""
    values = data.draw(st.sampled_from([texts, sets]))
    people = st.sampled_from(["tom", "anna", None])
    tools = st.sampled_from(["asana", "hubspot", "trello"])
    drawn = data.draw(
        st.lists(st.builds(edit, people, values, tools, st.integers(0, 2)), max_size=5)
    )
    steps = [replace(step, key=f"k{n}") for n, step in enumerate(drawn)]
    agreed = some("x") if values is sets else "old"
    verdict = settle(how, steps, agreed, ("trello",))

    assert verdict == settle(how, data.draw(st.permutations(steps)), agreed, ("trello",))
    assert sorted(s.key for s in steps) == sorted(item.step.key for item in verdict.judged)
    assert verdict.value == agreed or verdict.winner is not None
