"""Where it is decided whose value stands: the table of who edited and what became of it."""

from collections.abc import Sequence

from syncer.model.decisions import Judged, Step, Verdict
from syncer.model.records import Proposal
from syncer.model.rules import Ownership, Policy, Rule
from syncer.model.values import MISSING, Seen
from syncer.reconcile.deeds import Deed, deeds_of, winner
from syncer.reconcile.order import in_order
from syncer.reconcile.precision import FULL, Shows, alike
from syncer.reconcile.proposing import Answer, close, draft, one_each
from syncer.reconcile.roles import Place
from syncer.reconcile.sharing import decide_shared


def decide(
    rule: Rule,
    agreed: Seen,
    steps: Sequence[Step],
    proposals: Sequence[Proposal],
    ownership: Ownership,
    place: Place,
    shows: Shows = FULL,
) -> Verdict:
    """What is agreed about one field, given every edit of it and who made each.

    Args:
        rule: the line of ``ownership.yaml`` for this field.
        agreed: the value until now; ``MISSING`` if the field never had one.
        steps: all edits since, from all systems, in any order.
        proposals: the open ones about this field.
        shows: per connection how it shows a value of this field, where it is coarser.
    """
    chain = in_order(steps)
    if rule.shared is not None:
        return decide_shared(rule, agreed, chain, place)
    deeds = deeds_of(chain, rule, ownership, place)
    best = winner(deeds, agreed)
    value = best.step.value if best else agreed
    outcomes = (_outcome(deed, best, agreed, place, shows) for deed in deeds)
    judged = one_each([Judged(d.step, o, d.role) for d, o in zip(deeds, outcomes, strict=True)])
    drafts = draft(judged, agreed, value)
    answer = Answer(best.step, bool(best.owner)) if best else None
    return Verdict(
        field=rule.field,
        rule=rule,
        value=value,
        changed=value is not MISSING and value != agreed,
        winner=next((item for item in judged if best and item.step is best.step), None),
        judged=judged,
        drafts=drafts,
        closings=close(proposals, answer, judged, drafts, place, shows),
        told=_told(judged, best),
    )


def _outcome(deed: Deed, best: Deed | None, agreed: Seen, place: Place, shows: Shows) -> str:
    """What becomes of one edit; ``best`` is the one that is taken, if any is."""
    owned = best is not None and best.owner is not None
    value = best.step.value if best else agreed
    if not deed.told:
        return "not told"
    if deed is best:
        return _passed(deed, agreed)
    if not deed.standing:
        return "overwritten"
    same = deed.step.value == value
    if same or (owned and best and alike(deed.step, best.step, place, shows)):
        return "agrees"
    if deed.owner:
        return "overtaken"
    if deed.policy in (Policy.REVERT, Policy.PROPOSE):
        return "reverted" if deed.policy is Policy.REVERT else "proposed"
    return "overruled" if owned else "overtaken"


def _passed(best: Deed, agreed: Seen) -> str:
    if best.owner:
        return "taken"
    if agreed is MISSING:
        return "first"
    return "notified" if best.policy is Policy.NOTIFY else "taken"


def _told(judged: Sequence[Judged], best: Deed | None) -> tuple[Step, ...]:
    """Steps to be heard of: a non-owner's that was taken, an owner's that another overtook."""
    return tuple(
        item.step
        for item in judged
        if item.outcome in ("notified", "first")
        or (best and best.owner and item.outcome == "overtaken" and _another(item.step, best.step))
    )


def _another(left: Step, right: Step) -> bool:
    return left.editor != right.editor
