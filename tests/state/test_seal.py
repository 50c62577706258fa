"""A file that nobody touched since it was closed is not read through again; any other one is."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from syncer.state import StateError, Store, damage, seal
from tests.state.children import ROOT
from tests.state.made import keep, record


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for each time that a file was read through."""
    found: list[str] = []
    real = damage._check_pages

    def check(where: str, connection: object) -> None:
        found.append(where)
        real(where, connection)  # type: ignore[arg-type]

    monkeypatch.setattr(damage, "_check_pages", check)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A state that was made, filled and closed."""
    file = tmp_path / "state.db"
    with Store.open(file) as store:
        keep(store, [record(f"r{n}", title="x", notes="y" * 300) for n in range(50)])
    return file


def test_what_was_closed_and_left_alone(file: Path, readings: list[str]) -> None:
    """Not when it was made, nor by who writes to it, one after the other or side by side."""
    for name in ("a", "b"):
        with Store.open(file) as store, Store.open(file) as other:
            keep(store, [record(name)])
            keep(other, [record(f"other {name}")])
    with Store.open(file):
        pass

    assert not readings


def written(file: Path) -> None:
    """One byte in the middle of it, and its date put back."""
    date, content = file.stat().st_mtime_ns, file.read_bytes()
    with file.open("r+b") as raw:
        raw.seek(len(content) // 2)
        raw.write(bytes([content[len(content) // 2]]))
    os.utime(file, ns=(date, date))


def copied(file: Path) -> None:
    """Another file of the same name, date and length."""
    shutil.copy2(file, file.with_name("copy"))
    file.with_name("copy").replace(file)


def written_over(file: Path) -> None:
    """The same file, with what a copy of it has."""
    shutil.copy2(file, file.with_name("copy"))
    shutil.copy2(file.with_name("copy"), file)


def garbled(file: Path) -> None:
    """What is noted of it is no sense."""
    file.with_name(f"{file.name}.seal").write_bytes(b'[1.0, "')


def unsealed(file: Path) -> None:
    """Nothing is noted of it."""
    file.with_name(f"{file.name}.seal").unlink()


def lengthened(file: Path) -> None:
    """Something follows it."""
    with file.open("ab") as raw:
        raw.write(bytes(8192))


@pytest.mark.parametrize(
    "touch", [written, copied, written_over, garbled, unsealed, lengthened, os.utime]
)
def test_what_was_touched(file: Path, readings: list[str], touch: Callable[[Path], None]) -> None:
    """However little, and whatever date it was given: it is read through, once."""
    touch(file)
    for _ in range(2):
        with Store.open(file):
            pass
    assert len(readings) == 1


def test_damage_at_once_after_closing(file: Path) -> None:
    """Within the moment that a file system tells apart: the date of the seal is none of its own."""
    with Store.open(file):
        pass
    with file.open("r+b") as raw:
        raw.seek(8192)
        raw.write(b"\xff" * 20_000)
    with pytest.raises(StateError, match="the file is damaged"):
        Store.open(file)


def test_a_day_later(file: Path, readings: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read through once a day, and where the clock was put back; closing puts nothing off."""
    now = time.time()
    for hours, read in ((0, 0), (23, 0), (25, 1), (47, 1), (50, 2), (1, 3)):
        monkeypatch.setattr(seal.time, "time", lambda hours=hours: now + hours * 3600)
        with Store.open(file):
            assert len(readings) == read, hours


def test_who_had_it_open_for_long(
    file: Path, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have put a copy in its place meanwhile: it notes nothing."""
    with monkeypatch.context() as patched, Store.open(file) as store:
        keep(store, [record("late")])
        patched.setattr(seal, "BRIEF", 0)
        store.close()
    with Store.open(file):
        pass
    assert len(readings) == 1


def test_what_was_replaced_while_it_was_open(file: Path, readings: list[str]) -> None:
    """The one that has the other open says nothing about what it never read."""
    with Store.open(file):
        copied(file)
    with Store.open(file):
        pass
    assert len(readings) == 1


def test_a_kill(file: Path, readings: list[str]) -> None:
    """The log that it leaves is not taken for ours."""
    code = (
        "import os, sys\nfrom syncer.state import Store\n"
        "from tests.state.made import keep, record\n"
        "keep(Store.open(sys.argv[1]), [record('killed')])\nos._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], cwd=ROOT, check=True)
    for _ in range(2):
        with Store.open(file) as store:
            assert "killed" in store.record_ids("bakery", "task")
    assert len(readings) == 1


def test_no_place_for_a_seal(file: Path, readings: list[str]) -> None:
    """Then each opening reads it through."""
    unsealed(file)
    file.with_name(f"{file.name}.seal").mkdir()
    for _ in range(2):
        with Store.open(file):
            pass
    assert len(readings) == 2


def test_a_log_that_goes_while_it_is_looked_at(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process closed the file in that moment: there is no log."""
    monkeypatch.setattr(Path, "exists", lambda _path, **_how: True)
    assert not seal.has_log(file)


def test_a_seal_is_for_its_owner_and_stands_where_it_stands(file: Path, tmp_path: Path) -> None:
    """Nobody else reads it, and one that leads elsewhere is not followed."""
    beside, elsewhere = file.with_name(f"{file.name}.seal"), tmp_path / "elsewhere"
    assert beside.stat().st_mode & 0o777 == 0o600
    elsewhere.write_text("kept")
    beside.unlink()
    beside.symlink_to(elsewhere)
    with Store.open(file) as store:
        keep(store, [record("late")])

    assert elsewhere.read_text() == "kept"
