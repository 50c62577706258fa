"""The laws, over anything people may do in several tools, told late, run over and put back."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.model.decisions import Verdict
from syncer.model.remote import Change, Raw
from syncer.model.rules import Policy, Shared
from syncer.model.values import MISSING, Kind, Value, is_set, same_raw
from syncer.reconcile.expressing import NotExpressible, as_shown, express
from syncer.reconcile.reading import read
from tests.reconcile.made import D1, D2, D3, LOOKUP, bound, clock, options, rule
from tests.reconcile.simulation import Agency, Tool

OWNERS = ("maya", "tom")
PEOPLE = (*OWNERS, "anna", "ben", "zoe", "guest")


def to_the_hour(raw: Raw) -> Raw:
    """A vendor that shows no minutes."""
    return f"{raw[:14]}00:00.000Z" if isinstance(raw, str) and raw.endswith("Z") else raw


def shouted(raw: Raw) -> Raw:
    """A vendor that changes case and drops what is too long."""
    return raw.upper()[:6].strip() if isinstance(raw, str) else raw


def doubled(raw: Raw) -> Raw:
    """A vendor that adds noughts."""
    return f"{raw}.00" if isinstance(raw, str) and "." not in raw else raw


def tools(kind: str) -> list[Tool]:
    """Three tools, each with its own form of one field."""
    return [Tool(name, *form) for name, form in zip("abc", FORMS[kind], strict=True)]


FORMS: dict[str, list[tuple[Any, ...]]] = {
    "when": [
        (bound(Kind.WHEN, name="deadline"),),
        (bound(Kind.WHEN, Kind.DATE, name="deadline"),),
        (bound(Kind.WHEN, Kind.INSTANT, name="deadline", day_end=clock(17)), to_the_hour),
    ],
    "text": [
        (bound(Kind.TEXT, name="deadline"),),
        (bound(Kind.TEXT, name="deadline"), shouted),
        (bound(Kind.TEXT, Kind.RICH_TEXT, name="deadline"), lambda raw: f"{raw} \n" if raw else raw),
    ],
    "number": [
        (bound(Kind.NUMBER, name="deadline"),),
        (bound(Kind.NUMBER, name="deadline", info={"precision": 0}),),
        (bound(Kind.NUMBER, Kind.TEXT, name="deadline"), doubled),
    ],
    "status": [
        (bound(Kind.ENUMERATION, name="deadline", choices=options("To do", "Doing", "Done"), values={"todo": ("To do",), "doing": ("Doing",), "done": ("Done",)}),),
        (bound(Kind.ENUMERATION, Kind.TEXT, name="deadline", values={"todo": ("Offen",), "doing": ("In Arbeit",), "done": ("Fertig",)}), lambda raw: raw.upper() if raw else raw),
        (bound(Kind.ENUMERATION, Kind.BOOLEAN, name="deadline", values={"done": ("true",), "todo": ("false",)}),),
    ],
    "people": [
        (bound(Kind.PERSON, many=True, name="deadline"),),
        (bound(Kind.PERSON, many=True, wire_many=False, name="deadline"),),
        (bound(Kind.PERSON, many=True, name="deadline"), lambda raw: sorted({*(raw or []), "u-stranger"})),
    ],
}  # fmt: skip

VALUES: dict[str, list[Value]] = {
    "when": [D1, D2, D3, None, datetime(2026, 3, 10, 9, 20, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)],
    "text": ["Logo", "logo", "Landing page", "Landing", None],
    "number": [Decimal("1.5"), Decimal("2.4"), Decimal(2), Decimal(40), None],
    "status": ["todo", "doing", "done"],
    "people": [None, *(frozenset(names) for names in (["maya"], ["tom"], ["maya", "ben"], ["anna", "tom", "zoe"]))],
}  # fmt: skip


@dataclass(frozen=True)
class Act:
    """Something that happens: an edit, a heads-up, a cycle; perhaps an edit during a cycle."""

    what: str
    who: str
    tool: str
    value: int
    order: tuple[str, ...]

    def on(
        self, agency: Agency, values: list[Value], *, sorted_order: bool = False
    ) -> Verdict | None:
        """Do it."""
        edit: Callable[[], None] = lambda: agency.edit(  # noqa: E731
            self.who, self.tool, values[self.value % len(values)]
        )
        order = sorted(self.order) if sorted_order else list(self.order)
        if self.what == "edit":
            edit()
        elif self.what == "tell":
            agency.deliver()
        elif self.what == "cycle":
            return agency.cycle(order)
        elif self.what == "fail":
            return agency.cycle(order, failing=self.tool)
        elif self.what == "meanwhile":
            return agency.cycle(order, meanwhile=edit)
        return None


acts = st.builds(
    Act,
    st.sampled_from(["edit", "edit", "edit", "cycle", "cycle", "tell", "fail", "meanwhile"]),
    st.sampled_from(PEOPLE),
    st.sampled_from("abc"),
    st.integers(0, 5),
    st.permutations("abc").map(tuple),
)
days = st.lists(acts, max_size=12)
kinds = st.sampled_from(sorted(FORMS))


def agency(kind: str, policy: Policy = Policy.PROPOSE, account: str = "syncer") -> Agency:
    """Three tools that are in step."""
    return Agency(tools(kind), rule(policy), VALUES[kind][0], account)


def settle(run: Agency) -> None:
    """Let everything that is under way come to rest."""
    for _ in range(3):
        run.cycle()


@pytest.mark.parametrize("policy", [Policy.PROPOSE, Policy.REVERT])
@given(kind=kinds, day=days, account=st.sampled_from(["syncer", "maya"]))
def test_owned(policy: Policy, kind: str, day: list[Act], account: str) -> None:
    """What is agreed only ever changes to what an owner set, in any interleaving, put back or not."""
    run = agency(kind, policy, account)
    for act in [*day, *(dataclasses.replace(a, what="cycle") for a in day[:3])]:
        before = run.agreed
        verdict = act.on(run, VALUES[kind])

        if run.agreed != before:
            assert verdict is not None
            assert verdict.winner is not None
            typed = run.typed[verdict.winner.step.key]
            assert typed.who in OWNERS
            assert holds(run.tools[typed.tool], run.agreed, typed.entry)


def holds(tool: Tool, agreed: Value, typed: Change) -> bool:
    """Whether a value is what somebody typed in a tool, as far as that tool can show it.

    Of a set what they changed counts: others may have changed the rest elsewhere meanwhile.
    """
    assert typed.old is not MISSING
    assert typed.new is not MISSING
    old, new = (read(tool.bound, raw, LOOKUP).value for raw in (typed.old, typed.new))
    if tool.bound.type.many:
        was, now, whole = (value if is_set(value) else frozenset() for value in (old, new, agreed))
        return now - was <= whole and not whole & (was - now)
    return new == as_shown(tool.bound, agreed, typed.new, LOOKUP)


@given(kind=kinds, day=days, policy=st.sampled_from(list(Policy)))
def test_quiet(kind: str, day: list[Act], policy: Policy) -> None:
    """Once at rest nothing is written again, whatever a vendor rounds, trims or re-cases."""
    run = agency(kind, policy)
    for act in day:
        act.on(run, VALUES[kind])
    settle(run)
    before, proposals = run.written, dict(run.proposals)
    verdicts = [run.cycle(), run.cycle()]

    assert ((), before) == (run.plan()[0], run.written)
    assert proposals == run.proposals
    assert [()] * 2 == [verdict.judged for verdict in verdicts]


@given(kind=kinds, day=days, policy=st.sampled_from(list(Policy)))
def test_converges(kind: str, day: list[Act], policy: Policy) -> None:
    """At rest every tool shows what is agreed, in its own form, as far as it can."""
    run = agency(kind, policy)
    for act in day:
        act.on(run, VALUES[kind])
    settle(run)

    for tool in run.tools.values():
        try:
            wanted = express(tool.bound, run.agreed, tool.raw, LOOKUP).raw
        except NotExpressible:
            continue
        own_form = same_raw(tool.memory.asked, wanted) and same_raw(tool.memory.got, tool.raw)
        assert own_form or read(tool.bound, wanted, LOOKUP).value == tool.shown().reading.value


@given(kind=kinds, day=days, policy=st.sampled_from(list(Policy)))
def test_nothing_is_lost(kind: str, day: list[Act], policy: Policy) -> None:
    """Every edit that a tool reports is judged exactly once, also one that our write ran over."""
    run = agency(kind, policy)
    for act in day:
        act.on(run, VALUES[kind])
    settle(run)

    assert sorted(run.typed) == sorted(item.step.key for item in run.judged)
    assert all(item.outcome for item in run.judged)


@given(kind=kinds, day=days)
def test_one_open_proposal_for_each_proposer(kind: str, day: list[Act]) -> None:
    """What waits is by non-owners, differs from what is agreed, and is one for each of them."""
    run = agency(kind)
    for act in day:
        act.on(run, VALUES[kind])
        waiting = run.proposals

        assert not set(waiting) & set(OWNERS)
        assert all(who == p.proposer for who, p in waiting.items())


@given(kind=kinds, day=days, policy=st.sampled_from(list(Policy)))
def test_order_free(kind: str, day: list[Act], policy: Policy) -> None:
    """In whatever order the systems are read, the end is the same."""
    one, other = agency(kind, policy), agency(kind, policy)
    for act in day:
        act.on(one, VALUES[kind])
        act.on(other, VALUES[kind], sorted_order=True)

    assert (one.agreed, one.proposals) == (other.agreed, other.proposals)
    assert {n: t.raw for n, t in one.tools.items()} == {n: t.raw for n, t in other.tools.items()}


@given(day=days, how=st.sampled_from([Shared.LATEST, Shared.PREFER, Shared.UNION]))
def test_shared_fields_come_to_rest(day: list[Act], how: Shared) -> None:
    """A shared field has no proposals, loses no edit, and is quiet in the end."""
    run = Agency(tools("people"), rule(shared=how, field="deadline", prefer=("b",)), None)
    for act in day:
        act.on(run, VALUES["people"])
    settle(run)

    assert ({}, ()) == (run.proposals, run.plan()[0])
    assert sorted(run.typed) == sorted(item.step.key for item in run.judged)
