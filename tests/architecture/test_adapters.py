"""Every adapter folder is whole: it says what it is, explains itself and meets the contract."""

from importlib import import_module
from pathlib import Path

import pytest

from syncer.adapterkit.contract import AdapterSpec
from tests.architecture.source import ROOT

FOLDERS = sorted(
    path.name
    for path in (ROOT / "adapters").iterdir()
    if path.is_dir() and path.name.isidentifier() and not path.name.startswith("_")
)


def harnesses(name: str) -> list[Path]:
    """Files by which the contract suite runs over an adapter: named for it."""
    suite = [file for file in (ROOT / "tests" / "contract").rglob("*.py") if name in file.stem]
    return suite + list((ROOT / "adapters" / name).glob("harness.py"))


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_explains_itself(name: str) -> None:
    """The folder's README says what it maps to, the system's quirks and what remains."""
    readme = ROOT / "adapters" / name / "README.md"

    assert readme.is_file()
    assert readme.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_meets_the_contract(name: str) -> None:
    """The one suite for all adapters has a harness for this one."""
    assert harnesses(name)


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_is_found_by_its_folder(name: str) -> None:
    """What `adapter:` names in sync.yaml is the folder, and the folder agrees."""
    spec = import_module(f"adapters.{name}").ADAPTER

    assert isinstance(spec, AdapterSpec)
    assert name == spec.name
