"""What cannot be the state is refused with its name and the way out."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from syncer.state import LockHeld, StateError, Store
from tests.state.children import refused_to_nobody
from tests.state.made import NOON, keep, record


def refusal(place: str | Path) -> str:
    """What is said about a place that cannot be opened."""
    with pytest.raises(StateError) as refused:
        Store.open(place)
    return str(refused.value)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can look into."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_new_file_is_made(tmp_path: Path) -> None:
    """Nothing there yet, or an empty file, is a new state."""
    (tmp_path / "empty.db").touch()
    for name in ("new.db", "empty.db", "käse ü 東京 %20?#.db"):
        with Store.open(tmp_path / name) as store:
            keep(store, [record("r1")])
        with Store.open(str(tmp_path / name)) as store:
            assert {"r1"} == store.records(["r1"]).keys()
            assert tmp_path / name == store.file


def test_a_file_may_be_named_as_a_url(tmp_path: Path) -> None:
    """`sqlite:///` before the path means the same file."""
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        assert tmp_path / "state.db" == store.file


def test_a_folder(tmp_path: Path) -> None:
    """A folder is no file."""
    expected = f"{tmp_path}: this is a folder. Correct `state:` in sync.yaml: name a file in it"

    assert expected == refusal(tmp_path)
    assert ".: this is a folder" in refusal("")


def test_a_missing_folder(tmp_path: Path) -> None:
    """A slip in the path does not make folders."""
    file = tmp_path / "typo" / "state.db"
    expected = (
        f"{file}: there is no folder {tmp_path / 'typo'}. Make the folder, or correct `state:`"
        " in sync.yaml"
    )

    assert expected == refusal(file)
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    "content", [b"hello", b"SQLite format 2\0", b"\0" * 4096, b'{"a": 1}', b"\x89PNG\r\n"]
)
def test_not_a_database(tmp_path: Path, content: bytes) -> None:
    """Any other file is left exactly as it is."""
    file = tmp_path / "state.db"
    file.write_bytes(content)
    expected = (
        f"{file}: this is not a database. Correct `state:` in sync.yaml, or move the file out"
        " of the way"
    )

    assert expected == refusal(file)
    assert content == file.read_bytes()


def test_a_damaged_database(tmp_path: Path) -> None:
    """A file that begins like a database and is none says so, and what may help."""
    file = tmp_path / "state.db"
    file.write_bytes(b"SQLite format 3\0" + b"\x07" * 5000)

    assert f"{file}: it is not a database" in refusal(file)


def test_damage_found_later(tmp_path: Path) -> None:
    """Pages that were overwritten while nobody looked are an error with a way out."""
    file = tmp_path / "state.db"
    with Store.open(file) as store:
        keep(store, [record(f"r{n}", notes="x" * 3000) for n in range(200)])
    with file.open("r+b") as raw:
        raw.seek(file.stat().st_size // 2)
        raw.write(b"\xff" * 200_000)

    with pytest.raises(StateError, match=r"damaged.*Restore a backup"), Store.open(file) as store:
        list(store.match_index("bakery", "task", ["notes"]))


def test_not_an_ordinary_file(tmp_path: Path) -> None:
    """A pipe is not waited for."""
    os.mkfifo(tmp_path / "state.db")

    assert "this is not an ordinary file" in refusal(tmp_path / "state.db")


def test_somebody_elses_database(tmp_path: Path) -> None:
    """Our tables are not added to the database of another program."""
    file = tmp_path / "photos.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE photos (id)")
    expected = (
        f"{file}: this is the database of something else (it has photos). Name a new file, or an"
        " empty database, as `state:` in sync.yaml"
    )

    assert expected == refusal(file)
    with sqlite3.connect(file) as other:
        assert [("photos",)] == other.execute("SELECT name FROM sqlite_master").fetchall()


def test_an_unreadable_file(open_folder: Path) -> None:
    """A file that this user may not read."""
    file = open_folder / "state.db"
    Store.open(file).close()
    file.chmod(0o000)
    open_folder.chmod(0o777)

    told = refused_to_nobody(lambda: Store.open(file))

    assert f"{file}: the file cannot be read. Give this user access to it" == told


def test_a_read_only_file(open_folder: Path) -> None:
    """A file that this user may read and not write."""
    file = open_folder / "state.db"
    Store.open(file).close()
    file.chmod(0o444)
    open_folder.chmod(0o777)

    told = refused_to_nobody(lambda: Store.open(file))

    assert f"{file}: the file is read-only. Make it writable for this user" == told


def test_a_read_only_folder(open_folder: Path) -> None:
    """The database keeps its log beside the file, so a writable file is not enough."""
    file = open_folder / "state.db"
    Store.open(file).close()
    file.chmod(0o666)
    open_folder.chmod(0o555)
    try:
        told = refused_to_nobody(lambda: Store.open(file))
    finally:
        open_folder.chmod(0o755)

    expected = f"{file}: the folder {open_folder} cannot be written. The database keeps its log"
    assert told.startswith(expected)


@pytest.mark.parametrize(
    "place",
    ["mysql://maya:hush@db.example/state", "oracle://maya:hush@x", "x://", "postgresql://a:b:c:d"],
)
def test_a_place_of_another_kind(place: str) -> None:
    """Only files and Postgres; whatever the URL holds is not repeated."""
    told = refusal(place)

    assert "hush" not in told
    assert "Write the path of a file, or postgresql://user@host/database" in told


def test_no_server_answers() -> None:
    """The address is shown without its password."""
    told = refusal("postgresql://maya:hush@127.0.0.1:1/state")

    assert told.startswith("postgresql://maya:***@127.0.0.1:1/state: the database does not answer")
    assert "hush" not in told


def test_options_of_an_address_are_not_shown() -> None:
    """A password may stand among the options, too."""
    told = refusal("postgresql://127.0.0.1:1/state?user=maya&password=hush")

    assert told.startswith("postgresql://127.0.0.1:1/state: ")
    assert "hush" not in told


def test_one_file_by_two_names(tmp_path: Path) -> None:
    """Opened through a link, it is the same file with the same locks."""
    (tmp_path / "link.db").symlink_to(tmp_path / "state.db")
    with Store.open(tmp_path / "state.db") as one, Store.open(tmp_path / "link.db") as two:
        keep(one, [record("r1")])

        assert ["r1"] == two.record_ids("bakery", "task")
        with pytest.raises(LockHeld), one.lock("bakery"), two.lock("bakery"):
            pass


def test_no_such_database(postgres: str) -> None:
    """A database that does not exist is not made."""
    told = refusal(postgres.replace("/postgres?", "/nowhere?"))

    assert 'database "nowhere" does not exist' in told


def test_the_file_is_plain(tmp_path: Path) -> None:
    """Any SQLite tool reads the file: text and numbers only, valid JSON, ISO times."""
    file = tmp_path / "state.db"
    with Store.open(file) as store:
        keep(
            store,
            [record("r1", title="Käse", estimate=None, notes="", labels=frozenset({"b", "a"}))],
        )
        with store.transaction() as tx:
            tx.touch_client("bakery", last_ok_at=NOON)

    with sqlite3.connect(file) as plain:
        [row] = plain.execute("SELECT id, title, pending FROM records").fetchall()
        [at] = plain.execute("SELECT last_ok_at FROM clients").fetchone()
        [labels] = plain.execute(
            "SELECT value.value FROM records JOIN shapes ON shapes.number = records.shape"
            " JOIN json_each(shapes.fields) AS name"
            " JOIN json_each(records.agreed, '$[1]') AS value ON value.key = name.key"
            " WHERE name.value = 'labels'"
        ).fetchone()

    assert ("r1", "Käse", 0) == row
    assert "2026-03-01T12:00:00.000000Z" == at
    assert '["a","b"]' == labels
