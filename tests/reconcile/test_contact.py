"""First contact: twins that never met, and whose value is agreed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.contact import ContactRule, ContactRules, FirstContact
from syncer.model.rules import Rule, Shared
from syncer.model.values import MISSING, Kind, Seen
from syncer.reconcile.contact import Meeting, meet
from syncer.reconcile.expressing import showing
from syncer.reconcile.precision import FULL, Shows
from tests.reconcile.made import D1, D2, LOOKUP, OWNERSHIP, PLACE, bound, minutes, rule, view_of

OWNED = rule()
MODIFIED = {"asana": minutes(1), "hubspot": minutes(5), "trello": None}


def first(line: Rule, shows: Shows = FULL, **shown: Seen) -> Meeting:
    """What is agreed when these values meet."""
    return meet(line, OWNERSHIP, shown, MODIFIED, PLACE, shows)


def some(*members: str) -> frozenset[str]:
    """A set."""
    return frozenset(members)


NINE = datetime(2026, 3, 10, 9, tzinfo=UTC)

TABLE: list[tuple[str, Rule, dict[str, Seen], Seen, str | None, list[str]]] = [
    ("all the same", OWNED, {"asana": D1, "hubspot": D1}, D1, "asana", []),
    ("a filled value beats an empty one", OWNED, {"asana": None, "hubspot": D2}, D2, "hubspot", []),
    ("all empty", OWNED, {"asana": None, "hubspot": None}, None, None, []),
    ("nothing can be read", OWNED, {"asana": MISSING}, MISSING, None, []),
    ("the owner's home", OWNED, {"asana": D1, "hubspot": D2, "trello": D2}, D1, "asana", ["hubspot", "trello"]),
    ("a day and a time on that day: the time", OWNED, {"asana": D1, "hubspot": NINE}, NINE, "hubspot", []),
    ("a role held by a system", rule(owners=("analytics",)), {"asana": "1", "google_analytics": "2"}, "2", "google_analytics", ["asana"]),
    ("shared: the preferred", rule(shared=Shared.PREFER, prefer=("trello", "hubspot")), {"asana": "a", "hubspot": "b"}, "b", "hubspot", ["asana"]),
    ("shared: the latest", rule(shared=Shared.LATEST), {"asana": "a", "hubspot": "b"}, "b", "hubspot", ["asana"]),
    ("shared: sets are joined", rule(shared=Shared.UNION), {"asana": some("a"), "hubspot": some("b")}, some("a", "b"), "asana", []),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[r[0] for r in TABLE])
def test_whose_value_is_agreed(row: tuple[Any, ...]) -> None:
    """A filled value, then the owner's home, then the shared rule; the losers are named."""
    _, line, shown, value, winner, losers = row
    meeting = first(line, **shown)

    assert (value, winner, "") == (meeting.value, meeting.winner, meeting.held)
    assert losers == [name for name, _ in meeting.losers]


