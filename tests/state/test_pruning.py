"""What nobody asks for any more is forgotten, and its room is given back; the rest stays."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from syncer.model.records import JournalEntry
from syncer.state import Store
from syncer.state.pruning import prune_journal
from tests.state.made import NOON, at, entry

OLD = at(-1)
FORGOTTEN = {
    "a write": entry("a write", kind="write", at=OLD, field="title", outcome="create"),
    "first seen": entry("first seen", kind="first_contact", at=OLD, outcome="met"),
}
KEPT = {
    "a write of today": entry("a write of today", kind="write", at=NOON),
    "a keyed write": entry("a keyed write", kind="write", at=OLD, connection="x", key="k"),
    "a lost value": entry("a lost value", kind="first_contact", at=OLD, field="title"),
    **{
        kind: entry(kind, kind=kind, at=OLD)
        for kind in ("edit", "verdict", "proposal", "link", "hold", "rewrite", "command", "undo")
    },
    "another's": entry("another's", kind="write", client="outdoor", at=OLD),
}


def texts(lines: list[JournalEntry]) -> set[str]:
    """What lines say."""
    return {line.text for line in lines}


def test_only_old_lines_about_own_writes_are_forgotten(store: Store) -> None:
    """Whatever a person did, or was decided, stays; so does what other clients have."""
    with store.transaction() as tx:
        tx.journal([*FORGOTTEN.values(), *KEPT.values()])
        assert 2 == prune_journal(tx, "bakery", NOON)

    assert set(KEPT) == texts(store.journal(limit=None))
    assert {"a write of today"} == texts(store.journal(search="write today"))
    assert [] == store.journal(search="first seen")


def test_many_lines_are_forgotten_bit_by_bit(store: Store) -> None:
    """Each commit takes so many at most, and says how many it took."""
    with store.transaction() as tx:
        tx.journal([entry(f"line {n}", kind="write", at=OLD) for n in range(5)])
    told = []
    for _ in range(3):
        with store.transaction() as tx:
            told.append(prune_journal(tx, "bakery", NOON, most=2))

    assert [2, 2, 1] == told
    assert [] == store.journal(limit=None)


def test_the_search_stays_sound(store: Store) -> None:
    """The index forgets the same lines: what is written after that is found, and nothing else."""
    with store.transaction() as tx:
        tx.journal([entry(f"flour {n}", kind="write", at=OLD) for n in range(300)])
        tx.journal([entry("flour is kept", kind="edit", at=OLD)])
    with store.transaction() as tx:
        prune_journal(tx, "bakery", NOON)
        tx.journal([entry("flour again", kind="write", at=NOON)])

    assert {"flour is kept", "flour again"} == texts(store.journal(search="flour"))
    if store.file:
        with store._engine.begin() as connection:
            check = "INSERT INTO journal_fts(journal_fts, rank) VALUES ('integrity-check', 1)"
            connection.execute(text(check))


def test_room_is_given_back(tmp_path: Path) -> None:
    """A file of which most is free gets shorter, and is whole; one that is full stays."""
    file = tmp_path / "state.db"
    with Store.open(file) as store:
        with store.transaction() as tx:
            tx.journal([entry("x" * 900, kind="write", at=OLD) for _ in range(3000)])
            tx.journal([entry("kept", kind="edit", at=OLD)])
        store.give_back()
        with store.transaction() as tx:
            prune_journal(tx, "bakery", NOON)
        full = length(store)
        store.give_back()

        assert length(store) < full / 5
        assert ["kept"] == [line.text for line in store.journal(limit=None)]
    with closing(sqlite3.connect(file)) as plain:
        assert [("ok",)] == plain.execute("PRAGMA integrity_check").fetchall()


def test_words_of_lines_that_are_gone_take_no_room(tmp_path: Path) -> None:
    """The search forgets them where they were many; what it has of the others is found."""
    with Store.open(tmp_path / "state.db") as store:
        with store.transaction() as tx:
            words = [f"flour{n} water{n} salt{n}" for n in range(3000)]
            tx.journal([entry(text, kind="write", at=OLD) for text in words])
            tx.journal([entry("flour is kept", kind="edit", at=OLD)])
        full = words_kept(store)
        store.give_back(5)
        assert full == words_kept(store)

        with store.transaction() as tx:
            count = prune_journal(tx, "bakery", NOON)
        store.give_back(count)

        assert words_kept(store) < full / 50
        assert {"flour is kept"} == texts(store.journal(search="flour"))
        with store._engine.begin() as connection:
            check = "INSERT INTO journal_fts(journal_fts, rank) VALUES ('integrity-check', 1)"
            connection.execute(text(check))


def words_kept(store: Store) -> int:
    """Bytes of the search index."""
    with store._engine.connect() as connection:
        query = "SELECT sum(length(block)) FROM journal_fts_data"
        return int(connection.exec_driver_sql(query).scalar_one())


def length(store: Store) -> int:
    """Of the file, in pages."""
    with store._engine.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


@pytest.mark.parametrize("free", [0, 10], ids=["full", "hardly free"])
def test_little_room_is_kept(tmp_path: Path, free: int) -> None:
    """Pages that the next cycles fill again are not moved to and fro."""
    with Store.open(tmp_path / "state.db") as store:
        with store.transaction() as tx:
            tx.journal([entry("x" * 900, kind="write", at=OLD) for _ in range(free)])
            tx.journal([entry("y" * 900, kind="edit", at=OLD) for _ in range(300)])
        with store.transaction() as tx:
            prune_journal(tx, "bakery", NOON)
        full = length(store)
        store.give_back()

        assert full == length(store)


def test_a_file_of_before_is_left_as_it_is(tmp_path: Path) -> None:
    """Made without that, it cannot give pages back: nothing is moved, nothing fails."""
    file = tmp_path / "state.db"
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("CREATE TABLE t (x)")
        plain.execute("DROP TABLE t")
        plain.commit()
    with Store.open(file) as store:
        with store.transaction() as tx:
            tx.journal([entry("x" * 900, kind="write", at=OLD) for _ in range(1000)])
        with store.transaction() as tx:
            prune_journal(tx, "bakery", NOON)
        full = length(store)
        store.give_back()

        assert full == length(store)
