"""Files that were cut, overwritten, taken away or written by another version: said, never guessed."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from syncer.state import StateError, Store
from syncer.state.damage import CHECKED_WHOLE
from tests.state.children import ROOT
from tests.state.made import NOON, entry, hold, intent, keep, link, parked, proposal, record

COUNT = 200


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a state with something in every table."""
    file = tmp_path_factory.mktemp("whole") / "state.db"
    with Store.open(file) as store:
        ids = [f"r{n}" for n in range(COUNT)]
        keep(store, [record(i, title=i, notes="x" * 300) for i in ids], [link(i, i) for i in ids])
        with store.transaction() as tx:
            tx.journal([entry(f"words {i}", record=i, old="a" * 40, new=[i]) for i in ids])
            tx.put_proposals([proposal("p1")])
            tx.put_intents([intent("i1", "1")])
            tx.park([parked("k")])
            tx.put_holds([hold("h")])
            tx.put_cursors("bakery", "trello", {"feed": {"a": 1}})
            tx.touch_client("bakery", last_ok_at=NOON)
    return file.read_bytes()


def used(file: Path) -> int:
    """Read everything and write something; gives how many records there are."""
    with Store.open(file) as store:
        ids = store.record_ids("bakery", "task")
        for found in store.records(ids).values():
            dict(found.agreed)
        for twins in store.links_of(ids).values():
            [dict(twin.fields) for twin in twins]
        store.journal(limit=None)
        store.journal(search="words")
        for read in (store.proposals, store.intents, store.parked, store.holds):
            read("bakery")
        store.cursors("bakery", "trello")
        store.clients()
        with store.transaction() as tx:
            tx.put_records([record("zz", title="new")])
            tx.journal([entry("new")])
        return len(ids)


def tried(file: Path, content: bytes) -> str:
    """What becomes of a file with these bytes; whatever is no :class:`StateError` fails the test."""
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    file.write_bytes(content)
    refused: StateError | None = None
    try:
        used(file)
    except StateError as error:
        refused = error
    if refused is None:
        return "sound"
    assert str(file) in str(refused)
    assert refused.way_out
    return refused.reason.partition(" (")[0]


def test_a_file_that_was_cut(
    tmp_path: Path, content: bytes, record_property: Callable[[str, object], None]
) -> None:
    """At whatever length: it says so at the opening, before anything is read from it."""
    draw = random.Random(8)
    lengths = {1, 15, 16, 17, 99, 100, 101, 4095, 4096, len(content) - 1, len(content) - 4096}
    lengths |= {draw.randrange(1, len(content)) for _ in range(30)}
    for length in sorted(lengths):
        (tmp_path / "state.db").write_bytes(content[:length])
        with pytest.raises(StateError) as refused:
            Store.open(tmp_path / "state.db")
        assert refused.value.reason.startswith(("the file is damaged", "this is not a database"))
    record_property("figure", f"cut to {len(lengths)} lengths: {len(lengths)} refused at opening")


def test_garbage_in_the_middle(
    tmp_path: Path, content: bytes, record_property: Callable[[str, object], None]
) -> None:
    """Wherever and however much: the file is sound there, or the error says that it is damaged."""
    found: Counter[str] = Counter()
    for seed in range(45):
        draw = random.Random(seed)
        at, size = draw.randrange(16, len(content)), draw.choice([1, 8, 200, 5000])
        harm = draw.choice([draw.randbytes(size), bytes(size), b"\xff" * size])
        harmed = (content[:at] + harm + content[at + size :])[: len(content)]
        found[tried(tmp_path / "state.db", harmed)] += 1

    assert found.keys() <= {"sound", "the file is damaged", "it is not a database"}
    assert found["the file is damaged"] > 5
    told = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
    record_property("figure", f"garbage at {found.total()} places: {told}")


@pytest.mark.parametrize(
    ("table", "column"),
    [("links", "status"), ("intents", "op"), ("proposals", "opened_at"), ("records", "since")],
)
def test_a_word_that_nobody_wrote(tmp_path: Path, content: bytes, table: str, column: str) -> None:
    """A status or a time that is none is damage, with the way out, and no fault of the program."""
    file = tmp_path / "state.db"
    file.write_bytes(content)
    with sqlite3.connect(file) as plain:
        plain.execute(f"UPDATE {table} SET {column} = 'linke' || char(0)")
    plain.close()

    with pytest.raises(StateError, match="the file is damaged"):
        used(file)


