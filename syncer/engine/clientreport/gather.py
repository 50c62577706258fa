"""Gathering the client's report: a page for a client, and what is inside for the agency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from syncer.engine.clientreport import inside as within
from syncer.engine.clientreport.allowed import all_narrowed
from syncer.engine.clientreport.breakdowns import breakdowns
from syncer.engine.clientreport.goals import Bench, Judged, judged
from syncer.engine.clientreport.launch import Step, deadline_told, marks, moved_by, steps
from syncer.engine.clientreport.measured import Measured, Slice, measured
from syncer.engine.clientreport.work import Work, by_project, statuses, tasks_told, works
from syncer.model.agreements import Agreement
from syncer.model.client_inside import AgencyPage, Inside
from syncer.model.client_report import (
    CLIENT,
    DEADLINE,
    PROJECT,
    TASK,
    Mark,
    Page,
    Part,
    Section,
    Span,
)
from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.entities import ARCHIVED, EXISTENCE
from syncer.model.goals import GOALS
from syncer.model.records import Record
from syncer.reconcile.names import folded
from syncer.state import Store

LATELY: Final = timedelta(days=89)
"""So far before its last day a breakdown begins, unless a time is asked for."""


class NoSuchProject(Exception):
    """Nobody knows a project of this name; ``known`` are those there are."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name, self.known = name, tuple(known)
        super().__init__(f'there is no project "{name}"')


@dataclass(frozen=True)
class Wanted:
    """What a report is asked for.

    Args:
        now: the moment it is made at.
        project: one project only, by its name or id.
        since, until: days that breakdowns and plots are of, both included.
    """

    client: ClientConfig
    now: datetime
    project: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its days."""
        return ZoneInfo(self.client.zone)

    @property
    def today(self) -> date:
        """The day it is made on."""
        return self.now.astimezone(self.zone).date()

    @property
    def span(self) -> Span:
        """The time asked for; else about the last three months, whole days only."""
        until = self.until or self.today - timedelta(days=1)
        return Span(self.since or min(until, until - LATELY), until)

    @property
    def clip(self) -> Span | None:
        """The time to which plots are cut; None where none was asked for."""
        return self.span if self.since or self.until else None


@dataclass(frozen=True)
class Gathered:
    """One reading of the state, from which both pages are made.

    Args:
        whole: all records of the client by entity; ``parts`` of them may be told.
    """

    config: Configuration
    store: Store
    wanted: Wanted
    parts: tuple[Part, ...]
    whole: dict[str, dict[str, Record]] = field(default_factory=dict)

    @cached_property
    def told(self) -> dict[str, dict[str, Record]]:
        """The same records with nothing in them but what these parts are drawn from."""
        return {
            entity: {record.id: record for record in all_narrowed(found.values(), self.parts)}
            for entity, found in self.whole.items()
        }

    @cached_property
    def chosen(self) -> list[Record]:
        """What has a section: the client, where no project is asked for, and its projects."""
        projects = sorted(self._projects(), key=self._order)
        whole = [] if self.wanted.project else list(self.told[CLIENT].values())[:1]
        return [*whole, *projects]

    def _projects(self) -> list[Record]:
        found = list(self.told[PROJECT].values())
        if self.wanted.project is None:
            return [record for record in found if record.value(EXISTENCE) != ARCHIVED]
        name = folded(self.wanted.project)
        meant = [r for r in found if name in (folded(self.title(r)), folded(r.id))]
        if not meant:
            raise NoSuchProject(self.wanted.project, sorted(map(self.title, found)))
        return meant

    def _order(self, record: Record) -> tuple[date, str]:
        launch = [mark.day for mark in marks(self.whole[PROJECT][record.id], self.wanted.zone)]
        return (launch[0] if launch else date.max, self.title(record))

    def title(self, record: Record) -> str:
        """What people call a record."""
        if record.entity == CLIENT:
            return self.wanted.client.name
        return str(record.value(self.config.schema[record.entity].title) or record.id)

    @cached_property
    def work(self) -> dict[str, list[Work]]:
        """Tasks by project, as far as they may be told."""
        schema, zone = self.config.schema, self.wanted.zone
        homes = by_project(self.told[TASK].values())
        return {project: works(tasks, schema, zone) for project, tasks in homes.items()}

    @cached_property
    def days(self) -> dict[str, list[Step]]:
        """How each project's launch was agreed."""
        past: dict[str, list[Agreement]] = {}
        ids = list(self.told[PROJECT])
        for one in self.store.agreements(self.wanted.client.key, DEADLINE, ids):
            past.setdefault(one.record, []).append(one)
        zone = self.wanted.zone
        return {
            id: steps(record, past.get(id, ()), zone) for id, record in self.told[PROJECT].items()
        }

    @cached_property
    def measured(self) -> Measured:
        """The figures of the client."""
        return measured(self.store, self.wanted.client)

    @cached_property
    def judged(self) -> dict[str, Judged]:
        """How the goals of each record with a section stand."""
        client, ids = self.wanted.client, [record.id for record in self.chosen]
        past: dict[str, list[Agreement]] = {}
        for one in self.store.agreements(client.key, GOALS, ids):
            past.setdefault(one.record, []).append(one)
        measures = {k: v for m in client.measuring.values() for k, v in m.measures.items()}
        return {
            record.id: judged(self._bench(record, past.get(record.id, ())), measures)
            for record in self.chosen
        }

    def _bench(self, record: Record, past: Sequence[Agreement]) -> Bench:
        wanted = self.wanted
        return Bench(
            record=record,
            past=past,
            counted=self.slice(record),
            now=wanted.now,
            zone=wanted.zone,
            schema=self.config.schema,
            marks=self.marks(record),
            clip=wanted.clip,
        )

    def slice(self, record: Record) -> Slice:
        """The figures of a record: a project's own, where it has any, else the client's."""
        return self.measured.of(*((self.title(record), record.id) * (record.entity == PROJECT)))

    def marks(self, record: Record) -> tuple[Mark, ...]:
        """What plots of a record show: the launch of a project."""
        found = marks(record, self.wanted.zone) if record.entity == PROJECT else ()
        clip = self.wanted.clip
        return tuple(m for m in found if clip is None or clip.since <= m.day <= clip.until)


def gathered(
    config: Configuration, store: Store, wanted: Wanted, parts: Sequence[Part]
) -> Gathered:
    """Read what pages are made of. Only these parts of it are told on the client's."""
    whole = {
        entity: store.records(store.record_ids(wanted.client.key, entity))
        for entity in (CLIENT, PROJECT, TASK)
    }
    return Gathered(config, store, wanted, tuple(parts), whole)


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
