"""New records that are told before they are written are the very same once they are."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from syncer.model.agreements import Agreement
from syncer.model.records import Link, LinkField, Record
from syncer.model.values import dump
from syncer.state import Ahead, Store
from syncer.state import ahead as telling
from syncer.state.codec_records import WRITTEN
from syncer.state.reader import stored
from syncer.state.tables import records
from tests.state.made import NOON, entry, keep, link
from tests.state.test_shapes import NAMES, same, shapes, told

Told = tuple[Record, list[Link]]


def _linked(record: Record) -> Told:
    """With a link that shows what is agreed, and something else of one field."""
    shown = {name: dump(one.value) for name, one in record.agreed.items() if name != "status"}
    fields = {name: LinkField(raw, raw, remote=name) for name, raw in shown.items()}
    fields["notes"] = LinkField(" as seen", "as read", "asked", "got", NOON, remote="desc")
    return record, [
        link(f"l_{record.id}", record.id, fields=fields, linked_at=NOON, mark=2**63 - 1)
    ]


def _parcel(ahead: Ahead, one: Told) -> bytes:
    record, links = one
    agreed = [Agreement("bakery", record.id, "task", "title", "x", at=NOON)]
    return ahead.tell(record, links, agreed, [entry(record=record.id, text=record.id)])


def _write(store: Store, ahead: Ahead, parcels: Sequence[bytes], *, pending: bool = False) -> None:
    with store.transaction() as tx:
        tx.put_ahead(ahead, parcels, pending=pending)


MANY = [
    *(told("r1"), told("r2"), told("r3", first=8), told("r4", names=NAMES[:5])),
    *(told("r5", names=("title", "odd", *NAMES[2:])), told("r6", names=NAMES[:2])),
    replace(told("r7 \ud800 \\u0041"), client="bakery"),
    Record("r8", "bakery", "task", pending=True),
]


@pytest.mark.parametrize("known", [False, True])
def test_records_are_what_they_were_told_to_be(store: Store, known: bool) -> None:
    """With their links, agreements and lines, also where others like them are there already."""
    if known:
        keep(store, [told("r0")])
    ahead = store.ahead()
    every = [_linked(one) for one in MANY]
    parcels = [_parcel(ahead, one) for one in every]

    for at in range(0, len(parcels), 3):
        _write(store, ahead, parcels[at : at + 3])

    same(store, *MANY)
    found = store.links_of(one.id for one in MANY)
    assert [found[one.id] for one in MANY] == [tuple(links) for _, links in every]
    assert [one.record for one in store.agreements("bakery")] == [one.id for one in MANY]
    assert {line.text for line in store.journal("bakery")} == {one.id for one in MANY}
    assert [ahead.links(parcel) for parcel in parcels] == [links for _, links in every]


def test_they_share_what_they_would_have_shared(tmp_path: Any, store: Store) -> None:
    """Told ahead or not, records are stored in the same rows, and no shape is made twice."""
    ahead = store.ahead()
    parcels = [_parcel(ahead, _linked(one)) for one in MANY]
    assert 0 == shapes(store)
    for parcel in parcels:
        _write(store, ahead, [parcel])

    with Store.open(tmp_path / "other.db") as other:
        keep(other, MANY)
        assert _rows(store) == _rows(other)


def _rows(store: Store) -> list[Any]:
    with store._engine.connect() as connection:
        return list(connection.execute(stored(records, WRITTEN).order_by(records.c.id)))


def test_too_many_shapes_are_told_by_name(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than so many are ever made, told ahead or not."""
    monkeypatch.setattr(telling, "MOST", 2)
    ahead = store.ahead()
    many = [told(f"r{n}", first=100 * n) for n in range(4)]

    _write(store, ahead, [_parcel(ahead, _linked(one)) for one in many])

    same(store, *many)
    assert 2 == shapes(store)


def test_many_choices_are_not_remembered(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many kinds of records there are, what is held of them does not grow with them."""
    monkeypatch.setattr(telling, "REMEMBERED", 2)
    ahead = store.ahead()
    parcels = [_parcel(ahead, _linked(one)) for one in MANY]

    _write(store, ahead, parcels)

    same(store, *MANY)
    assert len(ahead._chosen) <= 2


def test_all_may_be_pending(store: Store) -> None:
    """Where a system was down, what a record still needs is not known yet."""
    ahead = store.ahead()
    parcels = [_parcel(ahead, _linked(one)) for one in MANY]

    _write(store, ahead, parcels, pending=True)

    assert all(store.records([one.id])[one.id].pending for one in MANY)
