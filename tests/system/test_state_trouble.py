"""Trouble with the state file, in real processes: said clearly, nothing written that is not noted.

A cycle whose state cannot take a note sends no more writes. When the trouble is over, the next
runs finish, and everything is there once.
"""

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from syncer.state import Store
from tests.system.agency import Agency
from tests.system.install import CLIENT, Install, small_world
from tests.system.processes import NOBODY, Processes, Said, own_disks

FULL = "it cannot be written: the disk is full or failing"
GONE = "the file was removed or replaced while it was in use"
BOARD, CARD = 15, 29
"""Requests of a first contact that make the board, and the first of the cards."""

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
MOMENTS = range(1, 31) if THOROUGH else (9, BOARD, CARD)
"""Requests at which the disk fills up: of the 31 of a first contact, before and after writes."""

BUSY = "import syncer.state.opening as o; o.BUSY_SECONDS = 0.2"
"""Waits for another program's lock for less than the minute that is usual."""

WARM = """
try:
    main(["--config", {folder!r}, "check"])
except SystemExit:
    pass
"""
"""Imports everything while the libraries may still be read."""

LOCKING = """
import os, sqlite3, time
browser = sqlite3.connect({file!r}, isolation_level=None)
browser.execute("BEGIN IMMEDIATE")
open({flag!r}, "w").close()
while os.path.exists({flag!r}):
    time.sleep(0.01)
os._exit(0)
"""
"""Another program that holds the file's write lock for as long as the flag is there."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder that other users can look into, unlike pytest's."""
    with TemporaryDirectory(prefix="syncer-install-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def world(folder: Path) -> Iterator[Install]:
    """An installation with a small disk of its own for its states."""
    disk = folder / "disk"
    disk.mkdir()
    wrapped = own_disks()
    with (
        Agency(
            folder,
            systems=("trello", "asana"),
            world=small_world(),
            clients={CLIENT: "Honey & Rye Bakery"},
        ) as agency,
        Processes(folder, wrapped or ()) as processes,
    ):
        if wrapped:
            processes.shell(f"mount -t tmpfs -o size=3m none {disk}")
        yield Install(agency, processes, disk / "none.db")


@pytest.fixture
def install(world: Install, request: pytest.FixtureRequest) -> Install:
    """The same, as at the beginning and with a new state."""
    for file in world.processes.seen(world.state.parent).iterdir():
        file.unlink()
    world.reset(world.state.with_name(f"{request.node.originalname}.db"))
    return world


@pytest.fixture
def disk(install: Install) -> Path:
    """The small disk as this process sees it."""
    if not own_disks():
        pytest.skip("this machine lets nobody mount a disk of their own")
    return install.processes.seen(install.state.parent)


def fill(disk: Path) -> Callable[[], None]:
    """Leave no byte of room; gives what makes room again."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue
    return filler.unlink


def says(said: Said, code: int, install: Install, *words: str) -> None:
    """The exit code, and on standard error the file, what is wrong and the way out."""
    assert said.code == code, said
    assert "Traceback" not in said.err
    assert "a fault of the program" not in said.out + said.err
    for word in (str(install.state), *words):
        assert word in said.err, said.err


def noted(install: Install) -> int:
    """Writes that the state knows to have been sent, or about to be."""
    file = install.processes.seen(install.state)
    with TemporaryDirectory() as folder:
        for each in file.parent.glob(f"{file.name}*"):
            shutil.copy(each, folder)
        with closing(sqlite3.connect(Path(folder, file.name))) as state:
            tables = state.execute("SELECT name FROM sqlite_master WHERE name = 'intents'")
            if not tables.fetchall():
                return 0
            (count,) = state.execute("SELECT count(*) FROM intents").fetchone()
    return int(count)


def twins_made(install: Install) -> int:
    """Boards and cards that somebody has made in Trello: the service alone makes any."""
    return install.boards() + len(install.titles()["trello"])


def test_a_full_disk_at_the_opening(install: Install, disk: Path) -> None:
    """Where no state can be made, no vendor is asked anything."""
    make_room = fill(disk)
    try:
        said = install("run")
    finally:
        make_room()

    says(said, 1, install, FULL, "Make room and run again")
    assert install.asked() == 0
    install.settle()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_disk_that_fills_up_in_a_cycle(
    install: Install, disk: Path, moment: int, record_property: Callable[[str, object], None]
) -> None:
    """At any request, before a write or before its answer is noted: nothing is made unnoted."""
    rooms: list[Callable[[], None]] = []

    def full(number: int) -> None:
        if number == moment:
            rooms.append(fill(disk))

    with install.told(full):
        said = install("run")
    for make_room in rooms:
        make_room()

    assert rooms
    made = twins_made(install)
    says(said, 1, install, FULL, "Make room and run again")
    assert made <= noted(install)
    install.settle()
    record_property("figure", f"disk full at request {moment}: {made} things made, all noted")


def test_a_limit_on_the_size_of_files(install: Install) -> None:
    """A quota that the process has, instead of the disk, is the same trouble."""
    install("run")
    install.rename("Ship", "Sail" * 20)
    quota = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (4096, 4096))"
    install.agency.forget()

    said = install("run", first=quota)

    says(said, 1, install, FULL)
    assert install.written() == 0
    install.settle()


def test_a_disk_that_became_read_only(install: Install, disk: Path) -> None:
    """As after an error of the disk: exit code 2, and no vendor is asked anything."""
    install("run")
    install.rename("Ship", "Sail")
    install.agency.forget()
    install.processes.shell(f"mount -o remount,ro {install.state.parent}")
    try:
        said = install("run")
    finally:
        install.processes.shell(f"mount -o remount,rw {install.state.parent}")

    says(said, 2, install, "cannot be written", "make the folder writable")
    assert install.asked() == 0
    install.settle()


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to become somebody else")
def test_a_file_and_a_folder_of_somebody_else(world: Install, folder: Path) -> None:
    """A user without rights is told which of the two to make writable."""
    theirs = folder / "theirs"
    theirs.mkdir(mode=0o755)
    with Processes(folder) as processes:
        install = Install(world.agency, processes, theirs / "state.db")
        install.reset(theirs / "state.db")
        warm = WARM.format(folder=str(install.agency.folder))
        says(
            install("run", uid=NOBODY, first=warm),
            2,
            install,
            f"the folder {theirs} cannot be written",
        )
        assert install("run").code == 0
        install.agency.forget()
        theirs.chmod(0o777)
        says(install("run", uid=NOBODY, first=warm), 2, install, "the file cannot be read")
        install.state.chmod(0o644)
        says(install("run", uid=NOBODY, first=warm), 2, install, "the file is read-only")
        (install.agency.folder / "config").chmod(0o700)
        said = install("run", uid=NOBODY, first=warm)
        (install.agency.folder / "config").chmod(0o755)
        assert said.code == 2
        assert "config/sync.yaml:1:1: the file cannot be read (Permission denied)" in said.err
        assert install.asked() == 0


@pytest.mark.parametrize("moment", [0, BOARD])
def test_another_program_keeps_the_file_busy(install: Install, moment: int) -> None:
    """Somebody with a database browser holds a write lock, from the start or all at once."""
    install("status")
    flag = install.agency.folder / "busy"
    locking = LOCKING.format(file=str(install.state), flag=str(flag))
    browsers: list[int] = []

    def lock(number: int) -> None:
        if number == moment:
            browsers.append(install.start(first=locking))
            while not flag.exists():
                time.sleep(0.01)

    lock(0)
    with install.told(lock):
        said = install("run", first=BUSY)
    flag.unlink()
    install.processes.wait(browsers[0])
    made = twins_made(install)

    says(said, 1, install, "another process keeps it busy", "Try again when")
    assert made <= noted(install)
    install.settle()


@pytest.mark.parametrize("harm", ["cut", "garbage"])
def test_a_file_that_was_damaged(install: Install, harm: str) -> None:
    """Damage is found before any vendor is asked; with the backup put back, nothing is missing."""
    install("run")
    backup = install("export", "--format", "sqlite").out.encode("utf-8", "surrogateescape")
    install.rename("Ship", "Sail")
    install.agency.forget()
    file = install.processes.seen(install.state)
    content = file.read_bytes()
    half = len(content) // 2
    rest = b"\x07" * 20_000 + content[half + 20_000 :] if harm == "garbage" else b""
    file.write_bytes(content[:half] + rest)

    says(install("run"), 2, install, "the file is damaged", "Restore a backup")
    assert install.asked() == 0
    file.write_bytes(backup)
    install.settle()
    assert "Sail" in install.titles()["trello"]


def test_a_file_that_was_emptied(install: Install) -> None:
    """Without a state everything is found again by its keys, and made nowhere twice."""
    install("run")
    install.processes.seen(install.state).write_bytes(b"")
    install.agency.forget()

    install.settle()


@pytest.mark.parametrize(("how", "moment"), [("removed", BOARD), ("replaced", 3)])
def test_a_file_that_goes_away_in_a_cycle(install: Install, how: str, moment: int) -> None:
    """What nobody could find again is not written to: no write is sent on its strength."""
    file = install.processes.seen(install.state)
    before: list[int] = []

    def go(number: int) -> None:
        if number == moment:
            before.append(twins_made(install))
            other = file.with_suffix(".other")
            if how == "replaced":
                shutil.copyfile(file, other)
                other.replace(file)
            else:
                file.unlink()

    with install.told(go):
        said = install("run")

    says(said, 1, install, GONE, "Put the right file there")
    # Only what was under way when it went, which had been noted in it.
    assert before == [int(moment == BOARD)]
    assert twins_made(install) == before[0]
    install.settle()


def test_a_state_of_another_installation(install: Install, tmp_path: Path) -> None:
    """A state that knows none of our clients is not taken for ours."""
    file = install.processes.seen(install.state)
    with Store.open(tmp_path / "other.db") as other, other.transaction() as tx:
        tx.touch_client("somebody_else")
    shutil.copyfile(tmp_path / "other.db", file)

    for command in ("run", "status"):
        says(install(command), 2, install, "it is the state of another installation",
             "it knows somebody_else", f"({CLIENT})", "move the file away")  # fmt: skip
    assert install.asked() == 0
    file.unlink()
    install.settle()


def test_copies_that_are_made_while_it_runs(install: Install) -> None:
    """The backup that `export` makes has all of it; a plain copy is sound, or says that it is not."""
    file = install.processes.seen(install.state)
    plain, backup = file.with_name("plain.db"), file.with_name("backup.db")
    told: list[Said] = []

    def copy(number: int) -> None:
        if number == 20:
            shutil.copyfile(file, plain)
            told.append(install("export", "--format", "sqlite"))

    with install.told(copy):
        assert install("run").code == 0
    assert told[0].code == 0, told[0].err
    backup.write_bytes(told[0].out.encode("utf-8", "surrogateescape"))

    for copied in (backup, plain):
        install.state = install.state.with_name(copied.name)
        said = install("status", "--json")
        if copied is backup:
            assert json.loads(said.out)["clients"][0]["records"] == 4
        if said.code:
            says(said, 2, install, "the file is damaged")
            copied.unlink()
        install.settle()
    install.rename("Ship", "Sail")
    install.settle()


def test_two_processes_on_one_file(install: Install) -> None:
    """The second one leaves with 5, names the first, and everything is there once."""
    seconds: list[Said] = []

    def second(number: int) -> None:
        if number in (2, BOARD):
            seconds.append(install("run"))

    with install.told(second):
        pid = install.start("run")
        first = install.processes.wait(pid)

    assert first.code == 0
    assert [said.code for said in seconds] == [5, 5]
    assert all(f"by process {pid} on" in said.out for said in seconds)
    install.settle()
