"""Agreements: what is agreed of fields whose history counts is kept, not only the last value."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from syncer.model.agreements import Agreed, Agreement
from syncer.model.entities import Schema
from syncer.model.records import JournalEntry, Record
from syncer.model.values import dump
from syncer.state import Store

VERDICT = "verdict"
"""Kind of the journal's line about an agreed value that is another one from now on."""

Change = tuple[Record, Record]
"""A record of one client as it is stored (a new one: with nothing agreed), and as it will be."""


def new_agreements(store: Store, changes: Iterable[Change]) -> list[Agreement]:
    """What to append in the transaction that stores these records, in this order.

    Where a field changes of which nothing was kept yet, what stood before comes first: it was
    agreed by an installation that did not keep it.
    """
    moved = [(*pair, name) for pair in changes for name in _moved(store.schema, *pair)]
    # Where nothing stood before, nothing can be missing.
    stood = {after.id: after.client for before, after, name in moved if name in before.agreed}
    kept = {
        (one.record, one.field)
        for client in set(stood.values())
        for one in store.agreements(client, records=stood)
    }
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


def verdict_lines(changes: Iterable[Change], cycle: str, now: datetime) -> list[JournalEntry]:
    """A line for each agreed value that another one takes the place of: by these it is undone.

    A first value has none: nothing stood before it.
    """
    return [
        _verdict(before.agreed[name], agreed, after, name, cycle, now)
        for before, after in changes
        if before.agreed
        for name, agreed in sorted(after.agreed.items())
        if name in before.agreed and before.agreed[name].value != agreed.value
    ]


def _verdict(
    old: Agreed, new: Agreed, record: Record, name: str, cycle: str, now: datetime
) -> JournalEntry:
    return JournalEntry(
        client=record.client,
        at=now,
        kind=VERDICT,
        cycle=cycle,
        record=record.id,
        entity=record.entity,
        field=name,
        connection=new.connection,
        editor=new.by,
        role=new.role,
        old=dump(old.value),
        new=dump(new.value),
        outcome="agreed",
        rule=new.rule,
    )
