"""Where it is decided who hears of a verdict: the table of who edited and what became of it."""

from collections.abc import Iterator, Sequence

from syncer.model.decisions import Editor, Judged, Verdict
from syncer.model.notices import Notice, NoticeKind
from syncer.model.records import Proposal
from syncer.model.values import MISSING, Seen
from syncer.reconcile.facts import short, thing
from syncer.reconcile.proposal_notices import ask, ended_notices, reminder, waits
from syncer.reconcile.proposing import proposer
from syncer.reconcile.reply_notices import again, not_yours, settled, unclear
from syncer.reconcile.roles import STAND_IN
from syncer.reconcile.scenes import Addressee, Facts, Scene, notice

__all__ = [
    "Scene",
    "again",
    "ended_notices",
    "not_yours",
    "notices_of",
    "reminder",
    "settled",
    "unclear",
]


def notices_of(
    scene: Scene, verdict: Verdict, opened: Sequence[Proposal], ended: Sequence[Proposal]
) -> tuple[Notice, ...]:
    """Everything that is to be told of one field of one record in this cycle.

    Args:
        opened: the proposals about this field that were opened, or changed, with this verdict.
        ended: those that ended with it, as they are now.
    """
    rule = verdict.rule
    agreed = scene.record.value(rule.field) if verdict.value is MISSING else verdict.value
    found: list[Notice] = []
    for proposal in opened:
        found += ask(scene, rule, proposal, agreed)
        if not _of_robot(verdict, proposal):
            found.append(waits(scene, rule, proposal, agreed))
    found += _to_owners(scene, verdict)
    found += _to_editors(scene, verdict, agreed)
    for proposal in ended:
        found += ended_notices(scene, proposal, rule, agreed)
    return tuple(found)


def _of_robot(verdict: Verdict, proposal: Proposal) -> bool:
    steps = (item.step for item in verdict.judged if proposer(item.step) == proposal.proposer)
    return any(step.editor.automation is not None for step in steps)


def _to_owners(scene: Scene, verdict: Verdict) -> Iterator[Notice]:
    """What counts although no owner set it: once for each field, cycle and owner."""
    item, rule = verdict.winner, verdict.rule
    if item is None or not verdict.changed or item.outcome not in ("notified", "first"):
        return
    first = item.outcome == "first"
    before = scene.record.value(rule.field)
    editor = item.step.editor
    facts = {
        **thing(scene, rule, verdict.value, verdict.value, editor.person),
        "who": scene.name(proposer(item.step)),
        "base": short(scene.show(rule.field, before)),
    }
    for person, role in scene.hearers(rule, editor.person):
        kind = NoticeKind.CONFIRM if first else NoticeKind.CHANGED
        whom = Addressee(person, person, role)
        soon = scene.urgent(verdict.value, before)
        yield notice(scene, kind, rule, whom, facts, once=(scene.cycle,), soon=soon)


def _to_editors(scene: Scene, verdict: Verdict, agreed: Seen) -> Iterator[Notice]:
    """Whoever's edit does not stand hears why, once a field and cycle, where they edited last."""
    last: dict[str, tuple[NoticeKind, Judged]] = {}
    for item in verdict.judged:
        kind = _kind(item, verdict)
        if kind is not None and item.step.editor.automation is None:
            last[proposer(item.step)] = (kind, item)
    for who, (kind, item) in last.items():
        step, rule = item.step, verdict.rule
        facts: Facts = {
            **thing(scene, rule, step.value, agreed),
            **_against(scene, kind, item, verdict),
        }
        whom = Addressee(step.editor.person, who, item.role, step.connection or None)
        soon = scene.urgent(step.value, agreed)
        yield notice(scene, kind, rule, whom, facts, once=(scene.cycle,), soon=soon)


def _kind(item: Judged, verdict: Verdict) -> NoticeKind | None:
    """What the editor of a step is told of it, if anything."""
    rule, best = verdict.rule, verdict.winner
    if item.outcome == "reverted":
        return NoticeKind.PUT_BACK
    if item.outcome == "held" and rule.shared is not None:
        return NoticeKind.RIVALS
    if best is None or rule.shared is not None or _same(item.step.editor, best.step.editor):
        return None
    owner = item.role in (*rule.owners, STAND_IN)
    lost = item.outcome == "overruled" or (item.outcome == "overtaken" and owner)
    return NoticeKind.OVERTAKEN if lost and item.step.value != verdict.value else None


def _same(left: Editor, right: Editor) -> bool:
    return left.person == right.person if left.person else left == right


def _against(scene: Scene, kind: NoticeKind, item: Judged, verdict: Verdict) -> Facts:
    """Who it was, and what the others set."""
    field, mine = verdict.field, item.step
    if kind is NoticeKind.OVERTAKEN and verdict.winner is not None:
        return {"who": scene.name(proposer(verdict.winner.step))}
    others = [
        f"{short(scene.show(field, each.step.value))} ({scene.name(proposer(each.step))})"
        for each in verdict.judged
        if kind is NoticeKind.RIVALS and each.outcome == "held" and each.step.value != mine.value
    ]
    return {"who": scene.name(proposer(mine)), "others": "; ".join(dict.fromkeys(others))}
