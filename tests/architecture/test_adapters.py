"""Every adapter folder is whole: it says what it is, explains itself and meets the contract."""

from importlib import import_module
from pathlib import Path

import pytest

from syncer.adapterkit.contract import AdapterSpec
from syncer.adapterkit.measuring import SourceSpec
from tests.architecture.source import ROOT

FOLDERS = sorted(
    path.name
    for path in (ROOT / "adapters").iterdir()
    if path.is_dir() and path.name.isidentifier() and not path.name.startswith("_")
)


def spec_of(name: str) -> object:
    """What the folder exports."""
    return import_module(f"adapters.{name}").ADAPTER


RECORDS = [name for name in FOLDERS if not isinstance(spec_of(name), SourceSpec)]
"""The adapters to systems that hold records; the others only count."""


def harness(name: str) -> tuple[Path, str]:
    """The file by which the contract suite runs over an adapter, and what it defines."""
    kind = "harness" if name in RECORDS else "source"
    return ROOT / "tests" / "contract" / f"{kind}_{name}.py", kind


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_explains_itself(name: str) -> None:
    """The folder's README says what it maps to, the system's quirks and what remains."""
    readme = ROOT / "adapters" / name / "README.md"

    assert readme.is_file()
    assert readme.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_meets_the_contract(name: str) -> None:
    """The one suite for all adapters of its kind has what it needs for this one."""
    file, kind = harness(name)

    assert file.is_file()
    assert f"\ndef {kind}(" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FOLDERS)
def test_an_adapter_is_found_by_its_folder(name: str) -> None:
    """What `adapter:` names in sync.yaml is the folder, and the folder agrees."""
    spec = spec_of(name)

    assert isinstance(spec, AdapterSpec | SourceSpec)
    assert name == spec.name
