"""Reading what the pages are made of, each part once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from syncer.engine.clientreport.allowed import all_narrowed
from syncer.engine.clientreport.goals import Bench, Judged, judged
from syncer.engine.clientreport.launch import Step, marks, steps
from syncer.engine.clientreport.measured import Measured, Slice, measured
from syncer.engine.clientreport.wanted import NoSuchProject, Wanted
from syncer.engine.clientreport.work import Work, by_project, works
from syncer.model.agreements import Agreement
from syncer.model.client_parts import CLIENT, DEADLINE, TASK, Part
from syncer.model.client_report import Mark
from syncer.model.configuration import Configuration
from syncer.model.entities import ARCHIVED, EXISTENCE, PROJECT
from syncer.model.goals import GOALS
from syncer.model.records import Record
from syncer.reconcile.names import folded
from syncer.state import Store


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
