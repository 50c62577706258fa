"""Plan: hand every decided record to the planner, with the places it has or may get a twin in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.engine.decided import REMAP, Decided
from syncer.engine.newplaces import (
    container_field,
    container_of,
    fixed_container,
    new_bindings,
    promising,
)
from syncer.engine.pull import Pulled
from syncer.engine.sites import Site
from syncer.model.configuration import Mode
from syncer.model.decisions import Action, Inexpressible, Plan, Remap
from syncer.model.entities import EXISTENCE, PRESENT, EntitySpec
from syncer.model.mapping import EntityMapping
from syncer.model.records import Hold, Record
from syncer.reconcile.guard import guard
from syncer.reconcile.planner import Target, plan_record
from syncer.reconcile.translate import record_context


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
    for id, found in decided.items():
        case = gathered.cases[id]
        gathered.index.title(found.record, ctx.config.schema)
        targets = _targets(ctx, sites, gathered, case, found)
        actions, unsaid = plan_record(found.record, _spec(ctx, found.record), targets)
        work[id] = Work(case, found, actions)
        notes += unsaid
    ordered = sorted((a for w in work.values() for a in w.actions), key=_order)
    remaps = _remaps(decided.values())
    plan = Plan(
        client=ctx.client.key,
        actions=tuple(ordered),
        inexpressible=tuple(sorted(notes, key=lambda n: (n.connection, n.title, n.field))),
        remaps=remaps,
        holds=tuple(
            sorted(
                [*holds.values(), *(h for d in decided.values() for h in d.holds.values())],
                key=lambda h: h.key,
            )
        ),
        refusals=guard(
            ordered, remaps, _absent(pulls), _linked(ctx), ctx.config.limits, ctx.allowed
        ),
    )
    return Planned(plan, work)


def _order(action: Action) -> tuple[int, str, str, str, str]:
    return (action.level, action.connection, action.object, action.title, action.record)


def _spec(ctx: Context, record: Record) -> EntitySpec:
    return ctx.config.schema[record.entity]


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


def _targets(
    ctx: Context, sites: Mapping[str, Site], gathered: Gathered, case: Case, decided: Decided
) -> dict[str, Target]:
    record = decided.record
    targets: dict[str, Target] = {}
    for name, site in sites.items():
        mapping = site.mapping.entities.get(record.entity)
        if (
            mapping is None
            or ctx.client.mode is Mode.OBSERVE
            or site.adapter.capabilities.read_only
        ):
            continue
        twin = case.twins.get(name)
        kept = frozenset(decided.kept.get(name, ()))
        lookup = promising(ctx, site, gathered)
        level = depth(ctx, gathered, record)
        if twin is not None:
            view = twin.view if twin.live else None
            link = decided.links.get(name, twin.link)
            targets[name] = Target(name, mapping, lookup, view, link, kept=kept, level=level)
        elif _may_create(ctx, mapping, record):
            targets[name] = _new_target(ctx, site, mapping, gathered, record, kept, level)
    return targets


def _new_target(
    ctx: Context,
    site: Site,
    mapping: EntityMapping,
    gathered: Gathered,
    record: Record,
    kept: frozenset[str],
    level: int,
) -> Target:
    parent = container_of(ctx, site, mapping, record)
    container = fixed_container(site, mapping) or (
        gathered.index.remote(parent, site.connection) if parent else None
    )
    info = site.info(mapping)
    if info.inside is None:
        container = container or info.home
    return Target(
        connection=site.connection,
        mapping=mapping,
        lookup=promising(ctx, site, gathered),
        bindings=new_bindings(ctx, site, record.entity, container, parent),
        may_create=container is not None or parent is not None or info.inside is None,
        container=container,
        container_of=parent if container is None else None,
        # Where a thing is made says what it belongs to; it is not written a second time.
        kept=kept | {container_field(ctx, site, mapping) or ""},
        level=level,
    )


def _may_create(ctx: Context, mapping: EntityMapping, record: Record) -> bool:
    if record.value(EXISTENCE) != PRESENT or mapping.create is False:
        return False
    if mapping.create is True:
        return True
    values = {name: agreed.value for name, agreed in record.agreed.items()}
    return mapping.create({record.entity: record_context(_spec(ctx, record), values)})


def depth(ctx: Context, gathered: Gathered, record: Record) -> int:
    """The entity's level in tens, and one more for each record of the same entity above it."""
    spec = _spec(ctx, record)
    steps, current, seen = 0, record, {record.id}
    while True:
        above = next(
            (current.value(n) for n, f in spec.fields.items() if f.type.target == spec.name), None
        )
        if not isinstance(above, str) or above in seen or above not in gathered.cases:
            return spec.level * 10 + min(steps + (isinstance(above, str)), 9)
        seen.add(above)
        steps, current = steps + 1, gathered.cases[above].record
