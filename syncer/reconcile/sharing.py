"""Fields without an owner: several new values settled by the rule their line names."""

from collections.abc import Sequence

from syncer.model.decisions import Judged, Step, Verdict
from syncer.model.rules import Rule, Shared
from syncer.model.values import MISSING, Seen, Value, is_set
from syncer.reconcile.roles import Place


def decide_shared(rule: Rule, agreed: Seen, chain: Sequence[Step], place: Place) -> Verdict:
    """One new value is taken; several are settled by ``latest``, ``hold``, ``prefer``, ``union``.

    ``chain`` is oldest first. What was written over inside one tool is journalled only.
    """
    told = [step for step in chain if step.value is not MISSING]
    last = {step.connection: step for step in told}
    rivals = [step for step in told if last[step.connection] is step and step.value != agreed]
    gone = [Judged(step, "overwritten") for step in told if step not in rivals]
    gone += [Judged(step, "not told") for step in chain if step.value is MISSING]
    if len({_key(step.value) for step in rivals}) > 1:
        if rule.shared is Shared.HOLD:
            held = tuple(gone + [Judged(step, "held") for step in rivals])
            reason = "edited differently in " + " and ".join(sorted(s.connection for s in rivals))
            kept = frozenset(step.connection for step in rivals)
            return Verdict(rule.field, rule, agreed, judged=held, held=reason, keep_in=kept)
        if rule.shared is Shared.UNION:
            return _union(rule, agreed, rivals, gone)
    winner = _winner(rule, rivals, place)
    if winner is None:
        return Verdict(rule.field, rule, agreed, judged=tuple(gone))
    judged = [Judged(s, "taken" if s.value == winner.value else "overruled") for s in rivals]
    return Verdict(
        rule.field,
        rule,
        winner.value,
        changed=True,
        winner=Judged(winner, "taken"),
        judged=tuple(gone + judged),
    )


def _winner(rule: Rule, rivals: Sequence[Step], place: Place) -> Step | None:
    if rule.shared is Shared.PREFER:
        for name in rule.prefer:
            for step in rivals:
                if name in (step.connection, place.systems.get(step.connection)):
                    return step
    return rivals[-1] if rivals else None


def _union(rule: Rule, agreed: Seen, rivals: Sequence[Step], gone: list[Judged]) -> Verdict:
    """All that was added and all that was taken away, by anybody."""
    whole = _members(agreed)
    for step in rivals:
        members = _members(step.value)
        before = _members(agreed)
        whole = (whole | (members - before)) - (before - members)
    value: Value = whole or None
    judged = tuple(gone + [Judged(step, "taken") for step in rivals])
    return Verdict(
        rule.field, rule, value, changed=value != agreed, winner=judged[-1], judged=judged
    )


def _members(value: Seen) -> frozenset[object]:
    return value if is_set(value) else frozenset()


def _key(value: Seen) -> object:
    return (type(value).__name__, value)
