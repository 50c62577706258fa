"""Plan: hand every decided record to the planner, with the places it has or may get a twin in."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import structlog
from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.cases import Gathered, told
from syncer.engine.confidential import withhold
from syncer.engine.contact import Contacts
from syncer.engine.context import Context
from syncer.engine.decided import REMAP, Decided
from syncer.engine.guarding import guarded
from syncer.engine.heads_up.readers import Readers
from syncer.engine.pull import Pulled
from syncer.engine.pulled import let_go
from syncer.engine.sealing import seal
from syncer.engine.siblings import linked_here
from syncer.engine.sites import Site
from syncer.engine.spool import PORTION
from syncer.engine.targets import Places
from syncer.engine.waves import Actions, order
from syncer.engine.works import Work, Works
from syncer.model.decisions import Action, Inexpressible, Plan, Remap
from syncer.model.entities import EXISTENCE, EntitySpec
from syncer.model.records import Hold
from syncer.model.remote import Op
from syncer.model.values import Kind
from syncer.reconcile.guard import Missing
from syncer.reconcile.planner import Target, plan_record

log = structlog.get_logger()


class Planned(Struct):
    """The plan of a cycle and, beside it, the work it came from.

    ``left`` counts old stock of which no twin is made that the mapping would have made.
    """

    plan: Plan
    work: Works
    left: int = 0


class Planner:
    """Plans what is decided, record by record, what others are in first.

    Nobody asks what the twins of a planned record show: that is let go at once.

    Args:
        spooled: what is planned waits on disk, portion by portion.
    """

    def __init__(
        self,
        ctx: Context,
        sites: Mapping[str, Site],
        pulls: Mapping[str, Pulled],
        gathered: Gathered,
        contacts: Contacts,
        *,
        spooled: bool = False,
    ) -> None:
        self.ctx = ctx
        self.sites = sites
        self.pulls = pulls
        self.gathered = gathered
        self.places = Places(ctx, sites, gathered, contacts)
        self.readers = Readers(sites)
        self.work = Works(ctx.store, ctx.spool() if spooled else None)
        self.actions = Actions(ctx.spool()) if spooled else None
        self.portion: list[Work] = []
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
        self.portion.append(work)
        self.notes += unsaid
        seal(found)
        case.let_go()
        let_go(self.pulls, [twin.link for twin in case.twins.values()])
        if self.actions is not None and len(self.portion) == PORTION:
            self._keep()

    def _keep(self) -> None:
        """Nothing is added any more to what is planned so far."""
        portion, self.portion = self.portion, []
        self.notes += _without_secrets(self.ctx, self.sites, portion, self.readers)
        for work in portion:
            if self.actions is not None:
                self.actions.extend(work.actions)
            id, newcomers = work.decided.record.id, self.gathered.index.newcomers or ()
            if self.work.add(work) and id in newcomers:
                # It is one as before: whoever names it asks where it is, and no more.
                del self.gathered.cases[id]

    def plan(self, holds: Mapping[str, Hold]) -> Planned:
        """Every write of this cycle, sorted, counted and guarded."""
        self._keep()
        ctx, work = self.ctx, self.work
        whole = [action for one in work.whole.values() for action in one.actions]
        ordered = self.actions or tuple(sorted(whole, key=order))
        through = [each.decided for each in work.whole.values()]
        remaps = _remaps(through)
        inside = _inside(ctx, self.sites, whole)
        # What joins now is no part of what is linked, so it is no share of it either; nor is
        # what is new, and more than that is not kept elsewhere.
        watched = [action for action in whole if not _joins(self.gathered, action)]
        absent, leaving = _absent(self.pulls), _leaving(through)
        changed = len(ordered) if ctx.changed else 0
        plan = Plan(
            client=ctx.client.key,
            actions=ordered,
            inexpressible=tuple(sorted(self.notes, key=lambda n: (n.connection, n.title, n.field))),
            remaps=remaps,
            holds=_holds(holds, through),
            refusals=guarded(ctx, watched, remaps, absent, inside, leaving, changed),
        )
        return Planned(plan, work, len(self.places.left))


def _without_secrets(
    ctx: Context, sites: Mapping[str, Site], work: Iterable[Work], readers: Readers
) -> list[Inexpressible]:
    """Take out of the work what others could read there."""
    actions, notes = withhold(ctx, sites, [a for w in work for a in w.actions], readers)
    if notes:
        closed = {note.record for note in notes}
        kept: dict[str, list[Action]] = defaultdict(list)
        for action in actions:
            kept[action.record].append(action)
        for one in work:
            if one.decided.record.id in closed:
                _look_again(one.decided)
            one.write(tuple(kept[one.decided.record.id]))
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
    work = Work(case, found)
    work.write(actions)
    return work, [*unsaid, *_unplaced(found, spec, targets)]


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


def _remaps(decided: Iterable[Decided]) -> tuple[Remap, ...]:
    found: Counter[REMAP] = Counter()
    for one in decided:
        found.update(one.remaps)
    return tuple(
        Remap(connection, entity, name, before, now, count, source)
        for (connection, entity, name, before, now, source), count in sorted(found.items())
    )
