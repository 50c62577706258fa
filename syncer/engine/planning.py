"""Plan: hand every decided record to the planner, with the places it has or may get a twin in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import structlog
from msgspec import Struct, field
from msgspec.structs import replace

from syncer.engine.cases import Case, Gathered, told
from syncer.engine.confidential import withhold
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.decided import REMAP, Decided
from syncer.engine.pull import Pulled
from syncer.engine.pulled import let_go
from syncer.engine.sealing import NOTHING_LEFT, seal
from syncer.engine.siblings import linked_here
from syncer.engine.sites import Site
from syncer.engine.targets import Places
from syncer.model.decisions import Action, Inexpressible, Plan, Remap
from syncer.model.entities import EXISTENCE, EntitySpec
from syncer.model.records import Hold, Record
from syncer.model.remote import Op
from syncer.model.values import Kind
from syncer.reconcile.guard import Missing, guard
from syncer.reconcile.planner import Target, plan_record

log = structlog.get_logger()


class Work(Struct):
    """A decided record with what will be written for it."""

    case: Case
    decided: Decided
    actions: tuple[Action, ...] = ()

    def recorded(self) -> None:
        """Forget what the state holds now, but for the links that are written to yet."""
        record = self.decided.record
        changed = {action.connection for action in self.actions if action.op is not Op.CREATE}
        links = {name: link for name, link in self.decided.links.items() if name in changed}
        record = Record(record.id, record.client, record.entity)
        self.decided = replace(
            NOTHING_LEFT, record=record, links=links, waiting=self.decided.waiting
        )
        self.case.record = record
        self.case.twins = {}


class Planned(Struct):
    """The plan of a cycle and, beside it, the work it came from.

    ``left`` counts old stock of which no twin is made that the mapping would have made.
    """

    plan: Plan
    work: dict[str, Work] = field(default_factory=dict)
    left: int = 0


class Planner:
    """Plans what is decided, record by record, what others are in first.

    Nobody asks what the twins of a planned record show: that is let go at once.
    """

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        pulls: Mapping[str, Pulled],
        gathered: Gathered,
        contacts: Contacts,
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.pulls = pulls
        self.gathered = gathered
        self.places = Places(ctx, sites, gathered, contacts)
        self.work: dict[str, Work] = {}
        self.notes: list[Inexpressible] = []

    def add(self, found: Decided) -> None:
        """What a record needs; one that cannot be planned is set aside with its reason."""
        id, case = found.record.id, self.gathered.cases[found.record.id]
        if reason := self.gathered.blocked(case):
            self.gathered.fail(id, reason)
            return
        try:
            work, unsaid = plan_case(self.ctx, self.gathered, self.places, found)
        except Exception as error:  # noqa: BLE001 - one bad record stops no other
            log.warning("plan.failed", record=id, entity=found.record.entity, why=told(error))
            self.gathered.fail(id, error)
            return
        self.work[id] = work
        self.notes += unsaid
        seal(found)
        case.let_go()
        let_go(self.pulls, [twin.link for twin in case.twins.values()])

    def plan(self, holds: Mapping[str, Hold]) -> Planned:
        """Every write of this cycle, sorted, counted and guarded."""
        ctx, work = self.ctx, self.work
        notes = [*self.notes, *_without_secrets(ctx, self.sites, work)]
        ordered = sorted((a for w in work.values() for a in w.actions), key=_order)
        through = [each.decided for each in work.values()]
        remaps = _remaps(through)
        inside = _inside(ctx, self.sites, ordered)
        # What joins now is no part of what is linked, so it is no share of it either.
        watched = [action for action in ordered if not _joins(self.gathered, action)]
        limits, allowed, leaving = ctx.config.limits, ctx.orders.allowed, _leaving(through)
        absent, changed = _absent(self.pulls), len(ordered) if ctx.changed else 0
        linked = _linked(ctx) if ordered or remaps or absent or leaving else {}
        refusals = guard(watched, remaps, absent, linked, limits, allowed, inside, leaving, changed)
        plan = Plan(
            client=ctx.client.key,
            actions=tuple(ordered),
            inexpressible=tuple(sorted(notes, key=lambda n: (n.connection, n.title, n.field))),
            remaps=remaps,
            holds=_holds(holds, through),
            refusals=refusals,
        )
        return Planned(plan, work, len(self.places.left))


def _without_secrets(
    ctx: Context, sites: Mapping[str, Site], work: Mapping[str, Work]
) -> list[Inexpressible]:
    """Take out of the work what others could read there."""
    actions, notes = withhold(ctx, sites, [a for w in work.values() for a in w.actions])
    if notes:
        for id in {note.record for note in notes}:
            _look_again(work[id].decided)
        kept: dict[str, list[Action]] = defaultdict(list)
        for action in actions:
            kept[action.record].append(action)
        for id, one in work.items():
            one.actions = tuple(kept[id])
    return notes


def plan_case(
    ctx: Context, gathered: Gathered, places: Places, found: Decided
) -> tuple[Work, list[Inexpressible]]:
    """What one decided record needs, and what its twins cannot hold."""
    gathered.index.title(found.record, ctx.config.schema)
    case = gathered.cases[found.record.id]
    targets = places.targets(case, found)
    spec = ctx.config.schema[found.record.entity]
    actions, unsaid = plan_record(found.record, spec, targets)
    if found.unplaced or any(_refers(spec, note.field) for note in unsaid):
        _look_again(found)
    made = any(action.op is Op.CREATE for action in actions)
    # The others are told the address of a twin once it has one.
    found.waiting |= made and linked_here(ctx, spec.name)
    return Work(case, found, actions), [*unsaid, *_unplaced(found, spec, targets)]


def _refers(spec: EntitySpec, name: str) -> bool:
    return name in spec.fields and spec.fields[name].type.kind is Kind.REFERENCE


def _look_again(decided: Decided) -> None:
    """Compare its twins also where they show the same: what one cannot show yet, it may later.

    What it is in or refers to gets a twin there, and those who may not read something leave.
    """
    decided.links = {name: replace(link, mark=None) for name, link in decided.links.items()}


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


def _absent(pulls: Mapping[str, Pulled]) -> dict[str, Missing]:
    return {
        name: Missing(len(pulled.absent), len(pulled.emptied & pulled.absent))
        for name, pulled in pulls.items()
        if pulled.absent
    }


def _inside(
    ctx: Context, sites: Mapping[str, Site], actions: Iterable[Action]
) -> dict[tuple[str, str], frozenset[str]]:
    """What is linked in the containers that are to be archived."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for action in actions:
        if action.op is Op.ARCHIVE and action.remote_id is not None:
            place = action.connection, action.remote_id
            for info in sites[action.connection].catalogue.objects.values():
                if info.inside == action.object:
                    linked = ctx.store.linked_ids(ctx.client.key, place[0], info.name, place[1])
                    found[place] = found.get(place, frozenset()) | linked
    return found


def _leaving(decided: Iterable[Decided]) -> Counter[str]:
    """Per connection, how many things left what is kept in step."""
    return Counter(each.connection for one in decided for each in one.leaving)


def _joins(gathered: Gathered, action: Action) -> bool:
    """Whether a change is of a twin that was matched in this cycle."""
    twin = gathered.cases[action.record].twins.get(action.connection)
    return action.op is Op.UPDATE and twin is not None and twin.joined


def _linked(ctx: Context) -> dict[str, int]:
    """Counted only where something is to be a share of it: that looks through all links."""
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
