"""What a large cycle keeps on disk while it runs: it is all there again, and leaves no trace."""

import gc
import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from syncer.engine.parcels import action_from, action_parcel
from syncer.engine.spool import PAGE, Spool
from syncer.engine.waves import Actions, grouped, order, waves
from syncer.model.decisions import Action, FieldWrite, Plan
from syncer.model.remote import Op
from syncer.model.values import MISSING, Money
from syncer.state import StateError

MANY = 2 * PAGE + 1


def test_parcels_come_back_as_they_were_put(tmp_path: Path) -> None:
    """However many there are, each is found by its number, and all of them in their order."""
    spool = Spool(tmp_path, placed=False)
    numbers = [spool.put(f"parcel {at}".encode()) for at in range(MANY)]

    spool.drop(numbers[1])

    assert spool.get(numbers[-1]) == f"parcel {MANY - 1}".encode()
    assert [number for number, _ in spool.numbered()] == [numbers[0], *numbers[2:]]
    with pytest.raises(StateError, match="is gone"):
        spool.get(numbers[1])


def test_a_lot_is_read_by_place(tmp_path: Path) -> None:
    """Of a lot everything is read, sorted by place, and nothing of another; places may be shared."""
    spool = Spool(tmp_path)
    for at in reversed(range(MANY)):
        spool.put(f"{at}".encode(), at % 2, f"{at // 4:06}".encode())

    found = [int(body) for _, body in spool.lot(1)]

    assert sorted(found) == list(range(1, MANY, 2))
    assert [at // 4 for at in found] == sorted(at // 4 for at in found)
    assert spool.at(0, b"000000") in (b"0", b"2")
    assert spool.at(7, b"000000") is None


def test_nothing_of_it_is_to_be_found(tmp_path: Path) -> None:
    """While it is used its file has no name, so that it ends with the process, however that ends."""
    spool = Spool(tmp_path)
    spool.put(b"a price" * 100_000)

    assert list(tmp_path.iterdir()) == []


def test_its_room_is_given_back_at_once(tmp_path: Path) -> None:
    """Its file is closed with the last one who holds it: a service that goes on keeps no room."""
    gc.disable()
    try:
        spool = Spool(tmp_path)
        spool.put(b"a price")
        database = spool._database
        del spool
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            database.execute("SELECT 1")
    finally:
        gc.enable()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Where no file can be made the error names the folder and the way out."""
    with pytest.raises(StateError, match=r"nowhere.*Make room") as error:
        Spool(tmp_path / "nowhere")

    assert str(tmp_path / "nowhere") in str(error.value)


@contextmanager
def _room(size: int) -> Iterator[None]:
    """No file of this process may be longer than that (bytes), as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heeded = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heeded)


def _fill(spool: Spool) -> None:
    for _ in range(1000):
        spool.put(b"x" * 10_000)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """Where there is no room for more the error names the folder and the way out."""
    spool = Spool(tmp_path)

    with pytest.raises(StateError, match="Make room") as error, _room(2_000_000):
        _fill(spool)

    assert str(tmp_path) in str(error.value)


VALUES: tuple[Any, ...] = (
    *(None, MISSING, "text", "", True, date(2026, 1, 31), Decimal("1.50")),
    datetime(2026, 1, 31, 17, 0, 0, 5000, tzinfo=UTC),
    *(Money(Decimal("99.90"), "EUR"), frozenset({"a", "b"}), frozenset({Decimal(1)})),
)


def _action(title: str, number: int, **more: Any) -> Action:
    told = {"op": Op.CREATE, "level": 10, "connection": "one", "object": "card"} | more
    return Action(client="acme", record=f"r_{number}", entity="task", title=title, **told)


def _full(title: str) -> Action:
    writes = tuple(
        FieldWrite(f"f{at}", "remote", value, None if value is MISSING else value, [1.5], "why")
        for at, value in enumerate(VALUES)
    )
    base = {"a": MISSING, "b": None, "c": ["x"], "d": {"amount": "1"}}
    return _action(title, 1, writes=writes, base=base, archive={"field": "list"}, container="b1")


def test_a_write_comes_back_as_it_was() -> None:
    """A write that was put into bytes is the very same again, with values of every kind."""
    action = _full("Title")

    assert action_from(action_parcel(action)) == action
    assert type(action_from(action_parcel(action)).op) is Op


def _plan() -> list[Action]:
    found = [_full("Ünïcode"), _action("half \ud800 of one", 2), _action("Same", 3)]
    found += [_action("Same", 4), _action("Above", 5, level=0, object="board")]
    found += [_action(f"Other {at}", 6 + at, op=Op.UPDATE, remote_id="x") for at in range(3)]
    return found + [_action(f"Two {at}", 9 + at, connection="two") for at in range(3)]


def test_a_plan_on_disk_is_the_same_plan(tmp_path: Path) -> None:
    """It has as many writes as one in memory, in the same order, also what has no bytes."""
    plan = _plan()
    actions = Actions(Spool(tmp_path))
    actions.extend(plan)
    ordered = tuple(sorted(plan, key=order))

    assert actions == ordered
    assert actions[2] == ordered[2]
    assert actions[1:3] == ordered[1:3]
    assert actions[-1] == ordered[-1]
    assert Plan("acme", actions).counts() == Plan("acme", ordered).counts()
    with pytest.raises(IndexError):
        actions[len(plan)]


def test_what_is_sent_together_is_the_same(tmp_path: Path) -> None:
    """Its writes are sent level by level in the same groups as those of a plan in memory."""
    plan = _plan()
    actions = Actions(Spool(tmp_path))
    actions.extend(plan)

    found, expected = (
        [
            (level, [(one.connection, one.op, list(one.actions)) for one in groups])
            for level, groups in waves(every)
        ]
        for every in (actions, tuple(sorted(plan, key=order)))
    )

    assert found == expected
    assert len(grouped(plan)) == 4
