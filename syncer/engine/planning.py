"""Plan: hand every decided record to the planner, with the places it has or may get a twin in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.engine.decided import REMAP, Decided
from syncer.engine.pull import Pulled
from syncer.engine.sites import Site
from syncer.engine.targets import Places
from syncer.model.decisions import Action, Inexpressible, Plan, Remap
from syncer.model.entities import EXISTENCE, EntitySpec
from syncer.model.records import Hold
from syncer.reconcile.guard import guard
from syncer.reconcile.planner import Target, plan_record


@dataclass
class Work:
    """A decided record with what will be written for it."""

    case: Case
    decided: Decided
    actions: tuple[Action, ...] = ()


@dataclass
class Planned:
    """The plan of a cycle and, beside it, the work it came from."""

    plan: Plan
    work: dict[str, Work] = field(default_factory=dict)


def make_plan(
    ctx: Context,
    sites: Mapping[str, Site],
    pulls: Mapping[str, Pulled],
    gathered: Gathered,
    decided: Mapping[str, Decided],
    holds: Mapping[str, Hold],
) -> Planned:
    """Every write of this cycle, sorted, counted and guarded."""
    work: dict[str, Work] = {}
    notes: list[Inexpressible] = []
    places = Places(ctx, sites, gathered)
    for id, found in decided.items():
        gathered.index.title(found.record, ctx.config.schema)
        targets = places.targets(gathered.cases[id], found)
        spec = ctx.config.schema[found.record.entity]
        actions, unsaid = plan_record(found.record, spec, targets)
        work[id] = Work(gathered.cases[id], found, actions)
        notes += (*unsaid, *_unplaced(found, spec, targets))
    ordered = sorted((a for w in work.values() for a in w.actions), key=_order)
    remaps = _remaps(decided.values())
    limits, absent, linked = ctx.config.limits, _absent(pulls), _linked(ctx)
    plan = Plan(
        client=ctx.client.key,
        actions=tuple(ordered),
        inexpressible=tuple(sorted(notes, key=lambda n: (n.connection, n.title, n.field))),
        remaps=remaps,
        holds=_holds(holds, decided.values()),
        refusals=guard(ordered, remaps, absent, linked, limits, ctx.allowed),
    )
    return Planned(plan, work)


def _unplaced(
    decided: Decided, spec: EntitySpec, targets: Mapping[str, Target]
) -> Iterable[Inexpressible]:
    """Fields that changed now and that a system's mapping has no place for."""
    title = str(decided.record.value(spec.title) or decided.record.id)
    for verdict in decided.verdicts:
        for name, target in targets.items():
            nowhere = verdict.field != EXISTENCE and verdict.field not in target.mapping.fields
            if verdict.changed and nowhere:
                reason = f"its {target.mapping.object} has no place for it in the mapping"
                yield Inexpressible(decided.record.id, title, name, verdict.field, reason)


def _holds(holds: Mapping[str, Hold], decided: Iterable[Decided]) -> tuple[Hold, ...]:
    found = [*holds.values(), *(hold for one in decided for hold in one.holds.values())]
    return tuple(sorted(found, key=lambda hold: hold.key))


def _order(action: Action) -> tuple[int, str, str, str, str]:
    return (action.level, action.connection, action.object, action.title, action.record)


def _absent(pulls: Mapping[str, Pulled]) -> dict[str, int]:
    return {name: len(pulled.absent) for name, pulled in pulls.items() if pulled.absent}


def _linked(ctx: Context) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (connection, _), count in ctx.store.link_counts(ctx.client.key).items():
        counts[connection] += count
    return counts


def _remaps(decided: Iterable[Decided]) -> tuple[Remap, ...]:
    found: Counter[REMAP] = Counter()
    for one in decided:
        found.update(one.remaps)
    return tuple(
        Remap(connection, entity, name, before, now, count, source)
        for (connection, entity, name, before, now, source), count in sorted(found.items())
    )
