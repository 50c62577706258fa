"""The scene of a record: everything by which it is said who hears what about it."""

from collections.abc import Callable

from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.engine.index import Index
from syncer.engine.standing import place_of
from syncer.model.entities import EXISTENCE
from syncer.model.records import Record
from syncer.model.values import MISSING, Missing, Value, is_set, joined, readable
from syncer.reconcile.roles import Place
from syncer.reconcile.scenes import Scene

Shows = Callable[[str, Value | Missing], str]


def scene(ctx: Context, record: Record, place: Place) -> Scene:
    """The scene of a record whose place is known."""
    return Scene(
        client=ctx.client.key,
        cycle=ctx.cycle,
        record=record,
        title=title_of(ctx, record),
        place=place,
        ownership=ctx.config.ownership,
        people=ctx.config.people,
        now=ctx.now,
        balance=ctx.config.balance,
        show=_shows(ctx),
    )


def title_of(ctx: Context, record: Record) -> str:
    """What people call a record."""
    title = record.value(ctx.config.schema[record.entity].title)
    return str(title) if title else f"a {record.entity} without a name"


def name_of(ctx: Context, person: str) -> str:
    """What a person is called; somebody whom nobody in ``people.yaml`` is, as they are."""
    known = ctx.config.people.get(person)
    return known.name if known else person


def scene_of(ctx: Context, record: Record) -> Scene:
    """The scene of a record that no cycle is deciding: exactly as one would see it."""
    return scene(ctx, record, place_in_state(ctx, record))


def place_in_state(ctx: Context, record: Record) -> Place:
    """Where a record stands, for roles, as the state knows it."""
    spec = ctx.config.schema[record.entity]
    above = [record.value(name) for name, f in spec.fields.items() if f.type.target]
    parents = ctx.store.records(id for id in above if isinstance(id, str))
    cases = {id: Case(found) for id, found in parents.items()}
    return place_of(ctx, Case(record), Gathered(cases, Index(ctx.store, record.client)))


def _shows(ctx: Context) -> Shows:
    """How a value reads: people and records by what they are called."""

    def show(name: str, value: Value | Missing) -> str:
        if name == EXISTENCE and value in (None, MISSING):
            return "not there"
        if is_set(value):
            return joined(_called(ctx, each) for each in value)
        return _called(ctx, value) if isinstance(value, str) else readable(value)

    return show


def _called(ctx: Context, value: object) -> str:
    if not isinstance(value, str):
        return str(value)
    if value.startswith("r_"):
        record = ctx.store.records([value]).get(value)
        title = record.value(ctx.config.schema[record.entity].title) if record else None
        return str(title or value)
    return name_of(ctx, value)