HELD: list[tuple[str, Rule, dict[str, Seen]]] = [
    ("nobody's home is among them", OWNED, {"hubspot": D1, "trello": D2}),
    ("shared: hold", rule(shared=Shared.HOLD), {"asana": "a", "hubspot": "b"}),
    ("shared: none is preferred", rule(shared=Shared.PREFER, prefer=("trello",)), {"asana": "a", "hubspot": "b"}),
    ("shared: nobody knows which is later", rule(shared=Shared.LATEST), {"trello": "a", "other": "b"}),
    ("union of what is no set", rule(shared=Shared.UNION), {"asana": "a", "hubspot": "b"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "shown"), [r[1:] for r in HELD], ids=[r[0] for r in HELD])
def test_what_no_rule_decides_is_held(line: Rule, shown: dict[str, Seen]) -> None:
    """Nothing is guessed: both values are named, and a person says."""
    meeting = first(line, **shown)

    assert MISSING is meeting.value
    assert all(f"{name}: {value}" in meeting.held for name, value in shown.items())


def shows(**fields: Any) -> Shows:
    """How tools show a value, each with what it shows now."""
    return {name: showing(view_of(field, raw), LOOKUP) for name, (field, raw) in fields.items()}


ALL, ONE = bound(Kind.PERSON, many=True), bound(Kind.PERSON, many=True, wire_many=False)


def test_a_tool_for_whole_numbers_denies_no_fraction() -> None:
    """42 in one tool and 42.4 in another are the same number, told more and less finely."""
    fine, whole = bound(Kind.NUMBER), bound(Kind.NUMBER, info={"precision": 0})
    how = shows(trello=(fine, "42.4"), asana=(whole, "42"))

    assert Meeting(Decimal("42.4"), "trello") == first(
        OWNED, how, trello=Decimal("42.4"), asana=Decimal(42)
    )


def test_a_tool_for_one_person_denies_nobody_else() -> None:
    """The home shows one of two who stand on the card: both are agreed, nothing is lost."""
    how = shows(asana=(ONE, "u-tom"), trello=(ALL, ["u-ben", "u-tom"]))

    assert Meeting(some("tom", "ben"), "trello") == first(
        OWNED, how, asana=some("tom"), trello=some("tom", "ben")
    )


def test_somebody_else_in_a_tool_for_one_person_joins_the_others() -> None:
    """The home shows one who is not on the card: it cannot say that the others are to go."""
    how = shows(asana=(ONE, "u-zoe"), trello=(ALL, ["u-ben", "u-tom"]))
    meeting = first(OWNED, how, asana=some("zoe"), trello=some("tom", "ben"))

    assert (some("zoe", "tom", "ben"), "asana") == (meeting.value, meeting.winner)
    assert (("trello", some("tom", "ben")),) == meeting.losers


def test_a_tool_for_several_says_who_it_is() -> None:
    """Where the home can show all, whom it does not show is not meant."""
    how = shows(asana=(ALL, ["u-zoe"]), trello=(ALL, ["u-tom"]))

    assert some("zoe") == first(OWNED, how, asana=some("zoe"), trello=some("tom")).value


values = st.sampled_from([D1, D2, NINE, None, MISSING])


@given(
    shown=st.dictionaries(st.sampled_from(["asana", "hubspot", "trello", "other"]), values),
    line=st.sampled_from([OWNED, *(rule(shared=how, prefer=("trello",)) for how in Shared)]),
    data=st.data(),
)
def test_the_order_of_systems_does_not_matter(
    shown: dict[str, Seen], line: Rule, data: st.DataObject
) -> None:
    """Systems in any order meet in the same way, and every filled value that lost is named."""
    meeting = first(line, **shown)
    order = data.draw(st.permutations(list(shown)))

    assert meeting == meet(line, OWNERSHIP, {n: shown[n] for n in order}, MODIFIED, PLACE)
    if meeting.winner is not None:
        lost = {name for name, _ in meeting.losers}
        day = {NINE: D1}
        for name, value in shown.items():
            filled = value is not MISSING and value is not None
            other = day.get(value, value) != day.get(meeting.value, meeting.value)
            assert (name in lost) == (filled and other)


def test_what_is_said_of_old_stock_has_the_same_sign_in_every_version() -> None:
    """The state keeps the sign: with another one, everything would be met for the first time."""
    some = ContactRule(FirstContact.CREATE_ONLY, ("A", "B"), date(2026, 1, 2))
    rules = {("asana", "task"): some, ("asana", "project"): ContactRule()}
    rules |= {("trello", "task"): ContactRule(FirstContact.MATCH_THEN_CREATE)}
    said = ContactRules(rules, ContactRule())

    signs = [said.digest(name) for name in ("asana", "trello", "elsewhere")]
    assert ["9048c4e399002031", "3baf5de41ec2f40a", "fa9c0ca052253d32"] == signs
    turned = ContactRules(dict(reversed(rules.items())), ContactRule())
    assert signs == [turned.digest(name) for name in ("asana", "trello", "elsewhere")]
