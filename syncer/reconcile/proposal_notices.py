"""Notices about proposals: who is asked, who waits, who is reminded, who hears of the end."""

from collections.abc import Iterable, Iterator

from syncer.model.notices import Notice, NoticeKind
from syncer.model.records import Proposal, ProposalStatus
from syncer.model.rules import Rule, Waiting
from syncer.model.texts import STATUS
from syncer.model.values import MISSING, Seen
from syncer.reconcile.facts import asked, limit
from syncer.reconcile.hearers import gone
from syncer.reconcile.scenes import Addressee, Scene, notice


def ask(scene: Scene, rule: Rule, proposal: Proposal, agreed: Seen) -> Iterator[Notice]:
    """Each version of a proposal is told to everybody who hears of the field, its maker apart."""
    facts = {**asked(scene, rule, proposal, agreed), **limit(scene, rule, proposal)}
    for person, role in scene.hearers(rule, proposal.proposer):
        yield notice(
            scene,
            NoticeKind.ASK,
            rule,
            Addressee(person, person, role),
            facts,
            once=(proposal.id, proposal.version),
            about=proposal,
            soon=scene.urgent(proposal.value, proposal.base, agreed),
        )


def waits(scene: Scene, rule: Rule, proposal: Proposal, agreed: Seen) -> Notice:
    """The proposer hears for whom it waits and what shows meanwhile, with all that they wrote."""
    facts = asked(scene, rule, proposal, agreed)
    kept = rule.waiting is Waiting.KEEP_HERE
    return notice(
        scene,
        NoticeKind.WAITS,
        rule,
        _maker(scene, proposal),
        {**facts, **({"here": proposal.connection} if kept else {"stays": facts["now"]})},
        once=(proposal.id, proposal.version),
        about=proposal,
        soon=scene.urgent(proposal.value, proposal.base, agreed),
    )


def _maker(scene: Scene, proposal: Proposal) -> Addressee:
    who = proposal.proposer
    # Who proposed on the command line did so in no tool: they hear of it at home.
    return Addressee(scene.known(who), who, at=proposal.connection or None)


def ended_notices(
    scene: Scene, proposal: Proposal, rule: Rule, agreed: Seen = MISSING
) -> tuple[Notice, ...]:
    """What became of a proposal, for who made it, unless they ended it themselves.

    ``agreed`` is the value that stands now, where that is not yet the record's.
    """
    robots = scene.ownership.automations.values()
    if proposal.closed_by == proposal.proposer or any(
        proposal.proposer in names for names in robots
    ):
        return ()
    whom = _maker(scene, proposal)
    if whom.to is None and whom.at is None:
        return ()
    stands = scene.record.value(rule.field) if agreed is MISSING else agreed
    applied = proposal.status is ProposalStatus.ACCEPTED and proposal.closed_by is None
    facts = {
        **asked(scene, rule, proposal, stands),
        "who": scene.name(proposal.closed_by),
        STATUS: "applied" if applied else str(proposal.status),
    }
    once = (proposal.id, "ended")
    soon = scene.urgent(proposal.value, proposal.base, stands)
    kind = NoticeKind.ENDED
    return (notice(scene, kind, rule, whom, facts, once=once, about=proposal, soon=soon),)


def reminder(scene: Scene, proposal: Proposal, rule: Rule) -> tuple[Notice, ...]:
    """A proposal still waits: for who was asked, and for the stand-in if one is named."""
    agreed = scene.record.value(rule.field)
    facts = {**asked(scene, rule, proposal, agreed), **limit(scene, rule, proposal)}
    hearers = dict(scene.hearers(rule, proposal.proposer))
    for key in _stand_in(scene, rule, proposal):
        hearers.setdefault(key, rule.owners[0])
    once = (proposal.id, proposal.version)
    soon = scene.urgent(proposal.value, proposal.base, agreed)
    return tuple(
        notice(
            scene,
            NoticeKind.REMINDER,
            rule,
            Addressee(person, person, role),
            facts,
            once=once,
            about=proposal,
            soon=soon,
        )
        for person, role in hearers.items()
    )


def _stand_in(scene: Scene, rule: Rule, proposal: Proposal) -> Iterable[str]:
    person = scene.people.get(rule.stand_in or "")
    here = person is not None and not gone(person, scene.today)
    return [person.key] if person and here and person.key != proposal.proposer else []
