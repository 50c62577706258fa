"""The pages, made of one reading of the state: a client's, and the agency's around it."""

from syncer.engine.clientreport import inside as within
from syncer.engine.clientreport.breakdowns import breakdowns
from syncer.engine.clientreport.gather import Gathered
from syncer.engine.clientreport.launch import Step, deadline_told, moved_by, steps
from syncer.engine.clientreport.work import statuses, tasks_told, works
from syncer.model.client_inside import AgencyPage, Inside
from syncer.model.client_parts import DEADLINE, TASK, Part
from syncer.model.client_report import Page, Section
from syncer.model.entities import PROJECT
from syncer.model.records import Record


def client_page(found: Gathered) -> Page:
    """The page for the client. Raises :class:`NoSuchProject`."""
    wanted = found.wanted
    sections = [_section(found, record) for record in found.chosen]
    return Page(
        key=wanted.client.key,
        client=wanted.client.name,
        zone=wanted.client.zone,
        made_at=wanted.now,
        day=wanted.today,
        span=wanted.span,
        parts=found.parts,
        sections=tuple(sections),
    )


def agency_page(found: Gathered) -> AgencyPage:
    """The page for the agency. Raises :class:`NoSuchProject`."""
    titles = {r.id: found.title(r) for each in found.whole.values() for r in each.values()}
    key, now = found.wanted.client.key, found.wanted.now
    waiting = within.waits(found.config, found.store, key, titles, lambda: now)
    members = {record.id: _members(found, record) for record in found.chosen}
    everybody = {id for ids in members.values() for id in ids}
    return AgencyPage(
        client_page(found),
        tuple(_inside(found, record, waiting, members[record.id]) for record in found.chosen),
        () if found.wanted.project else waiting.others(everybody),
    )


def _members(found: Gathered, record: Record) -> list[str]:
    return [record.id, *(work.record.id for work in found.work.get(record.id, ()))]


def _section(found: Gathered, record: Record) -> Section:
    project, parts, wanted = record.entity == PROJECT, found.parts, found.wanted
    counted = found.slice(record)
    work = found.work.get(record.id, []) if Part.TASKS in parts else []
    return Section(
        name=found.title(record),
        project=project,
        measured=counted.known,
        shared=counted.shared,
        goals=found.judged[record.id].told if Part.GOALS in parts else (),
        breakdowns=tuple(
            one
            for measuring, figures in counted.reports(wanted.span)
            for one in breakdowns(figures, measuring, wanted.span, project=project)
        )
        if Part.RESULTS in parts and (not counted.shared or wanted.project)
        else (),
        deadline=deadline_told(record, found.days[record.id], wanted.zone)
        if project and Part.DEADLINE in parts
        else None,
        tasks=tasks_told(work, wanted.today, found.marks(record), wanted.clip),
    )


def _inside(found: Gathered, record: Record, waiting: within.Waits, members: list[str]) -> Inside:
    whole = found.whole[record.entity][record.id]
    names = within.people_names(found.config)
    tasks = found.whole[TASK]
    work = [
        one
        for id in members[1:]
        for one in works([tasks[id]], found.config.schema, found.wanted.zone)
    ]
    project = record.entity == PROJECT
    mine = [
        p
        for p in found.store.proposals(whole.client, [whole.id], open_only=False)
        if p.field == DEADLINE
    ]
    judged_lines = found.judged[record.id]
    return Inside(
        people=within.people(whole, names),
        price=within.price(whole),
        lines=judged_lines.lines,
        faults=judged_lines.faults,
        moves=moved_by(_who(found, whole), mine, names) if project else (),
        statuses=statuses(work),
        tasks=within.due_tasks(work, found.wanted.today, found.config.schema, names),
        budget=within.budget(whole, work) if project else None,
        waiting=waiting.of(members),
    )


def _who(found: Gathered, whole: Record) -> list[Step]:
    """How the launch was agreed, with who did it."""
    past = found.store.agreements(whole.client, DEADLINE, [whole.id])
    return steps(whole, past, found.wanted.zone)
