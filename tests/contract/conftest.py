"""Every adapter folder that has a harness is a subject of the contract suite.

An adapter of somebody's own is, instead of ours, with ``--harness MODULE``: a module of theirs with
a function ``harness``, as ``tests/contract/harness.py`` says.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path

import pytest

from syncer.adapterkit import outcome, retry
from tests.contract.harness import Harness

HERE = Path(__file__).parent
HARNESSES = sorted(path.stem.removeprefix("harness_") for path in HERE.glob("harness_*.py"))


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between attempts nobody waits; what vendors ask for is waited out."""
    monkeypatch.setattr(retry, "_backoff", lambda _state: 0.0)
    monkeypatch.setattr(outcome, "LEAST_PAUSE", 0.01)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--harness", metavar="MODULE", help="the harness of an adapter of your own")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each of our adapters, or for the one that is asked for."""
    if "h" in metafunc.fixturenames:
        theirs = metafunc.config.getoption("--harness", None)
        ours = [f"tests.contract.harness_{name}" for name in HARNESSES]
        metafunc.parametrize(
            "h", [theirs] if theirs else ours, ids=[theirs] if theirs else HARNESSES, indirect=True
        )


@pytest.fixture
def h(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    module = import_module(request.param)
    opened: AbstractContextManager[Harness] = module.harness(tmp_path)
    with opened as harness:
        yield harness
        if harness.running is not None:
            assert harness.running.problems == [], "the sandbox itself has failed"
