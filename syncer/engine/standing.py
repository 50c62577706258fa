"""Where a record stands: what it belongs to, and by that who holds which role for it."""

from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from syncer.engine.cases import Case, Gathered
from syncer.engine.context import Context
from syncer.model.entities import PROJECT
from syncer.model.records import Record
from syncer.model.values import Value
from syncer.reconcile.roles import Place


def place_of(ctx: Context, case: Case, gathered: Gathered) -> Place:
    """Where a record stands, for roles: its client, its project, the people it names."""
    record = case.record
    around = [record, *_above(ctx, record, gathered)]
    project: tuple[str, ...] = ()
    for each in reversed(around):
        if each.entity == PROJECT:
            title = each.value(ctx.config.schema[each.entity].title)
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


def _above(ctx: Context, record: Record, gathered: Gathered) -> list[Record]:
    """What a record belongs to, and what that belongs to; the nearest first."""
    found: list[Record] = []
    waiting = [record]
    while waiting:
        current = waiting.pop(0)
        for name, field in ctx.config.schema[current.entity].fields.items():
            parent = current.value(name) if field.type.target else None
            if not isinstance(parent, str):
                continue
            case = gathered.cases.get(parent)
            other = case.record if case else gathered.index.known(parent)
            if other is not None and other.entity != current.entity and other not in found:
                found.append(other)
                waiting.append(other)
    return found