def test_the_log_of_another_file_lies_beside_it(tmp_path: Path, content: bytes) -> None:
    """A backup that is copied over a file whose log was left by a kill: mixed, it is refused."""
    file, kept = tmp_path / "state.db", tmp_path / "kept"
    file.write_bytes(content)
    with Store.open(file) as store:
        with store.transaction() as tx:
            tx.put_records([record(f"n{n}", title="new", notes="y" * 900) for n in range(100)])
        kept.mkdir()
        shutil.copy(f"{file}-wal", kept)
    with Store.open(tmp_path / "backup.db") as other:
        keep(other, [record("other", title="older")])
    shutil.copy(tmp_path / "backup.db", file)
    shutil.copy(kept / "state.db-wal", tmp_path)

    with suppress(StateError), Store.open(file) as store:
        # SQLite took the log for its own: then all of it is what the log says.
        assert "n99" in store.record_ids("bakery", "task")


@pytest.mark.parametrize("how", ["removed", "replaced"])
def test_a_file_that_goes_away(tmp_path: Path, how: str) -> None:
    """What is open goes on being read; nothing is committed to what nobody would find again."""
    file = tmp_path / "state.db"
    with Store.open(file) as store:
        keep(store, [record("r1")])
        if how == "replaced":
            shutil.copy(file, tmp_path / "other.db")
            (tmp_path / "other.db").replace(file)
        else:
            file.unlink()

        with pytest.raises(StateError, match="removed or replaced while it was in use"):
            keep(store, [record("r2")])
        assert store.record_ids("bakery", "task") == ["r1"]


@pytest.mark.parametrize("name", ["a" * 300, "nul\0name", "loop"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    """Too long, with a NUL, or a link to itself: the name is said to be wrong, not the program."""
    if name == "loop":
        (tmp_path / name).symlink_to(tmp_path / name)

    with pytest.raises(StateError, match="Correct `state:`"):
        Store.open(tmp_path / name)


def test_a_large_file_is_checked_for_its_length_only(tmp_path: Path, content: bytes) -> None:
    """Reading all of it at each opening would take long: damage is found where it is read."""
    file = tmp_path / "state.db"
    file.write_bytes(content)
    with file.open("r+b") as raw:
        raw.truncate(CHECKED_WHOLE + 1)
    assert used(file) == COUNT


TOMORROW = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "tomorrow", {head!r}, None, None

def upgrade() -> None:
    op.add_column("parked", sa.Column("colour", sa.Text, server_default="red"))
"""


def test_a_state_of_an_older_version(tmp_path: Path, content: bytes) -> None:
    """A later program, a real one with one more step, brings it up to date and loses nothing.

    Today's then refuses it and names both versions.
    """
    from syncer.state.migrations import HEAD, REVISIONS

    file, later = tmp_path / "state.db", tmp_path / "later"
    file.write_bytes(content)
    shutil.copytree(ROOT / "syncer", later / "syncer", ignore=shutil.ignore_patterns("__pycache__"))
    steps = later / "syncer/state/migrations"
    (steps / "versions/r9999_tomorrow.py").write_text(TOMORROW.format(head=HEAD))
    text = (steps / "__init__.py").read_text()
    known = ", ".join(f'"{each}"' for each in REVISIONS)
    assert f"({known},)" in text or f"({known})" in text
    text = text.replace(f"({known},)", f'({known}, "tomorrow")')
    (steps / "__init__.py").write_text(text.replace(f"({known})", f'({known}, "tomorrow")'))
    code = (
        "import sys, syncer\nfrom syncer.state import Store\n"
        "with Store.open(sys.argv[1]) as store:\n"
        "    print(syncer.__file__, len(store.record_ids('bakery', 'task')), store.parked('bakery')[0].key)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        cwd=later, capture_output=True, text=True, timeout=60,
        env={"PYTHONPATH": str(later)},
    )  # fmt: skip

    assert done.stdout.split() == [str(later / "syncer/__init__.py"), str(COUNT), "k"], done.stderr
    with sqlite3.connect(file) as plain:
        assert plain.execute("SELECT colour FROM parked").fetchall() == [("red",)]
    plain.close()
    with pytest.raises(
        StateError, match="written by a newer syncer: its tables are of version tom"
    ):
        Store.open(file)
