"""Notices for who answered, where they did: that it did not count, why, and what would."""

from collections.abc import Sequence

from syncer.model.notices import Notice, NoticeKind
from syncer.model.records import Proposal
from syncer.model.rules import Rule
from syncer.model.texts import STATUS
from syncer.reconcile.facts import asked, short
from syncer.reconcile.replies import Reply
from syncer.reconcile.scenes import Addressee, Scene, notice


def not_yours(scene: Scene, rule: Rule, reply: Reply, proposal: Proposal) -> Notice:
    """Who may decide; told to a wrong person once for each proposal, however often they try."""
    once = (proposal.id,)
    return _about(scene, NoticeKind.NOT_YOURS, rule, reply, proposal, once)


def again(
    scene: Scene, rule: Rule, reply: Reply, proposal: Proposal, role: str | None = None
) -> Notice:
    """The value changed before the answer was given: what is asked for now."""
    once = (reply.connection, reply.id, proposal.id)
    return _about(scene, NoticeKind.AGAIN, rule, reply, proposal, once, role)


def settled(scene: Scene, rule: Rule, reply: Reply, proposal: Proposal) -> Notice:
    """The proposal had ended before the answer was given."""
    once = (reply.connection, reply.id, proposal.id)
    return _about(scene, NoticeKind.UNCLEAR, rule, reply, proposal, once, ended=True)


def unclear(scene: Scene, rule: Rule, reply: Reply, waiting: Sequence[Proposal]) -> Notice:
    """An answer to one of several, or by a number that is none: the ones that wait, by number.

    Args:
        rule: of one of the fields.
        waiting: the proposals that wait where the answer was given.
    """
    choices = [
        f"{p.number} ({p.field.replace('_', ' ')}: {short(scene.show(p.field, p.value))})"
        for p in sorted(waiting, key=lambda proposal: proposal.opened_at)
    ]
    facts = {"who": _name(scene, reply), "record": scene.title, "choices": "; ".join(choices)}
    once = (reply.connection, reply.id)
    return notice(scene, NoticeKind.UNCLEAR, rule, _whom(reply), facts, once=once)


def _about(
    scene: Scene,
    kind: NoticeKind,
    rule: Rule,
    reply: Reply,
    proposal: Proposal,
    once: tuple[object, ...],
    role: str | None = None,
    *,
    ended: bool = False,
) -> Notice:
    agreed = scene.record.value(rule.field)
    facts = {
        **asked(scene, rule, proposal, agreed),
        STATUS: str(proposal.status) if ended else "",
    }
    whom, soon = _whom(reply, role), scene.urgent(proposal.value, proposal.base, agreed)
    return notice(scene, kind, rule, whom, facts, once=once, about=proposal, soon=soon)


def _whom(reply: Reply, role: str | None = None) -> Addressee:
    return Addressee(reply.person, reply.shown, role, reply.connection)


def _name(scene: Scene, reply: Reply) -> str:
    return scene.name(reply.person or reply.shown)
