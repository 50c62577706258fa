"""Fields without an owner: several new values settled by the rule their line names."""

from collections.abc import Sequence

from syncer.model.decisions import Judged, Step, Verdict
from syncer.model.rules import Rule, Shared
from syncer.model.values import MISSING, Seen, is_set
from syncer.reconcile.roles import Place


def decide_shared(rule: Rule, agreed: Seen, chain: Sequence[Step], place: Place) -> Verdict:
    """One new value is taken; several are settled by ``latest``, ``hold``, ``prefer``, ``union``.

    ``chain`` is oldest first. What was written over inside one tool is journalled only.
    """
    last = {step.connection: step for step in chain if step.value is not MISSING}
    rivals = [step for step in chain if last.get(step.connection) is step and step.value != agreed]
    several = any(step.value != rivals[0].value for step in rivals)
    if several and rule.shared is Shared.HOLD:
        return _held(rule, agreed, chain, rivals)
    if not rivals:
        return Verdict(rule.field, rule, agreed, judged=_judged(chain, rivals, agreed, agreed))
    sets = all(step.value is None or is_set(step.value) for step in rivals)
    joined = several and rule.shared is Shared.UNION and sets
    taken = rivals[-1] if joined else _winner(rule, rivals, place)
    value = _union(agreed, rivals) if joined else taken.value
    judged = _judged(chain, rivals, value, agreed, "taken" if joined else "overruled")
    winner = next(item for item in judged if item.step is taken)
    return Verdict(rule.field, rule, value, value != agreed, winner, judged)


def _judged(
    chain: Sequence[Step], rivals: Sequence[Step], value: Seen, agreed: Seen, lost: str = ""
) -> tuple[Judged, ...]:
    """Every step once, with what became of it; ``lost`` is said of a rival with another value."""
    standing = {id(step) for step in rivals}
    last = {step.connection: step for step in chain if step.value is not MISSING}

    def outcome(step: Step) -> str:
        if step.value is MISSING:
            return "not told"
        if id(step) in standing:
            return "taken" if step.value == value else lost
        back = last[step.connection] is step and step.value == agreed
        return "agrees" if back else "overwritten"

    return tuple(Judged(step, outcome(step)) for step in chain)


def _held(rule: Rule, agreed: Seen, chain: Sequence[Step], rivals: Sequence[Step]) -> Verdict:
    places = frozenset(step.connection for step in rivals)
    return Verdict(
        rule.field,
        rule,
        agreed,
        judged=_judged(chain, rivals, MISSING, agreed, "held"),
        told=tuple(rivals),
        keep_in=places,
        held="edited differently in " + " and ".join(sorted(places)),
    )


def _winner(rule: Rule, rivals: Sequence[Step], place: Place) -> Step:
    """The latest; under ``prefer`` the latest of the first system that has one."""
    for name in rule.prefer if rule.shared is Shared.PREFER else ():
        for step in reversed(rivals):
            if name in (step.connection, place.systems.get(step.connection)):
                return step
    return rivals[-1]


def _union(agreed: Seen, rivals: Sequence[Step]) -> Seen:
    """All that was added and all that was taken away, by anybody."""
    before = _members(agreed)
    added = frozenset().union(*(_members(step.value) - before for step in rivals))
    gone = frozenset().union(*(before - _members(step.value) for step in rivals))
    return ((before | added) - gone) or None


def _members(value: Seen) -> frozenset[object]:
    return value if is_set(value) else frozenset()
