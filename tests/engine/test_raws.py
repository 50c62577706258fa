"""What a system told of its things is the same whether it is held or kept on disk."""

from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from syncer.engine.raws import Records, Thing
from syncer.engine.spool import Spool
from syncer.model.remote import RemoteRecord

NOW = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
ODD: tuple[dict[str, Any], ...] = (
    {"text": "Ünïcode", "list": ["a", "b"], "money": {"amount": "1", "currency": None}},
    {"number": 1.5, "count": 2**40, "truth": True, "nothing": None},
    {"half": "\ud800"},
    {"huge": 2**70},
)
"""What vendors tell; of the last two no bytes can be made."""


def _record(number: int, object_name: str = "card", **fields: Any) -> RemoteRecord:
    return RemoteRecord(object_name, f"id{number}", fields or {"name": f"Card {number}"}, NOW)


@pytest.fixture(params=[True, False], ids=["on disk", "held"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Records:
    """Nothing told yet."""
    return Records(partial(Spool, tmp_path), 2 if request.param else 10_000)


def test_what_was_told_last_counts(records: Records) -> None:
    """A thing that is told twice is one, as it was told the second time, with that fingerprint."""
    for number in range(5):
        records.tell(_record(number), number)
    records.tell(_record(1, name="Otherwise"), 77)

    assert len(records) == records.count == 5
    assert records.told(("card", "id1")) == Thing(_record(1, name="Otherwise"), 77)
    assert records.told(("card", "id4")) == Thing(_record(4), 4)
    assert sorted(one.id for one in records.values()) == [f"id{n}" for n in range(5)]
    assert [one.fields for one in records.of("card") if one.id == "id1"] == [{"name": "Otherwise"}]


@pytest.mark.parametrize("fields", ODD, ids=["text", "numbers", "half a character", "too large"])
def test_odd_things_are_the_same_again(records: Records, fields: dict[str, Any]) -> None:
    """Whatever a vendor tells, it is there again just as it was told."""
    zone = timezone(timedelta(hours=2))
    for number in range(5):
        records.tell(_record(number), None)
    odd = RemoteRecord("card", "odd", fields, NOW, "b1", "archived", NOW.astimezone(zone))
    records.tell(odd, 5)

    assert records[("card", "odd")] == odd
    assert odd in list(records.values())


def test_what_is_let_go_was_told(records: Records) -> None:
    """Of what is let go nothing is there but that it was told; what is dropped never was."""
    for number in range(5):
        records.tell(_record(number), None)
    records.tell(_record(9, "board"), None)

    records.let_go(("card", "id1"))
    records.let_go(("card", "id1"))
    records.let_go(("card", "unknown"))
    dropped = records.pop(("card", "id2"), None)

    assert dropped == _record(2)
    assert records.pop(("card", "id1"), None) is None
    assert ("card", "id1") not in records
    assert records.get(("card", "id1")) is None
    assert list(records.over()) == [("card", "id1")]
    assert records.count == 5
    assert len(records) == 4
    assert records.objects() == ["card", "board"]
    assert set(records) == {("card", "id0"), ("card", "id3"), ("card", "id4"), ("board", "id9")}
    assert {one.id for one in records.values()} == {"id0", "id3", "id4", "id9"}
