"""Gather: only the records that something happened to, each with its twins as they stand."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from syncer.adapterkit.redact import clean
from syncer.engine.context import Context
from syncer.engine.due import Due, read_due
from syncer.engine.followed import follow
from syncer.engine.heads_up.listening import Hearing, Hearings
from syncer.engine.heads_up.overdue import overdue
from syncer.engine.index import Index
from syncer.engine.pull import Pulled
from syncer.engine.pulled import in_parts
from syncer.engine.reread import Place
from syncer.engine.sites import Site
from syncer.engine.twins import Twin as Twin  # noqa: PLC0414 - told with its record
from syncer.engine.unlinked import Unlinked
from syncer.model.decisions import Editor, Step
from syncer.model.records import Hold, Link, Proposal, Record

Counted = Mapping[str, Mapping[str, Step]]
"""Record id, then field, to what was counted of it."""


class Case(Struct):
    """One record under consideration.

    ``counted`` is what a system that only counts says of its fields, where that is new;
    ``hearings`` are what people said where something about it is asked. ``planned``: what its
    twins show was let go, and says whether every one of them was told in this cycle.
    """

    record: Record
    twins: dict[str, Twin] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    counted: Mapping[str, Step] = field(default_factory=dict)
    hearings: list[Hearing] = field(default_factory=list)
    new: bool = False
    planned: bool | None = None

    @property
    def whole(self) -> bool:
        """Whether every twin was told in this cycle."""
        if self.planned is not None:
            return self.planned
        return all(twin.fresh or not twin.live for twin in self.twins.values())

    def let_go(self) -> None:
        """Forget what the twins show: all is planned, so that nobody asks for it any more."""
        self.planned = self.whole
        for twin in self.twins.values():
            twin.record = twin.view = None
            twin.changes.clear()


class Fault(Struct, frozen=True):
    """Why a record or a thing cannot be dealt with, and which system showed it, if one did."""

    reason: str
    connection: str = ""


class Gathered(Struct):
    """The cases of a cycle, and pulled things that no record has yet.

    ``failed`` are records that cannot be dealt with in this cycle; ``odd`` are things that no
    record has and that cannot be read. ``due`` is what was parked and is tried again now;
    ``echoes`` are the entities of records that were settled before all others, as nothing was to
    be decided.
    ``nobodys`` are the roles by which a value counts that nobody set, per connection; ``made`` are
    new records that others may belong to, as they were decided.
    """

    cases: dict[str, Case]
    index: Index
    unlinked: Unlinked = field(default_factory=Unlinked)
    due: Due = field(default_factory=Due)
    failed: dict[str, Fault] = field(default_factory=dict)
    odd: dict[Place, Fault] = field(default_factory=dict)
    echoes: frozenset[str] = frozenset()
    nobodys: dict[tuple[Editor, str], frozenset[str]] = field(default_factory=dict)
    made: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for id, reason in self.due.unread_records.items():
            self.fail(id, reason)

    def fail(self, record: str, error: Exception | str, connection: str = "") -> None:
        """Set a record aside: it stops no other."""
        self.failed.setdefault(record, Fault(told(error), connection))

    def blocked(self, case: Case) -> str:
        """Why a record cannot be decided: what it refers to is new and could not be either."""
        if not self.failed:
            return ""
        for twin in case.twins.values():
            for name, shown in (twin.view.fields if twin.view else {}).items():
                value = shown.reading.value
                if isinstance(value, str) and value in self.failed and self.cases[value].new:
                    return f"{name}: {self.failed[value].reason}"
        return ""


def told(error: Exception | str) -> str:
    """The words of an error; a fault of the program says its kind."""
    if isinstance(error, str | ValueError):
        return str(clean(str(error)))
    return str(clean(f"{type(error).__name__}: {error}"))


def gather(
    ctx: Context,
    sites: Mapping[str, Site],
    pulls: Mapping[str, Pulled],
    counted: Counted,
    hearings: Hearings,
    settle: Callable[[Index, set[str]], Mapping[str, str]] = lambda _index, _told: {},
) -> Gathered:
    """Load exactly the records that something happened to, or is still to be done about.

    They were told of or counted, are pending, have unverified writes, or wait for an answer that
    was given or is overdue. ``settle`` settles some that were merely told of: they are left out.
    """
    follow(ctx, sites, pulls)
    due = read_due(ctx, sites, pulls)
    index = Index(ctx.store, ctx.client.key)
    touched = _waiting(ctx) | due.records | counted.keys() | hearings.keys()
    touched |= ctx.orders.undo.records if ctx.orders.undo else frozenset()
    told, known, echoes = _told(ctx, pulls, touched, partial(settle, index))
    cases = load_cases(ctx, touched | told, sites, pulls, index)
    for id, case in cases.items():
        case.counted, case.hearings = counted.get(id, {}), hearings.get(id, [])
    index.prefetch(sites, pulls, [case.record for case in cases.values()])
    return Gathered(cases, index, Unlinked(sites, pulls, known), due, echoes=echoes)


def _told(
    ctx: Context,
    pulls: Mapping[str, Pulled],
    touched: set[str],
    settle: Callable[[set[str]], Mapping[str, str]],
) -> tuple[set[str], set[Place], frozenset[str]]:
    """Records that were merely told of, where known things are, and of what kind echoes were.

    So many are looked up at a time: of what is settled nothing is held until all is looked up.
    """
    left, echoes = set[str](), set[str]()
    known = {
        (name, key[0], now)
        for name, pulled in pulls.items()
        for key, now in pulled.followed.items()
    }
    for places in in_parts(pulls):
        linked = ctx.store.linked_records(ctx.client.key, places)
        settled = settle({*linked.values()} - touched - left)
        echoes.update(settled.values())
        left.update(id for id in linked.values() if id not in settled)
        known.update(
            place
            for place, id in linked.items()
            if id not in settled or place[1:] in pulls[place[0]].records
        )
    return left, known, frozenset(echoes)


def _waiting(ctx: Context) -> set[str]:
    """Records about which something is still to be done, whatever the systems tell."""
    unverified = ctx.store.unverified(ctx.client.key)
    late = {proposal.record for proposal in overdue(ctx)}
    return {*ctx.store.pending(ctx.client.key), *unverified, *late}


def load_cases(
    ctx: Context,
    ids: Iterable[str],
    sites: Mapping[str, Site],
    pulls: Mapping[str, Pulled],
    index: Index,
) -> dict[str, Case]:
    """Records with their links and open proposals, in a few bulk reads."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    records = ctx.store.records(wanted)
    links = ctx.store.links_of(wanted)
    cases = {id: Case(record) for id, record in records.items()}
    for id, case in cases.items():
        for link in links.get(id, ()):
            twin = case.twins[link.connection] = twin_of(link, sites, pulls)
            index.learn(twin.link)
        index.title(case.record, ctx.config.schema)
    for proposal in ctx.store.proposals(ctx.client.key, wanted):
        cases[proposal.record].proposals.append(proposal)
    for hold in ctx.store.holds(ctx.client.key):
        if hold.record in cases:
            cases[hold.record].holds.append(hold)
    return cases


def twin_of(link: Link, sites: Mapping[str, Site], pulls: Mapping[str, Pulled]) -> Twin:
    """A link with what was pulled of it; one that came back is linked again."""
    pulled = pulls.get(link.connection)
    site = sites.get(link.connection)
    if pulled is None or pulled.error is not None or site is None:
        return Twin(link, kept=link)
    kept, was = link, link.remote_id
    now = pulled.followed.get((link.object, link.remote_id))
    link = replace(link, remote_id=now) if now else link
    key = (link.object, link.remote_id)
    thing = pulled.records.told(key)
    twin = Twin(link, site, thing.record if thing else None, fresh=thing is not None, kept=kept)
    twin.gone = pulled.gone.get(key)
    twin.absent = key in pulled.absent
    twin.was = was if now else None
    twin.mark = thing.mark if thing else None
    twin.changes = list(pulled.changes.get(key, ()))
    return twin
