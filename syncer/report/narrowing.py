"""A part of a plan: only these records, fields or systems."""

from msgspec.structs import replace

from syncer.model.decisions import Action, FieldWrite, Plan
from syncer.model.report import CycleReport
from syncer.report.changes import Look


def narrowed(report: CycleReport, look: Look) -> CycleReport:
    """What of a report somebody wants to see; refusals and troubles stay, whatever they ask."""
    if report.plan is None or not look.narrowed:
        return report
    judgements = tuple(
        judgement
        for judgement in report.judgements
        if _record(look, judgement.record, judgement.title)
        and _field(look, judgement.verdict.field)
        and (
            not look.connections
            or any(j.step.connection in look.connections for j in judgement.verdict.judged)
        )
    )
    notices = tuple(n for n in report.notices if _notice(look, n.record, n.field))
    return replace(report, plan=_plan(report.plan, look), judgements=judgements, notices=notices)


def _plan(plan: Plan, look: Look) -> Plan:
    holds = tuple(
        hold
        for hold in plan.holds
        if _where(look, hold.connection)
        and _field(look, hold.field)
        and _record(look, hold.record or "", look.names(hold.record or ""), hold.remote_id)
    )
    return replace(
        plan,
        actions=tuple(filter(None, (_action(action, look) for action in plan.actions))),
        inexpressible=tuple(
            note
            for note in plan.inexpressible
            if _where(look, note.connection)
            and _field(look, note.field)
            and _record(look, note.record, note.title)
        ),
        remaps=tuple(
            remap
            for remap in plan.remaps
            if _where(look, remap.connection) and _field(look, remap.field) and not look.records
        ),
        holds=holds,
    )


def _action(action: Action, look: Look) -> Action | None:
    """A write as far as it is to be seen."""
    if not _where(look, action.connection):
        return None
    if not _record(look, action.record, action.title, action.remote_id):
        return None
    writes = tuple(write for write in action.writes if _wanted(write, look))
    return replace(action, writes=writes) if writes or not look.fields else None


def _wanted(write: FieldWrite, look: Look) -> bool:
    return _field(look, write.field)


def _notice(look: Look, record: str | None, field: str | None) -> bool:
    return _field(look, field) and _record(look, record or "", look.names(record or ""))


def _where(look: Look, connection: str | None) -> bool:
    return not look.connections or connection in look.connections


def _field(look: Look, name: str | None) -> bool:
    return not look.fields or name in look.fields


def _record(look: Look, id: str, title: str, remote_id: str | None = None) -> bool:
    """Whether a record is meant: by its id, the vendor's, or a part of its title."""
    folded = title.casefold()
    return not look.records or any(
        wanted in (id, remote_id) or wanted.casefold() in folded for wanted in look.records
    )
