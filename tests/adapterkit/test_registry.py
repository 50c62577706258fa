"""Adapters are found by name, and imported only when they are asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from syncer.adapterkit.registry import UnknownAdapter, adapter_names, adapter_spec, sandbox_class

MODULE = """
from pydantic import create_model
from syncer.adapterkit.contract import AdapterSpec, Strict
ADAPTER = AdapterSpec("{name}", lambda opening: None, Strict, Strict)
"""


@pytest.fixture
def third_party(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed distribution that brings adapters of its own."""
    for name in ("acme_good", "acme_liar"):
        (tmp_path / f"{name}.py").write_text(MODULE.format(name="good"))
    (tmp_path / "acme_bad.py").write_text("import nothing_of_this_name")
    (tmp_path / "acme_none.py").write_text("ADAPTER = 5")
    info = tmp_path / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    points = [f"{name} = acme_{name}:ADAPTER" for name in ("good", "liar", "bad", "none")]
    (info / "entry_points.txt").write_text("\n".join(["[syncer.adapters]", *points]))
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_our_folders_are_adapters() -> None:
    """Each folder of ours is an adapter by its name."""
    assert "memory" in adapter_names()
    assert adapter_spec("memory").name == "memory"


def test_third_parties_register(third_party: Path) -> None:
    """An entry point adds an adapter without a change of ours."""
    assert {"good", "liar", "bad", "none"} <= set(adapter_names())
    assert adapter_spec("good").name == "good"


def test_an_unknown_name_lists_those_that_are() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(UnknownAdapter, match=r"no adapter is called 'tello'; there are: .*memory"):
        adapter_spec("tello")


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("liar", "calls itself good, not liar"),
        ("bad", "the adapter bad cannot be imported: No module named 'nothing_of_this_name'"),
        ("none", "acme_none.ADAPTER is not an AdapterSpec"),
    ],
)
def test_what_is_no_adapter_is_named(third_party: Path, name: str, complaint: str) -> None:
    """A broken third-party adapter is an error of its own name, not a traceback."""
    with pytest.raises(UnknownAdapter, match=complaint):
        adapter_spec(name)


def test_an_adapter_may_lack_a_stand_in(third_party: Path) -> None:
    """What has no sandbox says so."""
    for name in ("memory", "good"):
        with pytest.raises(UnknownAdapter, match="has no sandbox"):
            sandbox_class(name)


def test_listing_imports_nothing() -> None:
    """To know the names, no adapter is imported."""
    code = (
        "import sys; from syncer.adapterkit.registry import adapter_names; adapter_names();"
        "print([m for m in sys.modules if m.startswith('adapters.')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
