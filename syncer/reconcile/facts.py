"""What a notice can say: its facts, by name, as readable text."""

from msgspec.structs import replace

from syncer.model.records import Proposal
from syncer.model.rules import Expiry, Rule
from syncer.model.values import Seen
from syncer.reconcile.roles import verb_of
from syncer.reconcile.scenes import Facts, Scene
from syncer.reconcile.workdays import after, expiry

LONGEST = 300
"""Characters of a value that stands in the tools anyway; one that is held is told in full."""


def thing(scene: Scene, rule: Rule, value: Seen, agreed: Seen, but: str | None = None) -> Facts:
    """The facts of every notice: the field, whose it is, what stands, what somebody wanted."""
    who = [scene.name(person) for person, _ in scene.hearers(rule, but)]
    return {
        "field": rule.field.replace("_", " "),
        "record": scene.title,
        "rule": str(rule.source),
        "owners": " / ".join(who or [name.replace("_", " ") for name in rule.owners]),
        "value": scene.show(rule.field, value),
        "now": short(scene.show(rule.field, agreed)),
        "verb": verb_of(rule, value) or "",
    }


def asked(scene: Scene, rule: Rule, proposal: Proposal, agreed: Seen) -> Facts:
    """The facts of a proposal."""
    return {
        **thing(scene, rule, proposal.value, agreed, proposal.proposer),
        "who": scene.name(proposal.proposer),
        "base": short(scene.show(rule.field, proposal.base)),
        "number": proposal.number,
        "reason": proposal.reason,
    }


def limit(scene: Scene, rule: Rule, proposal: Proposal) -> Facts:
    """How long there is time to answer: until when, or in working days if it is not told yet."""
    then = "applies" if rule.on_expiry is Expiry.APPLY else "lapses"
    zone, balance = scene.place.zone, scene.balance
    known = expiry(proposal, rule, zone, balance)
    told = replace(proposal, delivered=proposal.version, delivered_at=scene.now)
    at_best = known or expiry(told, rule, zone, balance)
    if at_best is None:
        return {}
    if known or at_best < after(scene.now, rule.expires_days or 0, zone, balance):
        text = at_best.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
        return {"until": text, f"{then}_on": text}
    return {f"{then}_in": str(rule.expires_days)}


def short(text: str) -> str:
    """A long text cut off; it can be read in full where it stands."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
