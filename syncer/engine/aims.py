"""Aims: the records that goals were written for, read out of the state."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from syncer.model.configuration import ClientConfig, Configuration
from syncer.model.entities import ARCHIVED, EXISTENCE, PROJECT
from syncer.model.goals import GOALS, RESULTS, Goal, Goals
from syncer.model.measures import Measure, Slice
from syncer.model.records import Record
from syncer.model.values import Value
from syncer.reconcile.days import day
from syncer.reconcile.goals import goals
from syncer.reconcile.months import Stood, set_on, stood
from syncer.reconcile.names import fold
from syncer.reconcile.periods import EVER
from syncer.state import Store


class Written(Struct, frozen=True):
    """A record with what its goals say. ``start`` is its first day, where it has one."""

    record: Record
    title: str
    goals: Goals
    start: date | None
    past: tuple[Stood, ...]

    def begins(self, goal: Goal) -> date:
        """The first day that counts: as it is written, the record's start, or when it was set."""
        return goal.since or self.start or set_on(goal, self.past) or EVER


class Aim(Written, frozen=True):
    """The same with the part of a property by which it is measured."""

    slice: Slice


def written(config: Configuration, client: ClientConfig, store: Store) -> Iterator[Written]:
    """Every record that has goals, or results of goals it had. Archived ones have none.

    What a goal may be about is what the client's sources measure.
    """
    measures = {k: v for each in client.measuring.values() for k, v in each.measures.items()}
    for entity, spec in config.schema.items():
        if GOALS in spec.fields:
            found = store.match_index(client.key, entity, (GOALS, RESULTS))
            here = [r for r in found if r.value(EXISTENCE) != ARCHIVED]
            yield from _written(config, client, store, here, measures)


def _written(
    config: Configuration,
    client: ClientConfig,
    store: Store,
    records: list[Record],
    measures: Mapping[str, Measure],
) -> Iterator[Written]:
    zone = ZoneInfo(client.zone)
    past: dict[str, list[tuple[datetime | None, str | None]]] = {}
    for one in store.agreements(client.key, GOALS, [record.id for record in records]):
        past.setdefault(one.record, []).append((one.at, _text(one.value)))
    for record in records:
        spec = config.schema[record.entity]
        text, agreed = _text(record.value(GOALS)), record.agreed.get(GOALS)
        told = [*past.get(record.id, ()), (agreed.at, text)] if agreed else []
        begins = record.value(spec.begins) if spec.begins else None
        yield Written(
            record=record,
            title=str(record.value(spec.title) or record.id),
            goals=goals(text, measures),
            start=day(begins, zone),
            past=stood(told, measures, zone),
        )


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def aims(found: Iterable[Written], slices: Iterable[Slice]) -> Iterator[Aim]:
    """Each with its slice: a project's own, where there is one, else the client's."""
    own = {fold(part.project): part for part in slices}
    for one in found:
        names = (one.title, one.record.id) if one.record.entity == PROJECT else ()
        part = next((own[fold(n)] for n in names if fold(n) in own), own.get(fold("")))
        if part is not None:
            yield Aim(one.record, one.title, one.goals, one.start, one.past, part)


def wrong_lines(found: Iterable[Written]) -> list[str]:
    """What is wrong with lines that are to be goals and count for nothing, for people."""
    return [
        f'{one.record.entity} "{one.title}": {GOALS}, {fault}'
        for one in found
        for fault in one.goals.faults
    ]


def unmatched(
    config: Configuration, client: ClientConfig, store: Store, slices: Iterable[Slice]
) -> list[str]:
    """Projects that a scope names and that nobody knows."""
    title = config.schema[PROJECT].title
    found = store.match_index(client.key, PROJECT, (title,))
    known = {fold(name) for record in found for name in (record.value(title), record.id)}
    return [part.project for part in slices if part.project and fold(part.project) not in known]
