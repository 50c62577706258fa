"""Where it is decided whose value stands: the table of who edited and what became of it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from syncer.model.decisions import Draft, Judged, Step, Verdict
from syncer.model.records import Proposal
from syncer.model.rules import Ownership, Policy, Rule
from syncer.model.values import MISSING, Seen
from syncer.reconcile.proposing import close
from syncer.reconcile.roles import Place, owning, policy, roles_of
from syncer.reconcile.sharing import decide_shared

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def decide(
    rule: Rule,
    agreed: Seen,
    steps: Sequence[Step],
    proposals: Sequence[Proposal],
    ownership: Ownership,
    place: Place,
    verb: str | None = None,
) -> Verdict:
    """What is agreed about one field, given every edit of it and who made each.

    Args:
        rule: the line of ``ownership.yaml`` for this field.
        agreed: the value until now; ``MISSING`` if the field never had one.
        steps: all edits since, from all systems, in any order.
        proposals: the open ones about this field.
        verb: for existence, ``create`` or ``archive``.
    """
    chain = sorted(steps, key=_order)
    if rule.shared is not None:
        return decide_shared(rule, agreed, chain, place)
    roles = {id(step): roles_of(step.editor, step.connection, ownership, place) for step in chain}
    owned = [s for s in chain if owning(rule, roles[id(s)]) and s.value is not MISSING]
    value: Seen = owned[-1].value if owned else agreed
    judged = [
        Judged(s, "taken" if s is owned[-1] else "overtaken", owning(rule, roles[id(s)]))
        for s in owned
    ]
    drafts: list[Draft] = []
    told: list[Step] = []
    for step, standing in _others(chain, owned):
        verdict = _meet(rule, step, standing, bool(owned), agreed, roles[id(step)], verb)
        if verdict in ("taken", "first") and step.value is not MISSING:
            value = step.value
        judged.append(Judged(step, verdict, next(iter(sorted(roles[id(step)])), None)))
        if verdict in ("notified", "first"):
            told.append(step)
            value = value if step.value is MISSING else step.value
    judged, drafts = _propose(judged, value)
    closings = close(proposals, owned, judged, place)
    winner = next(
        (
            j
            for j in reversed(judged)
            if j.outcome in ("taken", "first", "notified") and j.step.value == value
        ),
        None,
    )
    return Verdict(
        field=rule.field,
        rule=rule,
        value=value,
        changed=value is not MISSING and value != agreed,
        winner=winner,
        judged=tuple(judged),
        drafts=tuple(drafts),
        closings=closings,
        told=tuple(told),
    )


def _others(chain: Sequence[Step], owned: Sequence[Step]) -> list[tuple[Step, bool]]:
    """Steps of non-owners, with whether each still stands in its tool."""
    mine = {id(step) for step in owned}
    last = {step.connection: step for step in chain}
    return [(s, last[s.connection] is s) for s in chain if id(s) not in mine]


def _meet(
    rule: Rule,
    step: Step,
    standing: bool,
    owner_edited: bool,
    agreed: Seen,
    roles: frozenset[str],
    verb: str | None,
) -> str:
    """What becomes of a non-owner's step. ``standing``: nobody wrote over it in its tool."""
    if step.value is MISSING:
        return "not told"
    if not standing:
        return "overwritten"
    met = policy(rule, roles, verb)
    if met is Policy.REVERT:
        return "reverted"
    if met is Policy.PROPOSE and (owner_edited or agreed is not MISSING):
        return "proposed"
    if owner_edited:
        return "overruled"
    if agreed is MISSING:
        return "taken" if met is Policy.ALLOW else "first"
    return "taken" if met is Policy.ALLOW else "notified"


def _propose(judged: Sequence[Judged], value: Seen) -> tuple[list[Judged], list[Draft]]:
    """Turn proposed steps into drafts, one a proposer; one that asks for what is agreed is moot."""
    drafts: dict[str, Draft] = {}
    result: list[Judged] = []
    for item in judged:
        if item.outcome != "proposed":
            result.append(item)
        elif item.step.value == value:
            result.append(Judged(item.step, "agrees", item.role))
            drafts.pop(proposer(item.step), None)
        else:
            result.append(item)
            wanted = None if item.step.value is MISSING else item.step.value
            who = proposer(item.step)
            drafts[who] = Draft(who, item.step.connection, wanted, item.step.at)
    return result, list(drafts.values())


def proposer(step: Step) -> str:
    """By whom a step is proposed: a person's key, else how the tool calls them."""
    return step.editor.person or step.editor.shown


def _order(step: Step) -> tuple[datetime, str, str, str]:
    return (step.at or EPOCH, step.editor.shown, step.connection, step.key)
