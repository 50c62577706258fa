"""New records of a large cycle: what they show is looked at portion by portion, and let go.

What many things are is settled all at once, by their keys. Nothing else of them is held until it
is their turn to be decided on; by then all others that they may name are known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from syncer.engine.attribute import Telling, attribute
from syncer.engine.cases import Case, Gathered, Twin
from syncer.engine.context import Context
from syncer.engine.newborn import tell_newborns
from syncer.engine.observing import observes
from syncer.engine.pull import Pulled
from syncer.engine.reread import Place
from syncer.engine.sites import Site
from syncer.engine.spool import PORTION
from syncer.engine.views import translate_all
from syncer.model.decisions import Bound
from syncer.model.mapping import EntityMapping
from syncer.model.records import Link, Record
from syncer.model.remote import RemoteRecord
from syncer.model.values import Kind

Default = TypeVar("Default")


Seat = tuple[str, str, str, bool, bool]
"""Where a twin is (connection, object, remote id), whether it is old stock, and let in."""


class Newcomer(Struct, frozen=True, gc=False):
    """A new record of which nothing is known yet but where it is to be seen."""

    entity: str
    seats: tuple[Seat, ...]


class Newcomers:
    """The new records of a large cycle that wait for their turn."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._by_id: dict[str, Newcomer] = {}
        self._known_by: dict[int, tuple[Mapping[str, Bound], dict[str, Bound]]] = {}

    def known_by(self, mapping: EntityMapping, bindings: Mapping[str, Bound]) -> dict[str, Bound]:
        """Those fields by which a thing is known, and let in: the rest is read when it is decided."""
        found = self._known_by.get(id(bindings))
        if found is None:
            spec = self._ctx.config.schema[mapping.entity]
            names = {*mapping.match, spec.title, *(spec.done[:1] if spec.done else ())}
            few = {name: bound for name, bound in bindings.items() if name in names}
            found = self._known_by[id(bindings)] = (bindings, few)
        return found[1]

    def add(
        self, id: str, entity: str, places: Iterable[Place], stock: set[Place], out: set[Place]
    ) -> None:
        """Let a new record wait; ``stock`` was there before us, ``out`` takes no part by the filter."""
        seats = ((*place, place in stock, place not in out) for place in places)
        self._by_id[id] = Newcomer(entity, tuple(seats))

    def __contains__(self, id: object) -> bool:
        return id in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)

    def remote(self, id: str, connection: str) -> str | None:
        """The remote id of a newcomer's twin."""
        newcomer = self._by_id.get(id)
        seats = newcomer.seats if newcomer else ()
        return next((seat[2] for seat in seats if seat[0] == connection), None)

    def case(self, id: str) -> Case:
        """A newcomer as nothing but where it is to be seen. Raises ``KeyError``."""
        newcomer = self._by_id[id]
        record = Record(id, self._ctx.client.key, newcomer.entity, since=self._ctx.now)
        twins = {
            name: Twin(
                Link("", id, name, object_name, remote, stock=stock, let_in=let_in), joined=True
            )
            for name, object_name, remote, stock, let_in in newcomer.seats
        }
        return Case(record, twins, new=True)

    def portions(self, level: int) -> Iterator[list[str]]:
        """Those whose entity is of this level, so many at a time."""
        schema = self._ctx.config.schema
        ids = (id for id, one in self._by_id.items() if schema[one.entity].level == level)
        while portion := list(islice(ids, PORTION)):
            yield portion

    def levels(self) -> set[int]:
        """The levels of their entities."""
        entities = {one.entity for one in self._by_id.values()}
        return {self._ctx.config.schema[entity].level for entity in entities}


class Cases(dict[str, Case]):
    """The cases of a cycle; whoever names a newcomer finds it as what little is known of it."""

    def __init__(self, cases: Mapping[str, Case], newcomers: Newcomers) -> None:
        super().__init__(cases)
        self.newcomers = newcomers

    def __contains__(self, id: object) -> bool:
        return super().__contains__(id) or id in self.newcomers

    def __missing__(self, id: str) -> Case:
        return self.newcomers.case(id)

    def get(self, id: str, default: Default | None = None) -> Case | Default | None:  # type: ignore[override]
        """The case of a record, if it is one of this cycle's."""
        return self[id] if id in self else default  # noqa: SIM401 - it may be missing from the dict


