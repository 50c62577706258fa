"""How proposals end: accepted, countered, withdrawn, superseded; and when they do not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from syncer.model.decisions import Step
from syncer.model.records import Proposal
from syncer.model.rules import Policy
from syncer.model.values import Kind, Seen, Value
from syncer.reconcile.expressing import showing
from syncer.reconcile.ownership import decide
from syncer.reconcile.precision import FULL, Shows
from syncer.reconcile.proposing import granted
from tests.reconcile.made import (
    D1,
    D2,
    D3,
    D4,
    LOOKUP,
    OWNERSHIP,
    PLACE,
    bound,
    edit,
    proposal,
    rule,
    told,
    view_of,
)


def ends(
    steps: Sequence[Step],
    *proposals: Proposal,
    agreed: Seen = D1,
    shows: Shows = FULL,
    others: Any = Policy.PROPOSE,
) -> dict[str, str]:
    """Who proposed, and how it ended, of those proposals that end."""
    verdict = decide(rule(others), agreed, steps, proposals, OWNERSHIP, PLACE, shows)
    return {closing.proposal.proposer: str(closing.status) for closing in verdict.closings}


ANNA, BEN = proposal("anna", D3), proposal("ben", D4)

TABLE: list[tuple[str, list[Step], list[Proposal], dict[str, str]]] = [
    ("the owner sets it", [edit("tom", D3)], [ANNA], {"anna": "accepted"}),
    ("in any tool, told or not", [edit("tom", D3, "trello")], [told(ANNA, 5)], {"anna": "accepted"}),
    ("rivals end with it", [edit("tom", D3)], [ANNA, BEN], {"anna": "accepted", "ben": "superseded"}),
    ("both who asked for it are accepted", [edit("tom", D3)], [ANNA, proposal("ben", D3)], {"anna": "accepted", "ben": "accepted"}),
    ("another value after the heads-up", [edit("tom", D2, at=9)], [told(ANNA, 5)], {"anna": "countered"}),
    ("the old value after the heads-up", [edit("tom", D1, at=9)], [told(ANNA, 5)], {"anna": "countered"}),
    ("another value before the heads-up", [edit("tom", D2, at=1)], [told(ANNA, 5)], {}),
    ("another value that nobody was asked about", [edit("tom", D2, at=9)], [ANNA], {}),
    ("at a time that nobody tells", [edit("tom", D2, at=None)], [told(ANNA, 5)], {}),
    ("an answer to an earlier version", [edit("tom", D2, at=9)], [replace(told(ANNA, 5), version=2)], {}),
    ("the owner thinks again", [edit("tom", D3, at=8), edit("tom", D2, at=9)], [told(ANNA, 5)], {"anna": "countered"}),
    ("the proposer puts it back", [edit("anna", D1, "hubspot")], [ANNA], {"anna": "withdrawn"}),
    ("somebody else puts it back", [edit("ben", D1, "hubspot")], [ANNA], {}),
    ("the proposer asks for more", [edit("anna", D4, "hubspot")], [ANNA], {}),
    ("put back in one tool, asked in another", [edit("anna", D1, "trello"), edit("anna", D4, "hubspot", 1)], [ANNA], {}),
    ("asked in one tool, put back in another", [edit("anna", D4, "hubspot"), edit("anna", D1, "trello", 1)], [ANNA], {"anna": "withdrawn"}),
    ("the proposer sets what the owner sets", [edit("tom", D2), edit("anna", D2, "hubspot", 1)], [ANNA], {"anna": "withdrawn"}),
    ("the proposer became an owner", [edit("maya", D2)], [proposal("maya", D3)], {"maya": "withdrawn"}),
    ("no edit ends nothing", [], [told(ANNA, 5), BEN], {}),
    ("a non-owner asks for the same", [edit("ben", D3, "hubspot")], [ANNA], {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "proposals", "expected"), [r[1:] for r in TABLE], ids=[r[0] for r in TABLE]
)
def test_how_proposals_end(
    steps: list[Step], proposals: list[Proposal], expected: dict[str, str]
) -> None:
    """By what the owner did after being told, or the proposer at any time."""
    assert expected == ends(steps, *proposals)


def test_who_may_notify_ends_what_asked_for_the_same() -> None:
    """When a value comes about that somebody waits for, there is nothing left to wait for."""
    others = {"account_manager": Policy.PROPOSE, "nobody": Policy.NOTIFY}

    assert {"anna": "superseded"} == ends([edit("zoe", D3)], ANNA, BEN, others=others)


def test_a_countered_proposal_and_a_new_one() -> None:
    """The owner answered what was asked; what was asked since is asked again."""
    steps = [edit("tom", D2, at=9), edit("anna", D4, "hubspot", 12)]
    verdict = decide(rule(), D1, steps, [told(ANNA, 5)], OWNERSHIP, PLACE)

    assert ["countered"] == [closing.status for closing in verdict.closings]
    assert [("anna", D4)] == [(draft.proposer, draft.value) for draft in verdict.drafts]


@pytest.mark.parametrize(
    ("base", "value", "agreed", "expected"),
    [
        (D1, D3, D2, D3),
        (None, D3, None, D3),
        (
            frozenset({"tom"}),
            frozenset({"tom", "ben"}),
            frozenset({"zoe"}),
            frozenset({"zoe", "ben"}),
        ),
        (frozenset({"tom", "zoe"}), frozenset({"tom"}), frozenset({"zoe"}), None),
    ],
)
def test_what_granting_agrees_on(base: Value, value: Value, agreed: Value, expected: Value) -> None:
    """The value that waits; of a set only what was to come or go, whatever else happened since."""
    assert expected == granted(proposal("anna", value, base=base), agreed)


def shows(**wires: Any) -> Shows:
    """How tools show a value."""
    return {name: showing(view_of(field, None), LOOKUP) for name, field in wires.items()}


FOUR = datetime(2026, 3, 12, 16, tzinfo=UTC)
DAYS, TIMES = bound(Kind.WHEN, Kind.DATE), bound(Kind.WHEN)
WHOLE, FINE = bound(Kind.NUMBER, info={"precision": 0}), bound(Kind.NUMBER)

PRECISE: list[tuple[str, Shows, Value, Value, bool]] = [
    ("a day for a day with a time", FULL, D3, FOUR, True),
    ("another day", FULL, D2, FOUR, False),
    ("another time, proposed in a tool for days", shows(hubspot=DAYS, asana=TIMES), FOUR.replace(hour=9), FOUR, True),
    ("another time, set in a tool for days", shows(hubspot=TIMES, asana=DAYS), FOUR.replace(hour=9), FOUR, True),
    ("another time, where both show times", shows(hubspot=TIMES, asana=TIMES), FOUR.replace(hour=9), FOUR, False),
    ("another fraction in a tool for whole numbers", shows(hubspot=WHOLE, asana=FINE), Decimal(42), Decimal("42.4"), True),
    ("another fraction", shows(hubspot=FINE, asana=FINE), Decimal(42), Decimal("42.4"), False),
    ("nothing for nothing", FULL, None, None, True),
    ("something for nothing", shows(hubspot=DAYS), None, D3, False),
    ("somebody more", FULL, frozenset({"tom", "ben"}), frozenset({"tom", "ben", "zoe"}), True),
    ("not the one asked for", FULL, frozenset({"tom", "ben"}), frozenset({"tom", "zoe"}), False),
    ("somebody less", FULL, None, frozenset({"zoe"}), True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "wanted", "value", "accepted"), [r[1:] for r in PRECISE], ids=[r[0] for r in PRECISE]
)
def test_accepting_at_the_precision_of_the_coarser_tool(
    how: Shows, wanted: Value, value: Value, accepted: bool
) -> None:
    """Setting what the proposer's or the owner's tool cannot tell from it accepts it."""
    base = frozenset({"tom"}) if isinstance(value, frozenset) else date(2026, 1, 1)
    asked = told(proposal("anna", wanted, base=base), 5)
    found = ends([edit("tom", value, at=9)], asked, agreed=base, shows=how)

    assert {"anna": "accepted" if accepted else "countered"} == found


def test_two_edits_that_a_coarse_tool_cannot_tell_apart_agree() -> None:
    """The owner chose a day and a time, the non-owner the same day in a tool for days."""
    steps = [edit("tom", FOUR), edit("anna", FOUR.replace(hour=9), "hubspot", 1)]
    verdict = decide(rule(), D1, steps, (), OWNERSHIP, PLACE, shows(hubspot=DAYS, asana=TIMES))

    assert (FOUR, ()) == (verdict.value, verdict.drafts)


def test_a_tool_for_one_person_makes_no_two_sets_alike() -> None:
    """That it would show the same one of both does not make another person the same."""
    one = bound(Kind.PERSON, many=True, wire_many=False)
    how = {"asana": showing(view_of(one, "u-tom"), LOOKUP)}
    steps = [
        edit("maya", frozenset({"tom", "ben"}), "trello"),
        edit("anna", frozenset({"tom"}), "asana", 1),
    ]
    verdict = decide(rule(), frozenset({"zoe"}), steps, (), OWNERSHIP, PLACE, how)

    assert ["taken", "proposed"] == [item.outcome for item in verdict.judged]


def test_a_time_added_by_a_non_owner_is_still_a_change() -> None:
    """The same day with a time is not what was agreed where tools can show times."""
    verdict = decide(rule(), D3, [edit("anna", FOUR)], (), OWNERSHIP, PLACE)

    assert [FOUR] == [draft.value for draft in verdict.drafts]


values = st.sampled_from([D1, D2, D3, D4, None])
who = st.sampled_from(["maya", "tom", "anna", "ben"])
edits = st.builds(edit, who, values, st.sampled_from(["asana", "hubspot"]), st.integers(0, 3))
open_ones = st.lists(
    st.builds(proposal, st.sampled_from(["anna", "ben", "zoe"]), values),
    unique_by=lambda p: p.proposer,
).map(lambda found: [told(p, 1) if p.proposer == "ben" else p for p in found])


@given(steps=st.lists(edits, max_size=4), proposals=open_ones, data=st.data())
def test_no_order_of_proposals_matters(
    steps: list[Step], proposals: list[Proposal], data: st.DataObject
) -> None:
    """The same proposals end in the same way, in whatever order they are stored."""
    assert ends(steps, *proposals) == ends(steps, *data.draw(st.permutations(proposals)))


@given(steps=st.lists(edits, max_size=4), proposals=open_ones)
def test_a_proposal_ends_once_and_only_with_a_reason(
    steps: list[Step], proposals: list[Proposal]
) -> None:
    """Accepting needs the value, countering needs an owner who was told; else it stays open."""
    verdict = decide(rule(), D1, steps, proposals, OWNERSHIP, PLACE)
    owned = [s for s in steps if s.editor.person in ("maya", "tom")]
    ended = [closing.proposal.id for closing in verdict.closings]

    assert len(set(ended)) == len(ended)
    for closing in verdict.closings:
        if closing.status == "accepted":
            assert closing.proposal.value == verdict.value
        if closing.status == "countered":
            assert owned
            assert closing.proposal.delivered
    assert not steps or owned or {c.status for c in verdict.closings} <= {"withdrawn"}
