"""Every adapter folder that has a harness is a subject of the contract suite."""

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


@pytest.fixture(params=HARNESSES)
def h(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Harness]:
    module = import_module(f"tests.contract.harness_{request.param}")
    opened: AbstractContextManager[Harness] = module.harness(tmp_path)
    with opened as harness:
        yield harness
        if harness.running is not None:
            assert harness.running.problems == [], "the sandbox itself has failed"
