"""Agreements: what is agreed of fields whose history counts is kept, not only the last value."""

from collections.abc import Iterable, Iterator

from syncer.model.agreements import Agreed, Agreement
from syncer.model.entities import Schema
from syncer.model.records import Record
from syncer.state import Store

Change = tuple[Record, Record]
"""A record of one client as it is stored (a new one: with nothing agreed), and as it will be."""


def new_agreements(store: Store, changes: Iterable[Change]) -> list[Agreement]:
    """What to append in the transaction that stores these records, in this order.

    Where a field changes of which nothing was kept yet, what stood before comes first: it was
    agreed by an installation that did not keep it.
    """
    moved = [(*pair, name) for pair in changes for name in _moved(store.schema, *pair)]
    if not moved:
        return []
    records = {after.id for _, after, _ in moved}
    kept = {(a.record, a.field) for a in store.agreements(moved[0][1].client, records=records)}
    return [one for move in moved for one in _of(*move, known=(move[1].id, move[2]) in kept)]


def _moved(schema: Schema, before: Record, after: Record) -> Iterator[str]:
    spec = schema.get(after.entity)
    for name, field in spec.fields.items() if spec else ():
        if field.history and name in after.agreed and before.value(name) != after.value(name):
            yield name


def _of(before: Record, after: Record, name: str, *, known: bool) -> Iterator[Agreement]:
    old = before.agreed.get(name)
    if old is not None and not known:
        yield _agreement(after, name, old)
    yield _agreement(after, name, after.agreed[name])


def _agreement(record: Record, name: str, agreed: Agreed) -> Agreement:
    return Agreement(
        client=record.client,
        record=record.id,
        entity=record.entity,
        field=name,
        value=agreed.value,
        by=agreed.by,
        role=agreed.role,
        connection=agreed.connection,
        at=agreed.at,
        rule=agreed.rule,
    )