def wait_for_turn(ctx: Context, gathered: Gathered) -> Newcomers:
    """From now on new records of this cycle wait, and are known as far as others name them."""
    newcomers = Newcomers(ctx)
    gathered.cases = Cases(gathered.cases, newcomers)
    gathered.index.newcomers = newcomers
    return newcomers


def in_turn(
    ctx: Context,
    sites: Mapping[str, Site],
    pulls: Mapping[str, Pulled],
    gathered: Gathered,
    telling: Telling,
    newcomers: Newcomers | None,
) -> Iterator[Case]:
    """All that is to be decided, what others are in first; newcomers with what they show by then."""
    levels: dict[int, list[Case]] = {level: [] for level in newcomers.levels()} if newcomers else {}
    for id, case in gathered.cases.items():
        if ctx.concerns(id):
            levels.setdefault(ctx.config.schema[case.record.entity].level, []).append(case)
    for level in sorted(levels):
        yield from levels[level]
        for ids in newcomers.portions(level) if newcomers else ():
            cases, told = _awake(ctx, sites, pulls, gathered, ids)
            telling.update(told)
            yield from cases


def _awake(
    ctx: Context,
    sites: Mapping[str, Site],
    pulls: Mapping[str, Pulled],
    gathered: Gathered,
    ids: Sequence[str],
) -> tuple[list[Case], Telling]:
    """Newcomers with all that they show, and what is told of it; they are cases from now on."""
    cases = {id: _whole(ctx, sites, pulls, gathered.cases[id]) for id in ids}
    part = replace(gathered, cases=cases)
    translate_all(ctx, part)
    tell_newborns(cases.values(), pulls)
    telling, lost = attribute(ctx, sites, part)
    for case in cases.values():
        for name in lost.keys() & case.twins.keys():
            gathered.fail(case.record.id, lost[name], name)
    gathered.cases.update(cases)
    return list(cases.values()), telling


def _whole(
    ctx: Context, sites: Mapping[str, Site], pulls: Mapping[str, Pulled], case: Case
) -> Case:
    for name, twin in case.twins.items():
        thing = pulls[name].records.told((twin.link.object, twin.link.remote_id))
        assert thing is not None  # nobody forgets it before its turn
        record, twin.mark = thing.record, thing.mark
        twin.record, twin.site, twin.fresh = record, sites[name], True
        twin.link = as_shown(replace(twin.link, id=ctx.new_id("l")), record)
    return case


def as_shown(link: Link, record: RemoteRecord) -> Link:
    """The link of a twin that is met, with what it shows of itself."""
    return replace(
        link,
        container=record.container,
        existence=record.existence,
        linked_at=record.as_of,
        as_of=record.as_of,
        url=record.url,
    )


def large(ctx: Context, sites: Mapping[str, Site], pulls: Mapping[str, Pulled]) -> bool:
    """Whether more was told than a cycle should hold in memory until its end.

    What is compared with a saved plan, undone or only observed is looked at as a whole, and so is
    everything where things are named as people call them: that changes while it is decided.
    """
    apart = ctx.saved is not None or ctx.orders.undo is not None or observes(ctx)
    told = sum(len(pulled.records) for pulled in pulls.values())
    return not apart and told > ctx.whole and not any(_by_title(ctx, s) for s in sites.values())


def _by_title(ctx: Context, site: Site) -> bool:
    """Whether a field of this system may name records as people call them."""
    for entity, mapping in site.mapping.entities.items():
        kinds: dict[str, set[Kind]] = defaultdict(set)
        for info in site.info(mapping).fields:
            for name in (info.id, info.name):
                kinds[name].add(info.type.kind)
        for line in mapping.fields.values():
            spec = ctx.config.schema[entity].fields.get(line.field)
            reference = spec is not None and spec.type.kind is Kind.REFERENCE
            if reference and kinds[line.remote] - {Kind.REFERENCE}:
                return True
    return False
