"""The table of section 5: who edited, what their policy is, and what becomes of it."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.decisions import Step, Verdict
from syncer.model.entities import ARCHIVED, EXISTENCE, PRESENT
from syncer.model.rules import NOBODY, Policy, Rule
from syncer.model.values import MISSING, Seen
from syncer.reconcile.ownership import decide
from tests.reconcile.made import (
    D1,
    D2,
    D3,
    D4,
    LINE,
    OWNERSHIP,
    PLACE,
    edit,
    minutes,
    rule,
)

ALL = [Policy.PROPOSE, Policy.REVERT, Policy.NOTIFY, Policy.ALLOW]
PROPOSE, REVERT, NOTIFY, ALLOW = ALL


def judge(steps: Sequence[Step], line: Rule | None = None, agreed: Seen = D1) -> Verdict:
    """What these edits lead to."""
    return decide(line or rule(), agreed, steps, (), OWNERSHIP, PLACE)


def told(verdict: Verdict) -> list[str]:
    """Outcomes in the order of the edits."""
    return [item.outcome for item in verdict.judged]


OWNER, OTHER = "maya", "anna"

ROWS: list[tuple[str, Policy, Seen, list[Step], Seen, list[str], int, int]] = [
    # row of the table, policy, agreed before, edits, agreed after, outcomes, proposals, heads-ups
    *[("no edit", p, D1, [], D1, [], 0, 0) for p in ALL],
    *[("owner", p, D1, [edit(OWNER, D2)], D2, ["taken"], 0, 0) for p in ALL],
    *[("owners: the latest", p, D1, [edit("tom", D2), edit(OWNER, D3, "trello", 1)], D3, ["overtaken", "taken"], 0, 1) for p in ALL],
    ("non-owner, propose", PROPOSE, D1, [edit(OTHER, D2)], D1, ["proposed"], 1, 0),
    ("non-owner, revert", REVERT, D1, [edit(OTHER, D2)], D1, ["reverted"], 0, 0),
    ("non-owner, notify", NOTIFY, D1, [edit(OTHER, D2)], D2, ["notified"], 0, 1),
    ("non-owner, allow", ALLOW, D1, [edit(OTHER, D2)], D2, ["taken"], 0, 0),
    ("first value, propose", PROPOSE, MISSING, [edit(OTHER, D2)], D2, ["first"], 0, 1),
    ("first value, revert", REVERT, MISSING, [edit(OTHER, D2)], MISSING, ["reverted"], 0, 0),
    ("first value, notify", NOTIFY, MISSING, [edit(OTHER, D2)], D2, ["first"], 0, 1),
    ("first value, allow", ALLOW, MISSING, [edit(OTHER, D2)], D2, ["first"], 0, 1),
    ("owner and non-owner, propose", PROPOSE, D1, [edit(OWNER, D2), edit(OTHER, D3, "hubspot", 1)], D2, ["taken", "proposed"], 1, 0),
    ("owner after non-owner, propose", PROPOSE, D1, [edit(OTHER, D3, "hubspot"), edit(OWNER, D2, at=1)], D2, ["proposed", "taken"], 1, 0),
    ("owner and non-owner of one mind", PROPOSE, D1, [edit(OWNER, D2), edit(OTHER, D2, "hubspot", 1)], D2, ["taken", "agrees"], 0, 0),
    ("owner and non-owner, revert", REVERT, D1, [edit(OWNER, D2), edit(OTHER, D3, "hubspot", 1)], D2, ["taken", "reverted"], 0, 0),
    ("owner and non-owner, notify", NOTIFY, D1, [edit(OWNER, D2), edit(OTHER, D3, "hubspot", 1)], D2, ["taken", "overruled"], 0, 0),
    ("owner and non-owner, allow", ALLOW, D1, [edit(OWNER, D2), edit(OTHER, D3, "hubspot", 1)], D2, ["taken", "overruled"], 0, 0),
    ("owner and a first value", PROPOSE, MISSING, [edit(OTHER, D3), edit(OWNER, D2, "trello", 1)], D2, ["proposed", "taken"], 1, 0),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=[f"{r[0]} [{r[1]}]" for r in ROWS])
def test_the_table(row: tuple[Any, ...]) -> None:
    """Every row of the table, with what is agreed, what each edit came to, and who hears of it."""
    _, others, agreed, steps, value, outcomes, proposals, heads_ups = row
    verdict = judge(steps, rule(others), agreed)

    assert (value, outcomes) == (verdict.value, told(verdict))
    assert (proposals, heads_ups) == (len(verdict.drafts), len(verdict.told))
    assert verdict.changed == (value != agreed)
    assert str(LINE) == str(verdict.rule.source)


FOLDS: list[tuple[str, Policy, list[Step], Seen, list[str]]] = [
    ("owner, then non-owner, in one tool", PROPOSE, [edit("tom", D2), edit("anna", D3, at=1)], D2, ["taken", "proposed"]),
    ("non-owner, then owner, in one tool", PROPOSE, [edit("anna", D3), edit("tom", D2, at=1)], D2, ["overwritten", "taken"]),
    ("two owners in one tool", PROPOSE, [edit("tom", D2), edit("maya", D3, at=1)], D3, ["overwritten", "taken"]),
    ("owner, non-owner, owner", PROPOSE, [edit("tom", D2), edit("anna", D3, at=1), edit("tom", D4, at=2)], D4, ["overwritten", "overwritten", "taken"]),
    ("two non-owners in one tool", PROPOSE, [edit("anna", D2), edit("ben", D3, at=1)], D1, ["overwritten", "proposed"]),
    ("there and back", PROPOSE, [edit("anna", D2), edit("anna", D1, at=1)], D1, ["overwritten", "agrees"]),
    ("there and back under revert", REVERT, [edit("anna", D2), edit("anna", D1, at=1)], D1, ["overwritten", "agrees"]),
    ("there and back under notify", NOTIFY, [edit("anna", D2), edit("anna", D1, at=1)], D1, ["overwritten", "agrees"]),
    ("two tools under notify", NOTIFY, [edit("anna", D2), edit("ben", D3, "hubspot", 1)], D3, ["overtaken", "notified"]),
    ("two tools under allow", ALLOW, [edit("anna", D2), edit("ben", D3, "hubspot", 1)], D3, ["overtaken", "taken"]),
    ("of one mind under allow", ALLOW, [edit("anna", D2), edit("ben", D2, "hubspot", 1)], D2, ["agrees", "taken"]),
    ("a value that nobody told", PROPOSE, [edit("tom", MISSING), edit("anna", D3, "hubspot", 1)], D1, ["not told", "proposed"]),
    ("an owner puts the old value back", PROPOSE, [edit("tom", D1)], D1, ["taken"]),
    ("emptied by an owner", PROPOSE, [edit("tom", None)], None, ["taken"]),
    ("emptied by a non-owner", PROPOSE, [edit("anna", None)], D1, ["proposed"]),
]  # fmt: skip


@pytest.mark.parametrize("row", FOLDS, ids=[r[0] for r in FOLDS])
def test_a_chain_is_folded(row: tuple[Any, ...]) -> None:
    """The last owner value stands; what a non-owner set after it waits; what went is journalled."""
    _, others, steps, value, outcomes = row
    verdict = judge(steps, rule(others))

    assert (value, outcomes) == (verdict.value, told(verdict))


def test_the_deadline_story() -> None:
    """Tom sets D2 and Anna D3 in one tool between two cycles: D2 is agreed, D3 is proposed."""
    verdict = judge([edit("tom", D2, old=D1), edit("anna", D3, at=1, old=D2)])

    assert D2 == verdict.value
    assert verdict.winner is not None
    assert "tom" == verdict.winner.step.editor.person
    assert [("anna", D3)] == [(draft.proposer, draft.value) for draft in verdict.drafts]


EDITORS: list[tuple[str, str | None, str, str | None]] = [
    ("an account manager in the producers' tool", "anna", "asana", "account_manager"),
    ("a producer in the account managers' tool", "maya", "hubspot", None),
    ("somebody without a role", "zoe", "asana", NOBODY),
    ("a guest", "Guest Gus", "asana", NOBODY),
    ("nobody at all", None, "asana", NOBODY),
    ("a robot without a role", "robot:Zap", "trello", NOBODY),
    ("a robot by name", "robot:Butler", "trello", None),
    ("the same robot elsewhere", "robot:Butler", "asana", NOBODY),
]


@pytest.mark.parametrize(
    ("who", "where", "role"), [e[1:] for e in EDITORS], ids=[e[0] for e in EDITORS]
)
def test_the_person_decides_and_not_the_tool(who: str | None, where: str, role: str | None) -> None:
    """A role goes with its holder into every tool; whom we do not know owns nothing."""
    verdict = judge([edit(who, D2, where)])

    expected = (D2, "producer") if role is None else (D1, role)
    assert expected == (verdict.value, verdict.judged[0].role)


def test_a_dynamic_role_is_whoever_the_record_names() -> None:
    """An assignee may set the status of the task that names them, and of no other."""
    line = rule(Policy.REVERT, field="status", owners=("producer", "assignee"))
    place = replace(PLACE, values={("task", "assignees"): frozenset({"anna"})})
    step = edit("anna", "doing")

    assert "doing" == decide(line, "todo", [step], (), OWNERSHIP, place).value
    assert "todo" == decide(line, "todo", [step], (), OWNERSHIP, PLACE).value


def test_a_role_held_by_a_system() -> None:
    """What the system reports is its owner's word; what people type elsewhere is put back."""
    line = rule(Policy.REVERT, field="results", owners=("analytics",))
    steps = [edit(None, "100", "google_analytics"), edit("maya", "200", "asana", 1)]
    verdict = judge(steps, line, "90")

    assert ("100", ["taken", "reverted"]) == (verdict.value, told(verdict))


