"""Where a record stands: what it belongs to, and by that who holds which role for it."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.model.entities import PROJECT
from syncer.model.records import Record
from syncer.model.values import MISSING, Value
from syncer.reconcile.roles import Place


def place_of(ctx: Context, case: Case, gathered: Gathered) -> Place:
    """Where a record stands, for roles: its client, its project, the people it names."""
    record = case.record
    around = [record, *_above(ctx, case, gathered)]
    project: tuple[str, ...] = ()
    for each in reversed(around):
        if each.entity == PROJECT:
            title = _value(each, ctx.config.schema[each.entity].title, gathered, case)
            project = tuple(str(name) for name in (title, each.id) if name)
    return Place(
        client=ctx.client.key,
        entity=record.entity,
        project=project,
        values=_Around(around),
        systems=ctx.config.systems(),
        zone=ZoneInfo(ctx.client.zone),
    )


class _Around(Mapping[tuple[str, str], Value]):
    """What is agreed of a record and of what it belongs to, by entity and field.

    Hardly one of these values is ever asked for.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self._records = records

    def __getitem__(self, key: tuple[str, str]) -> Value:
        entity, name = key
        for record in self._records:
            if record.entity == entity and name in record.agreed:
                return record.agreed[name].value
        raise KeyError(key)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        from_above = reversed(self._records)
        return iter(
            dict.fromkeys((each.entity, name) for each in from_above for name in each.agreed)
        )

    def __len__(self) -> int:
        return len(list(iter(self)))


def _above(ctx: Context, case: Case, gathered: Gathered) -> list[Record]:
    """What a record belongs to, and what that belongs to; the nearest first."""
    found: list[Record] = []
    waiting = [case.record]
    while waiting:
        current = waiting.pop(0)
        for name, field in ctx.config.schema[current.entity].fields.items():
            parent = _value(current, name, gathered, case) if field.type.target else None
            if not isinstance(parent, str):
                continue
            above = gathered.cases.get(parent)
            known = above.record if above else gathered.index.known(parent)
            other = gathered.made.get(parent, known)
            if other is not None and other.entity != current.entity and other not in found:
                found.append(other)
                waiting.append(other)
    return found


def _value(record: Record, name: str, gathered: Gathered, case: Case) -> Value:
    """What is agreed of a field; of a record that is new, else what a twin of it shows.

    Roles are asked for before the first values of a record are agreed, and depend on them.
    """
    mine = case if record is case.record else gathered.cases.get(record.id)
    if name in record.agreed or mine is None or not mine.new:
        return record.value(name)
    for _, twin in sorted(mine.twins.items()):
        shown = twin.view.fields.get(name) if twin.live and twin.view else None
        value = shown.reading.value if shown and not shown.reading.problem else None
        if value is not None and value is not MISSING:
            return value
    return None


def holds_others(ctx: Context, entity: str) -> bool:
    """Whether records of another entity may belong to those of this one."""
    others = (kind for name, kind in ctx.config.schema.items() if name != entity)
    return any(field.type.target == entity for kind in others for field in kind.fields.values())
