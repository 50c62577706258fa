"""How the tests themselves are run: `make`, `.ci/run`, the last line, and no way out."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

SOME_TESTS = """
import pytest
from tests.shared import NEEDS

@pytest.mark.skip(reason=f"{NEEDS}, which is not here")
@pytest.mark.parametrize("n", [1, 2])
def test_wants_shared(n): ...

@pytest.mark.skip(reason="for another reason")
def test_otherwise(): ...

def test_breaks():
    assert False
"""


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "side by side"])
def test_the_last_line_counts_what_needed_shared(tmp_path: Path, workers: tuple[str, ...]) -> None:
    """Skips for want of ../shared are counted last, others are not, and a failure stays one."""
    (tmp_path / "test_some.py").write_text(SOME_TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", *workers, str(tmp_path)]
    run = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )

    assert "needs ../shared: 2 skipped" == run.stdout.splitlines()[-1]
    assert 1 == run.returncode


def test_no_way_out() -> None:
    """A test that reaches for another machine fails, before anything is sent."""
    with socket.socket() as line, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        line.connect(("192.0.2.1", 443))


def test_make_says_what_it_can_do() -> None:
    """Every target for people is listed by `make help`, the promised ones among them."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)[0].split())
    explained = set(re.findall(r"^([a-z-]+):.*## .+$", text, re.MULTILINE))

    assert phony == explained
    assert {"demo", "test", "lint", "lock", "help"} <= explained


def test_continuous_integration_runs_everything() -> None:
    """.ci/run can be started, is well formed, and does everything in this order."""
    script = ROOT / ".ci" / "run"
    subprocess.run(["bash", "-n", str(script)], check=True)
    called = re.findall(r'^step "[^"]+" make ([^"\n]+)$', script.read_text("utf-8"), re.MULTILINE)
    steps = [word for line in called for word in line.split() if not word.startswith("-")]

    assert os.access(script, os.X_OK)
    assert ["setup", "test", "lint", "strangers", "referee", "demo"] == steps