def test_a_person_keeps_their_role_in_a_system_that_holds_one() -> None:
    """An account manager who types in analytics is still an account manager."""
    line = rule(Policy.REVERT, field="strategy", owners=("account_manager",))

    assert "new" == judge([edit("anna", "new", "google_analytics")], line, "old").value


def test_what_a_person_does_in_a_system_that_holds_a_role_is_also_its_word() -> None:
    """The field belongs to whatever the system says, whoever made it say so."""
    line = rule(Policy.REVERT, field="results", owners=("analytics",))

    assert "100" == judge([edit("anna", "100", "google_analytics")], line, "90").value


def test_one_policy_for_each_role() -> None:
    """What meets a non-owner depends on their role; the kindest of several."""
    line = rule({"account_manager": PROPOSE, "assignee": NOTIFY, NOBODY: REVERT})
    place = replace(PLACE, values={("task", "assignees"): frozenset({"anna"})})

    def outcome(who: str | None, where: Any = PLACE) -> str:
        return decide(line, D1, [edit(who, D2)], (), OWNERSHIP, where).judged[0].outcome

    assert ["proposed", "notified", "reverted", "reverted"] == [
        outcome("anna"),
        outcome("anna", place),
        outcome(None),
        outcome("zoe"),
    ]


def test_a_person_of_two_roles_acts_in_the_owning_one() -> None:
    """A producer who is also assigned decides as the producer."""
    place = replace(PLACE, values={("task", "assignees"): frozenset({"maya"})})
    verdict = decide(rule(), D1, [edit("maya", D2)], (), OWNERSHIP, place)

    assert (D2, "producer") == (verdict.value, verdict.judged[0].role)


