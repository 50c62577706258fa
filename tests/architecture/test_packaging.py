"""What is locked, what is shipped, and that both fit the project's own description."""

import re
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from syncer.shipped import shipped
from tests.architecture.source import ROOT, listing, tracked

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN, BUILD, DEV = (f"requirements{part}.lock" for part in ("", "-build", "-dev"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; .*?)? \\$")


def entries(lock: str) -> list[list[str]]:
    """The lines of a lock file, one list for each library: its pin, then its hashes."""
    found: list[list[str]] = []
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            found[-1].append(line.strip())
        else:
            found.append([line])
    return found


def pins(lock: str) -> dict[str, set[str]]:
    """Library -> versions locked (more than one where Python's version decides)."""
    found: dict[str, set[str]] = {}
    for entry in entries(lock):
        match = PIN.match(entry[0])
        assert match, f"{lock}: not a pin: {entry[0]}"
        found.setdefault(canonicalize_name(match[1]), set()).add(match[2])
    return found


def wanted(lock: str) -> list[Requirement]:
    """What the project asks for that this lock must hold."""
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    run = [*project["dependencies"], *extras]
    parts = {RUN: run, BUILD: groups["build"], DEV: [*run, *groups["build"], *groups["dev"]]}
    return [Requirement(text) for text in parts[lock]]


@pytest.mark.parametrize("lock", [RUN, BUILD, DEV])
def test_a_lock_pins_and_hashes_everything(lock: str) -> None:
    """Every library is one version with its hashes, and no address says where it comes from."""
    bare = [e[0] for e in entries(lock) if not all(h.startswith("--hash=sha256:") for h in e[1:])]
    unhashed = [entry[0] for entry in entries(lock) if len(entry) == 1]

    assert pins(lock)
    assert not bare + unhashed, listing(bare + unhashed)
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", [RUN, BUILD, DEV])
def test_a_lock_fits_the_project(lock: str) -> None:
    """Whoever changes a dependency locks again: `make lock`."""
    locked = pins(lock)
    found = [
        str(need)
        for need in wanted(lock)
        if not all(
            need.specifier.contains(v) for v in locked.get(canonicalize_name(need.name), "?")
        )
    ]

    assert not found, listing(found)


def test_what_is_tested_is_what_runs() -> None:
    """The developers' lock holds the very versions of the one that is shipped."""
    dev = pins(DEV)
    found = [f"{name} {v}" for name, v in (pins(RUN) | pins(BUILD)).items() if dev.get(name) != v]

    assert not found, listing(found)


def test_the_builder_is_the_declared_one() -> None:
    """The locked build tool is the one that pyproject.toml declares."""
    assert PROJECT["build-system"]["requires"] == PROJECT["dependency-groups"]["build"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as it would be published."""
    target = tmp_path_factory.mktemp("wheel")
    return zipfile.ZipFile(next(WheelBuilder(str(ROOT)).build(directory=str(target))))


def test_a_wheel_is_complete(wheel: zipfile.ZipFile) -> None:
    """Code, configuration and mappings all travel in the wheel; tests do not."""
    names = set(wheel.namelist())
    tree = {file.relative_to(ROOT).as_posix() for file in tracked()}
    code = {name for name in tree if name.startswith(("syncer/", "adapters/"))}
    data = {f"syncer/_shipped/{name}" for name in tree if name.startswith(("config/", "mappings/"))}

    missing = sorted((code | data) - names)

    assert not missing, listing(missing)
    assert "syncer/py.typed" in names
    assert not [name for name in names if name.startswith("tests/")]


def test_a_source_distribution_gives_the_same_wheel(tmp_path: Path) -> None:
    """What a wheel is made of travels with the source, the schemas for editors too."""
    with tarfile.open(next(SdistBuilder(str(ROOT)).build(directory=str(tmp_path)))) as made:
        names = {name.partition("/")[2] for name in made.getnames()}
    tree = {file.relative_to(ROOT).as_posix() for file in tracked()}
    missing = sorted(
        name
        for name in tree - names
        if name.startswith(("adapters/", "config/", "docs/", "mappings/", "syncer/"))
    )

    assert not missing, listing(missing)
    assert not [name for name in names if name.endswith(".env") and "example" not in name]


def test_a_wheel_carries_nobodys_secrets(wheel: zipfile.ZipFile) -> None:
    """An environment file of somebody's own stays where it is."""
    names = [name for name in wheel.namelist() if name.endswith((".env", ".db"))]

    assert [] == [name for name in names if not name.endswith("/example.env")]


def test_a_wheel_offers_the_command(wheel: zipfile.ZipFile) -> None:
    """Installing gives the command `syncer`."""
    points = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert b"syncer = syncer.cli:main" in wheel.read(points)


def test_the_source_tree_reads_its_own_files() -> None:
    """In a clone the configuration and mappings in use are those one can see and edit."""
    assert ROOT == shipped()


def test_an_installed_wheel_reads_the_packed_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once installed, they are found inside the package."""
    (tmp_path / "_shipped").mkdir()
    monkeypatch.setattr("syncer.shipped._HERE", tmp_path)

    assert tmp_path / "_shipped" == shipped()
