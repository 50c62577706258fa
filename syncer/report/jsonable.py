"""Values as JSON with stable keys, for machines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import asdict

from syncer.model.decisions import Action, FieldWrite, Inexpressible, Plan, Refusal, Remap
from syncer.model.records import Hold, JournalEntry, Link, Parked, Proposal
from syncer.model.refusals import BY_PLAN
from syncer.model.remote import Op
from syncer.model.values import MISSING, Json, Seen, dump


def value_json(value: Seen) -> Json:
    """A canonical value; what is not known is null."""
    return None if value is MISSING else dump(value)


def moment_json(at: datetime | None) -> str | None:
    """A moment in ISO 8601, UTC, to the second."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z") if at else None


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan: every write, what cannot be held, remaps, holds, refusals, totals."""
    return {
        "actions": [_action(action) for action in plan.actions],
        "not_expressible": [_inexpressible(note) for note in plan.inexpressible],
        "remaps": [_remap(remap) for remap in plan.remaps],
        "holds": [hold_json(hold) for hold in plan.holds],
        "refusals": [_refusal(refusal) for refusal in plan.refusals],
        "to_allow": to_allow(plan) if plan.refusals else None,
        "totals": totals(plan),
    }


def to_allow(plan: Plan) -> str:
    """The command that lets a refused plan of this client pass once."""
    if any(refusal.flag == BY_PLAN for refusal in plan.refusals):
        return f"syncer run --plan {plan.client}.plan.json"
    flags = dict.fromkeys(refusal.flag for refusal in plan.refusals)
    return " ".join(["syncer run --client", plan.client, *flags])


def to_save(plan: Plan) -> str:
    """The command that saves a plan which must be let pass as a whole, after somebody read it."""
    return f"syncer plan --client {plan.client} --save {plan.client}.plan.json"


def totals(plan: Plan) -> dict[str, dict[str, int]]:
    """How many writes of each kind each connection gets."""
    counts = plan.counts()
    names = sorted({name for name, _ in counts})
    return {name: {str(op): counts[(name, op)] for op in Op} for name in names}


def _action(action: Action) -> dict[str, Any]:
    return {
        "connection": action.connection,
        "op": str(action.op),
        "object": action.object,
        "id": action.remote_id,
        "container": action.container,
        "record": action.record,
        "entity": action.entity,
        "title": action.title,
        "why": action.why,
        "rule": action.rule or None,
        "changes": [_write(write) for write in action.writes],
    }


def _write(write: FieldWrite) -> dict[str, Any]:
    return {
        "field": write.field,
        "old": value_json(write.old),
        "new": value_json(write.new),
        "why": write.why,
        "rule": write.rule or None,
        "cut": write.cut,
    }


def _inexpressible(note: Inexpressible) -> dict[str, Any]:
    names = ("connection", "record", "title", "field", "reason")
    return {name: getattr(note, name) for name in names}


def _remap(remap: Remap) -> dict[str, Any]:
    names = ("connection", "entity", "field", "before", "now", "count")
    return {name: getattr(remap, name) for name in names} | {"mapping": remap.source}


def _refusal(refusal: Refusal) -> dict[str, Any]:
    names = ("kind", "connection", "count", "of", "limit", "flag")
    return {name: getattr(refusal, name) for name in names}


def hold_json(hold: Hold) -> dict[str, Any]:
    """Something that waits for a person."""
    names = ("key", "client", "kind", "reason", "connection", "object", "remote_id", "record")
    told = {name: getattr(hold, name) for name in (*names, "field")}
    return told | {"candidates": list(hold.candidates), "since": moment_json(hold.since)}


def parked_json(parked: Parked) -> dict[str, Any]:
    """Work that failed and is tried again."""
    names = ("id", "key", "client", "record", "connection", "reason", "attempts")
    told = {name: getattr(parked, name) for name in names}
    times = {"next_try": moment_json(parked.next_try), "since": moment_json(parked.since)}
    return told | times | {"detail": dict(parked.detail)}


def proposal_json(
    proposal: Proposal, title: str, agreed: Seen, deciders: tuple[str, ...]
) -> dict[str, Any]:
    """A held edit: what it is about, who may answer, how it stands."""
    return {
        "id": proposal.id,
        "number": proposal.number,
        "client": proposal.client,
        "record": proposal.record,
        "entity": proposal.entity,
        "title": title,
        "field": proposal.field,
        "proposer": proposal.proposer,
        "connection": proposal.connection,
        "value": value_json(proposal.value),
        "agreed": value_json(agreed),
        "base": value_json(proposal.base),
        "deciders": list(deciders),
        "rule": proposal.rule,
        "version": proposal.version,
        "delivered": proposal.delivered,
        "delivered_at": moment_json(proposal.delivered_at),
        "status": str(proposal.status),
        "opened_at": moment_json(proposal.opened_at),
        "updated_at": moment_json(proposal.updated_at),
        "expires_at": moment_json(proposal.expires_at),
        "closed_by": proposal.closed_by,
        "closed_at": moment_json(proposal.closed_at),
        "reason": proposal.reason,
    }


def link_json(link: Link) -> dict[str, Any]:
    """A record's twin in a system."""
    names = ("connection", "object", "remote_id", "container", "existence", "url")
    return {name: getattr(link, name) for name in names} | {"status": str(link.status)}


def entry_json(entry: JournalEntry) -> dict[str, Any]:
    """One line of the journal."""
    told: Mapping[str, Any] = asdict(entry)
    return {name: told[name] for name in told if name != "at"} | {"at": moment_json(entry.at)}