def test_a_stand_in_decides_for_the_owner() -> None:
    """Whom the rule names for when the owner cannot be reached sets values like the owner."""
    verdict = judge([edit("zoe", D2)], rule(stand_in="zoe"))

    assert (D2, ["taken"], "stand-in") == (verdict.value, told(verdict), verdict.judged[0].role)


NARROWED: list[tuple[str, dict[str, frozenset[str]], str, bool]] = [
    ("of this client", {"bakery": frozenset({"tom"})}, "tom", True),
    ("no longer, for this client", {"bakery": frozenset({"tom"})}, "maya", False),
    ("of another client", {"outdoor": frozenset({"tom"})}, "maya", True),
    ("of this project", {"Relaunch": frozenset({"zoe"})}, "zoe", True),
    ("of this project, whatever the client says", {"bakery": frozenset({"tom"}), "Relaunch": frozenset({"zoe"})}, "tom", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("narrowed", "who", "owns"), [n[1:] for n in NARROWED], ids=[n[0] for n in NARROWED]
)
def test_a_role_is_narrowed(narrowed: dict[str, frozenset[str]], who: str, owns: bool) -> None:
    """Who holds a role may differ by client and project; the nearer one says."""
    role = replace(OWNERSHIP.roles["producer"], narrowed=narrowed)
    ownership = replace(OWNERSHIP, roles={**OWNERSHIP.roles, "producer": role})
    place = replace(PLACE, project=("Relaunch", "r_9"))

    assert owns == (D2 == decide(rule(), D1, [edit(who, D2)], (), ownership, place).value)


EXISTING = rule({"create": ALLOW, "archive": PROPOSE}, field=EXISTENCE)

VERBS: list[tuple[str, Seen, list[Step], Seen, list[str]]] = [
    ("a non-owner may make", None, [edit("anna", PRESENT)], PRESENT, ["taken"]),
    ("a non-owner may not archive", PRESENT, [edit("anna", ARCHIVED)], PRESENT, ["proposed"]),
    ("an owner may", PRESENT, [edit("tom", ARCHIVED)], ARCHIVED, ["taken"]),
    ("bringing back is making", ARCHIVED, [edit("anna", PRESENT)], PRESENT, ["taken"]),
    ("each by its own verb", PRESENT, [edit("anna", ARCHIVED), edit("ben", PRESENT, "trello", 1)], PRESENT, ["proposed", "agrees"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agreed", "steps", "value", "outcomes"), [v[1:] for v in VERBS], ids=[v[0] for v in VERBS]
)
def test_existence_is_decided_by_its_verbs(
    agreed: Seen, steps: list[Step], value: Seen, outcomes: list[str]
) -> None:
    """Making and archiving each have their own policy."""
    verdict = judge(steps, EXISTING, agreed)

    assert (value, outcomes) == (verdict.value, told(verdict))


def test_the_overtaken_owner_is_told_and_nobody_else() -> None:
    """Two owners in two tools: the later value stands, and the earlier owner hears of it."""
    two = judge([edit("tom", D2), edit("maya", D3, "trello", 1)])
    alone = judge([edit("maya", D2), edit("maya", D3, "trello", 1)])

    assert ["tom"] == [step.editor.person for step in two.told]
    assert () == alone.told


def test_ties_go_by_person_then_system() -> None:
    """At the very same moment the order is always the same; no time is before all times."""
    steps = [edit("tom", D2, "trello"), edit("maya", D3, "asana"), edit("tom", D4, "asana", None)]

    assert all(D2 == judge(order).value for order in permutations(steps))


def test_at_the_same_moment_in_one_tool_the_values_tell_the_order() -> None:
    """Whoever replaced the other's value came after, whatever their names are."""
    steps = [edit("tom", D2, old=D1), edit("anna", D3, old=D2), edit("zoe", D4, old=D3)]

    for order in permutations(steps):
        assert ["tom", "anna", "zoe"] == [i.step.editor.person for i in judge(order).judged]


def test_a_set_that_is_proposed_keeps_what_the_owner_did() -> None:
    """Tom adds ben, Anna adds zoe elsewhere: what waits is zoe, on top of what is agreed."""
    agreed = frozenset({"maya"})
    steps = [edit("tom", agreed | {"ben"}), edit("anna", agreed | {"zoe"}, "hubspot", 1)]
    verdict = judge(steps, rule(field="assignees"), agreed)

    assert agreed | {"ben"} == verdict.value
    assert [agreed | {"ben", "zoe"}] == [draft.value for draft in verdict.drafts]


people = st.sampled_from(["maya", "tom", "anna", "ben", "zoe", "Guest Gus", "robot:Butler", None])
values = st.sampled_from([D1, D2, D3, None, MISSING])
places = st.sampled_from(["asana", "trello", "hubspot"])
edits = st.builds(edit, people, values, places, st.none() | st.integers(0, 3), values)
chains = st.lists(edits, max_size=5).map(
    lambda found: [replace(step, key=f"k{index}") for index, step in enumerate(found)]
)
lines = st.builds(rule, st.sampled_from(ALL))


@given(line=lines, agreed=values, chain=chains, data=st.data())
def test_no_order_of_telling_matters(
    line: Rule, agreed: Seen, chain: list[Step], data: st.DataObject
) -> None:
    """Edits told in any order lead to the very same verdict."""
    assert judge(chain, line, agreed) == judge(data.draw(st.permutations(chain)), line, agreed)


@given(line=lines, agreed=values, chain=chains)
def test_every_edit_is_judged_once(line: Rule, agreed: Seen, chain: list[Step]) -> None:
    """Nothing is lost: each step is in the verdict exactly once, with an outcome."""
    verdict = judge(chain, line, agreed)

    assert sorted(s.key for s in chain) == sorted(item.step.key for item in verdict.judged)
    assert all(item.outcome and item.role for item in verdict.judged)


@given(policy=st.sampled_from([PROPOSE, REVERT]), agreed=st.sampled_from([D1, None]), chain=chains)
def test_only_an_owner_changes_what_is_agreed(
    policy: Policy, agreed: Seen, chain: list[Step]
) -> None:
    """Under propose and revert a value that is agreed changes to a value of an owner only."""
    verdict = judge(chain, rule(policy), agreed)
    owners = {"maya", "tom"}
    owned = [
        s.value
        for s in chain
        if s.editor.person in owners
        or (s.editor.automation == "Butler" and s.connection == "trello")
    ]

    assert not verdict.changed or verdict.value in owned
    assert not verdict.changed or (verdict.winner is not None and verdict.winner.role == "producer")


@given(line=lines, agreed=values, chain=chains)
def test_one_proposal_for_each_proposer(line: Rule, agreed: Seen, chain: list[Step]) -> None:
    """Nobody proposes twice, and nobody proposes what is agreed anyway."""
    verdict = judge(chain, line, agreed)
    who = [draft.proposer for draft in verdict.drafts]

    assert len(set(who)) == len(who)
    assert all(draft.value != verdict.value for draft in verdict.drafts)


def test_times_are_the_vendors() -> None:
    """A draft carries the moment of the edit, for the clock of the proposal."""
    verdict = judge([edit("anna", D2, at=5)])

    assert [minutes(5)] == [draft.at for draft in verdict.drafts]
